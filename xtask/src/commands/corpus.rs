//! `cargo xtask corpus DIR`: whole services, generated and compiled.

use std::path::PathBuf;

use crate::corpus;

/// Which models.
#[derive(Debug, clap::Args)]
pub struct Corpus {
    /// The folder of the models: Smithy JSON AST 2.0.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Of its files only these, by their names without `.json`.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    only: Vec<String>,
    /// How many operations of each are compiled alone too, each being a feature of its crate; beside them, each that turns
    /// on another feature.
    #[arg(long, value_name = "N", default_value_t = 1)]
    alone: usize,
    /// Fail at a model of a protocol that is not supported, too.
    #[arg(long)]
    strict: bool,
}

impl Corpus {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        corpus::run(&self.folder, &self.only, self.alone, self.strict)
    }
}
