//! Where settings are looked for after code: environment variables, then the chosen profile.

use std::borrow::Cow;
use std::sync::Arc;

use super::declare::{Declared as _, Setting};
use super::settings::{CONFIG_FILE, CREDENTIALS_FILE, PROFILE, REGION};
use super::{Origin, Resolved, SettingError, ca_bundle};
use crate::environment::{Environment, Files, Process};
use crate::profile::{Kind, Looked, ProfileFiles, Profiles, Section, Value};
use crate::region::Region;
use crate::telemetry;
use crate::transport::tls::TlsContext;

/// The environment, the chosen profile, and the shared files. It is read once, and shared by all clients that are made
/// from it.
#[derive(Debug)]
pub struct Sources {
    environment: Arc<dyn Environment>,
    profile: Resolved<String>,
    profiles: Result<Profiles, SettingError>,
    tls_context: Result<Option<TlsContext>, SettingError>,
    files_in_code: bool,
}

/// What code says about the sources.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The profile, where code chooses one.
    pub profile: Option<String>,
    /// The files that profiles are read from.
    pub files: ProfileFiles,
}

impl Sources {
    /// The environment of this process and the files that it names.
    pub fn process(choice: Choice) -> Self {
        Self::read(Process, &Process, choice)
    }

    /// The same from other doors. Files are read here, once; variables are read when they are asked for. What is wrong
    /// is told by whatever needs it.
    pub fn read(environment: impl Environment, files: &dyn Files, choice: Choice) -> Self {
        let profiles = Profiles::read(&environment, files, &choice.files)
            .map_err(|error| SettingError::new(format!("cannot read the shared AWS files: {error}")));
        let files_in_code = !choice.files.are_default();
        let profile = choose(&environment, choice.profile);
        let environment = Arc::new(environment);
        let mut sources = Self { environment, profile, profiles, tls_context: Ok(None), files_in_code };
        sources.tls_context = ca_bundle::read(&sources, files);
        telemetry::settings(&sources);
        sources
    }

    /// A setting from the first place that has it. A value of nothing but white space is none.
    pub(crate) fn get<T>(&self, setting: &Setting<T>) -> Result<Option<Resolved<T>>, SettingError> {
        let Setting { key, variables, allowed, parse, .. } = setting;
        let Some(Resolved { value: text, origin }) = self.text(variables, key)? else { return Ok(None) };
        match parse(text.trim()) {
            Some(value) => Ok(Some(Resolved { value, origin })),
            None => Err(SettingError::malformed(&origin, key, &text, allowed)),
        }
    }

    /// What the first of these variables holds, or else the property.
    fn text(&self, variables: &[&'static str], key: &str) -> Result<Option<Resolved<String>>, SettingError> {
        match variables.iter().find_map(|name| self.named_variable(*name)) {
            Some(found) => Ok(Some(found)),
            None => self.property(key),
        }
    }

    /// The environment itself.
    pub(crate) fn environment(&self) -> &dyn Environment {
        &*self.environment
    }

    /// A variable, unless it is not set or blank.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.environment.variable(name).filter(|value| !value.trim().is_empty())
    }

    /// A variable with its name, unless it is not set or blank.
    pub(crate) fn named_variable(&self, name: impl Into<Cow<'static, str>>) -> Option<Resolved<String>> {
        let name = name.into();
        self.variable(&name).map(|value| Resolved { value, origin: Origin::Variable(name) })
    }

    /// A property of the chosen profile, unless it is not there or blank.
    pub(crate) fn property(&self, key: &str) -> Result<Option<Resolved<String>>, SettingError> {
        Ok(self.section()?.and_then(|section| section.values.get(key)).and_then(found))
    }

    /// The section of the chosen profile, if there is one.
    pub(crate) fn section(&self) -> Result<Option<&Section>, SettingError> {
        Ok(self.profiles()?.section(Kind::Profile, &self.profile.value))
    }

    /// The shared files, unless one of them cannot be understood.
    pub(crate) fn profiles(&self) -> Result<&Profiles, SettingError> {
        self.profiles.as_ref().map_err(Clone::clone)
    }

    /// The TLS of clients, where a setting names a CA bundle.
    pub(crate) fn tls_context(&self) -> Result<Option<TlsContext>, SettingError> {
        self.tls_context.clone()
    }

    /// The name of the chosen profile, and who chose it.
    pub fn profile_name(&self) -> &Resolved<String> {
        &self.profile
    }

