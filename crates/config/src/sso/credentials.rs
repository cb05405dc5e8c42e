//! Credentials of a role for somebody who signed in with `aws sso login`.

use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::sso::{SignIn, SsoCredentials, SsoRole};
use tinsmith_runtime::credentials::{CredentialsError, Doors, ProvideCredentials, future};
use tinsmith_runtime::region::Region;

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

/// Says which role an [`SsoCredentialsProvider`] asks for, and by which sign-in.
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

    /// Sets the number of the account. It is required.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.account_id = Some(account_id.into());
        self
    }

    /// Sets the number of the account, or leaves it open. It is required.
    pub fn set_account_id(&mut self, account_id: Option<String>) -> &mut Self {
        self.account_id = account_id;
        self
    }

    /// Sets the region of the Identity Center. It is required.
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Sets the region of the Identity Center, or leaves it open. It is required.
    pub fn set_region(&mut self, region: Option<Region>) -> &mut Self {
        self.region = region;
        self
    }

    /// Sets the name of the role. It is required.
    pub fn role_name(mut self, role_name: impl Into<String>) -> Self {
        self.role_name = Some(role_name.into());
        self
    }

    /// Sets the name of the role, or leaves it open. It is required.
    pub fn set_role_name(&mut self, role_name: Option<String>) -> &mut Self {
        self.role_name = role_name;
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

    /// Sets the name of the session. Without one, the token of the start URL is used, which cannot be refreshed.
    pub fn session_name(mut self, session_name: impl Into<String>) -> Self {
        self.session_name = Some(session_name.into());
        self
    }

    /// Sets the name of the session, or leaves it open.
    pub fn set_session_name(&mut self, session_name: Option<String>) -> &mut Self {
        self.session_name = session_name;
        self
    }

    /// The provider. What is missing is told where it is asked for credentials.
    pub fn build(self) -> SsoCredentialsProvider {
        let Self { account_id, region, role_name, start_url, session_name } = self;
        let missing = |name: &str| {
            CredentialsError::invalid_configuration(format!("`{name}` of the SSO credentials provider is not set"))
        };
        let parts = || {
            let region = region.ok_or_else(|| missing("region"))?.to_string();
            let start_url = start_url.ok_or_else(|| missing("start_url"))?;
            let sign_in = SignIn { profile: None, session: session_name, region, start_url };
            let account_id = account_id.ok_or_else(|| missing("account_id"))?;
            Ok((sign_in, SsoRole { account_id, role_name: role_name.ok_or_else(|| missing("role_name"))? }))
        };
        let sources = || Arc::new(Sources::process(Choice::default()));
        SsoCredentialsProvider(
            parts().map(|(sign_in, role)| SsoCredentials::new(sign_in, role, sources(), Doors::default())),
        )
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
