//! Explanations as a person reads them, from scripted variables and files.

use std::time::Duration;

use insta::assert_snapshot;

use super::{Explanation, shown};
use crate::config::declare::Shown;
use crate::config::retry::RetryConfig;
use crate::config::timeout::TimeoutConfig;
use crate::config::{Builder, Config, StalledStreamProtectionConfig, scripted};
use crate::credentials::Credentials;
use crate::region::Region;
use crate::test_util::ScriptedTransport;
use crate::token::Token;
use crate::transport::proxy::ProxyConfig;

fn explained(builder: Builder, variables: &[(&str, &str)], config: &str) -> String {
    builder.load(scripted(variables, config)).explain().to_string()
}

#[test]
fn nothing_is_set() {
    assert_snapshot!(explained(Config::builder(), &[], ""));
}

#[test]
fn everything_has_its_place() {
    let variables = [
        ("AWS_PROFILE", "work"),
        ("AWS_REGION", "us-east-2"),
        ("AWS_DEFAULT_REGION", "us-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "the-secret"),
        ("AWS_ENDPOINT_URL_STS", "http://me:the-secret@sts"),
        ("AWS_ENDPOINT_URL", "http://all"),
        ("AWS_MAX_ATTEMPTS", "5"),
        ("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"),
    ];
    let config = "[profile work]\nregion = eu-west-1\nmax_attempts = 4\nservices = local\nendpoint_url = http://profile\n\
                  role_arn = arn:aws:iam::1:role/r\nsource_profile = base\noutput = json\n\
                  request_checksum_calculation = sometimes\n\
                  [profile base]\naws_access_key_id = AKIAIOSFODNN7OTHERXX\naws_secret_access_key = the-secret\n\
                  [services local]\nlambda =\n  endpoint_url = http://lambda\n[work]\n";
    let builder = Config::builder().region(Region::new("ap-south-1")).use_fips(true);
    let explained = explained(builder, &variables, config);
    assert!(!explained.contains("the-secret") && !explained.contains("IOSFODNN7"), "{explained}");
    assert_snapshot!(explained);
}

/// What a row says, in one line: its value, where from, what it overrode, what is wrong, what else is to be known.
fn told(config: &Config, name: &str) -> String {
    told_in(&config.explain(), name)
}

fn told_in(explanation: &Explanation, name: &str) -> String {
    let row = explanation.row(name).unwrap_or_else(|| panic!("no row {name} in\n{explanation}"));
    let others = row.overrides.iter().map(|one| format!(" over {} ({})", one.value, one.origin)).collect::<String>();
    let problem = row.problem.as_ref().map_or(String::new(), |problem| format!(" wrong: {problem}"));
    let note = row.note.as_ref().map_or(String::new(), |note| format!(" note: {note}"));
    format!("{} ({}){others}{problem}{note}", row.value, row.origin)
}

/// What the rows say with these variables and this default profile.
fn check(variables: &[(&str, &str)], profile: &str, rows: &[(&str, &str)]) {
    let config = Config::builder().load(scripted(variables, &format!("[default]\n{profile}\n")));
    for (name, expected) in rows {
        let told = told(&config, name);
        assert_eq!(told, *expected, "{name} with {variables:?} and {profile:?}");
        assert!(!config.explain().to_string().contains("the-secret"));
    }
}

#[test]
fn what_is_malformed_is_told_in_its_row() {
    check(
        &[("AWS_MAX_ATTEMPTS", "many"), ("AWS_REGION", "a/b"), ("AWS_ENDPOINT_URL", "me:the-secret@host")],
        "use_fips_endpoint = perhaps\nmax_attempts = 4\nmetadata_service_timeout = 0",
        &[
            (
                "max_attempts",
                "many (AWS_MAX_ATTEMPTS) over 4 (/h/.aws/config:3) wrong: AWS_MAX_ATTEMPTS is \"many\", and should \
                 be a whole number from 1 to 4294967295",
            ),
            (
                "region",
                "a/b (AWS_REGION) wrong: AWS_REGION is \"a/b\", and should be ASCII letters, digits and hyphens \
                 inside, such as `us-east-1`",
            ),
            (
                "endpoint_url",
                "…@host (AWS_ENDPOINT_URL) wrong: AWS_ENDPOINT_URL is …@\"host\", and should be an address such as \
                 `https://host:port`",
            ),
            (
                "use_fips_endpoint",
                "perhaps (/h/.aws/config:2) wrong: `use_fips_endpoint` at /h/.aws/config:2 is \"perhaps\", and \
                 should be `true` or `false`",
            ),
            (
                "metadata_service_timeout",
                "0 (/h/.aws/config:4) wrong: `metadata_service_timeout` at /h/.aws/config:4 is \"0\", and should be \
                 a whole number of seconds from 1 to 3600",
            ),
        ],
    );
    let told = "cannot read the shared AWS files: /h/.aws/config:2: Profile definition must end with ']', such as \
                [default] or [profile NAME]";
    check(
        &[("AWS_REGION", "r")],
        "[broken",
        &[
            ("files", &format!("none (default) wrong: {told}")),
            ("region", "r (AWS_REGION)"),
            ("credentials", &format!("the shared files (default) wrong: {}", told)),
        ],
    );
}

#[test]
fn endpoint_urls_are_told_with_what_turns_them_off() {
    let one = ("AWS_ENDPOINT_URL_STS", "http://sts");
    let all = ("AWS_ENDPOINT_URL", "http://all");
    let off = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    let note = "note: ignore_configured_endpoint_urls turns off all but code";
    check(
        &[one, all, off],
        "",
        &[
            ("endpoint_url", &format!("none (default) over http://all (AWS_ENDPOINT_URL) {note}")),
            (
                "endpoint_url of STS",
                &format!(
                    "none (default) over http://sts (AWS_ENDPOINT_URL_STS) over http://all (AWS_ENDPOINT_URL) {note}"
                ),
            ),
            ("ignore_configured_endpoint_urls", "true (AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)"),
        ],
    );
    let missing = "mine (/h/.aws/config:2) wrong: `services` at /h/.aws/config:2 is \"mine\", and should be the name of a section \
                [services NAME]";
    check(&[], "services = mine", &[("services", missing)]);

    let code = Config::builder().endpoint_url("http://code").load(scripted(&[one, all, off], ""));
    assert_eq!(told(&code, "endpoint_url"), "http://code (code) over http://all (AWS_ENDPOINT_URL)");
    assert!(told(&code, "endpoint_url of STS").starts_with("none (default) over http://sts"));
}

#[test]
fn proxies_are_told_without_their_passwords() {
    let proxy = ("HTTPS_PROXY", "http://me:the-secret@proxy:1");
    let all = ("ALL_PROXY", "all");
    check(
        &[proxy, all, ("NO_PROXY", ".internal")],
        "",
        &[
            ("https_proxy", "http://proxy:1 (HTTPS_PROXY) over http://all:80 (ALL_PROXY)"),
            ("http_proxy", "http://all:80 (ALL_PROXY)"),
            ("no_proxy", ".internal (NO_PROXY)"),
        ],
    );
    let wrong = "(not shown) (https_proxy) wrong: https_proxy is \"(not shown)\", and should be `http://host:port` or \
                 `https://host:port`, with `user:password@` before the host where the proxy asks for them";
    check(
        &[("https_proxy", "socks5://me:the-secret@host")],
        "",
        &[("https_proxy", wrong), ("http_proxy", "none (default)")],
    );
    // Of a CGI program, whoever asks it sets this variable.
    check(
        &[("HTTP_PROXY", "http://p"), ("REQUEST_METHOD", "GET")],
        "",
        &[("http_proxy", "none (default) over http://p:80 (HTTP_PROXY)")],
    );
    let code = Config::builder().proxy_config(ProxyConfig::disabled()).load(scripted(&[all], ""));
    assert_eq!(told(&code, "https_proxy"), "none (code) over http://all:80 (ALL_PROXY)");
}

#[test]
fn tokens_are_told_by_their_sign_in() {
    let profile = "sso_session = s\n[sso-session s]\nsso_region = r\nsso_start_url = https://u";
    check(&[], profile, &[("tokens", "sign-in `s` (/h/.aws/config:2)")]);
    let wrong = "profile `default`: sso_session at /h/.aws/config:2 names `t`, and there is no section [sso-session t]";
    check(&[], "sso_session = t", &[("tokens", &format!("sign-in `t` (/h/.aws/config:2) wrong: {wrong}"))]);
    check(&[], "", &[("tokens", "none (default)")]);
    let code = Config::builder().token_provider(Token::new("the-secret", None));
    assert_eq!(told(&code.load(scripted(&[], "")), "tokens"), "a provider (code)");
}

#[test]
fn the_source_of_credentials_is_told_without_asking_it() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "the-secret")];
    let source = |variables: &[(&str, &str)], profile: &str, expected: &str| {
        check(variables, profile, &[("credentials", expected)]);
    };
    source(&keys, "", "keys of the environment (AWS_ACCESS_KEY_ID)");
    let wrong = "wrong: the source of credentials is set up wrongly:";
    let half = "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: set both, or neither";
    source(&keys[..1], "", &format!("keys of the environment (AWS_ACCESS_KEY_ID) {wrong} {half}"));
    let at = "(/h/.aws/config:1)";
    let both =
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = the-secret\naws_session_token = the-secret";
    source(&[], both, &format!("profile `default`: keys {at}"));
    source(&[], "credential_process = print the-secret", &format!("profile `default`: credential_process {at}"));
    let web = "web_identity_token_file = /t\nrole_arn = R";
    source(&[], web, &format!("profile `default`: token in /t → role R {at}"));
    let sso = "sso_session = s\nsso_account_id = 1\nsso_role_name = R\n[sso-session s]\nsso_region = r\nsso_start_url = https://u";
    source(&[], sso, &format!("profile `default`: SSO (session `s`) → role R in account 1 {at}"));
    check(&[], sso, &[("sso_region", "r (/h/.aws/config:6)"), ("sso_session", "s (/h/.aws/config:2)")]);
    for (name, what) in [
        ("Environment", "keys of the environment"),
        ("EcsContainer", "agent of the container"),
        ("Ec2InstanceMetadata", "metadata service of the instance"),
    ] {
        let profile = format!("role_arn = R\ncredential_source = {name}");
        source(&[], &profile, &format!("profile `default`: {what} → role R {at}"));
    }
    let chain = "role_arn = R1\nsource_profile = a\n[profile a]\nrole_arn = R2\nsource_profile = b\n\
                 [profile b]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = the-secret";
    source(&[], chain, &format!("profile `default`: keys of profile `b` → role R2 → role R1 {at}"));
    let circle = "role_arn = R\nsource_profile = a\n[profile a]\nrole_arn = R\nsource_profile = default";
    let told = "profile `default`: source_profile at /h/.aws/config:3 goes in a circle: default → a → default";
    source(&[], circle, &format!("profile `default`: a role or a sign-in {at} {wrong} {told}"));

    let token = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
    let over = "over agent of the container (AWS_CONTAINER_CREDENTIALS_FULL_URI)";
    let agent = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost");
    let told = format!("token in /t → role R (AWS_WEB_IDENTITY_TOKEN_FILE) {over}");
    source(&[token, ("AWS_ROLE_ARN", "R"), agent], "region = r", &told);
    source(&[agent], "", "agent of the container (AWS_CONTAINER_CREDENTIALS_FULL_URI)");
    source(&[], "", "metadata service of the instance, if there is one (default)");
    source(&[("AWS_EC2_METADATA_DISABLED", "true")], "", "none (default)");
}

