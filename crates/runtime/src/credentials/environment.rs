//! Credentials from environment variables.

use std::sync::Arc;

use super::settings::{ACCESS_KEY_ID, ACCOUNT_ID, CREDENTIAL_EXPIRATION, SECRET_ACCESS_KEY, SESSION_TOKEN};
use super::{Credentials, CredentialsError, ProvideCredentials, Result, future};
use crate::config::Sources;
use crate::user_agent::Metric;

const KEY: &str = ACCESS_KEY_ID.variable();
const SECRET: &str = SECRET_ACCESS_KEY.variable();

/// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_ACCOUNT_ID` and
/// `AWS_CREDENTIAL_EXPIRATION`, each time it is asked.
#[derive(Clone, Debug)]
pub struct EnvironmentCredentials(Arc<Sources>);

impl EnvironmentCredentials {
    /// Reads the variables of these sources.
    pub fn new(sources: Arc<Sources>) -> Self {
        Self(sources)
    }

    pub(super) fn read(sources: &Sources) -> Result {
        let variable = |name| sources.variable(name).map(|value| value.trim().to_owned());
        match (variable(KEY), variable(SECRET)) {
            (Some(key), Some(secret)) => {
                let mut builder = Credentials::builder()
                    .access_key_id(key)
                    .secret_access_key(secret)
                    .provider_name("EnvironmentVariable");
                builder.set_session_token(variable(SESSION_TOKEN.variable()));
                builder.set_account_id(variable(ACCOUNT_ID.variable()).map(Into::into));
                let expiry = sources.get(&CREDENTIAL_EXPIRATION).map_err(CredentialsError::invalid_configuration)?;
                builder.set_expiry(expiry.map(|expiry| expiry.value));
                Ok(builder.build().made_by([Metric::CredentialsEnvVars]))
            }
            (None, None) => Err(CredentialsError::not_loaded(format!("{KEY} and {SECRET} are not set"))),
            (Some(_), None) => Err(half(KEY, SECRET)),
            (None, Some(_)) => Err(half(SECRET, KEY)),
        }
    }
}

fn half(set: &str, missing: &str) -> CredentialsError {
    CredentialsError::invalid_configuration(format!("{set} is set and {missing} is not: set both, or neither"))
}

impl ProvideCredentials for EnvironmentCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Self::read(&self.0))
    }
}
