//! Several sources of credentials in a row, and what one of your own is made of.

use std::borrow::Cow;

use tinsmith_runtime::credentials::chain;

pub use tinsmith_runtime::credentials::{Credentials, CredentialsError, ProvideCredentials, future};

use crate::default_provider::credentials::default_provider;

/// Sources that are asked in their order, until one has credentials. One that is set up and fails ends the search.
#[derive(Clone, Debug)]
pub struct CredentialsProviderChain(chain::CredentialsProviderChain);

impl CredentialsProviderChain {
    /// A chain that begins with this source; its name stands in errors.
    pub fn first_try(name: impl Into<Cow<'static, str>>, provider: impl ProvideCredentials + 'static) -> Self {
        Self(chain::CredentialsProviderChain::first_try(name, provider))
    }

    /// Asks this source after the others; its name stands in errors.
    pub fn or_else(self, name: impl Into<Cow<'static, str>>, provider: impl ProvideCredentials + 'static) -> Self {
        Self(self.0.or_else(name, provider))
    }

    /// A chain that begins with the default sources.
    pub async fn default_provider() -> Self {
        Self::first_try("default", default_provider().await)
    }

    /// Asks the default sources after the others.
    pub async fn or_default_provider(self) -> Self {
        self.or_else("default", default_provider().await)
    }
}

impl ProvideCredentials for CredentialsProviderChain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.provide_credentials()
    }
}
