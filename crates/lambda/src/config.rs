//! Settings of the client.

pub use tinsmith_runtime::config::{
    AppName, BehaviorVersion, Builder, Config, Credentials, ProvideCredentials, Region, SharedCredentialsProvider, http,
    retry, timeout,
};
