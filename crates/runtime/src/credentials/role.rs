//! Assumes roles with STS: with credentials, or with a token.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::role_chain::Role;
use super::services::sts::operation::assume_role::{AssumeRole, AssumeRoleInput};
use super::services::sts::operation::assume_role_with_web_identity::{
    AssumeRoleWithWebIdentity, AssumeRoleWithWebIdentityInput,
};
use super::services::sts::types::{AssumedRoleUser, Credentials as Given};
use super::{Credentials, CredentialsError, Doors, Result, mfa, services};
use crate::config::{Config, Sources, retry::RetryConfig};

/// Assumes a role with credentials, and with a code where its profile names an MFA device. Errors name the profiles on the
/// way.
pub(super) async fn assume(
    sources: &Arc<Sources>,
    doors: &Doors,
    with: Credentials,
    role: &Role<'_>,
    way: &[&str],
) -> Result {
    let what = format!("profile `{}`: role {} of profile `{}`", way.join("` → `"), role.arn, role.profile);
    let took_code = with.took_code() || role.mfa.is_some();
    let mut input = AssumeRoleInput {
        role_arn: Some(role.arn.to_owned()),
        role_session_name: Some(session_name(role.session_name, doors)),
        external_id: role.external_id.map(str::to_owned),
        duration_seconds: role.duration,
        ..AssumeRoleInput::default()
    };
    let mut signed = Config::builder().credentials_provider(with);
    if let Some(mfa) = &role.mfa {
        input.serial_number = Some(mfa.serial.to_owned());
        input.token_code = Some(mfa::code(role, mfa, doors).await?);
        // The answer that was lost may have used the code up.
        signed.set_retry_config(Some(RetryConfig::disabled()));
    }
    let client = doors.sts(sources).with(signed);
    let answer = services::ask::<AssumeRole>(&client, input).await.map_err(|error| refused(&what, &error))?;
    let given = credentials(&what, answer.credentials, answer.assumed_role_user, "AssumeRoleProvider")?;
    Ok(if took_code { given.with_code() } else { given })
}

/// Assumes a role with a token, which stands for whoever has it: the request is not signed. Errors say what is assumed in
/// these words.
pub(super) async fn assume_with_token(
    sources: &Arc<Sources>,
    doors: &Doors,
    what: String,
    token: String,
    role_arn: &str,
    name: Option<&str>,
) -> Result {
    let input = AssumeRoleWithWebIdentityInput {
        role_arn: Some(role_arn.to_owned()),
        role_session_name: Some(session_name(name, doors)),
        web_identity_token: Some(token),
        ..AssumeRoleWithWebIdentityInput::default()
    };
    let answer = services::ask::<AssumeRoleWithWebIdentity>(doors.sts(sources), input).await;
    let answer = answer.map_err(|error| refused(&what, &error))?;
    credentials(&what, answer.credentials, answer.assumed_role_user, "WebIdentityToken")
}

/// The name of the session, or one that tells sessions apart.
fn session_name(given: Option<&str>, doors: &Doors) -> String {
    given.map_or_else(
        || format!("tinsmith-{}", doors.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()),
        str::to_owned,
    )
}

/// The error of a role that cannot be assumed.
pub(super) fn refused(what: &str, error: &dyn std::fmt::Display) -> CredentialsError {
    CredentialsError::provider_error(format!("{what} cannot be assumed: {error}"))
}

