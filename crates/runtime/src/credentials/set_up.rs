//! Which sources of credentials are set up, told without asking any of them.

use super::CredentialsError;
use super::environment::EnvironmentCredentials;
use super::profile::keys;
use super::role_chain::{Base, NamedSource, Role, RoleChain};
use super::settings::{
    ACCESS_KEY_ID, ACCOUNT_ID, CONTAINER_FULL_URI, CONTAINER_RELATIVE_URI, CREDENTIAL_PROCESS, CREDENTIAL_SOURCE,
    DURATION_SECONDS, EXTERNAL_ID, MFA_SERIAL, ROLE_ARN, ROLE_SESSION_NAME, SECRET_ACCESS_KEY, SESSION_TOKEN,
    SOURCE_PROFILE, SSO_ACCOUNT_ID, SSO_REGION, SSO_ROLE_NAME, SSO_SESSION, SSO_START_URL, WEB_IDENTITY_TOKEN_FILE,
};
use crate::config::declare::{Setting, Source};
use crate::config::settings::IMDS_DISABLED;
use crate::config::{Origin, Resolved, SettingError, Sources};
use crate::profile::Section;

/// A source that is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetUp {
    /// Which one of the default chain; none where code brings one of its own.
    pub(crate) source: Option<Source>,
    /// What it does, in words.
    pub(crate) what: String,
    /// Of the properties of the chosen profile those that it is made of, where that can be told.
    parts: Option<Vec<&'static str>>,
    /// What sets it up.
    pub(crate) origin: Origin,
    /// Why it would fail, so far as that can be told.
    pub(crate) problem: Option<SettingError>,
}

/// The sources of the default chain that are set up, in the order in which they are asked: the first one answers, or
/// fails. The metadata service, which nobody has to set up, stands there where there is no other.
pub(crate) fn all(sources: &Sources) -> Vec<SetUp> {
    let set_up = [environment(sources), profile(sources), web_identity(sources), container(sources)];
    let mut set_up: Vec<_> = set_up.into_iter().flatten().collect();
    if set_up.is_empty() {
        set_up.extend(instance(sources));
    }
    set_up
}

impl SetUp {
    pub(crate) fn new(source: Option<Source>, what: impl Into<String>, origin: Origin) -> Self {
        Self { source, what: what.into(), parts: None, origin, problem: None }
    }

    /// Whether a setting is a part of it, by the source that the setting belongs to and its property.
    pub(crate) fn is_made_of(&self, source: Source, key: &str) -> bool {
        self.source == Some(source) && self.parts.as_ref().is_none_or(|parts| parts.contains(&key))
    }

    fn with(mut self, checked: Result<(), CredentialsError>) -> Self {
        self.problem = checked.err().map(|error| SettingError::new(error.to_string()));
        self
    }
}

fn environment(sources: &Sources) -> Option<SetUp> {
    let set = variable(sources, &ACCESS_KEY_ID).or_else(|| variable(sources, &SECRET_ACCESS_KEY))?;
    let read = EnvironmentCredentials::read(sources).map(|_| ());
    Some(SetUp::new(Some(Source::Environment), "keys of the environment", set.origin).with(read))
}

fn profile(sources: &Sources) -> Option<SetUp> {
    let source = Some(Source::Profile);
    let section = match sources.section() {
        Ok(section) => section?,
        Err(error) => {
            let chosen = sources.profile_name().origin.clone();
            return Some(SetUp { problem: Some(error), ..SetUp::new(source, "the shared files", chosen) });
        }
    };
    let origin = Origin::File(section.place.clone());
    let named = |what: &str| format!("profile `{}`: {what}", section.name);
    let profiles = sources.profiles().ok()?;
    let RoleChain { base, roles, .. } = match RoleChain::of(profiles, section) {
        Ok(chain) => chain,
        Err(error) => return Some(SetUp::new(source, named("a role or a sign-in"), origin).with(Err(error))),
    };
    let checked = match &base {
        Base::Keys(section) => keys(section, sources).map(|_| ()),
        _ => Ok(()),
    };
    if roles.is_empty() && matches!(checked, Err(CredentialsError::CredentialsNotLoaded(_))) {
        return None;
    }
    let way = roles.iter().fold(told(&base, section), |way, role| format!("{way} → role {}", role.arn));
    let parts = Some(parts(&base, &roles, section));
    Some(SetUp { parts, ..SetUp::new(source, named(&way), origin).with(checked) })
}

