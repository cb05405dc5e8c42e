//! The sources of bearer tokens that are asked where code names none.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::Doors;
use tinsmith_runtime::token::{self, ProvideToken};

use crate::provider::gives_tokens;

/// The token of the session that the chosen profile names.
pub async fn default_provider() -> impl ProvideToken {
    DefaultTokenChain::builder().build().await
}

/// Asks for the token of the session that the chosen profile names. Files are read when it is built, but that of the token.
#[derive(Clone, Debug)]
pub struct DefaultTokenChain(token::DefaultTokenChain);

impl DefaultTokenChain {
    /// A chain for the profile that the builder is told, or that `AWS_PROFILE` chooses.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

gives_tokens!(DefaultTokenChain);

/// Says which profile a [`DefaultTokenChain`] reads.
#[derive(Clone, Debug, Default)]
pub struct Builder(Choice);

impl Builder {
    /// Chooses the profile, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, name: &str) -> Self {
        self.0.profile = Some(name.to_owned());
        self
    }

    /// The chain.
    pub async fn build(self) -> DefaultTokenChain {
        DefaultTokenChain(token::DefaultTokenChain::new(Arc::new(Sources::process(self.0)), Doors::default()))
    }
}
