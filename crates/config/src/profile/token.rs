//! The bearer token of a profile of the shared files, for programs that name their source.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::Doors;
use tinsmith_runtime::token::{ProfileTokens, ProvideToken, future};

use super::profile_file::ProfileFiles;

/// Gives the token of the session that a profile names. The files are read when it is built, but that of the token.
#[derive(Clone, Debug)]
pub struct ProfileFileTokenProvider(ProfileTokens);

impl ProfileFileTokenProvider {
    /// A provider for the profile that the builder is told, or that `AWS_PROFILE` chooses.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl ProvideToken for ProfileFileTokenProvider {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        self.0.provide_token()
    }
}

/// Says what a [`ProfileFileTokenProvider`] reads.
#[derive(Clone, Debug, Default)]
pub struct Builder(Choice);

impl Builder {
    /// Chooses the profile, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, profile_name: impl Into<String>) -> Self {
        self.0.profile = Some(profile_name.into());
        self
    }

    /// Chooses the files.
    pub fn profile_files(mut self, profile_files: ProfileFiles) -> Self {
        self.0.files = profile_files;
        self
    }

    /// The provider.
    pub fn build(self) -> ProfileFileTokenProvider {
        ProfileFileTokenProvider(ProfileTokens::new(Arc::new(Sources::process(self.0)), Doors::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::profile_file::ProfileFileKind;

    #[tokio::test]
    async fn the_profile_that_code_chooses_is_read() {
        let config = "[profile p]\nsso_session = gone\n";
        let files = ProfileFiles::builder().with_contents(ProfileFileKind::Config, config).build();
        let provider = ProfileFileTokenProvider::builder().profile_files(files).profile_name("p").build();
        let told = provider.provide_token().await.unwrap_err().to_string();
        assert!(told.ends_with("names `gone`, and there is no section [sso-session gone]"), "{told}");
    }
}
