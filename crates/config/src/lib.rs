//! The face of `aws-config`: settings of a program from its code, the environment and the shared AWS files.
//!
//! ```no_run
//! # async fn settings() {
//! use tinsmith_config::{BehaviorVersion, meta::region::RegionProviderChain};
//!
//! let region = RegionProviderChain::default_provider().or_else("us-east-1");
//! let config = tinsmith_config::defaults(BehaviorVersion::latest()).region(region).load().await;
//! # }
//! ```
//!
//! Names and signatures are those of the official crate, so that code written for it compiles here. Loading never
//! fails: what is wrong with a setting is told by the first call that needs it.

pub mod environment;
mod loader;
pub mod profile;
mod provider;
pub mod sso;

/// What is asked where code names no source.
pub mod default_provider {
    pub mod credentials;
    pub mod region;
    pub mod token;
}

/// Providers that are made of other providers.
pub mod meta {
    pub mod region;

    /// Several sources of credentials in a row, and what one of your own is made of.
    pub mod credentials {
        pub use tinsmith_runtime::credentials::chain::CredentialsProviderChain;
        pub use tinsmith_runtime::credentials::{Credentials, CredentialsError, ProvideCredentials, future};
    }

    /// Several sources of bearer tokens in a row, and what one of your own is made of.
    pub mod token {
        pub use tinsmith_runtime::token::{ProvideToken, Token, TokenError, TokenProviderChain, future};
    }
}

use std::future::Future;

pub use loader::ConfigLoader;
pub use tinsmith_runtime::config::app_name::{AppName, InvalidAppName};
pub use tinsmith_runtime::config::{BehaviorVersion, SdkConfig, retry, stalled_stream_protection, timeout};
pub use tinsmith_runtime::credentials::{ProvideMfaToken, SharedMfaTokenProvider};
pub use tinsmith_runtime::region::Region;

/// A loader for the settings of a program; the version is noted, and has no effect.
pub fn defaults(version: BehaviorVersion) -> ConfigLoader {
    ConfigLoader::default().behavior_version(version)
}

/// Loads the settings that the environment and the shared files hold; the version is noted, and has no effect.
pub fn load_defaults(version: BehaviorVersion) -> impl Future<Output = SdkConfig> + Send + 'static {
    defaults(version).load()
}

/// A loader for the settings of a program.
pub fn from_env() -> ConfigLoader {
    defaults(BehaviorVersion::latest())
}

/// Loads the settings that the environment and the shared files hold.
pub fn load_from_env() -> impl Future<Output = SdkConfig> + Send + 'static {
    from_env().load()
}
