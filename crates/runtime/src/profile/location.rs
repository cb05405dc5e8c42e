//! Where the shared files are.

use super::FileKind;
use crate::environment::Environment;

/// The paths of the two files; `None` where there is neither a variable that names one nor a home directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locations {
    /// The shared config file.
    pub config: Option<String>,
    /// The shared credentials file.
    pub credentials: Option<String>,
}

/// What decides about home directories and separators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Platform {
    /// Linux, macOS and their kin.
    Unix,
    /// Windows.
    Windows,
}

impl Platform {
    /// The one that this program was built for.
    pub const fn current() -> Self {
        if cfg!(windows) { Self::Windows } else { Self::Unix }
    }

    fn separator(self) -> char {
        match self {
            Self::Unix => '/',
            Self::Windows => '\\',
        }
    }
}

impl Locations {
    /// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, else `config` and `credentials` in `.aws` of the home
    /// directory. A leading `~` stands for the home directory. A blank variable is as one that is not set.
    pub fn find(environment: &dyn Environment, platform: Platform) -> Self {
        let home = home(environment, platform);
        let find = |variable, name| match set(environment, variable) {
            Some(path) => Some(expand(path, home.as_deref(), platform)),
            None => home.as_deref().map(|home| join(home, &[".aws", name], platform)),
        };
        Self {
            config: find("AWS_CONFIG_FILE", "config"),
            credentials: find("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        }
    }

    pub(super) fn of(&self, file: FileKind) -> Option<&str> {
        match file {
            FileKind::Config => self.config.as_deref(),
            FileKind::Credentials => self.credentials.as_deref(),
        }
    }

    /// A path below the home directory, if there is one.
    pub(crate) fn in_home(environment: &dyn Environment, platform: Platform, names: &[&str]) -> Option<String> {
        home(environment, platform).map(|home| join(&home, names, platform))
    }
}

/// The home directory: `HOME`, and on Windows `USERPROFILE`, then `HOMEDRIVE` with `HOMEPATH`.
fn home(environment: &dyn Environment, platform: Platform) -> Option<String> {
    let windows = || {
        set(environment, "USERPROFILE")
            .or_else(|| Some(set(environment, "HOMEDRIVE")? + &set(environment, "HOMEPATH")?))
    };
    set(environment, "HOME").or_else(|| if platform == Platform::Windows { windows() } else { None })
}

fn set(environment: &dyn Environment, variable: &str) -> Option<String> {
    environment.variable(variable).filter(|value| !value.trim().is_empty())
}

/// `~` alone or before a separator is the home directory; `~name` is a name like any other.
fn expand(path: String, home: Option<&str>, platform: Platform) -> String {
    let separators: &[char] = if platform == Platform::Windows { &['/', '\\'] } else { &['/'] };
    let (Some(rest), Some(home)) = (path.strip_prefix('~'), home) else { return path };
    match rest.strip_prefix(separators) {
        Some(rest) => join(home, &rest.split(separators).collect::<Vec<_>>(), platform),
        None if rest.is_empty() => home.to_owned(),
        None => path,
    }
}

fn join(home: &str, parts: &[&str], platform: Platform) -> String {
    let mut path = home.trim_end_matches(platform.separator()).to_owned();
    for part in parts {
        path.push(platform.separator());
        path.push_str(part);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::ScriptedEnvironment;

    #[test]
    fn a_tilde_is_the_home_directory() {
        let check = |platform, home: Option<&str>, named: &str, expected: &str| {
            let home = home.map(|home| ("HOME", home));
            let variables = ScriptedEnvironment::from_iter(home.into_iter().chain([("AWS_CONFIG_FILE", named)]));
            assert_eq!(Locations::find(&variables, platform).config.as_deref(), Some(expected), "{named}");
        };
        check(Platform::Unix, Some("/h"), "~/a/b", "/h/a/b");
        check(Platform::Unix, Some("/h/"), "~", "/h/");
        check(Platform::Unix, Some("/"), "~/a", "/a");
        check(Platform::Unix, Some("/h"), "~other/a", "~other/a");
        check(Platform::Unix, Some("/h"), "/a/~/b", "/a/~/b");
        check(Platform::Unix, None, "~/a", "~/a");
        check(Platform::Windows, Some("C:\\h"), "~/a\\b", "C:\\h\\a\\b");
    }

    #[test]
    fn without_a_home_there_are_no_files() {
        let nothing = Locations { config: None, credentials: None };
        let check = |variables: &[(&str, &str)]| {
            let variables: ScriptedEnvironment = variables.iter().copied().collect();
            assert_eq!(Locations::find(&variables, Platform::Unix), nothing);
        };
        check(&[]);
        check(&[("USERPROFILE", "C:\\h"), ("HOME", ""), ("AWS_CONFIG_FILE", " ")]);
    }
}