/// The properties of a profile that say how its role is assumed with credentials.
const OF_ROLE: [&str; 7] = [
    ROLE_ARN.key,
    SOURCE_PROFILE.key,
    CREDENTIAL_SOURCE.key,
    EXTERNAL_ID.key,
    ROLE_SESSION_NAME.key,
    DURATION_SECONDS.key,
    MFA_SERIAL.key,
];

/// The properties of the chosen profile that count: what stands beside them has no effect.
fn parts(base: &Base<'_>, roles: &[Role<'_>], selected: &Section) -> Vec<&'static str> {
    let is_selected = |section: &Section| section.name == selected.name;
    let of_base: &[&str] = match base {
        Base::Keys(section) if is_selected(section) => {
            &[ACCESS_KEY_ID.key, SECRET_ACCESS_KEY.key, SESSION_TOKEN.key, ACCOUNT_ID.key]
        }
        Base::Process(section, _) if is_selected(section) => &[CREDENTIAL_PROCESS.key, ACCOUNT_ID.key],
        Base::Named(_) if roles.is_empty() => &[CREDENTIAL_SOURCE.key],
        Base::WebIdentity(_) if roles.is_empty() => &[ROLE_ARN.key, WEB_IDENTITY_TOKEN_FILE.key, ROLE_SESSION_NAME.key],
        Base::Sso(..) if roles.is_empty() => {
            &[SSO_SESSION.key, SSO_REGION.key, SSO_START_URL.key, SSO_ACCOUNT_ID.key, SSO_ROLE_NAME.key]
        }
        _ => &[],
    };
    let of_role: &[&str] = if roles.is_empty() { &[] } else { &OF_ROLE };
    [of_role, of_base].concat()
}

/// Where first credentials come from, in words.
fn told(base: &Base<'_>, selected: &Section) -> String {
    let of = |section: &Section| match section.name == selected.name {
        true => String::new(),
        false => format!(" of profile `{}`", section.name),
    };
    match base {
        Base::Keys(section) => format!("keys{}", of(section)),
        Base::Process(section, _) => format!("credential_process{}", of(section)),
        Base::Named(NamedSource::Environment) => "keys of the environment".to_owned(),
        Base::Named(NamedSource::EcsContainer) => "agent of the container".to_owned(),
        Base::Named(NamedSource::Ec2InstanceMetadata) => "metadata service of the instance".to_owned(),
        Base::WebIdentity(identity) => format!("token in {} → role {}", identity.token_file, identity.role_arn),
        Base::Sso(sign_in, role) => {
            let session = sign_in.session.as_ref().map_or(String::new(), |session| format!(" (session `{session}`)"));
            format!("SSO{session} → role {} in account {}", role.role_name, role.account_id)
        }
    }
}

fn web_identity(sources: &Sources) -> Option<SetUp> {
    let token = variable(sources, &WEB_IDENTITY_TOKEN_FILE)?;
    let role = variable(sources, &ROLE_ARN);
    let checked = role.is_some().then_some(()).ok_or_else(super::web_identity::no_role);
    let role = role.map_or(String::new(), |role| format!(" → role {}", role.value.trim()));
    let what = format!("token in {}{role}", token.value.trim());
    Some(SetUp::new(Some(Source::WebIdentity), what, token.origin).with(checked))
}

fn container(sources: &Sources) -> Option<SetUp> {
    let set = variable(sources, &CONTAINER_RELATIVE_URI).or_else(|| variable(sources, &CONTAINER_FULL_URI))?;
    Some(SetUp::new(Some(Source::Container), "agent of the container", set.origin))
}

/// Whether the service is asked at all.
fn instance(sources: &Sources) -> Option<SetUp> {
    let source =
        SetUp::new(Some(Source::Instance), "metadata service of the instance, if there is one", Origin::Default);
    match sources.get(&IMDS_DISABLED) {
        Ok(Some(Resolved { value: true, .. })) => None,
        Ok(_) => Some(source),
        Err(error) => Some(SetUp { problem: Some(error), ..source }),
    }
}

fn variable<T>(sources: &Sources, setting: &Setting<T>) -> Option<Resolved<String>> {
    setting.variables.iter().find_map(|name| sources.named_variable(*name))
}
