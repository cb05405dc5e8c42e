//! Credentials of a role for a person who signed in to IAM Identity Center, by the token that `aws sso login` keeps.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::services::sso::Client;
use super::{Credentials, CredentialsError, Doors, Result, sha1};
use crate::codec::json;
use crate::config::Sources;
use crate::primitives::{DateTime, DateTimeFormat};
use crate::profile::{Locations, Platform};
use crate::region::Region;
use crate::wire::{Member, Reader, Wire};

/// What a profile says of a sign-in and a role.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sso<'a> {
    /// The profile.
    pub(super) profile: &'a str,
    /// The section `[sso-session NAME]`, where the profile names one.
    pub(super) session: Option<&'a str>,
    pub(super) region: &'a str,
    pub(super) start_url: &'a str,
    pub(super) account_id: &'a str,
    pub(super) role_name: &'a str,
}

/// The most of a file with a token that is read, in bytes.
const TOKEN_LENGTH: u64 = 64 << 10;

/// Asks for the credentials of the role with the token of the sign-in.
pub(super) async fn credentials(sources: &Arc<Sources>, doors: &Doors, sso: &Sso<'_>) -> Result {
    let Sso { region, account_id, role_name, .. } = *sso;
    let token = token(sources, doors, sso)?;
    let settings = doors.settings(sources, Some(Region::new(region.to_owned())), None);
    let answer = Client::from_conf(settings)
        .get_role_credentials()
        .account_id(account_id)
        .role_name(role_name)
        .access_token(token)
        .send()
        .await;
    let answer = answer.map_err(|error| match error.as_service_error() {
        Some(refused) if refused.is_unauthorized_exception() => sso.failed(&"the sign-in is no longer valid", true),
        _ => sso.failed(&error, false),
    })?;
    let given = answer.role_credentials.ok_or_else(|| sso.failed(&"the answer has no credentials", false))?;
    let part = |part: Option<String>| {
        part.filter(|part| !part.is_empty())
            .ok_or_else(|| sso.failed(&"the answer lacks a part of the credentials", false))
    };
    let mut builder = Credentials::builder()
        .access_key_id(part(given.access_key_id)?)
        .secret_access_key(part(given.secret_access_key)?)
        .provider_name("SSO");
    builder.set_session_token(Some(part(given.session_token)?));
    builder.set_account_id(Some(account_id.into()));
    let since = u64::try_from(given.expiration).ok().filter(|millis| *millis > 0).map(Duration::from_millis);
    let expiry = since.and_then(|since| UNIX_EPOCH.checked_add(since));
    builder.set_expiry(Some(expiry.ok_or_else(|| sso.failed(&"the answer has an expiration out of range", false))?));
    Ok(builder.build())
}

/// The token in the cache of the AWS command line, if it is still valid.
fn token(sources: &Arc<Sources>, doors: &Doors, sso: &Sso<'_>) -> std::result::Result<String, CredentialsError> {
    let name = format!("{}.json", sha1::hex(sso.session.unwrap_or(sso.start_url)));
    let path = Locations::in_home(sources.environment(), Platform::current(), &[".aws", "sso", "cache", &name]);
    let path =
        path.ok_or_else(|| sso.failed(&"there is no home directory to look for the token in: set HOME", false))?;
    let read = doors.files.read(Path::new(&path), TOKEN_LENGTH);
    let bytes =
        read.map_err(|error| sso.failed(&format_args!("the token cannot be read from {path}: {error}"), true))?;
    // What is wrong with the file is not shown: all of it may be secret.
    let unusable = || sso.failed(&format_args!("{path} holds no token"), true);
    let CachedToken { access_token, expires_at } = json::read(&bytes).map_err(|_| unusable())?;
    let (Some(token), Some(expires_at)) = (access_token, expires_at) else { return Err(unusable()) };
    // Old versions of the command line write `UTC` for `Z`.
    let time = DateTime::from_str(&expires_at.replace("UTC", "Z"), DateTimeFormat::DateTimeWithOffset);
    let expiry: SystemTime = time.ok().and_then(|time| time.try_into().ok()).ok_or_else(unusable)?;
    if expiry <= doors.clock.now() {
        return Err(sso.failed(&format_args!("the token in {path} has expired"), true));
    }
    Ok(token)
}

impl Sso<'_> {
    /// The error of a profile whose credentials cannot be had, with what to do where signing in again mends it.
    fn failed(&self, why: &dyn fmt::Display, mended_by_login: bool) -> CredentialsError {
        let login = match self.session {
            _ if !mended_by_login => String::new(),
            Some(session) => format!("; run `aws sso login --sso-session {session}`"),
            None => format!("; run `aws sso login --profile {}`", self.profile),
        };
        let Self { profile, role_name, account_id, .. } = self;
        CredentialsError::provider_error(format!(
            "profile `{profile}` has no credentials of role {role_name} in account {account_id} by SSO: {why}{login}"
        ))
    }
}

/// A file of the cache.
#[derive(Default)]
struct CachedToken {
    access_token: Option<String>,
    expires_at: Option<String>,
}

impl Wire for CachedToken {
    const MEMBERS: &'static [Member] = &[Member::body("accessToken"), Member::body("expiresAt")];

    fn read_member<R: Reader>(
        &mut self,
        index: usize,
        at: &'static Member,
        r: &mut R,
    ) -> std::result::Result<(), R::Error> {
        match index {
            0 => self.access_token.read(at, r),
            1 => self.expires_at.read(at, r),
            _ => r.skip(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Builder, scripted};
    use crate::environment::ScriptedFiles;
    use crate::test_util::{FixedClock, InstantSleep, ScriptedTransport};
    use crate::transport::SharedTransport;

    const SSO: Sso<'_> = Sso {
        profile: "p",
        session: Some("dev"),
        region: "us-east-1",
        start_url: "https://start",
        account_id: "123456789012",
        role_name: "R",
    };

    /// What is told with this file in the cache of the session `dev`, and no answers.
    async fn told(sso: &Sso<'_>, file: Option<&str>) -> String {
        let path = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
        let doors = Doors {
            http_client: Some(SharedTransport::new(ScriptedTransport::default())),
            clock: Arc::new(FixedClock::new(UNIX_EPOCH + Duration::from_secs(1_700_000_000))),
            sleep: Arc::new(InstantSleep::default()),
            files: Arc::new(ScriptedFiles::from_iter(file.map(|text| (path, text)))),
            code: Builder::new(),
            ..Doors::default()
        };
        credentials(&scripted(&[], ""), &doors, sso).await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn who_is_not_signed_in_is_told_how() {
        let failed = "the source of credentials failed: profile `p` has no credentials of role R in account 123456789012 by SSO: ";
        let path = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
        let login = "run `aws sso login --sso-session dev`";
        let check = async |file: Option<&str>, expected: &str| {
            let told = told(&SSO, file).await;
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
            check(Some(&file), &format!("the token in {path} has expired; {login}")).await;
        }
        let legacy = told(&Sso { session: None, ..SSO }, None).await;
        assert!(legacy.ends_with("; run `aws sso login --profile p`"), "{legacy}");
        let valid = told(&SSO, Some(r#"{"accessToken": "the-secret", "expiresAt": "2023-11-14T22:13:21Z"}"#)).await;
        assert!(valid.contains("the script has no more answers") && !valid.contains("the-secret"), "{valid}");
    }
}
