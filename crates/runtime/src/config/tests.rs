//! Tests of settings as a client meets them: what code, environment and profile make together.

use std::time::Duration;

use super::retry::RetrySpec;
use super::timeout::TimeoutConfigBuilder;
use super::*;
use crate::codec::RestJson1;
use crate::credentials::Credentials;
use crate::endpoint::EndpointError;
use crate::operation::{Protocol, ServiceMeta};

const CONFIG: &str = "[default]\nregion = eu-west-1\nuse_fips_endpoint = true\nmax_attempts = 7\nsdk_ua_app_id = app\n\
                      endpoint_url = http://profile\n";

pub(crate) static LAMBDA: ServiceMeta = ServiceMeta {
    id: "Lambda",
    version: "2015-03-31",
    signing_name: "lambda",
    headers: &[],
    endpoint: |_| Err(EndpointError::exhausted()),
    error_metadata: RestJson1::error_metadata,
};

fn load(builder: Builder, variables: &[(&str, &str)], config: &str) -> Config {
    builder.load(scripted(variables, config))
}

fn text<T: std::fmt::Display>(error: Option<T>) -> Option<String> {
    error.map(|error| error.to_string())
}

#[test]
fn what_code_left_open_comes_from_the_sources() {
    let variables = [("AWS_REGION", "us-east-2"), ("AWS_USE_DUALSTACK_ENDPOINT", "true")];
    let loaded = load(Config::builder().use_fips(false), &variables, CONFIG);
    assert_eq!(loaded.required_region().map(AsRef::as_ref), Ok("us-east-2"));
    assert_eq!((loaded.use_fips(), loaded.use_dual_stack()), (Some(false), Some(true)));
    assert_eq!(loaded.retries().max_attempts(), 7);
    assert_eq!(loaded.app_name().map(AppName::as_ref), Some("app"));
    assert_eq!(loaded.endpoint_url(), Some("http://profile"));
    assert!(loaded.required_credentials().is_ok());
    assert_eq!(loaded.problems(), None);

    let code = RetryConfig::standard().with_initial_backoff(Duration::from_secs(9));
    let loaded = load(Config::builder().retry_config(code.clone()), &[], CONFIG);
    assert_eq!((loaded.retries(), loaded.region().map(AsRef::as_ref)), (code, Some("eu-west-1")));
}

/// By a variable alone: shared files do not know it.
#[test]
fn retries_follow_the_latest_revision_unless_a_variable_says_otherwise() {
    let loaded = |value| {
        let variables = [("AWS_NEW_RETRIES_2026", value), ("AWS_RETRY_MODE", "Adaptive")];
        load(Config::builder(), &variables, "[default]\naws_new_retries_2026 = false\n")
    };
    for (value, expected) in [("", RetrySpec::V2_1), ("true", RetrySpec::V2_1), ("False", RetrySpec::V2_0)] {
        let expected = RetryConfig::adaptive().with_retry_spec(expected);
        assert_eq!(loaded(value).retries(), expected, "{value}");
    }
    let told = r#"AWS_NEW_RETRIES_2026 is "2025", and should be `true` or `false`"#;
    assert_eq!(text(loaded("2025").problems()).as_deref(), Some(told));
}

#[test]
fn a_client_changes_what_the_program_set() {
    let program = load(Config::builder(), &[("AWS_ENDPOINT_URL_LAMBDA", "http://lambda")], CONFIG);
    let url = |config: &Config, service| config.endpoint_url_of(service).ok().flatten().map(|url| url.value);
    let client = Builder::from(&program).region(Region::new("us-west-1")).build();
    assert_eq!(client.region().map(AsRef::as_ref), Some("us-west-1"));
    assert_eq!(url(&client, "Lambda").as_deref(), Some("http://lambda"));
    assert_eq!(url(&client, "STS").as_deref(), Some("http://profile"));
    let client = Builder::from(&program).endpoint_url("http://code").build();
    assert_eq!(url(&client, "Lambda").as_deref(), Some("http://code"));
    let client = Builder::from(&program).endpoint_url("code").build();
    let told = r#"endpoint_url, set in code, is "code", and should be an address such as `https://host:port`"#;
    assert_eq!(text(client.endpoint_url_of("Lambda").err()).as_deref(), Some(told));
    assert_eq!(program.region().map(AsRef::as_ref), Some("eu-west-1"));
}

#[test]
fn what_is_wrong_is_kept_until_it_is_needed_or_set_anew() {
    let variables = [("AWS_REGION", "a/b"), ("AWS_MAX_ATTEMPTS", "0"), ("AWS_USE_FIPS_ENDPOINT", "perhaps")];
    let loaded = load(Config::builder(), &variables, "[default]\nretry_mode = fast\n");
    let told = "AWS_USE_FIPS_ENDPOINT is \"perhaps\", and should be `true` or `false`; \
                `retry_mode` at /h/.aws/config:2 is \"fast\", and should be `standard` or `adaptive` (`legacy` is read as \
                `standard`); AWS_MAX_ATTEMPTS is \"0\", and should be a whole number from 1 to 4294967295";
    assert_eq!(text(loaded.problems()).as_deref(), Some(told));
    let told = r#"AWS_REGION is "a/b", and should be ASCII letters, digits and hyphens inside, such as `us-east-1`"#;
    assert_eq!(text(loaded.required_region().err()).as_deref(), Some(told));

    let mended = loaded.into_builder().region(Region::new("r")).use_fips(true).retry_config(RetryConfig::disabled());
    let mended = mended.build();
    assert_eq!(mended.problems(), None);
    assert_eq!(mended.required_region().map(AsRef::as_ref), Ok("r"));
}

