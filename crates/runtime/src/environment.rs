//! The doors to the process environment and to files, for settings.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Answers with the value of an environment variable.
pub trait Environment: fmt::Debug + Send + Sync + 'static {
    /// The value, where the variable is set.
    fn variable(&self, name: &str) -> Option<String>;
}

/// Reads files.
pub trait Files: fmt::Debug + Send + Sync + 'static {
    /// The whole content of a file.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being opened or read, and [`io::ErrorKind::FileTooLarge`] where it has more than
    /// `limit` bytes.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
}

/// The environment of this process and the files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Process;

impl Environment for Process {
    /// What is no Unicode is kept with replacement characters, so that the check of the setting names the variable.
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }
}

impl Files for Process {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut content)?;
        within(limit, content)
    }
}

fn within(limit: u64, content: Vec<u8>) -> io::Result<Vec<u8>> {
    match u64::try_from(content.len()) {
        Ok(length) if length <= limit => Ok(content),
        _ => Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes"))),
    }
}

#[cfg(any(test, feature = "test-util"))]
pub use scripted::{ScriptedEnvironment, ScriptedFiles};

#[cfg(any(test, feature = "test-util"))]
mod scripted {
    use std::collections::BTreeMap;
    use std::fmt;
    use std::io;
    use std::path::{Path, PathBuf};

    use super::{Environment, Files, within};

    /// An environment for tests: these variables, and no others.
    #[derive(Clone, Default)]
    pub struct ScriptedEnvironment(BTreeMap<String, String>);

    /// Names alone: values may be secrets.
    impl fmt::Debug for ScriptedEnvironment {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_set().entries(self.0.keys()).finish()
        }
    }

    impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for ScriptedEnvironment {
        fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
            Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
        }
    }

    impl Environment for ScriptedEnvironment {
        fn variable(&self, name: &str) -> Option<String> {
            self.0.get(name).cloned()
        }
    }

    /// Files for tests: these, and no others.
    #[derive(Clone, Default)]
    pub struct ScriptedFiles(BTreeMap<PathBuf, Vec<u8>>);

    /// Paths alone: files may hold secrets.
    impl fmt::Debug for ScriptedFiles {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_set().entries(self.0.keys()).finish()
        }
    }

    impl<K: Into<PathBuf>, V: Into<Vec<u8>>> FromIterator<(K, V)> for ScriptedFiles {
        fn from_iter<I: IntoIterator<Item = (K, V)>>(files: I) -> Self {
            Self(files.into_iter().map(|(path, content)| (path.into(), content.into())).collect())
        }
    }

    impl Files for ScriptedFiles {
        fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
            within(limit, self.0.get(path).cloned().ok_or(io::ErrorKind::NotFound)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_answers_and_bounds_what_it_reads() {
        assert!(Process.variable("PATH").is_some());
        assert_eq!(Process.variable("TINSMITH_NOT_SET"), None);
        let this_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/environment.rs");
        assert!(Process.read(&this_file, 1 << 20).is_ok_and(|content| content.starts_with(b"//! The doors")));
        let error = Process.read(&this_file, 10).err();
        assert_eq!(error.map(|error| error.kind()), Some(io::ErrorKind::FileTooLarge));
    }
}
