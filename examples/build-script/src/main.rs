//! Lists the layers of an account, with a client that `build.rs` made.

use std::error::Error;

#[allow(unused, reason = "the program needs a part of the client")]
mod lambda {
    include!(concat!(env!("OUT_DIR"), "/lambda.rs"));
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = list().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn list() -> Result<(), Box<dyn Error>> {
    let client = lambda::Client::from_env().await?;
    let mut layers = client.list_layers().into_paginator().items().send();
    while let Some(layer) = layers.try_next().await? {
        println!("{}", layer.layer_name().unwrap_or_default());
    }
    Ok(())
}
