//! `cargo xtask model show OPERATION`: what an operation brings. `model diff` is beside this.

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
    /// Show what a new model changes for programs that use the client of an old one.
    Diff(super::diff::Diff),
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
        let (operation, model) = match self.command {
            ModelCommand::Diff(diff) => return diff.run(),
            ModelCommand::Show { operation, model } => (operation, model),
        };
        let files = model.map_or_else(imported, |file| Ok(vec![file]))?;
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