fn credentials(
    what: &str,
    given: Option<Given>,
    session: Option<AssumedRoleUser>,
    provider_name: &'static str,
) -> Result {
    let unusable = |why: &str| refused(what, &format_args!("the answer of STS {why}"));
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::config::{Config, scripted};
    use crate::test_util::{FixedClock, InstantSleep, Reply, ScriptedTransport};

    const CONFIG: &str = "[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = middle\nregion = us-east-1\n\
                          [profile middle]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = keys\n\
                          [profile keys]\naws_access_key_id = AK\naws_secret_access_key = the-secret\n";

    #[tokio::test]
    async fn a_role_that_cannot_be_assumed_shows_the_way_to_it() {
        let keys = "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                    <Expiration>2199-01-01T00:00:00Z</Expiration>";
        let result = format!("<AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult>");
        let given = Reply::new(200).body(format!("<AssumeRoleResponse>{result}</AssumeRoleResponse>"));
        let refusal = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
        let refused = Reply::new(403).body(refusal);
        let lacking = Reply::new(200).body("<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>");
        for (answers, role, why) in [
            (vec![refused.clone()], "role arn:aws:iam::1:role/b of profile `middle`", "AccessDenied"),
            (vec![given.clone(), refused], "role arn:aws:iam::1:role/a of profile `default`", "AccessDenied"),
            (vec![given, lacking], "role arn:aws:iam::1:role/a of profile `default`", "the answer of STS has no"),
        ] {
            let config = Config::builder().http_client(ScriptedTransport::new(answers));
            let config = config.sleep_impl(InstantSleep::default()).load(scripted(&[], CONFIG));
            let provider = config.required_credentials().unwrap();
            let got = provider.get(&config.clock(), &config.sleeper().unwrap()).await;
            let told = got.map(|keys| keys.access_key_id().to_owned()).unwrap_err().to_string();
            let way = "the source of credentials failed: profile `default` → `middle` → `keys`:";
            assert!(told.starts_with(&format!("{way} {role} cannot be assumed: ")), "{told}");
            assert!(told.contains(why) && !told.contains("the-secret"), "{told}");
        }
    }

    #[tokio::test]
    async fn what_a_profile_says_of_a_role_is_sent() {
        let transport = ScriptedTransport::new([Reply::new(400)]);
        let config = Config::builder().http_client(transport.clone()).sleep_impl(InstantSleep::default());
        let role =
            "role_arn = R\nexternal_id = E\nrole_session_name = N\nduration_seconds = 900\nsource_profile = keys";
        let profiles = CONFIG.replace("role_arn = arn:aws:iam::1:role/a\nsource_profile = middle", role);
        let config = config.load(scripted(&[], &profiles));
        let provider = config.required_credentials().unwrap();
        assert!(provider.get(&config.clock(), &config.sleeper().unwrap()).await.is_err());
        let body = String::from_utf8_lossy(transport.requests()[0].bytes()).into_owned();
        let expected =
            "Action=AssumeRole&Version=2011-06-15&RoleArn=R&RoleSessionName=N&DurationSeconds=900&ExternalId=E";
        assert_eq!(body, expected);
    }

    #[tokio::test]
    async fn a_clock_that_is_off_costs_one_attempt_and_not_one_each_time() {
        let dated =
            |status, body: String| Reply::new(status).header("date", "Thu, 01 Jan 1970 01:00:00 GMT").body(body);
        let given = |end| {
            let keys =
                "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>";
            let result = format!("<Credentials>{keys}<Expiration>{end}</Expiration></Credentials>");
            format!("<AssumeRoleResponse><AssumeRoleResult>{result}</AssumeRoleResult></AssumeRoleResponse>")
        };
        let refusal = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>";
        let transport = ScriptedTransport::new([
            dated(403, refusal.to_owned()),
            dated(200, given("1970-01-01T00:10:00Z")),
            dated(200, given("1970-01-01T00:20:00Z")),
        ]);
        let clock = FixedClock::at_unix(0);
        let config = Config::builder().http_client(transport.clone()).time_source(clock.clone());
        let profiles = CONFIG.replace("source_profile = middle", "source_profile = keys");
        let config = config.sleep_impl(InstantSleep::default()).load(scripted(&[], &profiles));
        for (asked, date) in [(2, "19700101T010000Z"), (3, "19700101T011000Z")] {
            let provider = config.required_credentials().unwrap();
            assert!(provider.get(&config.clock(), &config.sleeper().unwrap()).await.is_ok());
            let requests = transport.requests();
            let last = requests.last().and_then(|request| request.headers.get("x-amz-date"));
            assert_eq!((requests.len(), last), (asked, Some(date)));
            clock.advance(Duration::from_secs(600));
        }
    }
}
