//! What is wrong with the machine: its variables, its files, the credentials that it has. What is said is what the program
//! of the README prints there.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tempfile::TempDir;
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Region};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{Process, ScriptedEnvironment};

use crate::Told;

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")];
const REGION: (&str, &str) = ("AWS_REGION", "us-east-2");
/// The machine of the test may be one of EC2, or have a network that swallows what is sent to its metadata service.
const NO_EC2: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "true");
/// A sign-in by `aws sso login`, and what it left behind, which is over.
const SSO: &str = "[default]\nsso_session = dev\nsso_account_id = 123456789012\nsso_role_name = admin\n\
                   [sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n";
const SSO_TOKEN: &str = r#"{"accessToken": "token", "expiresAt": "2023-11-14T12:00:00Z"}"#;
/// The SHA-1 of `dev`.
const SSO_FILE: &str = "34c6fceca75e456f25e7e99531e2425c6c1de443.json";

pub(crate) async fn mistakes() -> Vec<Told> {
    let [id, secret] = KEYS;
    vec![
        ("No region", printed(&KEYS, "")),
        ("A region that is none", printed(&[id, secret, ("AWS_REGION", "US East (Ohio)")], "")),
        ("No credentials at all", printed(&[REGION], "")),
        ("Half of the keys", printed(&[REGION, id], "")),
        ("A profile that does not exist", printed(&[REGION, ("AWS_PROFILE", "prod")], "[profile dev]\n")),
        ("Keys that come before the profile", explained(&[id, secret, ("AWS_PROFILE", "prod")], PROFILE)),
        ("A sign-in that is over", printed(&[REGION], SSO)),
        ("A config file that cannot be read", printed(&[id, secret, REGION], "[default\nregion = us-east-2\n")),
        ("A value that is not allowed", printed(&[id, secret, REGION, ("AWS_MAX_ATTEMPTS", "many")], "")),
        (
            "An endpoint URL without a scheme",
            printed(&[id, secret, REGION, ("AWS_ENDPOINT_URL", "localhost:4566")], ""),
        ),
        ("Settings in code that leave out the credentials", settings_in_code().await),
    ]
}

const PROFILE: &str =
    "[profile prod]\nregion = us-east-2\naws_access_key_id = AKIDPROD\naws_secret_access_key = secret\n";

/// What the program prints on a machine with these variables and this config file. The page calls its home `/home/me`.
fn printed(variables: &[(&str, &str)], config: &str) -> String {
    let home = home(config);
    let mut program = Command::new(env!("CARGO_BIN_EXE_first_call"));
    let variables = variables.iter().chain([&NO_EC2]).copied();
    let output = program.env_clear().env("HOME", home.path()).envs(variables).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    in_home_of_me(&String::from_utf8(output.stderr).unwrap(), home.path())
}

/// The rows of `explain()` that say who gives the credentials.
fn explained(variables: &[(&str, &str)], config: &str) -> String {
    let home = home(config);
    let of_home = [("HOME", home.path().to_str().unwrap())];
    let environment: ScriptedEnvironment = of_home.iter().chain(variables).copied().collect();
    let config = Config::builder().load(Arc::new(Sources::read(environment, &Process, Choice::default())));
    let explained = config.explain().to_string();
    let is_of_keys = |row: &&str| row.contains("keys of the environment") || row.contains(": keys");
    in_home_of_me(&explained.lines().filter(is_of_keys).collect::<Vec<_>>().join("\n"), home.path())
}

/// A home with this config file, and with the token of a sign-in that is over.
fn home(config: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let cache = home.path().join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    std::fs::write(cache.join(SSO_FILE), SSO_TOKEN).unwrap();
    home
}

fn in_home_of_me(said: &str, home: &Path) -> String {
    said.replace(home.to_str().unwrap(), "/home/me")
}

async fn settings_in_code() -> String {
    let settings = Config::builder().region(Region::new("us-east-2")).build();
    Client::from_conf(settings).list_layers().send().await.unwrap_err().to_string()
}
