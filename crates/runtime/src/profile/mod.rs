//! The shared config and credentials files: where they are, how they are read, and what they hold.
//!
//! The rules are those of the file format that all AWS SDKs share (the "Shared config and credentials files" pages of
//! the AWS SDKs and Tools Reference Guide, and the conformance suite that the SDKs have in common).

mod files;
mod location;
mod merge;
mod parse;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use self::files::ProfileFile;
use crate::environment::{Environment, Files};

pub use files::{ProfileFiles, ProfileFilesBuilder};
pub use location::{Locations, Platform};

/// The most that one file may hold, in bytes.
pub const MAX_FILE: u64 = 1 << 20;

/// What the files say, merged. Every section and value remembers its line.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    sections: BTreeMap<(Kind, String), Section>,
    ignored: Vec<Ignored>,
    files: Vec<Looked>,
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// `[default]`, `[profile NAME]`, and `[NAME]` in the credentials file.
    Profile,
    /// `[sso-session NAME]`.
    SsoSession,
    /// `[services NAME]`.
    Services,
}

/// A section, by the lower-case names of its properties.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name, without the word for its kind.
    pub name: String,
    /// Where it stands first.
    pub place: Place,
    /// Its properties.
    pub values: BTreeMap<String, Value>,
}

/// The value of a property.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    /// Its text; continued lines follow one another after a line feed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The properties nested below it, by their lower-case names, where its own line holds nothing.
    pub nested: BTreeMap<String, Value>,
}

/// Values may be secrets, so only their places are shown.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value").field("place", &self.place).field("nested", &self.nested).finish_non_exhaustive()
    }
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

/// What was passed over, as the format asks, and why: a hint for who misses it.
#[derive(Clone, Debug)]
pub struct Ignored {
    /// Where it stands.
    pub place: Place,
    /// The header of the section, without its brackets.
    pub header: String,
    /// Why, as the end of a sentence.
    pub reason: String,
}

/// A file that was looked for.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The file.
    pub path: Arc<str>,
    /// Why it could not be opened, where it could not.
    pub problem: Option<Arc<str>>,
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Some(problem) => write!(f, "{} ({problem})", self.path),
            None => f.write_str(&self.path),
        }
    }
}

/// A file that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError {
    place: Place,
    problem: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.line {
            0 => write!(f, "{}: {}", self.place.path, self.problem),
            _ => write!(f, "{}: {}", self.place, self.problem),
        }
    }
}

impl Error for ProfileError {}

/// Which of the two files a text comes from: their section headers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// The shared config file.
    Config,
    /// The shared credentials file.
    Credentials,
}

impl Profiles {
    /// Reads the files that code chose, the shared ones from where the environment says. A shared file that cannot be
    /// opened holds nothing, and its reason is kept for errors about what is missing.
    ///
    /// # Errors
    ///
    /// A file that is there and cannot be understood: too long, no file but a pipe, not UTF-8, or not of the format. A
    /// file that code names and that cannot be opened.
    pub fn read(environment: &dyn Environment, files: &dyn Files, chosen: &ProfileFiles) -> Result<Self, ProfileError> {
        let locations = Locations::find(environment, Platform::current());
        let mut profiles = Self::default();
        for file in &chosen.0 {
            match file {
                ProfileFile::Default(kind) => profiles.add_shared(*kind, locations.of(*kind), files)?,
                ProfileFile::File(kind, path) => {
                    let name: Arc<str> = path.to_string_lossy().into();
                    let bytes = files.read(path, MAX_FILE).map_err(|error| ProfileError::unreadable(&name, &error))?;
                    profiles.add(*kind, &name, &utf8(&name, bytes)?)?;
                    profiles.files.push(Looked { path: name, problem: None });
                }
                ProfileFile::Contents(kind, text) => {
                    let name: Arc<str> = "the contents set in code".into();
                    profiles.add(*kind, &name, text)?;
                    profiles.files.push(Looked { path: name, problem: None });
                }
            }
        }
        Ok(profiles)
    }

    fn add_shared(&mut self, kind: FileKind, path: Option<&str>, files: &dyn Files) -> Result<(), ProfileError> {
        let Some(path) = path.map(Arc::<str>::from) else {
            let path = if kind == FileKind::Config { "~/.aws/config" } else { "~/.aws/credentials" };
            self.files.push(Looked { path: path.into(), problem: Some("HOME is not set".into()) });
            return Ok(());
        };
        let problem = match files.read(Path::new(&*path), MAX_FILE) {
            Ok(bytes) => {
                self.add(kind, &path, &utf8(&path, bytes)?)?;
                None
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::FileTooLarge | io::ErrorKind::InvalidInput) => {
                return Err(ProfileError::unreadable(&path, &error));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some("not there".into()),
            Err(error) => Some(error.to_string().into()),
        };
        self.files.push(Looked { path, problem });
        Ok(())
    }

    /// Merges the text of one file into what is there; what stands later wins.
    ///
    /// # Errors
    ///
    /// The first line that is not of the format.
    pub fn add(&mut self, kind: FileKind, path: &Arc<str>, text: &str) -> Result<(), ProfileError> {
        let sections = parse::sections(path, text)?;
        merge::into(self, kind, sections);
        Ok(())
    }

    /// A section by its kind and name.
    pub fn section(&self, kind: Kind, name: &str) -> Option<&Section> {
        self.sections(kind).find(|section| section.name == name)
    }

    /// All sections of a kind, by name.
    pub fn sections(&self, kind: Kind) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |((of, _), _)| *of == kind).map(|(_, section)| section)
    }

    /// What was passed over.
    pub fn ignored(&self) -> &[Ignored] {
        &self.ignored
    }

    /// The files that were looked for.
    pub fn files(&self) -> &[Looked] {
        &self.files
    }
}