#[test]
fn proxies_come_from_code_or_else_from_the_environment() {
    let variables = [("HTTPS_PROXY", "http://env:1"), ("NO_PROXY", "excepted")];
    let through = |config: &Config, host: &str| {
        let settings = config.transport_settings().ok();
        let proxy = settings.and_then(|all| all.proxy.proxy_for("https", host, 443).ok().flatten().cloned());
        proxy.map(|proxy| format!("{proxy} {}", proxy.origin()))
    };
    let loaded = load(Config::builder(), &variables, "");
    assert_eq!(through(&loaded, "host").as_deref(), Some("http://env:1 HTTPS_PROXY"));
    assert_eq!(through(&loaded, "excepted"), None);
    let code = ProxyConfig::all("http://code:1").unwrap_or_default();
    let loaded = load(Config::builder().proxy_config(code), &variables, "");
    assert_eq!(through(&loaded, "excepted").as_deref(), Some("http://code:1 code"));
    let loaded = load(Config::builder().proxy_config(ProxyConfig::disabled()), &variables, "");
    assert_eq!(through(&loaded, "host"), None);
    assert_eq!(through(&Config::builder().build(), "host"), None);

    // It is the concern of requests that would go through it alone.
    let broken = load(Config::builder(), &[("ALL_PROXY", "socks5://me:the-secret@host"), variables[1]], "");
    assert_eq!((text(broken.problems()), broken.transport_settings().is_ok()), (None, true));
    assert_eq!(text(broken.check_proxy("https://excepted/x").err()), None);
    let told = text(broken.check_proxy("https://[::1]:8443/x").err()).unwrap_or_default();
    assert!(told.starts_with("ALL_PROXY is no address of a proxy: SOCKS") && !told.contains("the-secret"), "{told}");
    // A transport that code brings has proxies of its own.
    let brought = broken.to_builder().http_client(crate::test_util::ScriptedTransport::new([]));
    assert_eq!(text(brought.build().check_proxy("https://host").err()), None);
    let mended = broken.into_builder().proxy_config(ProxyConfig::disabled()).build();
    assert_eq!(text(mended.check_proxy("https://host").err()), None);
}

#[test]
fn a_broken_file_is_told_once_by_all_that_is_left_to_it() {
    let broken = load(Config::builder(), &[], "[default");
    let told = "cannot read the shared AWS files: /h/.aws/config:1: Profile definition must end with ']', such as \
                [default] or [profile NAME]";
    assert_eq!(text(broken.problems()).as_deref(), Some(told));
    assert_eq!(text(broken.required_region().err()).as_deref(), Some(told));
}

#[test]
fn a_missing_region_says_where_it_was_looked_for() {
    let check = |config: &Config, expected: &str| {
        assert_eq!(text(config.required_region().err()).as_deref(), Some(expected));
    };
    check(
        &load(Config::builder(), &[("AWS_PROFILE", "p")], "[profile p]"),
        "no region: it is not set in code, nor in AWS_REGION or AWS_DEFAULT_REGION, nor as `region` of profile `p` in \
         /h/.aws/config and /h/.aws/credentials (not there); set one of these, for example AWS_REGION=us-east-1",
    );
    check(
        &Config::builder().build(),
        "no region: it is not set in code, and the settings were not loaded from the environment; set `region`, or \
         load them: `Client::from_env()`, or `load_from_env()` of tinsmith-config",
    );
    check(
        &Config::builder().region(Region::new("evil.example/")).build(),
        "region, set in code, is \"evil.example/\", and should be ASCII letters, digits and hyphens inside, such as \
         `us-east-1`",
    );
}

#[test]
fn a_call_has_defaults_for_what_nobody_said() {
    let config = Config::builder().build();
    assert_eq!(config.timeouts().connect_timeout(), Some(Duration::from_millis(3100)));
    assert_eq!(config.retries(), RetryConfig::standard());
    assert!(config.clock().now() > std::time::SystemTime::UNIX_EPOCH);
    assert_eq!(config.sleeper().is_some(), cfg!(feature = "rt-tokio"));
    assert!(config.http_client().is_none() && config.time_source().is_none() && config.sleep_impl().is_none());

    let read = TimeoutConfig::builder().read_timeout(Duration::from_secs(1)).build();
    let operation = TimeoutConfig::builder().operation_timeout(Duration::from_secs(2)).build();
    let timeouts = Config::builder().timeout_config(read).timeout_config(operation).build().timeouts();
    let both = (timeouts.read_timeout(), timeouts.operation_timeout());
    assert_eq!(both, (Some(Duration::from_secs(1)), Some(Duration::from_secs(2))));
}

