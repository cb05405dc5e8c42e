//! Loaded settings, read back; and the providers that people name or put together themselves.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::meta::region::{ProvideRegion, RegionProviderChain, future};
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_sdk_lambda::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    read_back("environment", &aws_config::load_defaults(BehaviorVersion::latest()).await).await?;
    let of_profile = aws_config::defaults(BehaviorVersion::latest()).profile_name("other").load().await;
    read_back("a profile below the environment", &of_profile).await?;
    let config = aws_config::defaults(BehaviorVersion::latest())
        .app_name(AppName::new("settings")?)
        .use_fips(false)
        .use_dual_stack(true)
        .region("us-gov-west-1")
        .credentials_provider(Credentials::new("by-code", "secret", Some("token".to_owned()), None, "compat"))
        .load()
        .await;
    read_back("code", &config).await?;
    let changed = config.to_builder().region(Region::new("us-west-1")).endpoint_url("http://localhost:1").build();
    read_back("to_builder", &changed).await?;
    let shared = SharedCredentialsProvider::new(Credentials::new("shared", "secret", None, None, "compat"));
    let built = SdkConfig::builder().region(Region::new("ca-west-1")).credentials_provider(shared).build();
    println!("built {:?} {}", built.region().map(ToString::to_string), built.credentials_provider().is_some());

    providers().await?;
    regions().await;
    values()
}

async fn read_back(name: &str, config: &SdkConfig) -> Result<(), Failure> {
    println!("== {name}");
    println!("region {:?} app {:?}", config.region().map(Region::as_ref), config.app_name().map(AppName::as_ref));
    println!("endpoint {}", config.endpoint_url().is_some());
    println!("fips {:?} dual stack {:?}", config.use_fips(), config.use_dual_stack());
    println!("attempts {:?}", config.retry_config().map(|retry| retry.max_attempts()));
    println!("connect {:?}", config.timeout_config().and_then(|timeouts| timeouts.connect_timeout()));
    let provider = config.credentials_provider().ok_or("no provider")?;
    let credentials = provider.provide_credentials().await?;
    println!("credentials {} {:?}", credentials.access_key_id(), credentials.session_token());
    Ok(())
}

async fn providers() -> Result<(), Failure> {
    println!("== providers");
    let environment = EnvironmentVariableCredentialsProvider::new();
    println!("environment {}", environment.provide_credentials().await?.access_key_id());
    for name in ["default", "other"] {
        let profile = ProfileFileCredentialsProvider::builder().profile_name(name).build();
        let credentials = profile.provide_credentials().await?;
        println!("{name} {} {:?}", credentials.access_key_id(), credentials.session_token());
    }
    let missing = ProfileFileCredentialsProvider::builder().profile_name("missing").build();
    println!("missing {}", missing.provide_credentials().await.is_err());
    let boxed: Arc<dyn ProvideCredentials> = Arc::new(environment);
    let shared = SharedCredentialsProvider::from(boxed);
    println!("shared {}", shared.clone().provide_credentials().await?.access_key_id());
    Ok(())
}

/// A region that comes from somewhere of the user's own.
#[derive(Debug)]
struct Elsewhere(Option<&'static str>);

impl ProvideRegion for Elsewhere {
    fn region(&self) -> future::ProvideRegion<'_> {
        match self.0 {
            Some(_) => future::ProvideRegion::new(async { self.0.map(Region::from_static) }),
            None => future::ProvideRegion::ready(None),
        }
    }
}

async fn regions() {
    println!("== regions");
    let chain =
        RegionProviderChain::first_try(Elsewhere(None)).or_else(Elsewhere(Some("me-south-1"))).or_else("us-east-1");
    println!("elsewhere {:?}", chain.region().await.as_ref().map(Region::as_ref));
    let default = RegionProviderChain::default_provider().or_else(Region::new("us-west-2"));
    println!("default {:?}", default.region().await.map(|region| region.to_string()));
}

fn values() -> Result<(), Failure> {
    println!("== values");
    println!("{} {}", AppName::new("not allowed").is_err(), AppName::new("all#owed")?);
    println!("{}", Region::new("us-east-1".to_owned()) == Region::from_static("us-east-1"));
    let expiry = SystemTime::UNIX_EPOCH + Duration::from_secs(60);
    let credentials = Credentials::builder()
        .access_key_id("built")
        .secret_access_key("never shown")
        .session_token("nor this")
        .expiry(expiry)
        .provider_name("compat")
        .build();
    let shown = format!("{credentials:?}");
    println!("{} {}", shown.contains("never shown"), shown.contains("nor this"));
    println!("{} {}", credentials.expiry() == Some(expiry), credentials.secret_access_key().len());
    println!("{}", credentials == credentials.clone());
    Ok(())
}
