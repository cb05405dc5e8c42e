//! The sources of credentials that are asked where code names none.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::chain;
use tinsmith_runtime::credentials::{Doors, ProvideCredentials, future};

/// The credentials of the environment, or else of the chosen profile, of the container, or of the instance.
pub async fn default_provider() -> impl ProvideCredentials {
    DefaultCredentialsChain::builder().build().await
}

/// Asks the environment, the chosen profile, the container and the instance, in this order. Files are read when it is built.
#[derive(Clone, Debug)]
pub struct DefaultCredentialsChain(chain::DefaultCredentialsChain);

impl DefaultCredentialsChain {
    /// A chain for the profile that the builder is told, or that `AWS_PROFILE` chooses.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl ProvideCredentials for DefaultCredentialsChain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.provide_credentials()
    }
}

/// Says which profile a [`DefaultCredentialsChain`] reads.
#[derive(Clone, Debug, Default)]
pub struct Builder(Choice);

impl Builder {
    /// Chooses the profile, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, name: &str) -> Self {
        self.0.profile = Some(name.to_owned());
        self
    }

    /// The chain.
    pub async fn build(self) -> DefaultCredentialsChain {
        DefaultCredentialsChain(chain::DefaultCredentialsChain::new(
            Arc::new(Sources::process(self.0)),
            Doors::default(),
        ))
    }
}
