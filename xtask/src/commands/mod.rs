//! The commands: a variant and a file each.

mod import;
mod regenerate;

/// What can be asked of `cargo xtask`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Import an official model into `model/`, facts only.
    Import(import::Import),
    /// Generate crates from their models.
    Regenerate(regenerate::Regenerate),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever kept it from its end, to be shown to whoever called it.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Import(import) => import.run(),
            Self::Regenerate(regenerate) => regenerate.run(),
        }
    }
}
