//! `tinsmith`: thin AWS clients from Smithy models, in a project of one's own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tinsmith::import::Import;
use tinsmith::{generate, show};

/// Thin AWS clients from Smithy models.
#[derive(Parser)]
#[command(name = "tinsmith", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate a client: a crate, or a module of one.
    #[command(after_help = EXAMPLES)]
    Generate(Generate),
    /// Look into models.
    #[command(subcommand)]
    Model(Model),
    /// Import an official model, facts only; documentation that was written beside them is kept.
    Import(ImportInto),
}

const EXAMPLES: &str = "\
Examples:
  tinsmith generate --model lambda.json --operations ListLayers,GetFunction --out my-lambda
  tinsmith generate --model lambda.json --operations ListLayers --out src/lambda --module";

#[derive(clap::Args)]
struct Generate {
    /// The model: Smithy JSON AST 2.0.
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Its operations, or `*` for all.
    #[arg(long, value_name = "A,B", required = true, value_delimiter = ',')]
    operations: Vec<String>,
    /// The folder of the client. Files that were not generated are never touched.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    choices: generate::Choices,
    /// Write nothing; fail if a file is missing, changed or orphaned.
    #[arg(long)]
    check: bool,
}

#[derive(Subcommand)]
enum Model {
    /// Show what an operation reaches, as a tree with types and traits.
    Show {
        /// The operation, or `*`.
        operation: String,
        /// The model: Smithy JSON AST 2.0.
        #[arg(long, value_name = "FILE")]
        model: PathBuf,
    },
}

#[derive(clap::Args)]
struct ImportInto {
    #[command(flatten)]
    import: Import,
    /// The folder for what is imported, and for `model.lock`, which pins it.
    #[arg(long, value_name = "DIR", default_value = "model")]
    into: PathBuf,
}

fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Command {
    fn run(self) -> anyhow::Result<()> {
        // Paths are shown as they were given.
        let root = Path::new("");
        match self {
            Self::Generate(Generate { model, operations, out, choices, check }) => {
                let request = generate::Request { model, operations, out, choices };
                generate::elsewhere(root, request, generate::released, check)
            }
            Self::Model(Model::Show { operation, model }) => show::show(root, &[model], &operation),
            Self::Import(ImportInto { import, into }) => import.run(root, &into),
        }
    }
}
