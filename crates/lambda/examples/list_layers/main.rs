//! Lists the layers of an account in a region: `cargo run -p tinsmith-lambda --example list_layers -- --help`.
//!
//! Options and output are those of `aws lambda list-layers`, whose `--output json` and `text` this prints byte for
//! byte, and a table for people. The exit status is 0, 1 where settings, the service or the way to it failed, and 2
//! for a command line that cannot be understood. Errors go to standard error.

mod json;
mod table;
mod text;

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use tinsmith_config::profile::ProfileFileCredentialsProvider;
use tinsmith_config::{BehaviorVersion, Region};
use tinsmith_lambda::Client;
use tinsmith_lambda::operation::list_layers::paginator::ListLayersPaginator;
use tinsmith_lambda::types::{Architecture, LayersListItem, Runtime};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Lists the layers of an account in a region, each with its newest version that matches.
///
/// Region, credentials and endpoint are looked for where the AWS command line looks for them: in the environment and
/// in the shared files of AWS.
#[derive(Parser)]
#[command(name = "list_layers", version)]
struct Arguments {
    /// The region [default: AWS_REGION, AWS_DEFAULT_REGION, or that of the profile]
    #[arg(long)]
    region: Option<String>,
    /// The profile of the shared files [default: AWS_PROFILE, or "default"]
    #[arg(long)]
    profile: Option<String>,
    /// Where to send requests, instead of the service's own endpoint
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Lists only layers for this runtime, such as python3.12
    #[arg(long, value_name = "RUNTIME")]
    compatible_runtime: Option<String>,
    /// Lists only layers for this instruction set: x86_64 or arm64
    #[arg(long, value_name = "ARCHITECTURE")]
    compatible_architecture: Option<String>,
    /// Stops after this many layers, and says how to go on
    #[arg(long, value_name = "N")]
    max_items: Option<usize>,
    /// How many layers to ask for at once; the service allows 1 to 50
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    page_size: Option<i32>,
    /// Goes on where a listing stopped: its NextToken
    #[arg(long, value_name = "TOKEN")]
    starting_token: Option<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
    /// Sends nothing, and prints each setting: its value, where it came from, and what it overrode
    #[arg(long)]
    explain: bool,
    /// Tells on standard error what happens: where requests go, who signs them, what is sent, answered and retried
    #[arg(long)]
    debug: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    /// A table for people
    Table,
    /// What `aws --output json` prints
    Json,
    /// What `aws --output text` prints: fields between tabs, for grep, cut and awk
    Text,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.debug {
        // The connections below tell much more, and nothing that helps to understand a call.
        let ours = Targets::new().with_target("tinsmith", LevelFilter::TRACE);
        let log = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(io::stderr);
        log.finish().with(ours).init();
    }
    match run(arguments, &mut io::stdout().lock()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the status alone tells.
            let _ = writeln!(io::stderr(), "list_layers: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let client = client(&arguments).await;
    if arguments.explain {
        write!(out, "{}", client.as_ref().explain())?;
        return Ok(out.flush()?);
    }
    let filtered = arguments.compatible_runtime.is_some() || arguments.compatible_architecture.is_some();
    let output = arguments.output;
    let pages = pages(&client, arguments);
    match output {
        Output::Table => {
            let (layers, next_token) = collect(pages).await?;
            let table = table::Table { layers: &layers, filtered, next_token: next_token.as_deref() };
            table.write(out, table::width())?;
        }
        Output::Json => {
            let (layers, next_token) = collect(pages).await?;
            json::write(out, &json::listing(&layers, next_token.as_deref()))?;
        }
        Output::Text => {
            let mut pages = pages.send();
            while let Some(page) = pages.try_next().await? {
                text::write(out, &json::listing(page.layers(), None))?;
            }
            if let Some(token) = pages.resume_token() {
                text::write_next_token(out, &token)?;
            }
        }
    }
    Ok(out.flush()?)
}

/// A client with the settings of the command line, and the others from the environment and the shared files.
async fn client(arguments: &Arguments) -> Client {
    let mut loader =
        tinsmith_config::defaults(BehaviorVersion::latest()).region(arguments.region.clone().map(Region::new));
    if let Some(profile) = &arguments.profile {
        // As with the AWS command line, a profile that is named comes before keys that happen to be in the environment.
        let keys = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
        loader = loader.profile_name(profile).credentials_provider(keys);
    }
    if let Some(url) = &arguments.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    Client::new(&loader.load().await)
}

fn pages(client: &Client, arguments: Arguments) -> ListLayersPaginator {
    let pages = client
        .list_layers()
        .set_compatible_runtime(arguments.compatible_runtime.as_deref().map(Runtime::from))
        .set_compatible_architecture(arguments.compatible_architecture.as_deref().map(Architecture::from))
        .set_max_items(arguments.page_size)
        .into_paginator()
        .starting_token(arguments.starting_token);
    match arguments.max_items {
        Some(limit) => pages.limit(limit),
        None => pages,
    }
}

/// The layers of all pages, and where to go on if they are not all that there are.
async fn collect(pages: ListLayersPaginator) -> Result<(Vec<LayersListItem>, Option<String>), Box<dyn Error>> {
    let mut items = pages.items().send();
    let mut layers = Vec::new();
    while let Some(layer) = items.try_next().await? {
        layers.push(layer);
    }
    Ok((layers, items.resume_token()))
}

/// Whether whoever read our output has read enough, as `head` does.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
