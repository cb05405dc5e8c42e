//! A first call: `cargo run -p tinsmith-lambda --example first_call`. `docs/first-call.md` explains it line by line.

#![allow(clippy::print_stdout, reason = "this is a program")]

use std::error::Error;
use std::process::ExitCode;

use tinsmith_lambda::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match list().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn list() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env().await?;
    let mut layers = client.list_layers().into_paginator().items().send();
    while let Some(layer) = layers.try_next().await? {
        let version = layer.latest_matching_version().map_or(0, |latest| latest.version());
        println!("{} {version}", layer.layer_name().unwrap_or_default());
    }
    Ok(())
}
