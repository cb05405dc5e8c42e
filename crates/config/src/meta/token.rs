//! Several sources of bearer tokens in a row, and what one of your own is made of.

use std::borrow::Cow;

use tinsmith_runtime::token;

pub use tinsmith_runtime::token::{ProvideToken, Token, TokenError, future};

use crate::default_provider::token::default_provider;

/// Sources that are asked in their order, until one has a token. One that is set up and fails ends the search.
#[derive(Clone, Debug)]
pub struct TokenProviderChain(token::TokenProviderChain);

impl TokenProviderChain {
    /// A chain that begins with this source; its name stands in errors.
    pub fn first_try(name: impl Into<Cow<'static, str>>, provider: impl ProvideToken + 'static) -> Self {
        Self(token::TokenProviderChain::first_try(name, provider))
    }

    /// Asks this source after the others; its name stands in errors.
    pub fn or_else(self, name: impl Into<Cow<'static, str>>, provider: impl ProvideToken + 'static) -> Self {
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

impl ProvideToken for TokenProviderChain {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        self.0.provide_token()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::ProfileFileTokenProvider;
    use crate::profile::profile_file::{ProfileFileKind, ProfileFiles};
    use crate::sso::SsoTokenProvider;

    #[tokio::test]
    async fn what_is_not_set_up_is_passed_over_and_what_fails_is_not() {
        let check = async |chain: TokenProviderChain, expected: &str| {
            let got = chain.provide_token().await;
            let got = got.map_or_else(|error| error.to_string(), |token| token.token().to_owned());
            assert!(got.starts_with(expected), "{got}");
        };
        let files = ProfileFiles::builder().with_contents(ProfileFileKind::Config, "[profile p]\n").build();
        let profile = ProfileFileTokenProvider::builder().profile_files(files).profile_name("p").build();
        let absent = || TokenProviderChain::first_try("a", profile.clone());
        check(absent().or_else("b", Token::new("t", None)), "t").await;
        check(absent(), "no bearer tokens: a: there is no sso_session in profile `p`").await;
        let failing = absent().or_else("b", SsoTokenProvider::builder().build().await);
        let wrong = "the source of bearer tokens is set up wrongly: `session_name`";
        check(failing.or_else("c", Token::new("t", None)), wrong).await;
    }
}