fn utf8(path: &Arc<str>, bytes: Vec<u8>) -> Result<String, ProfileError> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
        let line = before.saturating_add(1);
        let problem = "the file should be UTF-8, and is not from here on".to_owned();
        ProfileError { place: Place { path: path.clone(), line }, problem }
    })
}

impl ProfileError {
    fn unreadable(path: &Arc<str>, error: &io::Error) -> Self {
        Self { place: Place { path: path.clone(), line: 0 }, problem: format!("the file cannot be read: {error}") }
    }
}

impl Section {
    /// The text of a property.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| value.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{ScriptedEnvironment, ScriptedFiles};

    fn read(config: impl Into<Vec<u8>>) -> Result<Profiles, String> {
        let environment = ScriptedEnvironment::from_iter([("HOME", "/h"), ("AWS_CONFIG_FILE", "/etc/aws")]);
        let files = ScriptedFiles::from_iter([("/etc/aws", config.into())]);
        Profiles::read(&environment, &files, &ProfileFiles::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn values_remember_their_lines() {
        let text =
            "# top\n[default]\nregion = r\n\n[services s]\nlambda =\n\n  ENDPOINT_URL = http://x # why\n  b = c\n";
        let profiles = read(text).unwrap_or_default();
        let place = |line| Place { path: "/etc/aws".into(), line };
        let section = profiles.section(Kind::Profile, "default");
        assert_eq!(section.map(|section| &section.place), Some(&place(2)));
        assert_eq!(section.and_then(|section| section.values.get("region")).map(|value| &value.place), Some(&place(3)));
        let lambda = profiles.section(Kind::Services, "s").and_then(|section| section.values.get("lambda"));
        let nested = lambda.and_then(|value| value.nested.get("endpoint_url"));
        assert_eq!(nested.map(|value| (value.text.as_str(), &value.place)), Some(("http://x", &place(8))));
        let files: Vec<String> = profiles.files().iter().map(ToString::to_string).collect();
        assert_eq!(files, ["/etc/aws", "/h/.aws/credentials (not there)"]);
    }

    #[test]
    fn what_cannot_be_understood_says_where() {
        let check = |content: &[u8], expected: &str| assert_eq!(read(content).err().as_deref(), Some(expected));
        check(b"[default]\nregion = \xff", "/etc/aws:2: the file should be UTF-8, and is not from here on");
        check(&vec![b'#'; 1 + (1 << 20)], "/etc/aws: the file cannot be read: it has more than 1048576 bytes");
        assert!(read(vec![b'#'; 1 << 20]).is_ok());
    }

    #[test]
    fn debug_shows_no_value() {
        let profiles = read("[default]\naws_secret_access_key = the-secret").unwrap_or_default();
        assert!(!format!("{profiles:?}").contains("the-secret"));
        assert!(format!("{profiles:?}").contains("aws_secret_access_key"));
    }

    #[test]
    fn code_chooses_the_files_and_their_order() {
        let environment = ScriptedEnvironment::from_iter([("HOME", "/h")]);
        let files = ScriptedFiles::from_iter([
            ("/h/.aws/config", "[default]\na = shared\nb = shared"),
            ("/f", "[default]\na = f"),
        ]);
        let check = |chosen: ProfileFilesBuilder, expected: Result<[Option<&str>; 2], &str>| {
            let read = Profiles::read(&environment, &files, &chosen.build());
            let got = read.as_ref().map(|read| {
                let section = read.section(Kind::Profile, "default");
                ["a", "b"].map(|name| section.and_then(|section| section.get(name)))
            });
            assert_eq!(got.map_err(ToString::to_string), expected.map_err(str::to_owned));
        };
        let none = ProfileFiles::builder;
        let contents = "[default]\nb = contents";
        check(none(), Ok([None, None]));
        check(none().include_default_config_file(true), Ok([Some("shared"), Some("shared")]));
        check(
            none().with_file(FileKind::Credentials, "/f").include_default_config_file(true),
            Ok([Some("f"), Some("shared")]),
        );
        let both = none().with_contents(FileKind::Config, contents).with_file(FileKind::Config, "/f");
        check(both, Ok([Some("f"), Some("contents")]));
        check(none().with_file(FileKind::Config, "/g"), Err("/g: the file cannot be read: entity not found"));
        let told =
            "the contents set in code:1: Profile definition must end with ']', such as [default] or [profile NAME]";
        check(none().with_contents(FileKind::Config, "[the-secret"), Err(told));
        assert!(!format!("{:?}", none().with_contents(FileKind::Config, "the-secret")).contains("the-secret"));
    }
}
