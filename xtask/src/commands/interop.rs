//! `cargo xtask interop`: the generated client beside boto3.

use crate::faults::Faults;
use crate::interop::{self, Choice};

/// What is compared beside the inputs that are always.
#[derive(Debug, clap::Args)]
pub struct Interop {
    /// How many random inputs of ListLayers to compare as well; the same number gives the same inputs.
    #[arg(long, default_value_t = 0)]
    random: usize,
    /// How many random inputs of each operation to compare.
    #[arg(long, default_value_t = 4)]
    count: usize,
    /// How many random parameters to compare for each endpoint rule set.
    #[arg(long, default_value_t = 500)]
    rules: usize,
    /// What the random inputs of operations and rule sets come from; the same seed gives the same inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Compare the requests of this operation, and nothing else.
    #[arg(long)]
    operation: Option<String>,
    /// Compare the request of this input of the operation, and nothing else.
    #[arg(long, requires = "operation")]
    number: Option<usize>,
}

impl Interop {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Self { random, count, rules, seed, operation, number } = self;
        run(&Choice { random, seed, count, rules, operation, number })
    }
}

/// Compares, and shows what was compared and what differs.
pub(super) fn run(choice: &Choice) -> anyhow::Result<()> {
    let report = interop::compare(choice)?;
    for line in &report.compared {
        println!("{line}");
    }
    Faults::check(report.differences)?;
    println!("no difference");
    Ok(())
}
