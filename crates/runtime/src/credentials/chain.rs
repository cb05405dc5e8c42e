//! The sources of credentials that are asked where code names none, in their order.

use std::borrow::Cow;
use std::sync::Arc;

use super::container::ContainerCredentials;
use super::environment::EnvironmentCredentials;
use super::imds::ImdsCredentials;
use super::profile::ProfileCredentials;
use super::web_identity::WebIdentityCredentials;
use super::{CredentialsError, Doors, ProvideCredentials, Result, SharedCredentialsProvider, provides_credentials};
use crate::config::{Choice, Sources};
use crate::identity::Chain;

/// Asks each source until one has credentials. A source that is not set up is passed over; one that is set up and
/// fails ends the search, so that nobody signs with other keys than they think.
#[derive(Clone, Debug)]
pub struct CredentialsProviderChain(Chain<SharedCredentialsProvider>);

impl CredentialsProviderChain {
    /// A chain that begins with this source; its name stands in errors.
    pub fn first_try(name: impl Into<Cow<'static, str>>, provider: impl ProvideCredentials + 'static) -> Self {
        Self(Chain::first_try(name, SharedCredentialsProvider::new(provider)))
    }

    /// Asks this source after the others; its name stands in errors.
    pub fn or_else(self, name: impl Into<Cow<'static, str>>, provider: impl ProvideCredentials + 'static) -> Self {
        Self(self.0.or_else(name, SharedCredentialsProvider::new(provider)))
    }

    /// A chain that begins with the default sources of this process.
    pub async fn default_provider() -> Self {
        Self::first_try("default", DefaultCredentialsChain::process())
    }

    /// Asks the default sources of this process after the others.
    pub async fn or_default_provider(self) -> Self {
        self.or_else("default", DefaultCredentialsChain::process())
    }

    async fn load(&self) -> Result {
        self.0.find().await
    }
}

provides_credentials!(CredentialsProviderChain);

/// The sources that are asked where code names none.
#[derive(Clone, Debug)]
pub struct DefaultCredentialsChain(CredentialsProviderChain);

impl DefaultCredentialsChain {
    /// The chain over these sources of settings, through these doors.
    pub fn new(sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        let doors = doors.into();
        Self(
            CredentialsProviderChain::first_try("environment", EnvironmentCredentials::new(sources.clone()))
                .or_else("profile", ProfileCredentials::new(sources.clone(), doors.clone()))
                .or_else("web identity", WebIdentityCredentials::new(sources.clone(), doors.clone()))
                .or_else("container", ContainerCredentials::new(sources.clone(), doors.clone()))
                .or_else("instance", ImdsCredentials::new(sources, doors)),
        )
    }

    /// The chain over the environment of this process and the files that it names, which are read now.
    fn process() -> Self {
        Self::new(Arc::new(Sources::process(Choice::default())), Doors::default())
    }

    async fn load(&self) -> Result {
        match self.0.load().await {
            Err(error @ CredentialsError::CredentialsNotLoaded(_)) => Err(CredentialsError::not_loaded(format!(
                "none are set in code; {}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile that has \
                 aws_access_key_id and aws_secret_access_key, sso_session, role_arn or credential_process",
                error.reason().unwrap_or_default()
            ))),
            found => found,
        }
    }
}