#[test]
fn parts_of_credentials_count_only_with_their_source() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "the-secret")];
    let both = "aws_access_key_id = short\naws_secret_access_key = the-secret\naws_session_token = the-secret";
    check(
        &keys,
        both,
        &[
            ("aws_access_key_id", "AKIA…MPLE (AWS_ACCESS_KEY_ID) over … (/h/.aws/config:2)"),
            ("aws_secret_access_key", "(not shown) (AWS_SECRET_ACCESS_KEY) over (not shown) (/h/.aws/config:3)"),
            ("aws_session_token", "none (default) over (not shown) (/h/.aws/config:4)"),
        ],
    );
    let web = "web_identity_token_file = /t\nrole_arn = R\nsource_profile = a\ncredential_process = the-secret";
    check(
        &[],
        web,
        &[
            ("web_identity_token_file", "/t (/h/.aws/config:2)"),
            ("role_arn", "R (/h/.aws/config:3)"),
            ("source_profile", "none (default) over a (/h/.aws/config:4)"),
            ("credential_process", "none (default) over (not shown) (/h/.aws/config:5)"),
        ],
    );
    let role = "role_arn = R\nsource_profile = a\nduration_seconds = 900\naws_access_key_id = short\n\
                [profile a]\ncredential_process = x";
    check(
        &[],
        role,
        &[
            ("source_profile", "a (/h/.aws/config:3)"),
            ("duration_seconds", "900 (/h/.aws/config:4)"),
            ("aws_access_key_id", "none (default) over … (/h/.aws/config:5)"),
        ],
    );
    // Tokens come from the sign-in all the same.
    let session = "sso_session = s\n[sso-session s]\nsso_region = r\nsso_start_url = https://u";
    check(&keys, session, &[("sso_session", "s (/h/.aws/config:2)"), ("sso_region", "r (/h/.aws/config:4)")]);
    let builder = Config::builder().credentials_provider(Credentials::from_keys("AK", "the-secret", None));
    let code = builder.load(scripted(&keys, &format!("[default]\n{both}")));
    let told_of = |name| told(&code, name);
    let over = "over keys of the environment (AWS_ACCESS_KEY_ID) over profile `default`: keys (/h/.aws/config:1)";
    assert_eq!(told_of("credentials"), format!("a provider (code) {over}"));
    let told = "none (default) over AKIA…MPLE (AWS_ACCESS_KEY_ID) over … (/h/.aws/config:2)";
    assert_eq!(told_of("aws_access_key_id"), told);
}

