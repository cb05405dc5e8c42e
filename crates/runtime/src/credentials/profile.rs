//! Credentials from the chosen profile of the shared files.

use std::sync::Arc;

use super::{Credentials, CredentialsError, Doors, ProvideCredentials, Result, future, process};
use crate::config::Sources;
use crate::profile::Section;

const KEY: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";

/// Properties by which a profile asks for a source of credentials that is not there, whatever keys stand beside them:
/// a role is assumed with these, for one.
const UNSUPPORTED: [&str; 5] =
    ["role_arn", "credential_source", "web_identity_token_file", "sso_account_id", "login_session"];

/// A line that prints credentials. It is asked before keys that stand beside it.
const PROCESS: &str = "credential_process";

/// Properties that serve such a source, and say nothing in a profile that has keys or a program.
const UNSUPPORTED_WITHOUT_KEYS: [&str; 4] = ["source_profile", "sso_session", "sso_start_url", "sso_role_name"];

/// Reads the chosen profile: its `credential_process`, or else its static keys, `aws_access_key_id`,
/// `aws_secret_access_key`, `aws_session_token` and `aws_account_id`.
#[derive(Clone, Debug)]
pub struct ProfileCredentials {
    sources: Arc<Sources>,
    doors: Doors,
}

impl ProfileCredentials {
    /// Reads the chosen profile of these sources.
    pub fn new(sources: Arc<Sources>, doors: Doors) -> Self {
        Self { sources, doors }
    }

    async fn load(&self) -> Result {
        let section = self.sources.section().map_err(CredentialsError::invalid_configuration)?;
        let Some(section) = section else {
            return Err(CredentialsError::not_loaded(format!("there is no {}", self.sources.describe_profile())));
        };
        let get = |name| section.get(name).map(str::trim).filter(|value| !value.is_empty());
        let keys = get(KEY).or(get(SECRET)).or(get(PROCESS)).is_some();
        let serving = if keys { [].iter() } else { UNSUPPORTED_WITHOUT_KEYS.iter() };
        if let Some(name) = UNSUPPORTED.iter().chain(serving).find(|name| get(name).is_some()) {
            return Err(unsupported(section, name));
        }
        if let Some(line) = section.values.get(PROCESS).filter(|_| get(PROCESS).is_some()) {
            let account = get("aws_account_id");
            return process::credentials(&*self.doors.shell, &section.name, line, account).await;
        }
        match (get(KEY), get(SECRET)) {
            (Some(key), Some(secret)) => {
                let mut builder =
                    Credentials::builder().access_key_id(key).secret_access_key(secret).provider_name("ProfileFile");
                builder.set_session_token(get("aws_session_token").map(str::to_owned));
                builder.set_account_id(get("aws_account_id").map(Into::into));
                Ok(builder.build())
            }
            (None, None) => {
                let text = format!("there is no {KEY} in {}", self.sources.describe_profile());
                Err(CredentialsError::not_loaded(text))
            }
            (Some(_), None) => Err(half(section, KEY, SECRET)),
            (None, Some(_)) => Err(half(section, SECRET, KEY)),
        }
    }
}

fn unsupported(section: &Section, name: &str) -> CredentialsError {
    CredentialsError::invalid_configuration(format!(
        "profile `{}` asks for credentials by `{name}`{}, which is not supported; use {PROCESS}, or {KEY} and {SECRET}",
        section.name,
        place(section, name),
    ))
}

fn half(section: &Section, set: &str, missing: &str) -> CredentialsError {
    CredentialsError::invalid_configuration(format!(
        "profile `{}` has {set}{} and no {missing}: set both, or neither",
        section.name,
        place(section, set),
    ))
}

fn place(section: &Section, name: &str) -> String {
    section.values.get(name).map_or(String::new(), |value| format!(" at {}", value.place))
}

impl ProvideCredentials for ProfileCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}