provides_credentials!(DefaultCredentialsChain);

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::config::scripted;
    use crate::credentials::AccountId;
    use crate::test_util::{InstantSleep, ScriptedTransport};
    use crate::transport::SharedTransport;

    const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKENV"), ("AWS_SECRET_ACCESS_KEY", "the-secret")];
    const CONFIG: &str = "[default]\naws_access_key_id = AKFILE\naws_secret_access_key = the-secret\n\
                          aws_session_token = t\naws_account_id = 123456789012\n\
                          [profile empty]\nregion = r\n[profile half]\naws_secret_access_key = the-secret\n";

    async fn find(variables: &[(&str, &str)], config: &str) -> Result {
        let doors = Doors {
            http_client: Some(SharedTransport::new(ScriptedTransport::default())),
            sleep: Arc::new(InstantSleep::default()),
            ..Doors::default()
        };
        let provider = DefaultCredentialsChain::new(scripted(variables, config), doors);
        provider.provide_credentials().await
    }

    #[tokio::test]
    async fn the_first_source_that_is_set_up_answers() {
        let check = async |variables: &[(&str, &str)], expected: (&str, Option<&str>, Option<&str>, &str)| {
            let got = find(variables, CONFIG).await.unwrap();
            let account = got.account_id().map(AccountId::as_str);
            assert_eq!((got.access_key_id(), got.session_token(), account, got.provider_name()), expected);
            assert_eq!(got.secret_access_key(), "the-secret");
        };
        let [key, secret] = KEYS;
        check(&KEYS, ("AKENV", None, None, "EnvironmentVariable")).await;
        let more = [key, secret, ("AWS_SESSION_TOKEN", " e "), ("AWS_ACCOUNT_ID", "1")];
        check(&more, ("AKENV", Some("e"), Some("1"), "EnvironmentVariable")).await;
        let file = ("AKFILE", Some("t"), Some("123456789012"), "ProfileFile");
        check(&[], file).await;
        check(&[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", " ")], file).await;
    }

    #[tokio::test]
    async fn keys_of_the_environment_end_when_it_says() {
        let find = async |end| {
            let [key, secret] = KEYS;
            let found = find(&[key, secret, ("AWS_CREDENTIAL_EXPIRATION", end)], "").await;
            found.map(|keys| keys.expiry()).map_err(|error| error.to_string())
        };
        let at = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        assert_eq!(find("2023-11-14T22:13:20Z").await, Ok(Some(at)));
        assert_eq!(find(" 2023-11-15T00:13:20+02:00 ").await, Ok(Some(at)));
        assert_eq!(find("").await, Ok(None));
        let told = "the source of credentials is set up wrongly: AWS_CREDENTIAL_EXPIRATION is \"tomorrow\", and should be a \
                    time such as `2026-01-02T03:04:05Z`";
        assert_eq!(find("tomorrow").await, Err(told.to_owned()));
    }

    #[tokio::test]
    async fn what_is_missing_or_half_there_says_what_to_set() {
        let check = async |variables: &[(&str, &str)], config: &str, expected: &str| {
            let told = find(variables, config).await.unwrap_err().to_string();
            assert_eq!(told, expected);
            assert!(!told.contains("the-secret"));
        };
        let files = "/h/.aws/config and /h/.aws/credentials (not there)";
        let none = "no credentials: none are set in code; environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; profile:";
        let set = "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set; \
                   instance: no answer from http://169.254.169.254 in 4 attempts: the connection broke: the script has no \
                   more answers; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile that has \
                   aws_access_key_id and aws_secret_access_key, sso_session, role_arn or credential_process";
        let profile = format!("there is no aws_access_key_id in profile `empty` in {files}");
        check(&[("AWS_PROFILE", "empty")], CONFIG, &format!("{none} {profile}; {set}")).await;
        let profile = format!(
            "there is no profile `typo`, chosen by AWS_PROFILE, in {files}, where there are only default, empty, half"
        );
        check(&[("AWS_PROFILE", "typo")], CONFIG, &format!("{none} {profile}; {set}")).await;

        let wrong = "the source of credentials is set up wrongly:";
        let half = "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: set both, or neither";
        check(&KEYS[..1], CONFIG, &format!("{wrong} {half}")).await;
        let half = "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not: set both, or neither";
        check(&KEYS[1..], CONFIG, &format!("{wrong} {half}")).await;
        let half = "profile `half`: aws_secret_access_key at /h/.aws/config:9 stands without aws_access_key_id: set both, or neither";
        check(&[("AWS_PROFILE", "half")], CONFIG, &format!("{wrong} {half}")).await;
        let broken = "cannot read the shared AWS files: /h/.aws/config:1: Expected a profile definition, such as \
                      [default] or [profile NAME], before this line";
        check(&[], "a = b", &format!("{wrong} {broken}")).await;
        let identity = "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not: set both, or neither";
        check(&[("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")], "", &format!("{wrong} {identity}")).await;
    }

    #[tokio::test]
    async fn a_source_that_is_not_there_is_never_passed_over() {
        let check = async |properties: &str, asks_for: Option<u32>| {
            let got = find(&[], &format!("[default]\n{properties}\n")).await.map_err(|error| error.to_string());
            let told = |place| {
                format!(
                    "the source of credentials is set up wrongly: profile `default`: login_session at /h/.aws/config:{place} \
                     asks for credentials of `aws login`, which Tinsmith does not read; put `credential_process = aws configure \
                     export-credentials --profile default --format process` into another profile, and choose that one"
                )
            };
            assert_eq!(got.map(|_| ()).err(), asks_for.map(told), "{properties}");
        };
        let keys = "aws_access_key_id = AK\naws_secret_access_key = the-secret";
        check("login_session = x", Some(2)).await;
        check(&format!("login_session = x\n{keys}"), Some(2)).await;
        check("sso_session = x\nlogin_session = x", Some(3)).await;
        check(&format!("sso_session = x\n{keys}"), None).await;
    }
}