#[test]
fn auth_schemes_and_the_token_of_a_service() {
    let preference = [("AWS_AUTH_SCHEME_PREFERENCE", "smithy.api#httpBearerAuth, sigv4")];
    let told_of_both = "httpBearerAuth,sigv4 (AWS_AUTH_SCHEME_PREFERENCE) over sigv4 (/h/.aws/config:2)";
    check(&preference, "auth_scheme_preference = sigv4", &[("auth_scheme_preference", told_of_both)]);
    let variables = [("AWS_BEARER_TOKEN_LAMBDA", "the-token")];
    let told = |builder: Builder| {
        let config = builder.load(scripted(&variables, "[default]\nsso_session = s\n"));
        told_in(&config.explain_for(&crate::config::tests::LAMBDA), "tokens")
    };
    let token = "(not shown) (AWS_BEARER_TOKEN_LAMBDA)";
    let session = "over sign-in `s` (/h/.aws/config:2)";
    assert_eq!(told(Config::builder()), format!("{token} {session}"));
    let code = Config::builder().token_provider(Token::from("another"));
    assert_eq!(told(code), format!("a provider (code) over {token} {session}"));
}

#[test]
fn what_has_no_effect_says_why() {
    check(
        &[("AWS_ACCOUNT_ID_ENDPOINT_MODE", "sometimes")],
        "aws_secret_acess_key = the-secret\ns3 =\n  the-secret = x",
        &[
            (
                "account_id_endpoint_mode",
                "sometimes (AWS_ACCOUNT_ID_ENDPOINT_MODE) wrong: AWS_ACCOUNT_ID_ENDPOINT_MODE is \"sometimes\", and \
                 should be `preferred`, `disabled` or `required` note: it has no effect: no endpoint of the generated \
                 services depends on the account",
            ),
            (
                "aws_secret_acess_key",
                "(not shown) (/h/.aws/config:2) note: it has no effect: no setting of this name is known here",
            ),
        ],
    );
}

