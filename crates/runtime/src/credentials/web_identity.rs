//! Credentials of a role for a token in a file, such as Kubernetes and CI services write.

use std::path::Path;
use std::sync::Arc;

use super::role_chain::WebIdentity;
use super::{CredentialsError, Doors, ProvideCredentials, Result, future, role};
use crate::config::Sources;
use crate::user_agent::Metric;

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN: &str = "AWS_ROLE_ARN";
const SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";

/// The most of a file with a token that is read, in bytes; STS takes tokens of 20,000 characters.
const TOKEN_LENGTH: u64 = 64 << 10;

/// Assumes the role `AWS_ROLE_ARN`, as session `AWS_ROLE_SESSION_NAME`, with the token in the file
/// `AWS_WEB_IDENTITY_TOKEN_FILE`. The file is read each time: its token is short-lived.
#[derive(Debug)]
pub struct WebIdentityCredentials {
    sources: Arc<Sources>,
    doors: Doors,
}

impl WebIdentityCredentials {
    /// Reads the variables of these sources.
    pub fn new(sources: Arc<Sources>, doors: Doors) -> Self {
        Self { sources, doors }
    }

    async fn load(&self) -> Result {
        let variable = |name| self.sources.variable(name);
        let Some(token_file) = variable(TOKEN_FILE) else {
            return Err(CredentialsError::not_loaded(format!("{TOKEN_FILE} is not set")));
        };
        let Some(role_arn) = variable(ROLE_ARN) else {
            return Err(no_role());
        };
        let session_name = variable(SESSION_NAME);
        let (token_file, role_arn) = (token_file.trim(), role_arn.trim());
        let identity = WebIdentity { role_arn, token_file, session_name: session_name.as_deref().map(str::trim) };
        let given = credentials(&self.sources, &self.doors, &identity).await?;
        Ok(given.made_by([Metric::CredentialsEnvVarsStsWebIdToken, Metric::CredentialsStsAssumeRoleWebId]))
    }
}

/// The error of a token without a role.
pub(super) fn no_role() -> CredentialsError {
    let text = format!("{TOKEN_FILE} is set and {ROLE_ARN} is not: set both, or neither");
    CredentialsError::invalid_configuration(text)
}

/// Assumes a role with the token in a file.
pub(super) async fn credentials(sources: &Arc<Sources>, doors: &Doors, identity: &WebIdentity<'_>) -> Result {
    let WebIdentity { role_arn, token_file, session_name } = *identity;
    let unreadable = |why: &dyn std::fmt::Display| {
        CredentialsError::provider_error(format!("the file {token_file} with the token for role {role_arn} {why}"))
    };
    let read = doors.files.read(Path::new(token_file), TOKEN_LENGTH);
    let bytes = read.map_err(|error| unreadable(&format_args!("cannot be read: {error}")))?;
    let token = std::str::from_utf8(&bytes).map_err(|_| unreadable(&"is not UTF-8"))?.trim();
    if token.is_empty() {
        return Err(unreadable(&"is empty"));
    }
    role::assume_with_token(sources, doors, token, role_arn, session_name).await
}

impl ProvideCredentials for WebIdentityCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}
