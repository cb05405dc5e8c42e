//! Official settings, whole calls made with them, and official providers.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError as OfficialError;
use aws_credential_types::provider::token::SharedTokenProvider as OfficialTokens;
use aws_credential_types::provider::{self as official, SharedCredentialsProvider as OfficialProvider};
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep as Slept};
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use aws_smithy_runtime_api::client::auth::{AuthSchemeId, AuthSchemePreference};
use aws_types::SdkConfig;
use aws_types::sdk_config::{RetryConfig, TimeoutConfig};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use super::*;
use crate::client::Handle;
use crate::credentials::services::sts::operation::assume_role::{AssumeRole, AssumeRoleInput};
use crate::credentials::{CredentialsError, ProvideCredentials};
use crate::error::{SdkError, Unhandled};
use crate::operation::Operation;
use crate::test_util::{FixedRandom, InstantSleep, Reply, ScriptedTransport};
use crate::token::ProvideToken;

fn keys() -> aws_credential_types::Credentials {
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
    aws_credential_types::Credentials::new("AK", "the-secret", Some("the-session".to_owned()), Some(end), "test")
}

#[derive(Debug)]
struct Instant;

impl AsyncSleep for Instant {
    fn sleep(&self, _: Duration) -> Slept {
        Slept::new(std::future::ready(()))
    }
}

fn settings() -> aws_types::sdk_config::Builder {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
    SdkConfig::builder()
        .region(OfficialRegion::new("eu-west-1"))
        .credentials_provider(OfficialProvider::new(keys()))
        .time_source(SharedTimeSource::new(StaticTimeSource::new(now)))
        .sleep_impl(SharedAsyncSleep::new(Instant))
}

/// A call with these settings.
async fn assume_role(config: Config) -> Result<(), SdkError<Unhandled>> {
    let input = AssumeRoleInput { role_arn: Some("arn:aws:iam::1:role/r".to_owned()), ..AssumeRoleInput::default() };
    let handle = Handle::new(Config::new(&config), AssumeRole::META.service);
    handle.send::<AssumeRole>(input).await.map(drop)
}

#[tokio::test]
async fn official_settings_drive_a_call() {
    let throttled = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
    let given = "<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>";
    let transport = ScriptedTransport::new([Reply::new(400).body(throttled), Reply::new(200).body(given)]);
    let config = Config::from(&settings().build()).into_builder().http_client(transport.clone()).build();
    assume_role(config).await.unwrap();
    let requests = transport.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.origin, "https://sts.eu-west-1.amazonaws.com");
        let signed = request.headers.get("authorization").unwrap_or_default();
        assert!(signed.contains("Credential=AK/20150830/eu-west-1/sts/aws4_request"), "{signed}");
        assert_eq!(request.headers.get("x-amz-security-token"), Some("the-session"));
    }
}

#[test]
fn each_setting_is_carried_over() {
    let limit = |seconds| Some(Duration::from_secs(seconds));
    let official = settings()
        .endpoint_url("http://code")
        .use_fips(true)
        .use_dual_stack(false)
        .retry_config(RetryConfig::adaptive().with_max_attempts(7).with_max_backoff(Duration::from_secs(9)))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(1))
                .read_timeout(Duration::from_secs(2))
                .operation_timeout(Duration::from_secs(3))
                .operation_attempt_timeout(Duration::from_secs(4))
                .build(),
        )
        .app_name(aws_types::app_name::AppName::new("app").unwrap())
        .build();
    let config = Config::from(&official);
    assert_eq!(config.region().map(AsRef::as_ref), Some("eu-west-1"));
    assert_eq!(
        (config.endpoint_url(), config.use_fips(), config.use_dual_stack()),
        (Some("http://code"), Some(true), Some(false))
    );
    let retries = config.retries();
    assert_eq!(
        (retries.mode(), retries.max_attempts(), retries.max_backoff()),
        (RetryMode::Adaptive, 7, Duration::from_secs(9))
    );
    let timeouts = config.timeouts();
    assert_eq!((timeouts.connect_timeout(), timeouts.read_timeout()), (limit(1), limit(2)));
    assert_eq!((timeouts.operation_timeout(), timeouts.operation_attempt_timeout()), (limit(3), limit(4)));
    assert_eq!(config.app_name().map(AsRef::as_ref), Some("app"));
    assert_eq!(config.clock().now(), SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160));
    assert!(config.sleep_impl().is_some() && config.token_provider().is_none());
    let open = Config::from(&SdkConfig::builder().build());
    assert!(open.region().is_none() && open.credentials_provider().is_none() && open.endpoint_url().is_none());
    let shown = format!("{config:?}");
    assert!(!shown.contains("the-secret") && !shown.contains("the-session"), "{shown}");
}

#[test]
fn official_defaults_of_retries_do_not_replace_those_here() {
    let check = |official: RetryConfig, attempts: Option<u32>, initial: Option<u64>, most: Option<u64>| {
        let here = crate::config::retry::RetryConfig::from(&official);
        let chosen = (here.chosen_max_attempts(), here.chosen_initial_backoff(), here.chosen_max_backoff());
        let millis = |time: Option<u64>| time.map(Duration::from_millis);
        assert_eq!(chosen, (attempts, millis(initial), millis(most)), "{official:?}");
    };
    check(RetryConfig::standard(), None, None, None);
    check(RetryConfig::adaptive(), None, None, None);
    check(RetryConfig::disabled(), Some(1), None, None);
    check(RetryConfig::standard().with_max_attempts(3), None, None, None);
    check(RetryConfig::standard().with_max_attempts(5), Some(5), None, None);
    check(RetryConfig::standard().with_initial_backoff(Duration::from_millis(7)), None, Some(7), None);
    check(RetryConfig::standard().with_max_backoff(Duration::from_secs(9)), None, None, Some(9000));
}