#[test]
fn settings_that_were_not_loaded_have_code_and_defaults() {
    let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_millis(3100)).disable_read_timeout().build();
    let retries = RetryConfig::standard().with_max_attempts(7);
    let config = Config::builder().region(Region::new("r")).timeout_config(timeouts).retry_config(retries).build();
    for (name, expected) in [
        ("region", "r (code)"),
        ("connect_timeout", "3.1s (code)"),
        ("read_timeout", "none (code)"),
        ("operation_timeout", "none (default)"),
        ("max_attempts", "7 (code)"),
        ("retry_mode", "standard (code)"),
        ("profile", "default (default)"),
        ("credentials", "none (default)"),
    ] {
        assert_eq!(told(&config, name), expected, "{name}");
    }
    let loaded = Config::builder().load(scripted(&[], ""));
    assert_eq!(told(&loaded, "connect_timeout"), "3.1s (default)");
}

#[test]
fn a_profile_that_is_not_there_is_told_where_somebody_chose_it() {
    let wrong = "there is no profile `typo`, chosen by AWS_PROFILE, in /h/.aws/config and /h/.aws/credentials (not there), \
                where there are only default";
    check(&[("AWS_PROFILE", "typo")], "", &[("profile", &format!("typo (AWS_PROFILE) wrong: {wrong}"))]);
    let nobody = Config::builder().load(scripted(&[], ""));
    assert_eq!(told(&nobody, "profile"), "default (default)");
}

