//! Lines of generated code, comments and empty ones with them.

use std::path::Path;

use anyhow::{Context, ensure};

use crate::fs;
use crate::workspace;

/// The feature of a generated crate that lists its operations.
const FULL: &str = "full";

/// The lines of a generated crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// Of all its sources.
    pub all: usize,
    /// How many operations it has.
    pub operations: usize,
}

impl Lines {
    /// Counts those of a crate of this workspace, each of whose operations is a feature.
    ///
    /// # Errors
    ///
    /// There is no such crate, or it has no operation.
    pub fn of(root: &Path, package: &str) -> anyhow::Result<Self> {
        let metadata = workspace::metadata(root, false)?;
        let package = metadata.packages.iter().find(|found| found.name == package);
        let package = package.with_context(|| format!("the workspace has no crate {package:?}"))?;
        let operations = package.features.get(FULL).map_or(0, Vec::len);
        ensure!(operations > 0, "{}: no operation in feature `{FULL}`", package.manifest_path.display());
        let mut all = 0;
        for path in fs::rust_files(&package.folder().join("src"))? {
            all += of_file(&path)?;
        }
        Ok(Self { all, operations })
    }

    /// An operation's share.
    pub fn each(self) -> usize {
        self.all.div_ceil(self.operations)
    }
}

/// Counts those of a file.
///
/// # Errors
///
/// It cannot be read.
pub fn of_file(path: &Path) -> anyhow::Result<usize> {
    Ok(fs::read(path)?.lines().count())
}
