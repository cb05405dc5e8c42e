//! What a profile asks for: where its first credentials come from, and the roles that are assumed with them, one after the
//! other. All of it is decided here, before anything is asked.

#[cfg(test)]
mod tests;

use super::CredentialsError;
use super::settings::{
    ACCESS_KEY_ID, CREDENTIAL_PROCESS, CREDENTIAL_SOURCE, DURATION_SECONDS, EXTERNAL_ID, LOGIN_SESSION, MFA_SERIAL,
    ROLE_ARN, ROLE_SESSION_NAME, SECRET_ACCESS_KEY, SOURCE_PROFILE, WEB_IDENTITY_TOKEN_FILE,
};
use super::sso::{SignIn, SsoRole};
use crate::config::declare::Setting;
use crate::config::{Origin, SettingError};
use crate::profile::{Kind, Place, Profiles, Section, Value};

pub(super) const KEY: &str = ACCESS_KEY_ID.key;
pub(super) const SECRET: &str = SECRET_ACCESS_KEY.key;
const TOKEN_FILE: &str = WEB_IDENTITY_TOKEN_FILE.key;
/// A line that prints credentials.
const PROCESS: &str = CREDENTIAL_PROCESS.key;
/// The property by which a profile asks for credentials of `aws login`.
const LOGIN: &str = LOGIN_SESSION.key;

/// The way from the first credentials to those of a profile.
#[derive(Debug)]
pub(super) struct RoleChain<'a> {
    /// Where the first credentials come from.
    pub(super) base: Base<'a>,
    /// The roles, in the order in which they are assumed.
    pub(super) roles: Vec<Role<'a>>,
    /// The profiles on the way, from the chosen one to the last that was needed.
    pub(super) profiles: Vec<&'a str>,
}

/// Where the first credentials come from.
#[derive(Debug)]
pub(super) enum Base<'a> {
    /// The keys of a section, if it has some.
    Keys(&'a Section),
    /// A program of a section, by the line that runs it.
    Process(&'a Section, &'a Value),
    /// A source that `credential_source` names.
    Named(NamedSource),
    /// A token in a file, for a role.
    WebIdentity(WebIdentity<'a>),
    /// A sign-in to IAM Identity Center, and the role that it is for.
    Sso(SignIn, SsoRole),
}

/// A source that a profile names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedSource {
    Environment,
    EcsContainer,
    Ec2InstanceMetadata,
}

impl NamedSource {
    pub(super) fn of(name: &str) -> Option<Self> {
        let sources = [
            ("Environment", Self::Environment),
            ("EcsContainer", Self::EcsContainer),
            ("Ec2InstanceMetadata", Self::Ec2InstanceMetadata),
        ];
        sources.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, source)| source)
    }
}

/// A role to be assumed with a token in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WebIdentity<'a> {
    pub(super) role_arn: &'a str,
    pub(super) token_file: &'a str,
    pub(super) session_name: Option<&'a str>,
    /// What names the file.
    pub(super) origin: Origin,
}

/// A role to be assumed with credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Role<'a> {
    /// The profile that asks for it.
    pub(super) profile: &'a str,
    pub(super) arn: &'a str,
    pub(super) external_id: Option<&'a str>,
    pub(super) session_name: Option<&'a str>,
    /// How long its credentials shall last, in seconds.
    pub(super) duration: Option<i32>,
    /// The device whose code it takes.
    pub(super) mfa: Option<Mfa<'a>>,
}

/// An MFA device.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mfa<'a> {
    /// Its serial number or ARN.
    pub(super) serial: &'a str,
    /// Where a profile names it.
    pub(super) place: &'a Place,
}

impl<'a> RoleChain<'a> {
    /// Follows `source_profile` from this section to the first that needs no other.
    ///
    /// A section that stands for credentials of another gives its own keys, where it has some, even if it asks for a role
    /// too; so do a section that names itself, and the AWS command line.
    pub(super) fn of(profiles: &'a Profiles, selected: &'a Section) -> Result<Self, CredentialsError> {
        let (mut roles, mut passed) = (Vec::new(), Vec::new());
        let mut section = selected;
        let base = loop {
            if passed.contains(&section.name.as_str()) {
                passed.push(&section.name);
                return Err(wrong(section, SOURCE_PROFILE.key, &format!("goes in a circle: {}", passed.join(" → "))));
            }
            passed.push(&section.name);
            let is_source = passed.len() > 1;
            if is_source && get(section, KEY).is_some() && get(section, SECRET).is_some() {
                break Base::Keys(section);
            }
            let Some(role) = role(section)? else { break base(profiles, section, is_source)? };
            roles.push(role);
            match source(profiles, section)? {
                Some(next) if next.name != section.name => section = next,
                _ => break base(profiles, section, true)?,
            }
        };
        roles.reverse();
        Ok(Self { base, roles, profiles: passed })
    }
}

