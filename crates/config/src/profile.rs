//! What a profile of the shared files says, for programs that name their source.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::profile::ProfileCredentials;
use tinsmith_runtime::credentials::{Doors, ProvideCredentials, future};

pub use region::ProfileFileRegionProvider;
pub use token::ProfileFileTokenProvider;

pub mod region;
pub mod token;

/// Which files profiles are read from.
pub mod profile_file {
    pub use tinsmith_runtime::profile::{FileKind as ProfileFileKind, ProfileFiles, ProfileFilesBuilder as Builder};
}

/// Reads one profile: its keys, its role, its sign-in or its program. The files are read when it is built.
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

/// Says what a [`ProfileFileCredentialsProvider`] reads.
#[derive(Clone, Debug, Default)]
pub struct Builder(Choice);

impl Builder {
    /// Chooses the profile, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, profile_name: impl Into<String>) -> Self {
        self.0.profile = Some(profile_name.into());
        self
    }

    /// Chooses the files.
    pub fn profile_files(mut self, profile_files: profile_file::ProfileFiles) -> Self {
        self.0.files = profile_files;
        self
    }

    /// The provider.
    pub fn build(self) -> ProfileFileCredentialsProvider {
        ProfileFileCredentialsProvider(ProfileCredentials::new(Arc::new(Sources::process(self.0)), Doors::default()))
    }
}
