//! The suites of credentials and tokens: what comes of variables, files and recorded exchanges, and where containers and instances
//! are asked.

mod failures;
mod recorded;
mod role_chains;
mod world;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use libtest_mimic::Trial;
use recorded::{Recorded, Settings};
use serde_json::Value;
use tinsmith_runtime::config::retry::RetryConfig;
use tinsmith_runtime::config::{Builder, Choice, Sources};
use tinsmith_runtime::credentials::chain::DefaultCredentialsChain;
use tinsmith_runtime::credentials::container::ContainerCredentials;
use tinsmith_runtime::credentials::imds::{EndpointMode, ImdsCredentials};
use tinsmith_runtime::credentials::profile::ProfileCredentials;
use tinsmith_runtime::credentials::{AccountId, Credentials, Doors, ProvideCredentials};
use tinsmith_runtime::environment::Files;
use tinsmith_runtime::primitives::{DateTime, DateTimeFormat};
use tinsmith_runtime::time::{Clock, Sleep};
use tinsmith_runtime::token::{DefaultTokenChain, ProvideToken};
use tinsmith_runtime::transport::{BoxFuture, SharedTransport};
use world::{Mounted, Outcome, cases, failed, json_of, same, texts, variables};

/// What a provider is asked for, and has to give.
type Provider = fn(Arc<Sources>, Doors, &Value) -> Outcome<Result<(), BoxError>>;
type BoxError = Box<dyn std::error::Error>;

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance/credentials/aws-config", trials)
}

fn trials(folder: &Path) -> Outcome<Vec<Trial>> {
    let mut trials = Vec::new();
    trials.extend(folders("chain", &folder.join("default-credential-provider-chain"), |sources, doors, expected| {
        credentials(&DefaultCredentialsChain::new(sources, doors), expected)
    })?);
    trials.extend(folders("profile", &folder.join("profile-provider"), |sources, doors, expected| {
        credentials(&ProfileCredentials::new(sources, doors), expected)
    })?);
    trials.extend(folders("token", &folder.join("default-token-provider-chain"), |sources, doors, expected| {
        token(&DefaultTokenChain::new(sources, doors), expected)
    })?);
    trials.extend(role_chains::trials(&folder.join("assume-role-tests.json"))?);
    trials.extend(cases("container", &folder.join("ecs-tests.json"), check_container)?);
    trials.extend(cases("imds", &folder.join("imds-config/imds-endpoint-tests.json"), check_imds)?);
    Ok(trials)
}

/// The trials of a folder of scenarios, with the provider that they are about.
fn folders(suite: &str, path: &Path, provider: Provider) -> Outcome<Vec<Trial>> {
    let mut folders = path.read_dir()?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    folders.sort();
    let trial = |folder: PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{suite}::{name}");
        let check = move || check_scenario(&folder, provider).map_err(failed);
        Ok(Trial::test(name, check))
    };
    folders.into_iter().map(trial).collect()
}

fn check_scenario(folder: &Path, provider: Provider) -> Outcome {
    let variables = json_of(&folder.join("env.json"))?;
    let settings = settings(&variables, &folder.join("fs"))?;
    let files = Arc::new(Mounted(folder.join("fs")));
    let sources = Arc::new(Sources::read(world::variables(&variables), &*files, Choice::default()));
    let recorded = Recorded::new(&json_of(&folder.join("http-traffic.json"))?, settings)?;
    let mut doors = doors(&recorded, files);
    if folder.ends_with("sso_server_error") {
        // Recorded without retries, says the suite.
        doors.code = Builder::new().retry_config(RetryConfig::disabled());
    }
    let expected = &json_of(&folder.join("test-case.json"))?["result"];
    let provided = provider(sources, doors, &expected["Ok"])?;
    recorded.check()?;
    match (provided, &expected["Ok"]) {
        (Ok(()), Value::Object(_)) => Ok(()),
        (Ok(()), _) => Err("it is provided, and should not be".into()),
        (Err(error), Value::Object(_)) => Err(error),
        (Err(error), _) => {
            failures::check(&folder.file_name().unwrap_or_default().to_string_lossy(), &error.to_string())
        }
    }
}

/// The values of variables, and those that stand in files: each line whole, and what it sets.
fn settings(variables: &Value, folder: &Path) -> Outcome<Settings> {
    let mut settings: Settings = texts(variables).into_values().collect();
    let mut places = vec![folder.to_owned()];
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(place.read_dir()?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?);
        } else if let Ok(text) = std::fs::read_to_string(&place) {
            let lines = text.lines().chain(text.lines().filter_map(|line| Some(line.split_once('=')?.1)));
            settings.extend(lines.map(|value| value.trim().to_owned()));
        }
    }
    Ok(settings)
}

