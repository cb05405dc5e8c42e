//! The doors to the process environment and to files, for settings and credentials.

mod machine;

use std::fmt;
use std::io;
use std::path::Path;

pub(crate) use machine::read_up_to;

/// Answers with the value of an environment variable.
pub trait Environment: fmt::Debug + Send + Sync + 'static {
    /// The value, where the variable is set.
    fn variable(&self, name: &str) -> Option<String>;
}

/// Reads files, and replaces those in which sign-ins are kept.
pub trait Files: fmt::Debug + Send + Sync + 'static {
    /// The whole content of a file.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being opened or read, [`io::ErrorKind::FileTooLarge`] where it has more than
    /// `limit` bytes, and [`io::ErrorKind::InvalidInput`] where it is none: a pipe that nobody writes into would be
    /// waited for without end, and one that somebody does gives what it holds to the first reader alone, though files
    /// are read anew with each load of settings and each refresh of credentials.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Puts this content in the place of a file that is there, whole or not at all, for its owner alone to read.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being replaced; a door that does not say how to, only reads.
    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let _ = (path, content);
        Err(io::ErrorKind::Unsupported.into())
    }
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
        within(limit, machine::read(path, limit)?)
    }

    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        machine::replace(path, content)
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
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

    /// Files for tests: these, and no others. Clones share them.
    #[derive(Clone, Default)]
    pub struct ScriptedFiles(Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>);

    impl ScriptedFiles {
        fn lock(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// Paths alone: files may hold secrets.
    impl fmt::Debug for ScriptedFiles {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_set().entries(self.lock().keys()).finish()
        }
    }

    impl<K: Into<PathBuf>, V: Into<Vec<u8>>> FromIterator<(K, V)> for ScriptedFiles {
        fn from_iter<I: IntoIterator<Item = (K, V)>>(files: I) -> Self {
            let files = files.into_iter().map(|(path, content)| (path.into(), content.into()));
            Self(Arc::new(Mutex::new(files.collect())))
        }
    }

    impl Files for ScriptedFiles {
        fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
            within(limit, self.lock().get(path).cloned().ok_or(io::ErrorKind::NotFound)?)
        }

        fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
            *self.lock().get_mut(path).ok_or(io::ErrorKind::NotFound)? = content.to_vec();
            Ok(())
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
