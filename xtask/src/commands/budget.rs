//! `cargo xtask budget`: what may not get worse.

use crate::budget::{self, figure::Figure};

/// What is looked at.
#[derive(Debug, clap::Args)]
pub struct Budget {
    /// Only these figures.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    only: Vec<Figure>,
}

impl Budget {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        budget::run(&self.only)
    }
}
