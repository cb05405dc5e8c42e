//! `cargo xtask model show OPERATION`: what an operation brings.

use std::path::PathBuf;

use anyhow::ensure;

use crate::lock::read_lock;
use crate::workspace;

/// Look into models.
#[derive(Debug, clap::Args)]
pub struct Model {
    #[command(subcommand)]
    command: ModelCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ModelCommand {
    /// Show what an operation reaches, as a tree with types and traits.
    Show {
        /// The operation, or `*`.
        operation: String,
        /// The model [default: those of `model/` that have the operation].
        #[arg(long)]
        model: Option<PathBuf>,
    },
}

impl Model {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let ModelCommand::Show { operation, model } = self.command;
        let files = match model {
            Some(file) => vec![file],
            None => imported()?,
        };
        tinsmith::show::show(&workspace::root(), &files, &operation)
    }
}

/// The models of `model/` that the lock lists.
fn imported() -> anyhow::Result<Vec<PathBuf>> {
    let folder = workspace::root().join("model");
    let lock = read_lock(&folder.join("model.lock"))?;
    let files: Vec<_> = lock.models().map(|file| folder.join(file)).collect();
    ensure!(!files.is_empty(), "model/ holds no model: name one with --model, or import one");
    Ok(files)
}
