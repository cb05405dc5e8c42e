//! What a profile asks for: where its first credentials come from, and the roles that are assumed with them, one after the
//! other. All of it is decided here, before anything is asked.

use super::CredentialsError;
use super::settings::{CREDENTIAL_SOURCE, DURATION_SECONDS};
use super::sso::{SignIn, SsoRole};
use crate::config::declare::Setting;
use crate::config::{Origin, SettingError};
use crate::profile::{Kind, Place, Profiles, Section, Value};

pub(super) const KEY: &str = "aws_access_key_id";
pub(super) const SECRET: &str = "aws_secret_access_key";
const TOKEN_FILE: &str = "web_identity_token_file";
/// A line that prints credentials.
const PROCESS: &str = "credential_process";
/// The property by which a profile asks for credentials of `aws login`.
const LOGIN: &str = "login_session";

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
                return Err(wrong(section, "source_profile", &format!("goes in a circle: {}", passed.join(" → "))));
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
    let Some(arn) = get(section, "role_arn").filter(|_| get(section, TOKEN_FILE).is_none()) else {
        return Ok(None);
    };
    Ok(Some(Role {
        profile: &section.name,
        arn,
        external_id: get(section, "external_id"),
        session_name: get(section, "role_session_name"),
        duration: read(section, &DURATION_SECONDS)?,
        mfa: get(section, "mfa_serial").map(|serial| Mfa { serial, place: place(section, "mfa_serial") }),
    }))
}

/// The section whose credentials a role is assumed with; none where that is the section itself.
fn source<'a>(profiles: &'a Profiles, section: &'a Section) -> Result<Option<&'a Section>, CredentialsError> {
    let name = "source_profile";
    match (get(section, name), get(section, "credential_source")) {
        (Some(_), Some(_)) => Err(wrong(section, name, "stands beside credential_source: set one of them")),
        (None, Some(_)) => Ok(None),
        (Some(source), None) => profiles.section(Kind::Profile, source).map(Some).ok_or_else(|| {
            let known: Vec<&str> = profiles.sections(Kind::Profile).map(|section| section.name.as_str()).collect();
            let known = known.join(", ");
            wrong(section, name, &format!("names `{source}`, which is no profile; there are {known}"))
        }),
        (None, None) => Err(wrong(section, "role_arn", "needs source_profile or credential_source beside it")),
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
            get(section, "role_arn").ok_or_else(|| wrong(section, TOKEN_FILE, "needs role_arn beside it"))?;
        let (session_name, origin) = (get(section, "role_session_name"), place(section, TOKEN_FILE).clone());
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

/// A property, unless it is blank.
pub(super) fn get<'a>(section: &'a Section, name: &str) -> Option<&'a str> {
    section.get(name).map(str::trim).filter(|value| !value.is_empty())
}