#[test]
fn the_protection_of_uploads_reaches_the_transport() {
    let check = |builder: Builder, seconds: Option<u64>| {
        let got = builder.build().transport_settings().map(|settings| settings.upload_stall_limit);
        assert_eq!(got, Ok(seconds.map(Duration::from_secs)));
    };
    let five = StalledStreamProtectionConfig::enabled().grace_period(Duration::from_secs(5));
    check(Config::builder(), Some(20));
    check(Config::builder().stalled_stream_protection(five.clone().build()), Some(5));
    check(Config::builder().stalled_stream_protection(five.upload_enabled(false).build()), None);
    check(Config::builder().stalled_stream_protection(StalledStreamProtectionConfig::disabled()), None);
}

#[test]
fn what_code_says_of_silence_holds_for_events() {
    let check = |builder: Builder, seconds: Option<u64>| {
        let got = builder.build().event_limit(Duration::from_secs(900));
        assert_eq!(got, seconds.map(Duration::from_secs));
    };
    let (five, nine) = (Duration::from_secs(5), Duration::from_secs(9));
    let timeouts = |timeouts: TimeoutConfigBuilder| Config::builder().timeout_config(timeouts.build());
    let nine = timeouts(TimeoutConfig::builder().read_timeout(nine));
    let enabled = StalledStreamProtectionConfig::enabled;
    let protected = |protection: StalledStreamProtectionConfig| Config::builder().stalled_stream_protection(protection);
    check(Config::builder(), Some(900));
    check(timeouts(TimeoutConfig::builder().operation_timeout(five)), Some(900));
    check(nine.clone(), Some(9));
    check(timeouts(TimeoutConfig::builder().disable_read_timeout()), None);
    let given = enabled().grace_period(five);
    check(protected(given.clone().build()), Some(5));
    check(nine.clone().stalled_stream_protection(given.clone().build()), Some(5));
    // What is said without a grace period makes no wait shorter, and none endless.
    check(protected(enabled().build()), Some(900));
    check(protected(enabled().upload_enabled(false).build()), Some(900));
    check(protected(enabled().download_enabled(false).build()), Some(900));
    check(protected(StalledStreamProtectionConfig::disabled()), Some(900));
    // It is given for uploads alone.
    check(protected(given.clone().download_enabled(false).build()), Some(900));
    let changed = stalled_stream_protection::Builder::from(enabled().build()).upload_enabled(false);
    check(protected(changed.build()), Some(900));
    check(nine.clone().stalled_stream_protection(StalledStreamProtectionConfig::disabled()), Some(9));
    check(nine.stalled_stream_protection(enabled().build()), Some(9));
    let endless = timeouts(TimeoutConfig::builder().disable_read_timeout());
    check(endless.clone().stalled_stream_protection(enabled().build()), None);
    check(endless.stalled_stream_protection(given.build()), Some(5));
}

#[tokio::test]
async fn a_check_tells_all_that_the_first_call_would() {
    let told = load(Config::builder(), &[("AWS_ENDPOINT_URL_LAMBDA", "x"), ("AWS_EC2_METADATA_DISABLED", "true")], "")
        .check(&LAMBDA)
        .await;
    let told = text(told.err()).unwrap_or_default();
    for part in ["no region: ", "AWS_ENDPOINT_URL_LAMBDA is \"x\"", "no credentials: "] {
        assert!(told.contains(part), "{told}");
    }
    let keys = Credentials::from_keys("AK", "secret", None);
    let builder = Config::builder().credentials_provider(keys).region(Region::new("r"));
    assert_eq!(load(builder, &[], "").check(&LAMBDA).await, Ok(()));
    // Whoever bears a token signs nothing.
    let none = [("AWS_REGION", "r"), ("AWS_EC2_METADATA_DISABLED", "true")];
    let token = [none[0], none[1], ("AWS_BEARER_TOKEN_LAMBDA", "the-token")];
    assert!(load(Config::builder(), &none, "").check(&LAMBDA).await.is_err());
    assert_eq!(load(Config::builder(), &token, "").check(&LAMBDA).await, Ok(()));
    let tokens_alone = ServiceMeta { signing_name: "", ..LAMBDA };
    assert_eq!(load(Config::builder(), &none, "").check(&tokens_alone).await, Ok(()));
}

#[test]
fn debug_shows_no_secret() {
    let variables = [("AWS_SECRET_ACCESS_KEY", "the-secret"), ("AWS_ACCESS_KEY_ID", "AK")];
    let loaded = load(Config::builder(), &variables, "[default]\naws_secret_access_key = the-secret\n");
    let keys = Credentials::from_keys("AK", "the-secret", Some("the-secret".to_owned()));
    for config in [loaded.clone(), loaded.into_builder().credentials_provider(keys).build()] {
        let shown = format!("{config:?}");
        assert!(shown.contains("AWS_SECRET_ACCESS_KEY") && !shown.contains("the-secret"), "{shown}");
    }
}
