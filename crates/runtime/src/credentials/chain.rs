//! The sources of credentials that are asked where code names none, in their order.

use std::sync::Arc;

use super::environment::EnvironmentCredentials;
use super::profile::ProfileCredentials;
use super::{CredentialsError, ProvideCredentials, Result, SharedCredentialsProvider, future};
use crate::config::Sources;

/// Asks each source until one has credentials. A source that is not set up is passed over; one that is set up and
/// fails ends the search, so that nobody signs with other keys than they think.
#[derive(Debug)]
pub struct DefaultCredentialsChain(Vec<SharedCredentialsProvider>);

impl DefaultCredentialsChain {
    /// The chain over these sources of settings.
    pub fn new(sources: Arc<Sources>) -> Self {
        Self(vec![
            SharedCredentialsProvider::new(EnvironmentCredentials::new(sources.clone())),
            SharedCredentialsProvider::new(ProfileCredentials::new(sources)),
        ])
    }

    async fn find(&self) -> Result {
        let mut reasons = Vec::new();
        for provider in &self.0 {
            match provider.provide_credentials().await {
                Err(error @ CredentialsError::CredentialsNotLoaded(_)) => reasons.extend(error.reason()),
                found => return found,
            }
        }
        let reasons = reasons.join(", and ");
        Err(CredentialsError::not_loaded(format!(
            "none are set in code, {reasons}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or \
             aws_access_key_id and aws_secret_access_key of a profile"
        )))
    }
}

impl ProvideCredentials for DefaultCredentialsChain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.find())
    }
}
