//! What the sources of credentials read. They read it by these names themselves, since its parts belong together: keys of
//! the environment are never signed with the token of a profile.

use std::time::SystemTime;

use super::role_chain::NamedSource;
use crate::config::declare::{Declared, RowOf, Setting, Shown, Source, settings};
use crate::config::settings::text;
use crate::config::{Resolved, Sources, found};
use crate::primitives::{DateTime, DateTimeFormat};
use crate::profile::Kind;

settings! {
    pub(crate) const ACCESS_KEY_ID: Setting<String> =
        part("aws_access_key_id", &["AWS_ACCESS_KEY_ID"], Source::Environment, Shown::Ends);
    pub(crate) const SECRET_ACCESS_KEY: Setting<String> =
        part("aws_secret_access_key", &["AWS_SECRET_ACCESS_KEY"], Source::Environment, Shown::Nothing);
    pub(crate) const SESSION_TOKEN: Setting<String> =
        part("aws_session_token", &["AWS_SESSION_TOKEN"], Source::Environment, Shown::Nothing);
    pub(crate) const CREDENTIAL_EXPIRATION: Setting<SystemTime> = Setting {
        key: "",
        variables: &["AWS_CREDENTIAL_EXPIRATION"],
        allowed: "a time such as `2026-01-02T03:04:05Z`",
        parse: |text| DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).ok()?.try_into().ok(),
        row: RowOf::part_of(Source::Environment),
    };
    pub(crate) const ACCOUNT_ID: Setting<String> =
        part("aws_account_id", &["AWS_ACCOUNT_ID"], Source::Environment, Shown::Whole);
    pub(crate) const ROLE_ARN: Setting<String> = part("role_arn", &["AWS_ROLE_ARN"], Source::WebIdentity, Shown::Whole);
    pub(crate) const SOURCE_PROFILE: Setting<String> = property("source_profile", Shown::Whole);
    pub(crate) const CREDENTIAL_SOURCE: Setting<NamedSource> = Setting {
        key: "credential_source",
        variables: &[],
        allowed: "`Environment`, `EcsContainer` or `Ec2InstanceMetadata`",
        parse: NamedSource::of,
        row: RowOf::part_of(Source::Profile),
    };
    pub(crate) const ROLE_SESSION_NAME: Setting<String> =
        part("role_session_name", &["AWS_ROLE_SESSION_NAME"], Source::WebIdentity, Shown::Whole);
    pub(crate) const EXTERNAL_ID: Setting<String> = property("external_id", Shown::Nothing);
    pub(crate) const MFA_SERIAL: Setting<String> = property("mfa_serial", Shown::Whole);
    /// `DurationSeconds` of AssumeRole.
    pub(crate) const DURATION_SECONDS: Setting<i32> = Setting {
        key: "duration_seconds",
        variables: &[],
        allowed: "a whole number of seconds from 900 to 43200",
        parse: |text| text.parse().ok().filter(|seconds| (900..=43_200).contains(seconds)),
        row: RowOf::part_of(Source::Profile),
    };
    pub(crate) const WEB_IDENTITY_TOKEN_FILE: Setting<String> =
        part("web_identity_token_file", &["AWS_WEB_IDENTITY_TOKEN_FILE"], Source::WebIdentity, Shown::Whole);
    /// A line that may hold a password.
    pub(crate) const CREDENTIAL_PROCESS: Setting<String> = property("credential_process", Shown::Nothing);
    pub(crate) const SSO_SESSION: Setting<String> = property("sso_session", Shown::Whole);
    pub(crate) const SSO_REGION: Setting<String> = property("sso_region", Shown::Whole);
    pub(crate) const SSO_START_URL: Setting<String> = property("sso_start_url", Shown::Address);
    pub(crate) const SSO_ACCOUNT_ID: Setting<String> = property("sso_account_id", Shown::Whole);
    pub(crate) const SSO_ROLE_NAME: Setting<String> = property("sso_role_name", Shown::Whole);
    /// Refused, and not passed over: credentials of `aws login` are not supported.
    pub(crate) const LOGIN_SESSION: Setting<String> = property("login_session", Shown::Whole);
    pub(crate) const CONTAINER_RELATIVE_URI: Setting<String> =
        part("", &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], Source::Container, Shown::Address);
    pub(crate) const CONTAINER_FULL_URI: Setting<String> =
        part("", &["AWS_CONTAINER_CREDENTIALS_FULL_URI"], Source::Container, Shown::Address);
    pub(crate) const CONTAINER_TOKEN_FILE: Setting<String> =
        part("", &["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], Source::Container, Shown::Whole);
    pub(crate) const CONTAINER_TOKEN: Setting<String> =
        part("", &["AWS_CONTAINER_AUTHORIZATION_TOKEN"], Source::Container, Shown::Nothing);

    pub(crate) const SSO_REGISTRATION_SCOPES: Setting<String> = Setting {
        key: "sso_registration_scopes",
        variables: &[],
        allowed: "scopes between commas",
        parse: text,
        row: RowOf::no_effect("`aws sso login` reads it; a client only uses what that left behind"),
    };

    pub(crate) const LOGIN_CACHE_DIRECTORY: Setting<String> = Setting {
        key: "",
        variables: &["AWS_LOGIN_CACHE_DIRECTORY"],
        allowed: "the path of a directory",
        parse: text,
        row: RowOf::no_effect("credentials of `aws login` are not supported; a profile that asks for them is refused"),
    };
}

/// The ids of the services that sources of credentials call. The endpoint URL that code sets is not for them.
pub(crate) const CALLED: [&str; 3] = ["STS", "SSO", "SSO OIDC"];

/// A property of the sign-in that the chosen profile names: its section says more than the profile.
pub(crate) fn of_session(sources: &Sources, key: &str) -> Option<Resolved<String>> {
    let is_of_session = [SSO_REGION.key, SSO_START_URL.key, SSO_REGISTRATION_SCOPES.key].contains(&key);
    let name = sources.property(SSO_SESSION.key).ok().flatten().filter(|_| is_of_session)?;
    let section = sources.profiles().ok()?.section(Kind::SsoSession, name.value.trim())?;
    section.values.get(key).and_then(found)
}

const fn part(key: &'static str, variables: &'static [&'static str], source: Source, shown: Shown) -> Setting<String> {
    Setting { key, variables, allowed: "text", parse: text, row: RowOf::part_of(source).shown(shown) }
}

const fn property(key: &'static str, shown: Shown) -> Setting<String> {
    part(key, &[], Source::Profile, shown)
}
