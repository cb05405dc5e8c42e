//! Generated files and the folder that they belong to: compared, and written where they differ.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tinsmith_codegen::files::{Drift, Files, is_generated};

use crate::fs;

/// Generated files, and where they belong.
#[derive(Debug)]
pub struct Output {
    /// The folder.
    pub folder: PathBuf,
    /// The files, with paths relative to it.
    pub files: Files,
    /// Whether Cargo.toml is a person's, and generated in part.
    pub shares_manifest: bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were new or differed.
    pub written: usize,
    /// Files that are no longer generated.
    pub deleted: usize,
}

impl Output {
    /// What a person must mend before anything is written: files that would be replaced, and that were not generated.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn foreign(&self) -> anyhow::Result<Vec<PathBuf>> {
        let there = self.there()?;
        let drift = self.files.compare(&there);
        let by_hand = |path: &&String| there.get(*path).is_some_and(|text| !is_generated(text));
        let shared = |path: &&String| self.shares_manifest && *path == "Cargo.toml";
        let foreign = drift.changed.iter().filter(by_hand).filter(|path| !shared(path));
        Ok(foreign.map(|path| self.folder.join(path)).collect())
    }

    /// How the folder differs.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn drift(&self) -> anyhow::Result<Drift> {
        Ok(self.files.compare(&self.there()?))
    }

    /// Deletes what is no longer generated, and writes what differs, each file whole. In this order, for what is replaced
    /// tells what belonged to it.
    ///
    /// # Errors
    ///
    /// A file cannot be read, written or deleted. Each is the old one or the new one.
    pub fn write(&self) -> anyhow::Result<Written> {
        let drift = self.drift()?;
        for path in &drift.orphaned {
            let path = self.folder.join(path);
            std::fs::remove_file(&path).with_context(|| format!("cannot delete {}", path.display()))?;
        }
        for path in drift.missing.iter().chain(&drift.changed) {
            if let Some(text) = self.files.0.get(path) {
                fs::replace(&self.folder.join(path), text)?;
            }
        }
        Ok(Written { written: drift.missing.len() + drift.changed.len(), deleted: drift.orphaned.len() })
    }

    fn there(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let mut there = BTreeMap::new();
        for path in self.files.0.keys() {
            if let Some(text) = fs::read_what_stands(&self.folder.join(path))? {
                there.insert(path.clone(), text);
            }
        }
        for folder in self.files.folders() {
            for path in fs::rust_files(&self.folder.join(folder))? {
                let text = fs::read_what_stands(&path)?.unwrap_or_default();
                there.insert(relative(&self.folder, &path), text);
            }
        }
        Ok(there)
    }
}

/// The path below the folder, with `/` between its parts.
fn relative(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Output, Written};
    use tinsmith_codegen::files::{Files, MARK};

    fn output(folder: &Path, files: &[(&str, &str)]) -> Output {
        let mut generated = Files::default();
        for (path, text) in files {
            generated.insert(*path, format!("// {MARK}\n{text}\n"));
        }
        Output { folder: folder.to_owned(), files: generated, shares_manifest: false }
    }

    #[test]
    fn replaces_what_it_generated_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let first = output(folder.path(), &[("src/lib.rs", "a"), ("src/operation/gone.rs", "b")]);
        assert_eq!(first.write().unwrap(), Written { written: 2, deleted: 0 });
        std::fs::write(folder.path().join("src/by_hand.rs"), "//! By hand.\n").unwrap();

        let second = output(folder.path(), &[("src/lib.rs", "c"), ("src/by_hand.rs", "d")]);
        assert_eq!(second.drift().unwrap().orphaned, ["src/operation/gone.rs"]);
        assert_eq!(second.foreign().unwrap(), [folder.path().join("src/by_hand.rs")]);

        let third = output(folder.path(), &[("src/lib.rs", "c")]);
        assert_eq!(third.write().unwrap(), Written { written: 1, deleted: 1 });
        assert!(third.drift().unwrap().is_empty());
        assert!(folder.path().join("src/by_hand.rs").exists());
        assert_eq!(third.write().unwrap(), Written::default());
    }
}