    /// The region, as text that nobody has checked yet.
    ///
    /// # Errors
    ///
    /// It is left to a shared file that cannot be understood.
    pub fn region(&self) -> Result<Option<Resolved<Region>>, SettingError> {
        self.get(&REGION)
    }

    /// The region of the chosen profile alone, as text that nobody has checked yet.
    ///
    /// # Errors
    ///
    /// A file cannot be understood.
    pub fn profile_region(&self) -> Result<Option<Resolved<Region>>, SettingError> {
        self.get(&Setting { variables: &[], ..REGION })
    }

    /// The files that were looked for, as `NAME, PATH`, and who said where they are.
    pub(crate) fn files(&self) -> Result<Vec<(&'static str, Resolved<String>)>, SettingError> {
        let shared: &[_] = if self.files_in_code { &[] } else { &[CONFIG_FILE, CREDENTIALS_FILE] };
        let file = |(at, looked): (usize, &Looked)| {
            let Some(setting) = shared.get(at) else {
                return ("file", Resolved { value: looked.to_string(), origin: Origin::Code });
            };
            let named = setting.variables.iter().find_map(|name| self.named_variable(*name));
            let origin = named.map_or(Origin::Default, |named| named.origin);
            (setting.name(), Resolved { value: looked.to_string(), origin })
        };
        Ok(self.profiles()?.files().iter().enumerate().map(file).collect())
    }

    /// What is wrong where somebody chose a profile that is not there.
    pub(super) fn missing_profile(&self) -> Option<SettingError> {
        let is_missing = self.profile.origin != Origin::Default && matches!(self.section(), Ok(None));
        is_missing.then(|| SettingError::new(format!("there is no {}", self.describe_profile())))
    }

    /// The end of a sentence about something that is missing: the chosen profile, the files where it was looked for,
    /// and, where there is no such profile, those that there are.
    pub(crate) fn describe_profile(&self) -> String {
        let Resolved { value: name, origin } = &self.profile;
        let Ok(profiles) = &self.profiles else { return format!("profile `{name}`") };
        let files: Vec<String> = profiles.files().iter().map(ToString::to_string).collect();
        let files = if files.is_empty() { "no file".to_owned() } else { files.join(" and ") };
        if profiles.section(Kind::Profile, name).is_some() {
            return format!("profile `{name}` in {files}");
        }
        let who = match origin {
            Origin::Default => String::new(),
            origin => format!(", chosen by {origin},"),
        };
        format!("profile `{name}`{who} in {files}, where {}", alternatives(profiles, name))
    }
}

/// The profile: code → `AWS_PROFILE` → `AWS_DEFAULT_PROFILE` → `default`.
fn choose(environment: &dyn Environment, code: Option<String>) -> Resolved<String> {
    if let Some(value) = code {
        return Resolved { value, origin: Origin::Code };
    }
    for name in PROFILE.variables {
        if let Some(value) = environment.variable(name).filter(|value| !value.trim().is_empty()) {
            return Resolved { value, origin: Origin::Variable(Cow::Borrowed(name)) };
        }
    }
    Resolved { value: "default".to_owned(), origin: Origin::Default }
}

/// The most names that an error lists.
const LISTED: usize = 20;

/// The profiles that there are, for who asked for one that there is not; and the section that was perhaps meant.
fn alternatives(profiles: &Profiles, name: &str) -> String {
    let all = profiles.sections(Kind::Profile).count();
    let names: Vec<&str> = profiles.sections(Kind::Profile).take(LISTED).map(|one| one.name.as_str()).collect();
    let more =
        all.checked_sub(LISTED).filter(|more| *more > 0).map_or(String::new(), |more| format!(" and {more} more"));
    let passed_over = profiles.ignored().iter().find(|one| one.header.split_whitespace().next_back() == Some(name));
    let meant = passed_over
        .map_or(String::new(), |one| format!(" ([{}] at {} is passed over: {})", one.header, one.place, one.reason));
    match names.as_slice() {
        [] => format!("there are no profiles{meant}"),
        names => format!("there are only {}{more}{meant}", names.join(", ")),
    }
}

