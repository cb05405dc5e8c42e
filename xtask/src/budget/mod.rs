//! `cargo xtask budget`: figures that no load on the machine changes, held against those that `budget.toml` records.
//!
//! It is a ratchet: what gets worse fails, and what gets better is recorded by whoever made it so; what is recorded, and what it
//! is held by, is raised for a reason alone. What only a comparison with the peers shows stands in the same file, and is judged by
//! `cargo xtask bench`.

pub mod figure;
pub mod file;
mod history;
mod taken;
mod verdict;

use std::collections::BTreeSet;

use anyhow::Context;

use self::figure::Figure;
use self::file::Budgets;
use self::taken::{Compiler, Taken};
use self::verdict::Verdict;
use crate::faults::Faults;
use crate::{process, workspace};

/// What the ratchet cannot do without a history.
const NOT_COMPARED: &str = "budget.toml is not compared with what it was before";

/// Takes figures, of which there is none twice, and holds them against what is recorded; without any, all of them.
///
/// # Errors
///
/// The file is malformed or has something raised without a reason, a figure cannot be taken or got worse; or, with `CI=true`,
/// could not be taken on this machine, or got better and was not recorded.
pub fn run(only: &[Figure]) -> anyhow::Result<()> {
    let root = workspace::root();
    let budgets = Budgets::read(&root)?;
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let (mut notes, mut faults) = (Vec::new(), Vec::new());
    match history::raised(&root, &budgets) {
        Ok(raised) => Faults::check(raised)?,
        Err(why) if is_ci && history::is_clone(&root) => return Err(why.context(NOT_COMPARED)),
        Err(why) => notes.push(format!("{NOT_COMPARED}: {why:#}")),
    }
    let wanted: BTreeSet<_> = if only.is_empty() { Figure::ALL.into() } else { only.iter().copied().collect() };
    let compiler = Compiler::of(&process::output(std::process::Command::new("rustc").arg("-vV"))?)?;
    let taken = taken::take(&root, &wanted, &budgets, &compiler)?;
    println!("{}", verdict::head());
    for (figure, taken) in taken {
        let guarded = budgets.guarded.get(&figure).context("a figure that the file lacks")?;
        match taken {
            Taken::Number(now) => {
                println!("{}", verdict::row(figure, now, guarded));
                match verdict::judge(now, guarded) {
                    Verdict::Held => {}
                    // Else the next change could lose it again.
                    Verdict::Better if is_ci => faults.push(verdict::better(figure, now, guarded)),
                    Verdict::Better => notes.push(verdict::better(figure, now, guarded)),
                    Verdict::Worse => faults.push(verdict::worse(figure, now, guarded)),
                }
            }
            Taken::Not(why) if is_ci => faults.push(format!("{figure}: not taken: {why}")),
            Taken::Not(why) => notes.push(format!("{figure}: not taken: {why}")),
        }
    }
    notes.iter().for_each(|note| println!("\n{note}"));
    if !faults.is_empty() && compiler.release != budgets.rustc {
        faults.push(format!(
            "the figures of budget.toml were taken with rustc {}, and this is {}: look at both before anything else",
            budgets.rustc, compiler.release
        ));
    }
    Ok(Faults::check(faults)?)
}
