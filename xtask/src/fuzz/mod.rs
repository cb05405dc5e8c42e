//! The targets of `fuzz/`: built with coverage, given the inputs of their corpora, then new ones for a while, two at once.
//!
//! `cargo fuzz` would do it too, and has sanitizers, but has to be installed, and they want a nightly toolchain. There is no
//! `unsafe` of ours that they could watch.

mod build;
mod log;
mod target;

use std::path::Path;
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::ensure;

use crate::numbers::grouped;
use target::{Outcome, Target};

/// How many run at once.
const AT_ONCE: usize = 2;

/// What is run.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The targets; all of them, where none is named.
    pub targets: Vec<String>,
    /// For how long each is given new inputs.
    pub each: Duration,
    /// What new inputs are drawn by; 0 is another one each time, which the log of a target tells.
    pub seed: u32,
}

/// Builds the targets of these names; all of them, where none is named.
///
/// # Errors
///
/// They cannot be built.
pub fn build(root: &Path, names: &[String]) -> anyhow::Result<()> {
    build::targets(root, names).map(drop)
}

/// Runs the targets, and shows what came of them, as a table in Markdown.
///
/// # Errors
///
/// They cannot be built or started, or one of them failed: what it said, and how to see it again, has been shown.
pub fn run(root: &Path, choice: &Choice) -> anyhow::Result<()> {
    let targets = build::targets(root, &choice.targets)?;
    println!("| target | inputs of its corpus | new executions | seconds | places reached | findings |");
    println!("|---|---:|---:|---:|---:|---:|");
    let mut failed = Vec::new();
    for_each(
        &targets,
        |target| target.run(choice.each, choice.seed),
        |target, outcome| {
            let outcome = outcome?;
            let Outcome { corpus, executions, seconds, places, failure } = &outcome;
            let findings = usize::from(failure.is_some());
            let executions = grouped(*executions);
            println!("| {} | {corpus} | {executions} | {seconds} | {places} | {findings} |", target.name);
            failed.extend(outcome.failure);
            Ok(())
        },
    )?;
    for failure in &failed {
        eprintln!("\n{failure}");
    }
    ensure!(failed.is_empty(), "{} of {} targets failed", failed.len(), targets.len());
    Ok(())
}

/// Gives the targets one input.
///
/// # Errors
///
/// As [`run`].
pub fn replay(root: &Path, names: &[String], input: &Path) -> anyhow::Result<()> {
    ensure!(input.is_file(), "{} is not there, or no file", input.display());
    for target in build::targets(root, names)? {
        ensure!(target.passes(input)?, "{} fails on {}", target.name, input.display());
        println!("{} passes on {}", target.name, input.display());
    }
    Ok(())
}

/// Runs all, some at once, and hands on what came of each as soon as it is there.
fn for_each<T: Send>(
    targets: &[Target],
    run: impl Fn(&Target) -> T + Sync,
    mut done: impl FnMut(&Target, T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let waiting = Mutex::new(targets.iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        let (sender, results) = channel();
        for _ in 0..AT_ONCE {
            let (sender, next, run) = (sender.clone(), &next, &run);
            scope.spawn(move || {
                while let Some(target) = next() {
                    // Nobody listens any more after an error.
                    if sender.send((target, run(target))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        results.into_iter().try_for_each(|(target, result)| done(target, result))
    })
}
