//! The example of `docs/credentials.md`, which shows the rest of this file piece by piece.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::sync::Arc;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Config, Credentials, ProvideCredentials, Region};
use tinsmith_lambda::test_util::{FixedClock, InstantSleep, Reply, ScriptedTransport};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{ScriptedEnvironment, ScriptedFiles};

/// The settings of a machine with these variables and this `~/.aws/config`, and with code on top.
fn on_a_machine(code: Builder, variables: &[(&str, &str)], config: &str) -> Config {
    let environment: ScriptedEnvironment = [("HOME", "/home/me")].iter().chain(variables).copied().collect();
    let files = ScriptedFiles::from_iter([("/home/me/.aws/config", config)]);
    code.load(Arc::new(Sources::read(environment, &files, Choice::default())))
}

/// Code that says nothing of credentials, with a network that gives these answers.
fn code(transport: &ScriptedTransport) -> Builder {
    let settings = Config::builder().http_client(transport.clone()).sleep_impl(InstantSleep::default());
    settings.time_source(FixedClock::at_unix(1_700_000_000)).region(Region::new("us-east-2"))
}

/// An empty page of layers.
fn no_layers() -> Reply {
    Reply::new(200).body(r#"{"Layers": []}"#)
}

#[tokio::test]
async fn the_profile_is_not_asked_where_the_environment_has_keys() {
    let variables = [("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    let profile = "[default]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n";
    let transport = ScriptedTransport::new([no_layers()]);
    let config = on_a_machine(code(&transport), &variables, profile);

    let explanation = config.explain();
    let row = explanation.row("credentials").unwrap();
    assert_eq!((&*row.value, row.origin.to_string()), ("keys of the environment", "AWS_ACCESS_KEY_ID".to_owned()));
    let [instead] = &row.overrides[..] else { panic!("{row:?}") };
    assert_eq!(
        (&*instead.value, instead.origin.to_string()),
        ("profile `default`: keys", "/home/me/.aws/config:1".to_owned())
    );

    Client::new(&config).list_layers().send().await.unwrap();
    assert!(transport.requests()[0].headers.get("authorization").unwrap().contains("Credential=AKIDENVIRONMENT/"));
}

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use tinsmith_config::meta::credentials::{CredentialsError, future};

/// Hands out keys for an hour, unless it is shut.
#[derive(Debug, Default)]
struct Vault {
    leases: AtomicU32,
    shut_after: u32,
}

impl Vault {
    /// A real one would send a request here.
    async fn lease(&self) -> Result<Credentials, CredentialsError> {
        let number = self.leases.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        if number >= self.shut_after {
            return Err(CredentialsError::provider_error("the vault is shut: ask its keeper"));
        }
        let end = UNIX_EPOCH + Duration::from_secs(1_700_000_000 + 3600);
        Ok(Credentials::new(format!("AKIDVAULT{number}"), "secret", None, Some(end), "Vault"))
    }
}

impl ProvideCredentials for Vault {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.lease())
    }
}

#[tokio::test]
async fn many_calls_ask_once_and_a_failed_refresh_fails_no_call() {
    let vault = Arc::new(Vault { shut_after: 1, ..Vault::default() });
    let transport = ScriptedTransport::new(std::iter::repeat_n(no_layers(), 102));
    let clock = FixedClock::at_unix(1_700_000_000);
    let shared: Arc<dyn ProvideCredentials> = vault.clone();
    let settings = code(&transport).credentials_provider(shared).time_source(clock.clone());
    let client = Client::from_conf(settings.build());

    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { client.list_layers().send().await });
    }
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert_eq!(vault.leases.load(Ordering::SeqCst), 1);

    clock.advance(Duration::from_secs(3600 - 299));
    client.list_layers().send().await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(vault.leases.load(Ordering::SeqCst), 2, "five minutes before the end it was asked again, and was shut");

    clock.advance(Duration::from_secs(299));
    let error = client.list_layers().send().await.unwrap_err().to_string();
    assert_eq!(error, "ListLayers failed: the source of credentials failed: the vault is shut: ask its keeper");
}

use std::io;

/// Asks on the terminal. A thread waits for the line, so that other calls go on meanwhile.
async fn ask(serial: String) -> io::Result<String> {
    let line = move || {
        eprint!("Code of {serial}: ");
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    };
    tokio::task::spawn_blocking(line).await?
}

