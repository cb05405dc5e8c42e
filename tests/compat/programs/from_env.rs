//! Clients whose settings come from the environment, in the ways that people load them.

use aws_config::meta::region::RegionProviderChain;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_lambda::Client;

#[path = "support/show.rs"]
mod show;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[allow(deprecated, reason = "without the feature behavior-version-latest the official crate says so")]
    let config = aws_config::load_from_env().await;
    list("load_from_env", &Client::new(&config)).await?;

    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    list("load_defaults", &Client::new(&config)).await?;

    let region = RegionProviderChain::first_try(None::<Region>).or_default_provider().or_else("us-west-2");
    println!("region {}", region.region().await.expect("the chain ends with a region"));
    let config = aws_config::defaults(BehaviorVersion::latest()).region(region).load().await;
    list("defaults", &Client::new(&config)).await?;

    #[allow(deprecated, reason = "as above")]
    let config = aws_config::from_env().region("eu-central-1").load().await;
    Ok(list("from_env", &Client::new(&config)).await?)
}

async fn list(title: &str, client: &Client) -> Result<(), aws_sdk_lambda::Error> {
    println!("== {title} in {}", client.config().region().map_or("-", |region| region.as_ref()));
    let output = client.list_layers().send().await?;
    println!("next {:?}", output.next_marker());
    show::layers(output.layers());
    Ok(())
}
