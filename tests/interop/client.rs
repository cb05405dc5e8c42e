//! Calls Lambda with the generated client, as lines of JSON on standard input say, and answers each with a line.
//!
//! `cargo xtask interop` drives it beside `xtask/src/interop/client.py`, which does the same with boto3. A line is
//! `{"call": "call" | "paginate", "input": {…}}` with members of ListLayers by their wire names, and for `paginate`
//! `max_items`, `page_size` and `starting_token`; or `{"call": "operation", "operation": "Invoke", "input": {…}}` with any
//! operation and its members by their names in the model. The answer is `{"output": …}` or `{"error": "…"}`.

mod operations;

use std::error::Error;
use std::io::{self, BufRead, Write};

use serde::Deserialize;
use serde_json::{Value, json};
use tinsmith_lambda::Client;
use tinsmith_lambda::config::Builder;
use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::operation::list_layers::builders::ListLayersFluentBuilder;
use tinsmith_lambda::types::{Architecture, LayersListItem, Runtime};
use tinsmith_runtime::test_util::FixedRandom;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    call: Asked,
    input: Value,
    operation: Option<String>,
    max_items: Option<usize>,
    page_size: Option<i32>,
    starting_token: Option<String>,
    /// For boto3, which refuses some inputs otherwise.
    #[serde(rename = "unchecked", default)]
    _unchecked: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Asked {
    Call,
    Operation,
    Paginate,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Input {
    compatible_architecture: Option<String>,
    compatible_runtime: Option<String>,
    marker: Option<String>,
    max_items: Option<i32>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = tinsmith_config::from_env().retry_config(RetryConfig::disabled()).load().await;
    // Without chance, idempotency tokens are those that boto3 is given here.
    let client = Client::from_conf(Builder::from(&config).randomness(FixedRandom::new(0)).build());
    for line in io::stdin().lock().lines() {
        let answer = answer(&client, serde_json::from_str(&line?)?).await;
        let answer = answer.unwrap_or_else(|error| json!({ "error": error.to_string() }));
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

async fn answer(client: &Client, request: Request) -> Result<Value, Box<dyn Error>> {
    match request.call {
        Asked::Operation => operations::call(client, &request.operation.unwrap_or_default(), request.input).await,
        Asked::Call => {
            let page = list_layers(client, request.input)?.send().await?;
            Ok(json!({ "output": { "Layers": names(page.layers()), "NextMarker": page.next_marker() } }))
        }
        Asked::Paginate => {
            let list_layers = list_layers(client, request.input)?;
            let list_layers = match request.page_size {
                Some(size) => list_layers.max_items(size),
                None => list_layers,
            };
            let mut items = list_layers.into_paginator().items().starting_token(request.starting_token);
            if let Some(limit) = request.max_items {
                items = items.limit(limit);
            }
            let (mut items, mut layers) = (items.send(), Vec::new());
            while let Some(layer) = items.try_next().await? {
                layers.push(layer);
            }
            Ok(json!({ "output": { "Layers": names(&layers), "NextToken": items.resume_token() } }))
        }
    }
}

fn list_layers(client: &Client, input: Value) -> serde_json::Result<ListLayersFluentBuilder> {
    let input: Input = serde_json::from_value(input)?;
    let request = client
        .list_layers()
        .set_compatible_architecture(input.compatible_architecture.as_deref().map(Architecture::from))
        .set_compatible_runtime(input.compatible_runtime.as_deref().map(Runtime::from))
        .set_marker(input.marker)
        .set_max_items(input.max_items);
    Ok(request)
}

/// Of each layer its name alone: the example shows all members.
fn names(layers: &[LayersListItem]) -> Vec<Value> {
    layers.iter().map(|layer| json!({ "LayerName": layer.layer_name() })).collect()
}