/// What is wrong with a property: the profile, the property, its place.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::profile::FileKind;

    fn told(text: &str) -> Result<String, String> {
        let mut profiles = Profiles::default();
        profiles.add(FileKind::Config, &Arc::from("c"), text).unwrap();
        let selected = profiles.section(Kind::Profile, "A").unwrap();
        let chain = RoleChain::of(&profiles, selected).map_err(|error| error.to_string())?;
        let base = match chain.base {
            Base::Keys(section) => section.name.clone(),
            Base::Process(section, line) => format!("{} by {}", section.name, line.text),
            Base::Named(source) => format!("{source:?}"),
            Base::Sso(SignIn { session, region, start_url, .. }, SsoRole { account_id, role_name }) => {
                format!("{role_name} of {account_id} by {session:?} {start_url} in {region}")
            }
            Base::WebIdentity(WebIdentity { role_arn, token_file, session_name, origin }) => {
                format!("{role_arn} by {token_file} of {origin} as {session_name:?}")
            }
        };
        let role = |role: &Role<'_>| {
            let Role { profile, arn, external_id, session_name, duration, mfa } = role;
            let mfa = mfa.as_ref().map_or(String::new(), |mfa| format!(" with {} of {}", mfa.serial, mfa.place));
            format!(" → {profile} {arn} {external_id:?} {session_name:?} {duration:?}{mfa}")
        };
        Ok(base + &chain.roles.iter().map(role).collect::<String>())
    }

    #[test]
    fn chains() {
        let check = |text: &str, expected: &str| assert_eq!(told(text), Ok(expected.to_owned()), "{text}");
        let keys = "aws_access_key_id=k\naws_secret_access_key=s\n";
        check(&format!("[profile A]\n{keys}"), "A");
        check("[profile A]\n", "A");
        check("[profile A]\ncredential_process=x\n", "A by x");
        check(&format!("[profile A]\ncredential_process=x\n{keys}"), "A by x");
        let one =
            "[profile A]\nrole_arn=a\nsource_profile=B\nexternal_id=e\nrole_session_name=n\nduration_seconds=900\n";
        check(&format!("{one}[profile B]\n{keys}"), "B → A a Some(\"e\") Some(\"n\") Some(900)");
        let device = "[profile A]\nrole_arn=a\nsource_profile=B\nmfa_serial=m\n";
        check(&format!("{device}[profile B]\n{keys}"), "B → A a None None None with m of c:4");
        check(&format!("{}[profile B]\n{keys}", device.replace("=m", "= ")), "B → A a None None None");
        let self_referential = format!("[profile A]\nrole_arn=a\nsource_profile=A\n{keys}");
        check(&self_referential, "A → A a None None None");
        let two =
            format!("[profile A]\nrole_arn=a\nsource_profile=B\n{keys}[profile B]\nrole_arn=b\nsource_profile=C\n");
        check(&format!("{two}[profile C]\n{keys}"), "C → B b None None None → A a None None None");
        check(&format!("{two}{keys}[profile C]\n{keys}"), "B → A a None None None");
        // The keys of a source are asked before whatever stands beside them.
        for beside in
            ["credential_process=x", "credential_source=Environment", "web_identity_token_file=/t", "login_session=x"]
        {
            check(&format!("{one}[profile B]\n{keys}{beside}\n"), "B → A a Some(\"e\") Some(\"n\") Some(900)");
        }
        check(&format!("{one}[profile B]\ncredential_process=x\n"), "B by x → A a Some(\"e\") Some(\"n\") Some(900)");
        for source in ["Environment", "EcsContainer", "Ec2InstanceMetadata"] {
            let text = format!("[profile A]\nrole_arn=a\ncredential_source={source}");
            check(&text, &format!("{source} → A a None None None"));
        }
        let web = "[profile B]\nrole_arn=b\nweb_identity_token_file=/t\nrole_session_name=n\n";
        for beside in ["", "source_profile=C\n", "credential_process=x\n", keys] {
            check(&format!("{}{beside}", web.replace("B]", "A]")), "b by /t of c:3 as Some(\"n\")");
        }
        check(
            &format!("[profile A]\nrole_arn=a\nsource_profile=B\n{web}"),
            "b by /t of c:6 as Some(\"n\") → A a None None None",
        );
    }

    #[test]
    fn sign_ins() {
        let check = |text: &str, expected: &str| assert_eq!(told(text), Ok(expected.to_owned()), "{text}");
        let fails = |text: &str, expected: &str| {
            let expected = format!("the source of credentials is set up wrongly: {expected}");
            assert_eq!(told(text), Err(expected), "{text}");
        };
        let role = "[profile A]\nsso_account_id=1\nsso_role_name=R\n";
        check(&format!("{role}sso_region=r\nsso_start_url=u\n"), "R of 1 by None u in r");
        let session = "[sso-session s]\nsso_region=r\nsso_start_url=u\n";
        check(&format!("{role}sso_session=s\n{session}"), "R of 1 by Some(\"s\") u in r");
        check(&format!("{role}sso_session=s\nsso_region=r\n{session}"), "R of 1 by Some(\"s\") u in r");
        check(&format!("[profile A]\nsso_session=s\ncredential_process=x\n{session}"), "A by x");
        let chain =
            format!("[profile A]\nrole_arn=a\nsource_profile=B\n{}sso_session=s\n{session}", role.replace("A]", "B]"));
        check(&chain, "R of 1 by Some(\"s\") u in r → A a None None None");
        let bearer = "gives a bearer token, and credentials only with sso_account_id and sso_role_name beside it";
        fails(&format!("[profile A]\nsso_session=s\n{session}"), &format!("profile `A`: sso_session at c:2 {bearer}"));
        fails("[profile A]\nsso_account_id=1\n", "profile `A`: sso_account_id at c:2 needs sso_role_name beside it");
        fails("[profile A]\nsso_role_name=R\n", "profile `A`: sso_role_name at c:2 needs sso_account_id beside it");
        fails(role, "profile `A`: sso_account_id at c:2 needs sso_region beside it");
        let unknown = "profile `A`: sso_session at c:4 names `s`, and there is no section [sso-session s]";
        fails(&format!("{role}sso_session=s\n"), unknown);
        let half = "section [sso-session s] at c:5 has no sso_start_url";
        fails(&format!("{role}sso_session=s\n[sso-session s]\nsso_region=r\n"), half);
        let other = "profile `A`: sso_region at c:5 is not what [sso-session s] says: delete it";
        fails(&format!("{role}sso_session=s\nsso_region=q\n{session}"), other);
    }

    #[test]
    fn what_cannot_be_followed_says_where() {
        let check = |text: &str, expected: &str| {
            let expected = format!("the source of credentials is set up wrongly: {expected}");
            assert_eq!(told(text), Err(expected), "{text}");
        };
        check(
            "[profile A]\nrole_arn=a",
            "profile `A`: role_arn at c:2 needs source_profile or credential_source beside it",
        );
        let both = "[profile A]\nrole_arn=a\nsource_profile=B\ncredential_source=Environment";
        check(both, "profile `A`: source_profile at c:3 stands beside credential_source: set one of them");
        let both = "[profile A]\nrole_arn=a\nweb_identity_token_file=/t\ncredential_source=Environment";
        check(both, "profile `A`: credential_source at c:4 stands beside web_identity_token_file: set one of them");
        let circle = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile B]\nrole_arn=b\nsource_profile=C\n[profile C]\nrole_arn=c\nsource_profile=B";
        check(circle, "profile `B`: source_profile at c:6 goes in a circle: A → B → C → B");
        let keys = circle.replace("[profile B]", "aws_access_key_id=k\naws_secret_access_key=s\n[profile B]");
        check(&keys, "profile `B`: source_profile at c:8 goes in a circle: A → B → C → B");
        let missing = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile D]\n";
        check(missing, "profile `A`: source_profile at c:3 names `B`, which is no profile; there are A, D");
        let empty = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile B]\nregion=r\n";
        check(empty, "profile `B` at c:4 is to give the credentials that a role is assumed with, and has none");
        let login = "[profile A]\nrole_arn=a\nsource_profile=B\n[profile B]\nlogin_session=x\n";
        let instead = "put `credential_process = aws configure export-credentials --profile B --format process` into another profile, and choose that one";
        check(
            login,
            &format!(
                "profile `B`: login_session at c:5 asks for credentials of `aws login`, which Tinsmith does not read; {instead}"
            ),
        );
        let source = "[profile A]\nrole_arn=a\ncredential_source=Elsewhere";
        check(
            source,
            "`credential_source` at c:3 is \"Elsewhere\", and should be `Environment`, `EcsContainer` or `Ec2InstanceMetadata`",
        );
        check(
            "[profile A]\nweb_identity_token_file=/t",
            "profile `A`: web_identity_token_file at c:2 needs role_arn beside it",
        );
        for duration in ["899", "43201", "1h", "99999999999"] {
            let text = format!("[profile A]\nrole_arn=a\nsource_profile=B\nduration_seconds={duration}");
            let expected = "and should be a whole number of seconds from 900 to 43200";
            check(&text, &format!("`duration_seconds` at c:4 is {duration:?}, {expected}"));
        }
    }
}
