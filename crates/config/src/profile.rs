//! Credentials from a profile of the shared files, for programs that name their source.

use std::sync::Arc;

use tinsmith_runtime::config::Sources;
use tinsmith_runtime::credentials::profile::ProfileCredentials;
use tinsmith_runtime::credentials::{ProvideCredentials, future};

/// Reads the static keys of one profile. The files are read when it is built.
#[derive(Clone, Debug)]
pub struct ProfileFileCredentialsProvider(ProfileCredentials);

impl ProfileFileCredentialsProvider {
    /// A provider for the profile that the builder is told, or that `AWS_PROFILE` chooses.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl ProvideCredentials for ProfileFileCredentialsProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.provide_credentials()
    }
}

/// Says which profile a [`ProfileFileCredentialsProvider`] reads.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    profile_name: Option<String>,
}

impl Builder {
    /// Chooses the profile, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, profile_name: impl Into<String>) -> Self {
        self.profile_name = Some(profile_name.into());
        self
    }

    /// The provider.
    pub fn build(self) -> ProfileFileCredentialsProvider {
        ProfileFileCredentialsProvider(ProfileCredentials::new(Arc::new(Sources::process(self.profile_name))))
    }
}
