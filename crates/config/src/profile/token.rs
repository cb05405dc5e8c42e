//! The bearer token of a profile of the shared files, for programs that name their source.

use std::sync::Arc;

use tinsmith_runtime::config::Sources;
use tinsmith_runtime::credentials::Doors;
use tinsmith_runtime::token::ProfileTokens;

use crate::provider::{gives_tokens, reads_profile};

/// Gives the token of the session that a profile names. The files are read when it is built, but that of the token.
#[derive(Clone, Debug)]
pub struct ProfileFileTokenProvider(ProfileTokens);

gives_tokens!(ProfileFileTokenProvider);
reads_profile!(ProfileFileTokenProvider, |choice| {
    ProfileTokens::new(Arc::new(Sources::process(choice)), Doors::default())
});

#[cfg(test)]
mod tests {
    use tinsmith_runtime::token::ProvideToken;

    use super::*;
    use crate::profile::profile_file::{ProfileFileKind, ProfileFiles};

    #[tokio::test]
    async fn the_profile_that_code_chooses_is_read() {
        let config = "[profile p]\nsso_session = gone\n";
        let files = ProfileFiles::builder().with_contents(ProfileFileKind::Config, config).build();
        let provider = ProfileFileTokenProvider::builder().profile_files(files).profile_name("p").build();
        let told = provider.provide_token().await.unwrap_err().to_string();
        assert!(told.ends_with("names `gone`, and there is no section [sso-session gone]"), "{told}");
    }
}
