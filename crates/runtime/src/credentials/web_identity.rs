//! Credentials of a role for a token in a file, such as Kubernetes and CI services write.

use std::io;
use std::sync::Arc;

use super::role_chain::WebIdentity;
use super::{CredentialsError, Doors, Result, provides_credentials, role, settings};
use crate::config::{Resolved, Sources};
use crate::transport::BoxFuture;
use crate::user_agent::Metric;

const TOKEN_FILE: &str = settings::WEB_IDENTITY_TOKEN_FILE.variable();
const ROLE_ARN: &str = settings::ROLE_ARN.variable();
const SESSION_NAME: &str = settings::ROLE_SESSION_NAME.variable();

/// The most of a file with a token that is read, in bytes; STS takes tokens of 20,000 characters.
const TOKEN_LENGTH: u64 = 64 << 10;

/// Assumes the role `AWS_ROLE_ARN`, as session `AWS_ROLE_SESSION_NAME`, with the token in the file
/// `AWS_WEB_IDENTITY_TOKEN_FILE`. The file is read each time: its token is short-lived.
#[derive(Debug)]
pub struct WebIdentityCredentials {
    sources: Arc<Sources>,
    doors: Arc<Doors>,
}

impl WebIdentityCredentials {
    /// Reads the variables of these sources.
    pub fn new(sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        Self { sources, doors: doors.into() }
    }

    async fn load(&self) -> Result {
        let Some(Resolved { value: token_file, origin }) = self.sources.named_variable(TOKEN_FILE) else {
            return Err(CredentialsError::not_loaded(format!("{TOKEN_FILE} is not set")));
        };
        let role_arn = self.sources.variable(ROLE_ARN).ok_or_else(no_role)?;
        let session_name = self.sources.variable(SESSION_NAME);
        let (token_file, role_arn) = (token_file.trim(), role_arn.trim());
        let session_name = session_name.as_deref().map(str::trim);
        let identity = WebIdentity { role_arn, token_file, session_name, origin };
        let given = credentials(&self.sources, &self.doors, identity).await?;
        Ok(given.made_by([Metric::CredentialsEnvVarsStsWebIdToken, Metric::CredentialsStsAssumeRoleWebId]))
    }
}

/// The error of a token without a role.
pub(super) fn no_role() -> CredentialsError {
    let text = format!("{TOKEN_FILE} is set and {ROLE_ARN} is not: set both, or neither");
    CredentialsError::invalid_configuration(text)
}

/// Assumes a role with the token in a file.
pub(super) fn credentials<'a>(
    sources: &'a Arc<Sources>,
    doors: &'a Doors,
    identity: WebIdentity<'a>,
) -> BoxFuture<'a, Result> {
    let WebIdentity { role_arn, token_file, session_name, origin } = identity;
    let what = format!("role {role_arn}, by the token in {token_file} that {origin} names,");
    Box::pin(async move {
        let token = token(doors.read(token_file, TOKEN_LENGTH).await);
        let token = token.map_err(|why| role::refused(&what, &why))?;
        role::assume_with_token(sources, doors, what, token, role_arn, session_name).await
    })
}

/// The token in a file, or why there is none.
fn token(read: io::Result<Vec<u8>>) -> std::result::Result<String, String> {
    let bytes = read.map_err(|error| format!("the file cannot be read: {error}"))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "the file is not UTF-8")?.trim();
    if text.is_empty() { Err("the file is empty".to_owned()) } else { Ok(text.to_owned()) }
}

provides_credentials!(WebIdentityCredentials);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, scripted};
    use crate::credentials::ProvideCredentials;
    use crate::credentials::chain::DefaultCredentialsChain;
    use crate::environment::ScriptedFiles;
    use crate::region::Region;
    use crate::test_util::{InstantSleep, Reply, ScriptedTransport};
    use crate::transport::SharedTransport;

    #[tokio::test]
    async fn what_fails_names_the_role_the_file_and_who_names_it() {
        let refusal = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
        for (file, why) in [
            ("/absent", "the file cannot be read: entity not found"),
            ("/empty", "the file is empty"),
            ("/binary", "the file is not UTF-8"),
            ("/token", "AssumeRoleWithWebIdentity failed: AccessDenied"),
        ] {
            let variables = [(TOKEN_FILE, file), (ROLE_ARN, "R")];
            let profile = format!("[default]\nrole_arn = R\nweb_identity_token_file = {file}\n");
            for (sources, origin) in
                [(scripted(&variables, ""), TOKEN_FILE), (scripted(&[], &profile), "/h/.aws/config:3")]
            {
                let files = [("/token", &b"the-token\n"[..]), ("/empty", b"\n"), ("/binary", b"\xff")];
                let transport = ScriptedTransport::new([Reply::new(403).body(refusal)]);
                let doors = Doors {
                    http_client: Some(SharedTransport::new(transport.clone())),
                    sleep: Arc::new(InstantSleep::default()),
                    files: Arc::new(ScriptedFiles::from_iter(files)),
                    code: Config::builder().region(Region::new("us-east-1")),
                    ..Doors::default()
                };
                let provided = DefaultCredentialsChain::new(sources, doors).provide_credentials().await;
                let told = provided.unwrap_err().to_string();
                let what = format!("role R, by the token in {file} that {origin} names, cannot be assumed: {why}");
                assert!(told.starts_with(&format!("the source of credentials failed: {what}")), "{told}");
                assert!(!told.contains("the-token"));
                assert_eq!(transport.requests().len(), usize::from(file == "/token"));
            }
        }
    }
}
