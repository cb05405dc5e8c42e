//! What environment variables say, for programs that name their source.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::environment::EnvironmentCredentials;
use tinsmith_runtime::profile::ProfileFiles;

use crate::meta::region::{self, ProvideRegion};
use crate::provider::gives_credentials;

/// The environment of this process, and no files.
fn environment() -> Sources {
    Sources::process(Choice { profile: None, files: ProfileFiles::builder().build() })
}

/// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_ACCOUNT_ID` and
/// `AWS_CREDENTIAL_EXPIRATION`, each time it is asked.
#[derive(Clone, Debug)]
pub struct EnvironmentVariableCredentialsProvider(EnvironmentCredentials);

impl EnvironmentVariableCredentialsProvider {
    /// Reads the environment of this process.
    pub fn new() -> Self {
        Self(EnvironmentCredentials::new(Arc::new(environment())))
    }
}

impl Default for EnvironmentVariableCredentialsProvider {
    fn default() -> Self {
        Self::new()
    }
}

gives_credentials!(EnvironmentVariableCredentialsProvider);

/// Reads `AWS_REGION` or else `AWS_DEFAULT_REGION`, each time it is asked.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct EnvironmentVariableRegionProvider;

impl EnvironmentVariableRegionProvider {
    /// Reads the environment of this process.
    pub fn new() -> Self {
        Self
    }
}

impl ProvideRegion for EnvironmentVariableRegionProvider {
    fn region(&self) -> region::future::ProvideRegion<'_> {
        let found = environment().region().ok().flatten();
        region::future::ProvideRegion::ready(found.map(|found| found.value))
    }
}
