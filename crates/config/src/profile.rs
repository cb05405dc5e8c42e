//! What a profile of the shared files says, for programs that name their source.

use std::sync::Arc;

use tinsmith_runtime::config::Sources;
use tinsmith_runtime::credentials::Doors;
use tinsmith_runtime::credentials::profile::ProfileCredentials;

use crate::provider::{gives_credentials, reads_profile};

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

gives_credentials!(ProfileFileCredentialsProvider);
reads_profile!(ProfileFileCredentialsProvider, |choice| {
    ProfileCredentials::new(Arc::new(Sources::process(choice)), Doors::default())
});
