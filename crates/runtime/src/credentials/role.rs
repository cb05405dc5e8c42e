//! Assumes roles with STS: with credentials, or with a token.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::role_chain::Role;
use super::services::sts::Client;
use super::services::sts::types::{AssumedRoleUser, Credentials as Given};
use super::{Credentials, CredentialsError, Doors, Result, mfa};
use crate::config::Sources;

/// Assumes a role with credentials, and with a code where its profile names an MFA device.
pub(super) async fn assume(sources: &Arc<Sources>, doors: &Doors, with: Credentials, role: &Role<'_>) -> Result {
    let took_code = with.took_code() || role.mfa.is_some();
    let code = match &role.mfa {
        Some(mfa) => Some(mfa::code(role, mfa, doors).await?),
        None => None,
    };
    let settings = match &code {
        Some(_) => doors.settings_for_one_attempt(sources, None, Some(with)),
        None => doors.settings(sources, None, Some(with)),
    };
    let client = Client::from_conf(settings);
    let answer = client
        .assume_role()
        .role_arn(role.arn)
        .role_session_name(session_name(role.session_name, doors))
        .set_external_id(role.external_id.map(str::to_owned))
        .set_duration_seconds(role.duration)
        .set_serial_number(role.mfa.as_ref().map(|mfa| mfa.serial.to_owned()))
        .set_token_code(code)
        .send()
        .await
        .map_err(|error| refused(role.arn, &error))?;
    let given = credentials(role.arn, answer.credentials, answer.assumed_role_user, "AssumeRoleProvider")?;
    Ok(if took_code { given.with_code() } else { given })
}

/// Assumes a role with a token, which stands for whoever has it: the request is not signed.
pub(super) async fn assume_with_token(
    sources: &Arc<Sources>,
    doors: &Doors,
    token: &str,
    role_arn: &str,
    name: Option<&str>,
) -> Result {
    let client = Client::from_conf(doors.settings(sources, None, None));
    let answer = client
        .assume_role_with_web_identity()
        .role_arn(role_arn)
        .role_session_name(session_name(name, doors))
        .web_identity_token(token)
        .send()
        .await
        .map_err(|error| refused(role_arn, &error))?;
    credentials(role_arn, answer.credentials, answer.assumed_role_user, "WebIdentityToken")
}

/// The name of the session, or one that tells sessions apart.
fn session_name(given: Option<&str>, doors: &Doors) -> String {
    given.map_or_else(
        || format!("tinsmith-{}", doors.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()),
        str::to_owned,
    )
}

fn refused(role_arn: &str, error: &dyn std::fmt::Display) -> CredentialsError {
    CredentialsError::provider_error(format!("role {role_arn} cannot be assumed: {error}"))
}

fn credentials(
    role_arn: &str,
    given: Option<Given>,
    session: Option<AssumedRoleUser>,
    provider_name: &'static str,
) -> Result {
    let unusable = |what: &str| refused(role_arn, &format_args!("the answer of STS {what}"));
    let given = given.ok_or_else(|| unusable("has no credentials"))?;
    if given.access_key_id.is_empty() || given.secret_access_key.is_empty() || given.session_token.is_empty() {
        return Err(unusable("has credentials of which a part is missing"));
    }
    let expiry = SystemTime::try_from(given.expiration).map_err(|_| unusable("has an expiration out of range"))?;
    let mut builder = Credentials::builder()
        .access_key_id(given.access_key_id)
        .secret_access_key(given.secret_access_key)
        .provider_name(provider_name);
    builder.set_session_token(Some(given.session_token));
    builder.set_expiry(Some(expiry));
    // The fifth part of an ARN is the account.
    let account = session.as_ref().and_then(|session| session.arn.split(':').nth(4)).filter(|id| !id.is_empty());
    builder.set_account_id(account.map(Into::into));
    Ok(builder.build())
}
