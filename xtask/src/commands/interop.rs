//! `cargo xtask interop`: the generated client beside boto3.

use crate::faults::Faults;
use crate::interop;

pub(super) fn run() -> anyhow::Result<()> {
    let report = interop::compare()?;
    for line in &report.compared {
        println!("{line}");
    }
    Faults::check(report.differences)?;
    println!("no difference");
    Ok(())
}