/// The settings of this program: those of the machine, and `ask` for profiles with `mfa_serial`.
async fn with_terminal() -> Config {
    tinsmith_config::from_env().mfa_token_provider(ask).load().await
}

const MFA: &str = "[default]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = me\n\
                   mfa_serial = arn:aws:iam::123456789012:mfa/me\n\
                   [profile me]\naws_access_key_id = AKIDME\naws_secret_access_key = secret\n";

#[tokio::test]
async fn a_role_takes_a_code() {
    let assumed = Reply::new(200).body(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAADMIN</AccessKeyId>\
         <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
         <Expiration>2023-11-14T23:13:20Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
    );
    let transport = ScriptedTransport::new([assumed, no_layers()]);
    let person = |_serial: String| async { Ok::<_, io::Error>("123456\n".to_owned()) };
    let config = on_a_machine(code(&transport).mfa_token_provider(person), &[], MFA);

    Client::new(&config).list_layers().send().await.unwrap();

    let requests = transport.requests();
    let sent = String::from_utf8_lossy(requests[0].bytes());
    assert!(sent.contains("&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fme&TokenCode=123456"), "{sent}");
    assert!(requests[1].headers.get("authorization").unwrap().contains("Credential=ASIAADMIN/"));
    assert!(
        with_terminal().await.explain().row("mfa_token_provider").is_some_and(|row| row.origin.to_string() == "code")
    );
}

use tinsmith_runtime::config::AuthSchemePreference;
use tinsmith_runtime::token::Token;

#[tokio::test]
async fn a_token_and_a_preference() {
    let settings = Config::builder()
        .token_provider(Token::new("what the service gave out", None))
        .auth_scheme_preference(AuthSchemePreference::from(["httpBearerAuth", "sigv4"]));
    let explanation = settings.build().explain();

    let value = |name| &*explanation.row(name).unwrap().value;
    assert_eq!((value("tokens"), value("auth_scheme_preference")), ("a provider", "httpBearerAuth,sigv4"));
    assert!(!explanation.to_string().contains("what the service gave out"));
}

#[tokio::test]
async fn settings_of_the_official_loader() {
    // let official = aws_config::load_from_env().await;
    let keys = aws_credential_types::Credentials::new("AKIDOFFICIAL", "secret", None, None, "test");
    let official = aws_types::SdkConfig::builder()
        .region(aws_types::region::Region::new("eu-west-1"))
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(keys))
        .build();

    let transport = ScriptedTransport::new([no_layers()]);
    let settings = Config::from(&official).to_builder().http_client(transport.clone()).build();
    Client::from_conf(settings).list_layers().send().await.unwrap();

    let request = &transport.requests()[0];
    assert!(request.uri().starts_with("https://lambda.eu-west-1.amazonaws.com/"));
    assert!(request.headers.get("authorization").unwrap().contains("Credential=AKIDOFFICIAL/"));
}

#[tokio::test]
async fn what_is_wrong_is_told_by_the_first_call() {
    let check = async |variables: &[(&str, &str)], config: &str, told: &str| {
        let transport = ScriptedTransport::default();
        let config = on_a_machine(code(&transport), variables, config);
        let error = Client::new(&config).list_layers().send().await.unwrap_err().to_string();
        assert!(error.starts_with("ListLayers failed: ") && error.contains(told), "{error}");
    };
    let off = [("AWS_EC2_METADATA_DISABLED", "true")];
    check(&off, "", "no credentials: none are set in code; environment: AWS_ACCESS_KEY_ID and").await;
    check(&[], "", "instance: no answer from http://169.254.169.254 in 4 attempts").await;
    check(&[("AWS_ACCESS_KEY_ID", "AKID")], "", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not").await;
    check(&[], MFA, "asks for a code of the device `arn:aws:iam::123456789012:mfa/me`, and nobody gives it").await;
    let login = "[default]\nlogin_session = arn:aws:iam::123456789012:user/me\n";
    check(&[], login, "login_session at /home/me/.aws/config:2 asks for credentials of `aws login`").await;
    let sso = "[default]\nsso_session = dev\nsso_account_id = 123456789012\nsso_role_name = admin\n\
               [sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n";
    check(&[], sso, "run `aws sso login --sso-session dev`").await;
    let role = "[default]\nrole_arn = arn:aws:iam::123456789012:role/admin\n";
    check(&[], role, "needs source_profile or credential_source beside it").await;
}
