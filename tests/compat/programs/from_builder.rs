//! Clients whose settings are written in code.

use std::time::Duration;

use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::config::{self, AppName, BehaviorVersion, Config, Credentials, Region};
use aws_sdk_lambda::operation::RequestId;
use aws_sdk_lambda::types::{Architecture, Runtime};
use aws_sdk_lambda::{Client, Error};

#[path = "support/show.rs"]
mod show;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::var("AWS_ENDPOINT_URL")?;

    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-2"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI", None, None, "compat"))
        .endpoint_url(&endpoint)
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(20)).build())
        .app_name(AppName::new("compat")?)
        .build();
    println!("region {:?}", config.region().map(Region::as_ref));
    println!("attempts {:?}", config.retry_config().map(RetryConfig::max_attempts));
    println!("operation {:?}", config.timeout_config().and_then(TimeoutConfig::operation_timeout));
    println!("app {:?}", config.app_name().map(AppName::to_string));
    list("from_conf", &Client::from_conf(config.clone())).await?;

    let changed = config.to_builder().region(Region::from_static("eu-west-1")).build();
    list("to_builder", &Client::from_conf(changed)).await?;

    let shared = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let from_shared = config::Builder::from(&shared).region(Region::new("ap-south-1")).build();
    list("Builder::from", &Client::from_conf(from_shared)).await?;
    list("Config::new", &Client::from_conf(Config::new(&shared))).await?;
    list("Config::from", &Client::from_conf(Config::from(&shared))).await?;

    let mut builder = config::Builder::new();
    builder.set_region(Some(Region::new("sa-east-1"))).set_endpoint_url(Some(endpoint));
    builder.set_credentials_provider(shared.credentials_provider());
    builder.set_behavior_version(Some(BehaviorVersion::latest())).set_app_name(None);
    builder.set_retry_config(Some(RetryConfig::disabled())).set_timeout_config(Some(TimeoutConfig::disabled()));
    builder.set_use_fips(Some(false)).set_use_dual_stack(None);
    list("set_", &Client::from_conf(builder.build())).await?;
    Ok(())
}

async fn list(title: &str, client: &Client) -> Result<(), Error> {
    println!("== {title} in {:?}", client.config().region().map(ToString::to_string));
    let output = client
        .list_layers()
        .compatible_runtime(Runtime::Python312)
        .compatible_architecture(Architecture::Arm64)
        .max_items(5)
        .send()
        .await?;
    println!("has a request id: {}", output.request_id().is_some_and(|id| !id.is_empty()));
    println!("more {}", output.next_marker.is_some());
    show::layers(&output.layers.unwrap_or_default());
    Ok(())
}
