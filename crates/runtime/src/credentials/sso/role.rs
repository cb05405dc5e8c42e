//! Credentials of a role for a person who signed in to IAM Identity Center.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::{SignIn, SsoTokenProvider};
use crate::client::Handle;
use crate::config::Sources;
use crate::credentials::services::sso::operation::get_role_credentials::{GetRoleCredentials, GetRoleCredentialsInput};
use crate::credentials::services::{self, sso};
use crate::credentials::{Credentials, CredentialsError, Doors, Result, provides_credentials};
use crate::error::ProvideErrorMetadata;
use crate::region::Region;
use crate::token::ProvideToken;

/// A role in an account, as the Identity Center knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoRole {
    /// The number of the account.
    pub account_id: String,
    /// The name of the role.
    pub role_name: String,
}

/// Gives credentials of a role, for the token of a sign-in.
#[derive(Clone, Debug)]
pub struct SsoCredentials {
    token: SsoTokenProvider,
    sign_in: SignIn,
    role: SsoRole,
    sources: Arc<Sources>,
    doors: Arc<Doors>,
}

impl SsoCredentials {
    /// The credentials of this role, by this sign-in.
    pub fn new(sign_in: SignIn, role: SsoRole, sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        let doors = doors.into();
        let token = doors.token(&sign_in, &sources);
        Self { token, sign_in, role, sources, doors }
    }

    async fn load(&self) -> Result {
        let token = self.token.provide_token().await;
        let token = token.map_err(|error| self.failed(&error.reason().unwrap_or_else(|| error.to_string())))?;
        let region = Region::new(self.sign_in.region.clone());
        let client = Handle::new(self.doors.settings(&self.sources, Some(region)), &sso::SERVICE);
        let input = GetRoleCredentialsInput {
            account_id: Some(self.role.account_id.clone()),
            role_name: Some(self.role.role_name.clone()),
            access_token: Some(token.token().to_owned()),
        };
        let answer = services::ask::<GetRoleCredentials>(&client, input).await;
        let answer = answer.map_err(|error| match error.code() {
            Some("UnauthorizedException") => {
                self.failed(&self.sign_in.mended_by_login(&"the sign-in is no longer valid"))
            }
            _ => self.failed(&error),
        })?;
        let given = answer.role_credentials.ok_or_else(|| self.failed(&"the answer has no credentials"))?;
        let part = |part: Option<String>| {
            part.filter(|part| !part.is_empty())
                .ok_or_else(|| self.failed(&"the answer lacks a part of the credentials"))
        };
        let mut builder = Credentials::builder()
            .access_key_id(part(given.access_key_id)?)
            .secret_access_key(part(given.secret_access_key)?)
            .provider_name("SSO");
        builder.set_session_token(Some(part(given.session_token)?));
        builder.set_account_id(Some(self.role.account_id.as_str().into()));
        let since = u64::try_from(given.expiration).ok().filter(|millis| *millis > 0).map(Duration::from_millis);
        let expiry = since.and_then(|since| UNIX_EPOCH.checked_add(since));
        builder.set_expiry(Some(expiry.ok_or_else(|| self.failed(&"the answer has an expiration out of range"))?));
        Ok(builder.build())
    }

    fn failed(&self, why: &dyn fmt::Display) -> CredentialsError {
        let SsoRole { account_id, role_name } = &self.role;
        let who = self.sign_in.profile.as_ref().map_or(String::new(), |profile| format!("profile `{profile}` has "));
        CredentialsError::provider_error(format!(
            "{who}no credentials of role {role_name} in account {account_id} by SSO: {why}"
        ))
    }
}

provides_credentials!(SsoCredentials);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Builder, scripted};
    use crate::credentials::ProvideCredentials;
    use crate::environment::ScriptedFiles;
    use crate::test_util::{FixedClock, InstantSleep, ScriptedTransport};
    use crate::transport::SharedTransport;

    /// What is told with this file in the cache of the session `dev`, and no answers.
    async fn told(session: Option<&str>, file: Option<&str>) -> String {
        let sign_in = SignIn {
            profile: Some("p".to_owned()),
            session: session.map(str::to_owned),
            region: "us-east-1".to_owned(),
            start_url: "https://start".to_owned(),
        };
        let role = SsoRole { account_id: "123456789012".to_owned(), role_name: "R".to_owned() };
        let path = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
        let doors = Doors {
            http_client: Some(SharedTransport::new(ScriptedTransport::default())),
            clock: Arc::new(FixedClock::new(UNIX_EPOCH + Duration::from_secs(1_700_000_000))),
            sleep: Arc::new(InstantSleep::default()),
            files: Arc::new(ScriptedFiles::from_iter(file.map(|text| (path, text)))),
            code: Builder::new(),
            ..Doors::default()
        };
        let provider = SsoCredentials::new(sign_in, role, scripted(&[], ""), doors);
        provider.provide_credentials().await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn who_is_not_signed_in_is_told_how() {
        let failed = "the source of credentials failed: profile `p` has no credentials of role R in account 123456789012 by SSO: ";
        let path = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
        let login = "run `aws sso login --sso-session dev`";
        let check = async |file: Option<&str>, expected: &str| {
            let told = told(Some("dev"), file).await;
            assert_eq!(told, format!("{failed}{expected}"));
            assert!(!told.contains("the-secret"));
        };
        check(None, &format!("the token cannot be read from {path}: entity not found; {login}")).await;
        let holds_none = format!("{path} holds no token; {login}");
        for file in [
            "",
            "{",
            "the-secret",
            "{}",
            r#"{"accessToken": "the-secret"}"#,
            r#"{"accessToken": "the-secret", "expiresAt": "soon"}"#,
        ] {
            check(Some(file), &holds_none).await;
        }
        for expired in ["2023-11-14T22:13:20Z", "2020-06-17T10:02:08UTC"] {
            let file = format!(r#"{{"accessToken": "the-secret", "expiresAt": "{expired}"}}"#);
            let cannot = "cannot be refreshed, as it has no clientId beside it";
            check(Some(&file), &format!("the token in {path} has expired and {cannot}; {login}")).await;
        }
        let legacy = told(None, None).await;
        assert!(legacy.ends_with("; run `aws sso login --profile p`"), "{legacy}");
        let valid =
            told(Some("dev"), Some(r#"{"accessToken": "the-secret", "expiresAt": "2023-11-14T22:13:21Z"}"#)).await;
        assert!(valid.contains("the script has no more answers") && !valid.contains("the-secret"), "{valid}");
    }
}
