//! Which files are read: the shared ones, and whatever code adds to them or puts in their place.

use std::fmt;
use std::path::PathBuf;

use super::FileKind;

/// The files that are read, in their order; what a later one says wins. By default both shared files, from where the
/// environment says.
#[derive(Clone, Debug)]
pub struct ProfileFiles(pub(super) Vec<ProfileFile>);

/// One of the files.
#[derive(Clone)]
pub(super) enum ProfileFile {
    Default(FileKind),
    File(FileKind, PathBuf),
    Contents(FileKind, String),
}

impl ProfileFiles {
    /// No file yet.
    pub fn builder() -> ProfileFilesBuilder {
        ProfileFilesBuilder::default()
    }

    /// Whether these are the two shared files, as where code says nothing.
    pub(crate) fn are_default(&self) -> bool {
        matches!(&self.0[..], [ProfileFile::Default(FileKind::Config), ProfileFile::Default(FileKind::Credentials)])
    }
}

impl Default for ProfileFiles {
    fn default() -> Self {
        let both = Self::builder().include_default_config_file(true).include_default_credentials_file(true);
        both.build()
    }
}

/// Contents may hold secrets, and are not shown.
impl fmt::Debug for ProfileFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default(kind) => f.debug_tuple("Default").field(kind).finish(),
            Self::File(kind, path) => f.debug_tuple("File").field(kind).field(path).finish(),
            Self::Contents(kind, _) => f.debug_tuple("Contents").field(kind).finish_non_exhaustive(),
        }
    }
}

/// Collects [`ProfileFiles`].
#[derive(Clone, Debug, Default)]
pub struct ProfileFilesBuilder {
    config: bool,
    credentials: bool,
    others: Vec<ProfileFile>,
}

impl ProfileFilesBuilder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the shared config file is read, before all others.
    pub fn include_default_config_file(mut self, include: bool) -> Self {
        self.config = include;
        self
    }

    /// Whether the shared credentials file is read, after the shared config file and before all others.
    pub fn include_default_credentials_file(mut self, include: bool) -> Self {
        self.credentials = include;
        self
    }

    /// Adds a file. It has to be there.
    pub fn with_file(mut self, kind: FileKind, file: impl Into<PathBuf>) -> Self {
        self.others.push(ProfileFile::File(kind, file.into()));
        self
    }

    /// Adds what a file would hold.
    pub fn with_contents(mut self, kind: FileKind, contents: impl Into<String>) -> Self {
        self.others.push(ProfileFile::Contents(kind, contents.into()));
        self
    }

    /// The files. None at all is allowed, and means that there are no profiles.
    pub fn build(self) -> ProfileFiles {
        let config = self.config.then_some(ProfileFile::Default(FileKind::Config));
        let credentials = self.credentials.then_some(ProfileFile::Default(FileKind::Credentials));
        ProfileFiles(config.into_iter().chain(credentials).chain(self.others).collect())
    }
}
