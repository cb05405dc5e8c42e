//! `cargo xtask fuzz`: the targets of `fuzz/`, with no more than the toolchain that is installed.

use std::path::PathBuf;
use std::time::Duration;

use crate::fuzz::{self, Choice};
use crate::workspace;

/// What is run.
#[derive(Debug, clap::Args)]
pub struct Fuzz {
    /// The targets; all of them, where none is named.
    targets: Vec<String>,
    /// For how many seconds each is given new inputs, after those of its corpus.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// What new inputs are drawn by; 0 is another one each time.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Build them, and run none.
    #[arg(long, conflicts_with_all = ["seconds", "seed", "input"])]
    no_run: bool,
    /// Give the targets this input, as where one of them failed, and nothing else.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seconds", "seed"], requires = "targets")]
    input: Option<PathBuf>,
}

impl Fuzz {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let root = workspace::root();
        match self.input {
            _ if self.no_run => fuzz::build(&root, &self.targets),
            Some(input) => fuzz::replay(&root, &self.targets, &input),
            None => fuzz::run(
                &root,
                &Choice { targets: self.targets, each: Duration::from_secs(self.seconds), seed: self.seed },
            ),
        }
    }
}
