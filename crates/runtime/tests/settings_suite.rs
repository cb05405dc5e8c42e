//! The suites of the shared config and credentials files: how they are read, and where they are.

mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::Trial;
use serde_json::{Value, json};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::profile::{FileKind, Kind, Locations, Platform, Profiles};
use world::{Mounted, Outcome, cases, same, variables};

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance/credentials", trials)
}

fn trials(folder: &Path) -> Outcome<Vec<Trial>> {
    let mut trials = Vec::new();
    let files = folder.join("aws-runtime");
    trials.extend(cases("parser", &files.join("profile-parser-tests.json"), check_parser)?);
    trials.extend(cases("location", &files.join("file-location-tests.json"), check_location)?);
    Ok(trials)
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
