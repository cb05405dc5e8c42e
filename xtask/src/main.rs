//! `cargo xtask`: the build tool of Tinsmith.

use std::process::ExitCode;

use clap::Parser;
use xtask::commands::Command;

/// The build tool of Tinsmith.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
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
