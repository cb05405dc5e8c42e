//! What is wrong with the machine: its variables, its files, the credentials that it has.

use std::sync::Arc;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Config, Region};
use tinsmith_lambda::test_util::{FixedClock, InstantSleep, NeverClient};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{Process, ScriptedEnvironment};

use crate::Told;

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")];
const REGION: (&str, &str) = ("AWS_REGION", "us-east-2");
/// A sign-in by `aws sso login`, and what it left behind, which is over.
const SSO: &str = "[default]\nsso_session = dev\nsso_account_id = 123456789012\nsso_role_name = admin\n\
                   [sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n";
const SSO_TOKEN: &str = r#"{"accessToken": "token", "expiresAt": "2023-11-14T12:00:00Z"}"#;
/// The SHA-1 of `dev`.
const SSO_FILE: &str = "34c6fceca75e456f25e7e99531e2425c6c1de443.json";

pub(crate) async fn mistakes() -> Vec<Told> {
    let [id, secret] = KEYS;
    vec![
        ("No region", told(&KEYS, "").await),
        ("A region that is none", told(&[id, secret, ("AWS_REGION", "US East (Ohio)")], "").await),
        ("No credentials at all", told(&[REGION], "").await),
        ("Half of the keys", told(&[REGION, id], "").await),
        ("A profile that does not exist", told(&[REGION, ("AWS_PROFILE", "prod")], "[profile dev]\n").await),
        ("A sign-in that is over", told(&[REGION], SSO).await),
        ("A config file that cannot be read", told(&[id, secret, REGION], "[default\nregion = us-east-2\n").await),
        ("A value that is not allowed", told(&[id, secret, REGION, ("AWS_MAX_ATTEMPTS", "many")], "").await),
        (
            "An endpoint URL without a scheme",
            told(&[id, secret, REGION, ("AWS_ENDPOINT_URL", "localhost:4566")], "").await,
        ),
        ("Settings in code that leave out the credentials", settings_in_code().await),
    ]
}

/// What a call says on a machine with these variables and this config file, where nobody answers. The page calls its home
/// `/home/me`.
async fn told(variables: &[(&str, &str)], config: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    std::fs::write(folder.path().join(".aws/config"), config).unwrap();
    std::fs::write(cache.join(SSO_FILE), SSO_TOKEN).unwrap();
    let home = folder.path().to_str().unwrap();
    let environment: ScriptedEnvironment = [("HOME", home)].iter().chain(variables).copied().collect();
    let sources = Sources::read(environment, &Process, Choice::default());
    list(unreached().load(Arc::new(sources))).await.replace(home, "/home/me")
}

async fn settings_in_code() -> String {
    list(unreached().region(Region::new("us-east-2")).build()).await
}

/// Settings with nothing of this machine in them.
fn unreached() -> Builder {
    let settings = Config::builder().http_client(NeverClient::new()).sleep_impl(InstantSleep::default());
    settings.time_source(FixedClock::at_unix(1_700_000_000))
}

async fn list(config: Config) -> String {
    Client::from_conf(config).list_layers().send().await.unwrap_err().to_string()
}