pub(crate) fn found(value: &Value) -> Option<Resolved<String>> {
    let filled = !value.text.trim().is_empty();
    filled.then(|| Resolved { value: value.text.clone(), origin: Origin::File(value.place.clone()) })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::config::declare::RowOf;
    use crate::environment::{ScriptedEnvironment, ScriptedFiles};

    /// Sources with these variables and this config file, for tests.
    pub(crate) fn scripted(variables: &[(&str, &str)], config: &str) -> Arc<Sources> {
        let environment: ScriptedEnvironment = [("HOME", "/h")].iter().chain(variables).copied().collect();
        let files = ScriptedFiles::from_iter([("/h/.aws/config", config)]);
        Arc::new(Sources::read(environment, &files, Choice::default()))
    }

    const COLOUR: Setting<char> = Setting {
        key: "colour",
        variables: &["COLOUR", "COLOR"],
        allowed: "one letter",
        parse: |text| text.parse().ok(),
        row: RowOf::default("none"),
    };

    #[test]
    fn the_first_that_answers_wins() {
        let check = |variables: &[(&str, &str)], expected: Option<(char, &str)>| {
            let sources = scripted(variables, "[default]\n\ncolour = f\n[profile other]\ncolour = o\n[profile none]\n");
            let got = sources.get(&COLOUR).map(|got| got.map(|got| (got.value, got.origin.to_string())));
            assert_eq!(got, Ok(expected.map(|(value, origin)| (value, origin.to_owned()))), "{variables:?}");
        };
        check(&[("COLOUR", "a"), ("COLOR", "b")], Some(('a', "COLOUR")));
        check(&[("COLOUR", ""), ("COLOR", " b ")], Some(('b', "COLOR")));
        check(&[("COLOR", " ")], Some(('f', "/h/.aws/config:3")));
        check(&[("AWS_DEFAULT_PROFILE", "other")], Some(('o', "/h/.aws/config:5")));
        check(&[("AWS_PROFILE", "none"), ("AWS_DEFAULT_PROFILE", "other")], None);
        check(&[("AWS_PROFILE", ""), ("AWS_DEFAULT_PROFILE", "other")], Some(('o', "/h/.aws/config:5")));
        check(&[("AWS_PROFILE", "absent")], None);
    }

    #[test]
    fn what_is_malformed_says_where_and_what_is_allowed() {
        let check = |variables: &[(&str, &str)], config: &str, expected: &str| {
            let error = scripted(variables, config).get(&COLOUR).err().map(|error| error.to_string());
            assert_eq!(error.as_deref(), Some(expected));
        };
        check(&[("COLOR", "red")], "", r#"COLOR is "red", and should be one letter"#);
        let told = r#"`colour` at /h/.aws/config:2 is "red", and should be one letter"#;
        check(&[], "[default]\ncolour = red", told);
        let told = "cannot read the shared AWS files: /h/.aws/config:1: Profile definition must end with ']', such as \
                    [default] or [profile NAME]";
        check(&[], "[default", told);
        assert!(scripted(&[("COLOR", "r")], "[default").get(&COLOUR).is_ok());
    }

    #[test]
    fn a_profile_that_is_not_there_shows_those_that_are() {
        let check = |variables: &[(&str, &str)], config: &str, expected: &str| {
            assert_eq!(scripted(variables, config).describe_profile(), expected);
        };
        let files = "in /h/.aws/config and /h/.aws/credentials (not there)";
        check(&[], "[default]", &format!("profile `default` {files}"));
        check(&[], "", &format!("profile `default` {files}, where there are no profiles"));
        check(
            &[("AWS_PROFILE", "prod")],
            "[default]\n[profile dev]\n[prod]",
            &format!(
                "profile `prod`, chosen by AWS_PROFILE, {files}, where there are only default, dev ([prod] at \
                 /h/.aws/config:3 is passed over: in the config file it would have to be [profile prod])"
            ),
        );
        let many: String = (10..32).map(|number| format!("[profile p{number}]\n")).collect();
        let listed = (10..30).map(|number| format!("p{number}")).collect::<Vec<_>>().join(", ");
        check(&[], &many, &format!("profile `default` {files}, where there are only {listed} and 2 more"));
        let choice = Choice { profile: Some("p".into()), ..Choice::default() };
        let homeless = Sources::read(ScriptedEnvironment::default(), &ScriptedFiles::default(), choice);
        let told = "profile `p`, chosen by code, in ~/.aws/config (HOME is not set) and ~/.aws/credentials (HOME is not set), \
                    where there are no profiles";
        assert_eq!(homeless.describe_profile(), told);
    }
}