/// Asks for credentials, and compares them, where there are to be some.
fn credentials(provider: &impl ProvideCredentials, expected: &Value) -> Outcome<Result<(), BoxError>> {
    match block_on(provider.provide_credentials())? {
        Ok(credentials) if expected.is_object() => check_credentials(&credentials, expected).map(Ok),
        provided => Ok(provided.map(|_| ()).map_err(Into::into)),
    }
}

/// Asks for a token, and compares it, where there is to be one.
fn token(provider: &impl ProvideToken, expected: &Value) -> Outcome<Result<(), BoxError>> {
    match block_on(provider.provide_token())? {
        Ok(token) if expected.is_object() => {
            same(&Some(token.token()), &expected["token"].as_str(), "token")?;
            let end = token.expiration().map(DateTime::from);
            let expected = expected["expiration"].as_str();
            let expected = expected.map(|text| DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset));
            same(&end, &expected.transpose()?, "expiration").map(Ok)
        }
        provided => Ok(provided.map(|_| ()).map_err(Into::into)),
    }
}

fn check_credentials(credentials: &Credentials, expected: &Value) -> Outcome {
    let text = |name: &str| expected[name].as_str();
    same(&Some(credentials.access_key_id()), &text("access_key_id"), "access key")?;
    same(&Some(credentials.secret_access_key()), &text("secret_access_key"), "secret key")?;
    same(&credentials.session_token(), &text("session_token"), "token")?;
    same(&credentials.account_id().map(AccountId::as_str), &text("account_id"), "account")?;
    let expiry = expected["expiry"].as_u64().map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    same(&credentials.expiry(), &expiry, "expiry")
}

/// Where the agent of a container is asked.
fn check_container(case: &Value) -> Outcome {
    let files = Arc::new(Texts(BTreeMap::new()));
    let sources = Arc::new(Sources::read(variables(&case["env"]), &*files, Choice::default()));
    let answers = Recorded::answers([KEYS]);
    let provided = block_on(ContainerCredentials::new(sources, doors(&answers, files)).provide_credentials())?;
    check_asked(provided.is_ok(), &answers, case)
}

/// Where the metadata service is asked first.
fn check_imds(case: &Value) -> Outcome {
    let files = Arc::new(Texts(texts(&case["fs"])));
    let sources = Arc::new(Sources::read(variables(&case["env"]), &*files, Choice::default()));
    let answers = Recorded::answers(["token", "role", KEYS]);
    let mut provider = ImdsCredentials::new(sources, doors(&answers, files));
    if let Some(endpoint) = case["endpoint_override"].as_str() {
        provider = provider.endpoint(endpoint);
    }
    if let Some(mode) = case["mode_override"].as_str() {
        provider = provider.endpoint_mode(mode.parse::<EndpointMode>().map_err(|()| "no such mode")?);
    }
    let provided = block_on(provider.provide_credentials())?;
    check_asked(provided.is_ok(), &answers, case)
}

const KEYS: &str = r#"{"AccessKeyId": "AK", "SecretAccessKey": "secret", "Token": "token"}"#;

fn check_asked(provided: bool, answers: &Recorded, case: &Value) -> Outcome {
    let expected = case["result"]["Ok"].as_str().map(str::to_owned);
    same(&provided, &expected.is_some(), "whether there are credentials")?;
    same(&answers.asked().into_iter().next(), &expected, "the address")
}

fn block_on<T>(asked: impl Future<Output = T>) -> Outcome<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(asked))
}

/// The doors of a test: recorded exchanges, files, a clock at the epoch, and sleep that takes no time.
fn doors(recorded: &Recorded, files: Arc<dyn Files>) -> Doors {
    Doors {
        http_client: Some(SharedTransport::new(recorded.clone())),
        clock: Arc::new(Epoch),
        sleep: Arc::new(Instantly),
        files,
        ..Doors::default()
    }
}

#[derive(Debug)]
struct Epoch;

impl Clock for Epoch {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}

#[derive(Debug)]
struct Instantly;

impl Sleep for Instantly {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Files by their paths.
#[derive(Debug)]
struct Texts(BTreeMap<String, String>);

impl Files for Texts {
    fn read(&self, path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        let text = path.to_str().and_then(|path| self.0.get(path));
        text.map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
