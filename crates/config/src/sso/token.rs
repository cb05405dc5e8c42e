//! The token of a session that somebody signed in to with `aws sso login`.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, SdkConfig, Sources};
use tinsmith_runtime::credentials::Doors;
use tinsmith_runtime::credentials::sso::{self, SignIn};
use tinsmith_runtime::region::Region;
use tinsmith_runtime::token::{ProvideToken, TokenError, future};

use super::Required;
use crate::provider::setters;

/// Gives the token that `aws sso login` keeps for a session, refreshed ahead of its end.
#[derive(Clone, Debug)]
pub struct SsoTokenProvider(Result<sso::SsoTokenProvider, TokenError>);

impl SsoTokenProvider {
    /// A provider for the session that the builder is told.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl ProvideToken for SsoTokenProvider {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        match &self.0 {
            Ok(provider) => provider.provide_token(),
            Err(error) => future::ProvideToken::ready(Err(error.clone())),
        }
    }
}

/// Says which session an [`SsoTokenProvider`] asks for: its name, region and start URL are required.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    sdk_config: Option<SdkConfig>,
    region: Option<Region>,
    session_name: Option<String>,
    start_url: Option<String>,
}

impl Builder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what the token is refreshed by: transport, clock, timeouts. Otherwise they are loaded as for a program.
    pub fn configure(mut self, sdk_config: &SdkConfig) -> Self {
        self.sdk_config = Some(sdk_config.clone());
        self
    }

    setters! {
        region, set_region: Region, "the region of the Identity Center";
        session_name, set_session_name: String, "the name of the session";
        start_url, set_start_url: String, "where people sign in";
    }

    /// The provider. What is missing is told where it is asked for a token.
    pub async fn build(self) -> SsoTokenProvider {
        let sources = || Arc::new(Sources::process(Choice::default()));
        let doors = self.sdk_config.as_ref().map_or_else(Doors::default, Doors::of);
        let sign_in = self.sign_in().map_err(TokenError::invalid_configuration);
        SsoTokenProvider(sign_in.map(|sign_in| sso::SsoTokenProvider::new(sign_in, sources(), doors)))
    }

    fn sign_in(self) -> Result<SignIn, String> {
        let required = Required("SSO token provider");
        Ok(SignIn {
            profile: None,
            session: Some(required.of("session_name", self.session_name)?),
            region: required.of("region", self.region)?.to_string(),
            start_url: required.of("start_url", self.start_url)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_missing_is_told_by_the_provider() {
        let told = async |builder: Builder| builder.build().await.provide_token().await.unwrap_err().to_string();
        let builder = SsoTokenProvider::builder().session_name("tinsmith-test").start_url("https://start");
        let missing = "the source of bearer tokens is set up wrongly: `region` of the SSO token provider is not set";
        assert_eq!(told(builder.clone()).await, missing);
        let login = "; run `aws sso login --sso-session tinsmith-test`";
        let told = told(builder.region(Region::new("us-east-1"))).await;
        assert!(told.contains("the token cannot be read from ") && told.ends_with(login), "{told}");
    }
}
