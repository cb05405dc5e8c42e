//! `cargo xtask demo`: from the model to a printed page, on this machine alone.

use std::process::Command;

use anyhow::{Context, ensure};

use super::regenerate;
use crate::process::{Programs, stand_in};
use crate::workspace;

/// Regenerates the clients, starts the stand-in, and lists its layers with the example. The programs run as processes
/// of their own: this one does not depend on what it generates.
pub(super) fn run() -> anyhow::Result<()> {
    let root = workspace::root();
    println!("1. The client, generated from its model:");
    regenerate::workspace_crates()?;

    println!("2. A Lambda of our own, on loopback:");
    let programs = Programs::build(
        &root,
        &[
            "--package=tinsmith-stand-in",
            "--bin=tinsmith-stand-in",
            "--package=tinsmith-lambda",
            "--example=list_layers",
        ],
    )?;
    let (_serving, environment) = stand_in(programs.get("tinsmith-stand-in")?, &[])?;
    println!("{} answers for {}", environment.endpoint_url, environment.region);

    println!("3. Its layers, listed with that client:\n");
    let mut example = Command::new(programs.get("list_layers")?);
    let status = environment.apply(&mut example).status().context("cannot start the example")?;
    ensure!(status.success(), "the example failed: {status}");

    println!(
        "\nThe same program lists the layers of an account, with its credentials in the environment or a profile:"
    );
    println!("  cargo run -p tinsmith-lambda --example list_layers -- --region us-east-1");
    Ok(())
}