/// The delays before the second and the third attempt of a call whose service breaks down, at their longest.
#[tokio::test]
async fn official_settings_wait_no_longer_than_ours() {
    let check = async |official: Option<RetryConfig>, expected: [u64; 2]| {
        let transport = ScriptedTransport::new([Reply::new(500), Reply::new(500), Reply::new(500)]);
        let (mut settings, sleep) = (settings(), InstantSleep::default());
        settings.set_retry_config(official);
        let config = Config::from(&settings.build()).into_builder().http_client(transport).sleep_impl(sleep.clone());
        assume_role(config.randomness(FixedRandom::new(u64::MAX)).build()).await.unwrap_err();
        let delays = sleep.slept().into_iter().filter(|slept| *slept < Duration::from_secs(60));
        assert_eq!(delays.collect::<Vec<_>>(), expected.map(Duration::from_millis));
    };
    check(None, [50, 100]).await;
    check(Some(RetryConfig::standard()), [50, 100]).await;
    check(Some(RetryConfig::adaptive()), [50, 100]).await;
    check(Some(RetryConfig::standard().with_initial_backoff(Duration::from_millis(200))), [200, 400]).await;
}

#[test]
fn what_was_disabled_stays_so_and_what_was_not_set_stays_open() {
    use crate::config::timeout::TimeoutConfig as Ours;
    let check = |official: TimeoutConfig, expected: Ours| assert_eq!(Ours::from(&official), expected, "{official:?}");
    let second = Duration::from_secs(1);
    check(TimeoutConfig::builder().build(), Ours::default());
    check(TimeoutConfig::disabled(), Ours::disabled());
    check(
        TimeoutConfig::builder().disable_connect_timeout().read_timeout(second).build(),
        Ours::builder().disable_connect_timeout().read_timeout(second).build(),
    );
    check(
        TimeoutConfig::builder().connect_timeout(second).disable_read_timeout().build(),
        Ours::builder().connect_timeout(second).disable_read_timeout().build(),
    );
    check(
        TimeoutConfig::builder().disable_operation_timeout().operation_attempt_timeout(second).build(),
        Ours::builder().disable_operation_timeout().operation_attempt_timeout(second).build(),
    );
    check(
        TimeoutConfig::builder().operation_timeout(second).disable_operation_attempt_timeout().build(),
        Ours::builder().operation_timeout(second).disable_operation_attempt_timeout().build(),
    );
    let mut none = TimeoutConfig::builder();
    none.set_read_timeout(None);
    check(none.build(), Ours::builder().disable_read_timeout().build());
}

#[test]
fn a_preference_is_carried_over() {
    let schemes = vec![AuthSchemeId::from("httpBearerAuth"), AuthSchemeId::from("sigv4")];
    let mut builder = settings();
    builder.set_auth_scheme_preference(Some(AuthSchemePreference::from(schemes)));
    let config = Config::from(&builder.build());
    let expected = super::AuthSchemePreference::from(["httpBearerAuth", "sigv4"]);
    assert_eq!(config.auth_scheme_preference(), Some(&expected));
}

/// As the official loader reads `AWS_ENDPOINT_URL_STS`, and nothing else.
#[derive(Debug)]
struct OfSts;

impl LoadServiceConfig for OfSts {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        match (key.service_id(), key.env()) {
            ("STS", "AWS_ENDPOINT_URL") => Some("http://sts".to_owned()),
            ("STS", "AWS_BEARER_TOKEN") => Some("the-token".to_owned()),
            _ => None,
        }
    }
}

#[test]
fn what_is_set_for_one_service_counts_for_it_alone() {
    let official = settings().endpoint_url("http://all").service_config(OfSts).build();
    let config = Config::from(&official);
    let of = |config: &Config, service| config.endpoint_url_of(service).unwrap().map(|url| url.value);
    assert_eq!(of(&config, "STS").as_deref(), Some("http://sts"));
    assert_eq!(of(&config, "Lambda").as_deref(), Some("http://all"));
    let code = config.clone().into_builder().endpoint_url("http://code").build();
    assert_eq!(of(&code, "STS").as_deref(), Some("http://code"));
    let none = Config::from(&settings().build());
    assert_eq!(of(&none, "STS"), None);
}

#[derive(Debug)]
struct Failing(fn() -> OfficialError);

impl official::ProvideCredentials for Failing {
    fn provide_credentials<'a>(&'a self) -> official::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        official::future::ProvideCredentials::ready(Err((self.0)()))
    }
}

#[tokio::test]
async fn official_providers_give_what_they_give_there() {
    let given = OfficialProvider::new(keys());
    let given = ProvideCredentials::provide_credentials(&given).await.unwrap();
    assert_eq!((given.access_key_id(), given.secret_access_key()), ("AK", "the-secret"));
    assert_eq!((given.session_token(), given.expiry()), (Some("the-session"), keys().expiry()));
    let told = async |error: fn() -> OfficialError| {
        let failing = OfficialProvider::new(Failing(error));
        ProvideCredentials::provide_credentials(&failing).await.unwrap_err()
    };
    let none = told(|| OfficialError::not_loaded("there are none")).await;
    assert!(matches!(none, CredentialsError::CredentialsNotLoaded(_)), "{none:?}");
    assert_eq!(none.to_string(), "no credentials: there are none");
    let failed = told(|| OfficialError::provider_error("it broke")).await;
    assert_eq!(failed.to_string(), "the source of credentials failed: it broke");
    let token = OfficialTokens::new(aws_credential_types::Token::new("the-token", keys().expiry()));
    let token = ProvideToken::provide_token(&token).await.unwrap();
    assert_eq!((token.token(), token.expiration()), ("the-token", keys().expiry()));
}