#[test]
fn bodies_that_stand_still_are_given_up_in_both_directions() {
    let check = |builder: Builder, expected: &str| {
        assert_eq!(told(&builder.build(), "stalled_stream_protection"), expected);
    };
    let enabled = StalledStreamProtectionConfig::enabled;
    check(Config::builder(), "download 20s, upload 20s (default)");
    let five = enabled().grace_period(Duration::from_secs(5)).download_enabled(false).build();
    check(Config::builder().stalled_stream_protection(five), "upload 5s (code)");
    let own = Config::builder().http_client(ScriptedTransport::new([]));
    check(own.clone(), "download 20s (default)");
    check(own.stalled_stream_protection(StalledStreamProtectionConfig::disabled()), "off (code)");
}

#[test]
fn a_value_is_bounded_and_moves_no_cursor() {
    assert_eq!(shown(" a\u{1b}[1m\nb\u{202e} ", Shown::Whole), "a\\u{1b}[1m b\\u{202e}");
    assert_eq!(shown(&"é".repeat(300), Shown::Whole), "é".repeat(256) + "…");
    assert_eq!(shown("http://me:the-secret@proxy:1/a@b", Shown::Address), "http://…@b");
    assert_eq!(shown("me:the-secret@proxy", Shown::Address), "…@proxy");
    assert_eq!(shown("http://proxy", Shown::Address), "http://proxy");
    assert_eq!((&*shown("AKIAIOSFODNN7EXAMPLE", Shown::Ends), &*shown("AKIAIOSF", Shown::Ends)), ("AKIA…MPLE", "…"));
    assert_eq!(shown("the-secret", Shown::Nothing), "(not shown)");
}
