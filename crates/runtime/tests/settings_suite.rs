//! The suites of the shared config and credentials files: how they are read, where they are, and which credentials
//! come of them. Credential scenarios that need a source other than variables and static keys are listed as ignored.

mod shared;

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::chain::DefaultCredentialsChain;
use tinsmith_runtime::credentials::profile::ProfileCredentials;
use tinsmith_runtime::credentials::{AccountId, ProvideCredentials, SharedCredentialsProvider};
use tinsmith_runtime::environment::{Environment, Files};
use tinsmith_runtime::profile::{FileKind, Kind, Locations, Platform, Profiles};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let trials = match shared::folder("conformance/credentials") {
        Ok(folder) => trials(&folder).unwrap_or_else(|error| {
            let message = format!("cannot list {}: {error}", folder.display());
            vec![Trial::test("settings", move || Err(message.into()))]
        }),
        Err(absent) => {
            let ignored = !absent.is_failure;
            vec![Trial::test("settings", move || Err(absent.message.into())).with_ignored_flag(ignored)]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(folder: &Path) -> Outcome<Vec<Trial>> {
    let mut trials = Vec::new();
    let files = folder.join("aws-runtime");
    trials.extend(cases("parser", &files.join("profile-parser-tests.json"), check_parser)?);
    trials.extend(cases("location", &files.join("file-location-tests.json"), check_location)?);
    let scenarios = folder.join("aws-config");
    trials.extend(folders("chain", &scenarios.join("default-credential-provider-chain"), |sources| {
        SharedCredentialsProvider::new(DefaultCredentialsChain::new(sources))
    })?);
    trials.extend(folders("profile", &scenarios.join("profile-provider"), |sources| {
        SharedCredentialsProvider::new(ProfileCredentials::new(sources))
    })?);
    Ok(trials)
}

/// The trials of a file of cases. Two cases may have one name, so that each gets its number.
fn cases(suite: &str, path: &Path, check: fn(&Value) -> Outcome) -> Outcome<Vec<Trial>> {
    let cases = json_of(path)?;
    let cases = cases["tests"].as_array().filter(|cases| !cases.is_empty()).ok_or("there are no cases")?;
    let trial = |(index, case): (usize, &Value)| {
        let (name, case) = (case["name"].as_str().unwrap_or_default(), case.clone());
        Trial::test(format!("{suite}::{index}::{name}"), move || check(&case).map_err(failed))
    };
    Ok(cases.iter().enumerate().map(trial).collect())
}

fn check_parser(case: &Value) -> Outcome {
    let mut profiles = Profiles::default();
    let read = [(FileKind::Config, "configFile"), (FileKind::Credentials, "credentialsFile")]
        .into_iter()
        .filter_map(|(kind, name)| Some((kind, Arc::from(name), case["input"][name].as_str()?)))
        .try_for_each(|(kind, path, text)| profiles.add(kind, &path, text));
    match (read, case["output"]["errorContaining"].as_str()) {
        (Err(error), Some(expected)) => same(&error.to_string().contains(expected), &true, &error.to_string()),
        (Err(error), None) => Err(error.into()),
        (Ok(()), Some(expected)) => Err(format!("read, and should fail with {expected:?}").into()),
        (Ok(()), None) => {
            let expected = &case["output"]["config"];
            same(&all(&profiles, Kind::Profile), &expected["profiles"], "profiles")?;
            let sessions = expected.get("sso_sessions").cloned().unwrap_or(json!({}));
            same(&all(&profiles, Kind::SsoSession), &sessions, "sso_sessions")
        }
    }
}

/// All sections of a kind, as the suite writes them.
fn all(profiles: &Profiles, kind: Kind) -> Value {
    let values = |values: &BTreeMap<String, tinsmith_runtime::profile::Value>| -> Value {
        values.iter().map(|(name, value)| (name.clone(), Value::from(value.text.as_str()))).collect()
    };
    profiles.sections(kind).map(|section| (section.name.clone(), values(&section.values))).collect()
}

fn check_location(case: &Value) -> Outcome {
    let variables = variables(&case["environment"]);
    let platform = match case["platform"].as_str() {
        Some("linux") => Platform::Unix,
        Some("windows") => Platform::Windows,
        other => return Err(format!("no such platform: {other:?}").into()),
    };
    let found = Locations::find(&variables, platform);
    same(&found.config.as_deref(), &case["configLocation"].as_str(), "config")?;
    same(&found.credentials.as_deref(), &case["credentialsLocation"].as_str(), "credentials")?;
    let Some(profile) = case["profile"].as_str() else { return Ok(()) };
    let sources = Sources::read(variables, &Mounted(PathBuf::new()), Choice::default());
    same(&sources.profile_name().value.as_str(), &profile, "profile")
}

/// The trials of a folder of scenarios, with the provider that they are about.
fn folders(suite: &str, path: &Path, provider: fn(Arc<Sources>) -> SharedCredentialsProvider) -> Outcome<Vec<Trial>> {
    let mut folders = path.read_dir()?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    folders.sort();
    let trial = |folder: PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{suite}::{name}");
        let ignored = needs_another_source(&folder)?;
        let check = move || check_scenario(&folder, provider).map_err(failed);
        Ok(Trial::test(name, check).with_ignored_flag(ignored))
    };
    folders.into_iter().map(trial).collect()
}

/// Whether a scenario needs a source of credentials that is not there: a network, another process, or a token.
fn needs_another_source(folder: &Path) -> Outcome<bool> {
    let others = ["AWS_CONTAINER_", "AWS_WEB_IDENTITY_", "AWS_EC2_METADATA_"];
    let properties = ["role_arn", "credential_source", "web_identity_token_file", "sso_", "credential_process"];
    let environment = std::fs::read_to_string(folder.join("env.json"))?;
    let traffic = json_of(&folder.join("http-traffic.json"))?;
    let config = std::fs::read_to_string(folder.join("fs/home/.aws/config")).unwrap_or_default();
    Ok(traffic["events"].as_array().is_some_and(|events| !events.is_empty())
        || others.iter().any(|name| environment.contains(name))
        || properties.iter().any(|name| config.contains(name)))
}

fn check_scenario(folder: &Path, provider: fn(Arc<Sources>) -> SharedCredentialsProvider) -> Outcome {
    let variables = variables(&json_of(&folder.join("env.json"))?);
    let sources = Arc::new(Sources::read(variables, &Mounted(folder.join("fs")), Choice::default()));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let provided = runtime.block_on(provider(sources).provide_credentials());
    let expected = &json_of(&folder.join("test-case.json"))?["result"];
    match (provided, &expected["Ok"]) {
        (Ok(credentials), Value::Object(expected)) => {
            let expected = |name: &str| expected.get(name).and_then(Value::as_str);
            same(&Some(credentials.access_key_id()), &expected("access_key_id"), "access key")?;
            same(&Some(credentials.secret_access_key()), &expected("secret_access_key"), "secret key")?;
            same(&credentials.session_token(), &expected("session_token"), "token")?;
            same(&credentials.account_id().map(AccountId::as_str), &expected("account_id"), "account")
        }
        (Ok(_), _) => Err("there are credentials, and there should be none".into()),
        (Err(error), Value::Object(_)) => Err(error.into()),
        // The wording of the expected error is another project's.
        (Err(_), _) => Ok(()),
    }
}

#[derive(Debug)]
struct Variables(BTreeMap<String, String>);

impl Environment for Variables {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

fn variables(object: &Value) -> Variables {
    let object = object.as_object().into_iter().flatten();
    Variables(object.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
}

/// A folder that stands for the root of the file system.
#[derive(Debug)]
struct Mounted(PathBuf);

impl Files for Mounted {
    fn read(&self, path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        std::fs::read(self.0.join(path.strip_prefix("/").unwrap_or(path)))
    }
}

fn json_of(path: &Path) -> Outcome<Value> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

fn same<T: PartialEq + std::fmt::Debug>(got: &T, expected: &T, what: &str) -> Outcome {
    if got == expected { Ok(()) } else { Err(format!("{what}: got {got:?}, expected {expected:?}").into()) }
}

fn failed(error: Box<dyn Error>) -> Failed {
    error.to_string().into()
}
