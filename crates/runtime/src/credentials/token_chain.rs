//! The sources of bearer tokens that are asked where code names none: so far, the sign-in that the chosen profile names.

use std::borrow::Cow;
use std::sync::Arc;

use super::Doors;
use super::sso::SignIn;
use crate::config::{Choice, Sources};
use crate::identity::Chain;
use crate::token::{ProvideToken, Result, SharedTokenProvider, TokenError, provides_token};

/// The sources that are asked where code names none.
#[derive(Clone, Debug)]
pub struct DefaultTokenChain(TokenProviderChain);

impl DefaultTokenChain {
    /// The chain over these sources of settings, through these doors.
    pub fn new(sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        Self(TokenProviderChain::first_try("profile", ProfileTokens::new(sources, doors)))
    }

    /// The chain over the environment of this process and the files that it names, which are read now.
    fn process() -> Self {
        Self::new(Arc::new(Sources::process(Choice::default())), Doors::default())
    }

    async fn load(&self) -> Result {
        match self.0.load().await {
            Err(error @ TokenError::TokenNotLoaded(_)) => Err(TokenError::not_loaded(format!(
                "none is set in code; {}; set `token_provider` in code, or sign in with a session (`aws configure sso`) and \
                 choose its profile",
                error.reason().unwrap_or_default()
            ))),
            found => found,
        }
    }
}

provides_token!(DefaultTokenChain);

/// Asks each source until one has a token. A source that is not set up is passed over; one that is set up and fails ends
/// the search, so that nobody calls as somebody else than they think.
#[derive(Clone, Debug)]
pub struct TokenProviderChain(Chain<SharedTokenProvider>);

impl TokenProviderChain {
    /// A chain that begins with this source; its name stands in errors.
    pub fn first_try(name: impl Into<Cow<'static, str>>, provider: impl ProvideToken + 'static) -> Self {
        Self(Chain::first_try(name, SharedTokenProvider::new(provider)))
    }

    /// Asks this source after the others; its name stands in errors.
    pub fn or_else(self, name: impl Into<Cow<'static, str>>, provider: impl ProvideToken + 'static) -> Self {
        Self(self.0.or_else(name, SharedTokenProvider::new(provider)))
    }

    /// A chain that begins with the default sources of this process.
    pub async fn default_provider() -> Self {
        Self::first_try("default", DefaultTokenChain::process())
    }

    /// Asks the default sources of this process after the others.
    pub async fn or_default_provider(self) -> Self {
        self.or_else("default", DefaultTokenChain::process())
    }

    async fn load(&self) -> Result {
        self.0.find().await
    }
}

provides_token!(TokenProviderChain);

/// Gives the token of the `sso_session` of the chosen profile. Clones share what they know of it.
#[derive(Clone, Debug)]
pub struct ProfileTokens {
    sources: Arc<Sources>,
    doors: Arc<Doors>,
}

impl ProfileTokens {
    /// Reads the chosen profile of these sources.
    pub fn new(sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        Self { sources, doors: doors.into() }
    }

    async fn load(&self) -> Result {
        self.doors.token(&self.sign_in()?, &self.sources).provide_token().await
    }

    fn sign_in(&self) -> std::result::Result<SignIn, TokenError> {
        let profiles = self.sources.profiles().map_err(TokenError::invalid_configuration)?;
        let section = self.sources.section().map_err(TokenError::invalid_configuration)?;
        let described = || self.sources.describe_profile();
        let section = section.ok_or_else(|| TokenError::not_loaded(format!("there is no {}", described())))?;
        SignIn::of_session(profiles, section)
            .map_err(TokenError::invalid_configuration)?
            .ok_or_else(|| TokenError::not_loaded(format!("there is no sso_session in {}", described())))
    }
}

provides_token!(ProfileTokens);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scripted;
    use crate::environment::ScriptedFiles;
    use crate::test_util::FixedClock;
    use crate::token::Token;

    const CONFIG: &str = "[default]\nsso_session = dev\n[profile legacy]\nsso_start_url = u\nsso_region = r\n\
                          [profile lost]\nsso_session = gone\n[profile other]\nsso_session = dev\nsso_region = q\n\
                          [sso-session dev]\nsso_region = r\nsso_start_url = u\n";

    async fn told(profile: &str) -> String {
        let path = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
        let file = r#"{"accessToken": "of-dev", "expiresAt": "2023-01-01T00:00:00Z"}"#;
        let doors = Doors {
            clock: Arc::new(FixedClock::at_unix(0)),
            files: Arc::new(ScriptedFiles::from_iter([(path, file)])),
            ..Doors::default()
        };
        let chain = DefaultTokenChain::new(scripted(&[("AWS_PROFILE", profile)], CONFIG), doors);
        chain.provide_token().await.map_or_else(|error| error.to_string(), |token| token.token().to_owned())
    }

    #[tokio::test]
    async fn the_session_of_the_profile_gives_the_token() {
        let files = "/h/.aws/config and /h/.aws/credentials (not there)";
        let none = |why: &str| {
            format!(
                "no bearer tokens: none is set in code; profile: there is no {why}; set `token_provider` in code, or \
                 sign in with a session (`aws configure sso`) and choose its profile"
            )
        };
        let wrong = |why: &str| format!("the source of bearer tokens is set up wrongly: {why}");
        for (profile, expected) in [
            ("", "of-dev".to_owned()),
            ("legacy", none(&format!("sso_session in profile `legacy` in {files}"))),
            (
                "typo",
                none(&format!(
                    "profile `typo`, chosen by AWS_PROFILE, in {files}, where there are only default, legacy, lost, other"
                )),
            ),
            (
                "lost",
                wrong(
                    "profile `lost`: sso_session at /h/.aws/config:7 names `gone`, and there is no section [sso-session gone]",
                ),
            ),
            (
                "other",
                wrong("profile `other`: sso_region at /h/.aws/config:10 is not what [sso-session dev] says: delete it"),
            ),
        ] {
            assert_eq!(told(profile).await, expected, "{profile}");
        }
    }

    #[tokio::test]
    async fn what_is_not_set_up_is_passed_over_and_what_fails_is_not() {
        let check = async |chain: TokenProviderChain, expected: &str| {
            let got = chain.provide_token().await;
            let got = got.map_or_else(|error| error.to_string(), |token| token.token().to_owned());
            assert!(got.starts_with(expected), "{got}");
        };
        let profile = |config| ProfileTokens::new(scripted(&[], config), Doors::default());
        let absent = || TokenProviderChain::first_try("a", profile("[default]\n"));
        check(absent().or_else("b", Token::from("t")), "t").await;
        check(absent(), "no bearer tokens: a: there is no sso_session in profile `default`").await;
        let failing = absent().or_else("b", profile("[default]\nsso_session = gone\n"));
        let wrong = "the source of bearer tokens is set up wrongly: profile `default`: sso_session";
        check(failing.or_else("c", Token::from("t")), wrong).await;
    }
}
