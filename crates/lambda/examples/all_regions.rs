//! Lists all layers of every region at once: `cargo run -p tinsmith-lambda --example all_regions -- [REGION…]`, which are those
//! that every account has, unless some are named.
//!
//! Some regions are asked at the same time, and standard error tells how far it is. A region that fails costs the others nothing:
//! it is told at its turn, and the exit status is 1 in the end. What is listed comes in the order of the answers: region, layer and
//! version, between tabs.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Region};
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::operation::list_layers::ListLayersError;
use tinsmith_lambda::types::LayersListItem;
use tokio::task::JoinSet;

/// Those that no account has to opt in to.
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// How many are asked at the same time.
const AT_ONCE: usize = 6;

/// The layers of a region, or why there are none to show.
type Listed = (String, Result<Vec<LayersListItem>, SdkError<ListLayersError>>);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let regions = if named.is_empty() { REGIONS.map(str::to_owned).to_vec() } else { named };
    list(regions).await.unwrap_or_else(|error| {
        // Where standard error is closed as well, the status alone tells.
        let _ = writeln!(io::stderr(), "{error}");
        ExitCode::FAILURE
    })
}

async fn list(regions: Vec<String>) -> Result<ExitCode, Box<dyn Error>> {
    // All clients share these settings, and with them the credentials, which are asked for once.
    let config = tinsmith_config::load_from_env().await;
    let (all, mut done, mut failed) = (regions.len(), 0, 0);
    let mut waiting = regions.into_iter();
    let mut asked = JoinSet::new();
    loop {
        while asked.len() < AT_ONCE
            && let Some(region) = waiting.next()
        {
            let settings = Builder::from(&config).region(Region::new(region.clone()));
            asked.spawn(layers(Client::from_conf(settings.build()), region));
        }
        let Some(answer) = asked.join_next().await else { break };
        let (region, layers) = answer?;
        done += 1;
        match layers {
            Ok(layers) => {
                writeln!(io::stderr(), "{done}/{all} {region}: {} layers", layers.len())?;
                show(&region, &layers)?;
            }
            Err(error) => {
                failed += 1;
                writeln!(io::stderr(), "{done}/{all} {region}: {error}")?;
            }
        }
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn layers(client: Client, region: String) -> Listed {
    let layers = client.list_layers().into_paginator().items().send().try_collect().await;
    (region, layers)
}

fn show(region: &str, layers: &[LayersListItem]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for layer in layers {
        let version = layer.latest_matching_version().map_or(0, |latest| latest.version());
        writeln!(out, "{region}\t{}\t{version}", layer.layer_name().unwrap_or_default())?;
    }
    Ok(())
}
