//! Chains of providers that people put together, and profile files that they choose.

#![allow(
    deprecated,
    reason = "the official crate moved profile files to a third crate, and people still find them here"
)]

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::{ProvideRegion, RegionProviderChain};
use aws_config::profile::profile_file::{ProfileFileKind, ProfileFiles};
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::{BehaviorVersion, Region};
use aws_sdk_lambda::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};

const CONFIG: &str = "[default]\nregion = eu-north-1\n[profile other]\nregion = ap-east-1\naws_access_key_id = here\n\
                      aws_secret_access_key = secret\n";
const CREDENTIALS: &str = "[default]\naws_access_key_id = there\naws_secret_access_key = secret\n";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let files = ProfileFiles::builder()
        .with_contents(ProfileFileKind::Config, CONFIG)
        .with_contents(ProfileFileKind::Credentials, CREDENTIALS)
        .build();
    for name in ["default", "other"] {
        let provider =
            ProfileFileCredentialsProvider::builder().profile_files(files.clone()).profile_name(name).build();
        println!("{name} {}", provider.provide_credentials().await?.access_key_id());
        let region = ProfileFileRegionProvider::builder().profile_files(files.clone()).profile_name(name).build();
        println!("{name} {:?}", region.region().await.map(|region| region.to_string()));
    }
    let region = RegionProviderChain::first_try(ProfileFileRegionProvider::new()).or_else("us-east-1");
    println!("of the home folder {:?}", region.region().await.as_ref().map(Region::as_ref));
    println!("of the environment {:?}", EnvironmentVariableRegionProvider::new().region().await.map(|r| r.to_string()));

    let loader = aws_config::defaults(BehaviorVersion::latest()).profile_files(files).profile_name("other");
    let config = loader.region(DefaultRegionChain::builder().profile_name("other").build()).load().await;
    println!("loaded {:?}", config.region().map(Region::as_ref));
    let provider = config.credentials_provider().ok_or("no provider")?;
    println!("loaded {}", provider.provide_credentials().await?.access_key_id());

    let fixed = Credentials::new("fixed", "secret", None, None, "compat");
    let missing = ProfileFileCredentialsProvider::builder().profile_name("missing").build();
    let chain = CredentialsProviderChain::first_try("missing", missing)
        .or_else("environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("fixed", fixed.clone());
    println!("chain {:?}", chain.provide_credentials().await.map(|found| found.access_key_id().to_owned()).ok());
    let shared = SharedCredentialsProvider::new(CredentialsProviderChain::first_try("fixed", fixed));
    println!("shared {}", shared.provide_credentials().await?.access_key_id());
    let default = DefaultCredentialsChain::builder().profile_name("other").build().await;
    println!("default {}", default.provide_credentials().await?.access_key_id());
    println!("default {:?}", DefaultRegionChain::builder().build().region().await.map(|region| region.to_string()));
    Ok(())
}
