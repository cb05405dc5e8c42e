//! Credentials from environment variables, for programs that name their source.

use std::sync::Arc;

use tinsmith_runtime::config::Sources;
use tinsmith_runtime::credentials::environment::EnvironmentCredentials;
use tinsmith_runtime::credentials::{ProvideCredentials, future};

/// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and `AWS_ACCOUNT_ID`, each time it is asked.
#[derive(Clone, Debug)]
pub struct EnvironmentVariableCredentialsProvider(EnvironmentCredentials);

impl EnvironmentVariableCredentialsProvider {
    /// Reads the environment of this process.
    pub fn new() -> Self {
        Self(EnvironmentCredentials::new(Arc::new(Sources::process(None))))
    }
}

impl Default for EnvironmentVariableCredentialsProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl ProvideCredentials for EnvironmentVariableCredentialsProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.provide_credentials()
    }
}
