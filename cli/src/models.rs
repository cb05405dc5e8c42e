//! The models of one run, each read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tinsmith_codegen::smithy::{self, Model};

use crate::faults::Faults;
use crate::fs;

/// Models by their paths.
#[derive(Debug)]
pub struct Models<'a> {
    /// Where the paths that people read begin.
    root: &'a Path,
    loaded: BTreeMap<PathBuf, Model>,
}

impl<'a> Models<'a> {
    /// None yet. What is below the root is shown from there.
    pub fn new(root: &'a Path) -> Self {
        Self { root, loaded: BTreeMap::new() }
    }

    /// The model of a file. Traits without effect are told on stderr.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or holds no model: all its faults.
    pub fn load(&mut self, path: &Path) -> anyhow::Result<&Model> {
        if !self.loaded.contains_key(path) {
            let file = fs::shown(self.root, path);
            let model = smithy::load(&file, &fs::read(path)?).map_err(Faults::from)?;
            for (id, count) in model.unknown_traits() {
                eprintln!("note: {file}: the trait {id} is not known and has no effect ({count} times)");
            }
            self.loaded.insert(path.to_owned(), model);
        }
        self.loaded.get(path).with_context(|| path.display().to_string())
    }
}
