//! A function of AWS Lambda that calls AWS. `docs/in-aws-lambda.md` explains it.

use std::time::Duration;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::Deserialize;
use tinsmith_lambda::Client;
use tinsmith_lambda::config::timeout::TimeoutConfig;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let settings = tinsmith_config::from_env().timeout_config(limits()).load().await;
    let client = Client::new(&settings);
    lambda_runtime::run(service_fn(|event| handle(&client, event))).await
}

/// An event: `{"runtime": "nodejs22.x"}`.
#[derive(Deserialize)]
struct Wanted {
    runtime: String,
}

/// The names of the layers for a runtime.
async fn handle(client: &Client, event: LambdaEvent<Wanted>) -> Result<Vec<String>, Error> {
    let runtime = event.payload.runtime.as_str();
    let mut layers = client.list_layers().compatible_runtime(runtime.into()).into_paginator().items().send();
    let mut names = Vec::new();
    while let Some(layer) = layers.try_next().await? {
        names.extend(layer.layer_name);
    }
    Ok(names)
}

/// Limits of each page that leave a function of ten seconds the time to say what went wrong.
fn limits() -> TimeoutConfig {
    let second = Duration::from_secs(1);
    TimeoutConfig::builder().operation_attempt_timeout(3 * second).operation_timeout(8 * second).build()
}
