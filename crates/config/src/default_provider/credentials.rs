//! The sources of credentials that are asked where code names none.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, SdkConfig, Sources};
use tinsmith_runtime::credentials::{Doors, ProvideCredentials, chain};

use crate::meta::region::ProvideRegion;
use crate::provider::gives_credentials;

/// The credentials of a [`DefaultCredentialsChain`].
pub async fn default_provider() -> impl ProvideCredentials {
    DefaultCredentialsChain::builder().build().await
}

/// Asks the environment, the chosen profile, the web identity of the environment, the container and the instance, in this
/// order. Files are read when it is built.
#[derive(Clone, Debug)]
pub struct DefaultCredentialsChain(chain::DefaultCredentialsChain);

impl DefaultCredentialsChain {
    /// A chain for the profile that the builder is told, or that `AWS_PROFILE` chooses.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

gives_credentials!(DefaultCredentialsChain);

/// Says which profile a [`DefaultCredentialsChain`] reads, and in which region roles are assumed.
#[derive(Debug, Default)]
pub struct Builder {
    choice: Choice,
    region: Option<Box<dyn ProvideRegion>>,
}

impl Builder {
    /// Chooses the profile, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, name: &str) -> Self {
        self.choice.profile = Some(name.to_owned());
        self
    }

    /// Sets the region in which roles are assumed, or who gives it. Where the provider has none, it is looked for as if
    /// none had been set.
    pub fn region(mut self, region: impl ProvideRegion + 'static) -> Self {
        self.set_region(Some(region));
        self
    }

    /// Sets the region in which roles are assumed, or leaves it open.
    pub fn set_region(&mut self, region: Option<impl ProvideRegion + 'static>) -> &mut Self {
        self.region = region.map(|provider| Box::new(provider) as _);
        self
    }

    /// The chain.
    pub async fn build(self) -> DefaultCredentialsChain {
        let region = match &self.region {
            Some(provider) => provider.region().await,
            None => None,
        };
        let doors = Doors { code: SdkConfig::builder().region(region), ..Doors::default() };
        let sources = Arc::new(Sources::process(self.choice));
        DefaultCredentialsChain(chain::DefaultCredentialsChain::new(sources, doors))
    }
}
