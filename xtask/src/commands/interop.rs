//! `cargo xtask interop`: the generated client beside boto3.

use crate::faults::Faults;
use crate::interop;

/// What is compared beside the inputs that are always.
#[derive(Debug, clap::Args)]
pub struct Interop {
    /// How many random inputs to compare as well; the same number gives the same inputs.
    #[arg(long, default_value_t = 0)]
    pub(super) random: usize,
}

impl Interop {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let report = interop::compare(self.random)?;
        for line in &report.compared {
            println!("{line}");
        }
        Faults::check(report.differences)?;
        println!("no difference");
        Ok(())
    }
}
