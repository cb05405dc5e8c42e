//! `cargo xtask soak`: many calls for minutes, faults on every layer, and an account of all of it.

use std::process::Command;

use anyhow::{Context, ensure};

use crate::process::Programs;
use crate::workspace;

/// How long, and which faults.
#[derive(Debug, clap::Args)]
pub struct Soak {
    /// For how many minutes.
    #[arg(long, default_value_t = 1)]
    minutes: u32,
    /// What the faults come from; the same seed gives the same faults to the same calls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many tasks call at once.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    tasks: u32,
}

impl Soak {
    /// Builds the program as the tests of the workspace are built, and runs it: this one depends on no client.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let Self { minutes, seed, tasks } = self;
        let programs = Programs::build(&workspace::root(), &["--workspace", "--example=soak"])?;
        let seconds = 60 * u64::from(*minutes);
        let mut command = Command::new(programs.get("soak")?);
        command.args([&seconds.to_string(), &seed.to_string(), &tasks.to_string()]);
        let status = command.status().context("cannot start the soak")?;
        ensure!(
            status.success(),
            "the soak found a fault ({status}); once more: cargo xtask soak --minutes {minutes} --seed {seed} --tasks {tasks}"
        );
        Ok(())
    }
}
