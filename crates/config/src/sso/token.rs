//! The token of a session that somebody signed in to with `aws sso login`.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, SdkConfig, Sources};
use tinsmith_runtime::credentials::Doors;
use tinsmith_runtime::credentials::sso::{self, SignIn};
use tinsmith_runtime::region::Region;
use tinsmith_runtime::token::{ProvideToken, TokenError, future};

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

/// Says which session an [`SsoTokenProvider`] asks for.
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

    /// Sets the region of the Identity Center. It is required.
    pub fn region(mut self, region: impl Into<Region>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the region of the Identity Center, or leaves it open. It is required.
    pub fn set_region(&mut self, region: Option<Region>) -> &mut Self {
        self.region = region;
        self
    }

    /// Sets the name of the session. It is required.
    pub fn session_name(mut self, session_name: impl Into<String>) -> Self {
        self.session_name = Some(session_name.into());
        self
    }

    /// Sets the name of the session, or leaves it open. It is required.
    pub fn set_session_name(&mut self, session_name: Option<String>) -> &mut Self {
        self.session_name = session_name;
        self
    }

    /// Sets where people sign in. It is required.
    pub fn start_url(mut self, start_url: impl Into<String>) -> Self {
        self.start_url = Some(start_url.into());
        self
    }

    /// Sets where people sign in, or leaves it open. It is required.
    pub fn set_start_url(&mut self, start_url: Option<String>) -> &mut Self {
        self.start_url = start_url;
        self
    }

    /// The provider. What is missing is told where it is asked for a token.
    pub async fn build(self) -> SsoTokenProvider {
        let Self { sdk_config, region, session_name, start_url } = self;
        let missing =
            |name: &str| TokenError::invalid_configuration(format!("`{name}` of the SSO token provider is not set"));
        let sign_in = || {
            Ok(SignIn {
                profile: None,
                session: Some(session_name.ok_or_else(|| missing("session_name"))?),
                region: region.ok_or_else(|| missing("region"))?.to_string(),
                start_url: start_url.ok_or_else(|| missing("start_url"))?,
            })
        };
        let sources = || Arc::new(Sources::process(Choice::default()));
        let doors = sdk_config.as_ref().map_or_else(Doors::default, Doors::of);
        SsoTokenProvider(sign_in().map(|sign_in| sso::SsoTokenProvider::new(sign_in, sources(), doors)))
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
