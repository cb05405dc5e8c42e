//! The client: settings and connections that all calls share, and a method an operation.

use tinsmith_runtime::client::{Handle, Sent};
use tinsmith_runtime::config::{Config, SdkConfig, SettingError};
use tinsmith_runtime::operation::OperationInput;

use super::SERVICE;
use super::operation::list_layers::builders::ListLayersFluentBuilder;

pub use tinsmith_runtime::client::customize;

/// A client of AWS Lambda. Clones share its connections, credentials and retry quota.
#[derive(Clone, Debug)]
pub struct Client {
    handle: Handle,
}

impl Client {
    /// A client with the settings that all services share.
    pub fn new(config: &SdkConfig) -> Self {
        Self::from_conf(Config::new(config))
    }

    /// A client with settings of its own.
    pub fn from_conf(config: Config) -> Self {
        Self { handle: Handle::new(config, &SERVICE) }
    }

    /// A client with the settings of environment and profile.
    ///
    /// # Errors
    ///
    /// A setting is malformed, or region or credentials are missing: the error says where they were looked for.
    pub async fn from_env() -> Result<Self, SettingError> {
        Ok(Self { handle: Handle::from_env(&SERVICE).await? })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        self.handle.config()
    }

    /// Sends an input that was built by itself.
    pub async fn send<I: OperationInput>(&self, input: I) -> Sent<I::Operation> {
        self.handle.send::<I::Operation>(&input).await
    }

    /// Lists the layers of the account in a region, each with its newest version that matches the filters.
    pub fn list_layers(&self) -> ListLayersFluentBuilder {
        ListLayersFluentBuilder::new(self.handle.clone())
    }
}
