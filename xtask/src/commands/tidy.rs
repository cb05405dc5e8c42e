//! `cargo xtask tidy`: the rules of the house.

use crate::faults::Faults;
use crate::{tidy, workspace};

pub(super) fn run() -> anyhow::Result<()> {
    Faults::check(tidy::faults(&workspace::root())?)?;
    println!("tidy");
    Ok(())
}
