//! Credentials of a role for somebody who signed in with `aws sso login`.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::sso::{SignIn, SsoCredentials, SsoRole};
use tinsmith_runtime::credentials::{CredentialsError, Doors, ProvideCredentials, future};
use tinsmith_runtime::region::Region;

use super::Required;
use crate::provider::setters;

/// Gives credentials of a role, for the token that `aws sso login` keeps.
#[derive(Clone, Debug)]
pub struct SsoCredentialsProvider(Result<SsoCredentials, CredentialsError>);

impl SsoCredentialsProvider {
    /// A provider for the role that the builder is told.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl ProvideCredentials for SsoCredentialsProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match &self.0 {
            Ok(provider) => provider.provide_credentials(),
            Err(error) => future::ProvideCredentials::ready(Err(error.clone())),
        }
    }
}

/// Says which role an [`SsoCredentialsProvider`] asks for, and by which sign-in. All of it is required but the name of the
/// session: without one, the token of the start URL is used, which cannot be refreshed.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    account_id: Option<String>,
    region: Option<Region>,
    role_name: Option<String>,
    start_url: Option<String>,
    session_name: Option<String>,
}

impl Builder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        account_id, set_account_id: String, "the number of the account";
        region, set_region: Region, "the region of the Identity Center";
        role_name, set_role_name: String, "the name of the role";
        start_url, set_start_url: String, "where people sign in";
        session_name, set_session_name: String, "the name of the session";
    }

    /// The provider. What is missing is told where it is asked for credentials.
    pub fn build(self) -> SsoCredentialsProvider {
        let sources = || Arc::new(Sources::process(Choice::default()));
        let parts = self.parts().map_err(CredentialsError::invalid_configuration);
        let provider = parts.map(|(sign_in, role)| SsoCredentials::new(sign_in, role, sources(), Doors::default()));
        SsoCredentialsProvider(provider)
    }

    fn parts(self) -> Result<(SignIn, SsoRole), String> {
        let required = Required("SSO credentials provider");
        let sign_in = SignIn {
            profile: None,
            session: self.session_name,
            region: required.of("region", self.region)?.to_string(),
            start_url: required.of("start_url", self.start_url)?,
        };
        let account_id = required.of("account_id", self.account_id)?;
        Ok((sign_in, SsoRole { account_id, role_name: required.of("role_name", self.role_name)? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_missing_is_told_by_the_provider() {
        let told = async |builder: Builder| builder.build().provide_credentials().await.unwrap_err().to_string();
        let builder = SsoCredentialsProvider::builder().region(Region::new("us-east-1")).account_id("1").role_name("R");
        let missing =
            "the source of credentials is set up wrongly: `start_url` of the SSO credentials provider is not set";
        assert_eq!(told(builder.clone()).await, missing);
        let told = told(builder.start_url("https://tinsmith-test")).await;
        assert!(
            told.contains("no credentials of role R in account 1 by SSO: the token cannot be read from "),
            "{told}"
        );
        assert!(
            told.ends_with("; run `aws sso login` with a profile whose sso_start_url is https://tinsmith-test"),
            "{told}"
        );
    }
}