/// The role that a section asks to be assumed with credentials; one that goes with a token is the base of a chain.
fn role(section: &Section) -> Result<Option<Role<'_>>, CredentialsError> {
    let Some(arn) = get(section, ROLE_ARN.key).filter(|_| get(section, TOKEN_FILE).is_none()) else {
        return Ok(None);
    };
    Ok(Some(Role {
        profile: &section.name,
        arn,
        external_id: get(section, EXTERNAL_ID.key),
        session_name: get(section, ROLE_SESSION_NAME.key),
        duration: read(section, &DURATION_SECONDS)?,
        mfa: get(section, MFA_SERIAL.key).map(|serial| Mfa { serial, place: place(section, MFA_SERIAL.key) }),
    }))
}

/// The section whose credentials a role is assumed with; none where that is the section itself.
fn source<'a>(profiles: &'a Profiles, section: &'a Section) -> Result<Option<&'a Section>, CredentialsError> {
    let name = SOURCE_PROFILE.key;
    match (get(section, name), get(section, CREDENTIAL_SOURCE.key)) {
        (Some(_), Some(_)) => Err(wrong(section, name, "stands beside credential_source: set one of them")),
        (None, Some(_)) => Ok(None),
        (Some(source), None) => profiles.section(Kind::Profile, source).map(Some).ok_or_else(|| {
            let known: Vec<&str> = profiles.sections(Kind::Profile).map(|section| section.name.as_str()).collect();
            let known = known.join(", ");
            wrong(section, name, &format!("names `{source}`, which is no profile; there are {known}"))
        }),
        (None, None) => Err(wrong(section, ROLE_ARN.key, "needs source_profile or credential_source beside it")),
    }
}

/// What gives the first credentials. A section that a role needs must have some.
fn base<'a>(profiles: &'a Profiles, section: &'a Section, is_needed: bool) -> Result<Base<'a>, CredentialsError> {
    let token_file = get(section, TOKEN_FILE);
    if let Some(source) = read(section, &CREDENTIAL_SOURCE)? {
        let beside = || wrong(section, CREDENTIAL_SOURCE.key, &format!("stands beside {TOKEN_FILE}: set one of them"));
        return if token_file.is_none() { Ok(Base::Named(source)) } else { Err(beside()) };
    }
    if let Some(token_file) = token_file {
        let role_arn =
            get(section, ROLE_ARN.key).ok_or_else(|| wrong(section, TOKEN_FILE, "needs role_arn beside it"))?;
        let (session_name, origin) = (get(section, ROLE_SESSION_NAME.key), place(section, TOKEN_FILE).clone());
        return Ok(Base::WebIdentity(WebIdentity { role_arn, token_file, session_name, origin: Origin::File(origin) }));
    }
    let sso = SignIn::with_role(profiles, section).map_err(CredentialsError::invalid_configuration)?;
    if let Some((sign_in, role)) = sso {
        return Ok(Base::Sso(sign_in, role));
    }
    if get(section, LOGIN).is_some() {
        return Err(not_read(section));
    }
    if let Some(line) = section.values.get(PROCESS).filter(|_| get(section, PROCESS).is_some()) {
        return Ok(Base::Process(section, line));
    }
    if is_needed && get(section, KEY).or(get(section, SECRET)).is_none() {
        let text = format!(
            "profile `{}` at {} is to give the credentials that a role is assumed with, and has none",
            section.name, section.place
        );
        return Err(CredentialsError::invalid_configuration(text));
    }
    Ok(Base::Keys(section))
}

/// The error of a profile that signs in by `aws login`, with what does instead.
fn not_read(section: &Section) -> CredentialsError {
    let instead = format!("{PROCESS} = aws configure export-credentials --profile {} --format process", section.name);
    let what = "asks for credentials of `aws login`, which Tinsmith does not read";
    wrong(section, LOGIN, &format!("{what}; put `{instead}` into another profile, and choose that one"))
}

/// Whether a section says where credentials come from, other than from a role or a sign-in of a session. What is wrong
/// with that is told where it is read.
pub(super) fn gives_credentials(section: &Section) -> bool {
    [KEY, SECRET, PROCESS, LOGIN].iter().any(|name| get(section, name).is_some())
}

/// The value of a property that may not hold just anything.
fn read<T>(section: &Section, setting: &Setting<T>) -> Result<Option<T>, CredentialsError> {
    let Setting { key, allowed, parse, .. } = setting;
    let Some(text) = get(section, key) else { return Ok(None) };
    let origin = || Origin::File(place(section, key).clone());
    let malformed = || SettingError::malformed(&origin(), key, text, allowed);
    parse(text).map(Some).ok_or_else(|| CredentialsError::invalid_configuration(malformed()))
}

/// A property, unless it is blank. It is asked for in many places, each of which would hold the search of a map.
#[inline(never)]
pub(super) fn get<'a>(section: &'a Section, name: &str) -> Option<&'a str> {
    section.get(name).map(str::trim).filter(|value| !value.is_empty())
}

/// What is wrong with a property: the profile, the property, its place.
#[cold]
pub(super) fn wrong(section: &Section, name: &str, what: &str) -> CredentialsError {
    CredentialsError::invalid_configuration(fault(section, name, what))
}

/// The same as text.
pub(super) fn fault(section: &Section, name: &str, what: &str) -> String {
    format!("profile `{}`: {name} at {} {what}", section.name, place(section, name))
}

/// Where a property is set, or else its section.
fn place<'a>(section: &'a Section, name: &str) -> &'a Place {
    section.values.get(name).map_or(&section.place, |value| &value.place)
}
