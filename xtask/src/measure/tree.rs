//! The crates that a package brings: what `cargo tree -e normal` shows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::workspace;

/// The crates of a package's normal tree, itself included; each by name and version, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    crates: BTreeSet<(String, String)>,
    macros: BTreeSet<String>,
}

impl Tree {
    /// The tree of a package of this workspace, with its default features.
    ///
    /// # Errors
    ///
    /// Cargo cannot tell.
    pub fn of(workspace: &Path, package: &str) -> anyhow::Result<Self> {
        let arguments = ["tree", "--locked", "-p", package, "-e", "normal", "--no-dedupe", "--prefix", "none"];
        Ok(Self::parse(&workspace::cargo(workspace, &arguments)?))
    }

    /// Reads a line a crate: `name vVERSION (proc-macro) (path) (*)`.
    fn parse(text: &str) -> Self {
        let (mut crates, mut macros) = (BTreeSet::new(), BTreeSet::new());
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
            crates.insert((name.to_owned(), version.to_owned()));
            if words.any(|word| word == "(proc-macro)") {
                macros.insert(name.to_owned());
            }
        }
        Self { crates, macros }
    }

    /// Name and version of each.
    pub fn versions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.crates.iter().map(|(name, version)| (name.as_str(), version.trim_start_matches('v')))
    }

    /// How many crates there are; one of two versions counts twice.
    pub fn count(&self) -> usize {
        self.crates.len()
    }

    /// Names of which there are several versions, and how many.
    pub fn duplicates(&self) -> BTreeMap<&str, usize> {
        let mut versions = BTreeMap::new();
        for (name, _) in &self.crates {
            *versions.entry(name.as_str()).or_default() += 1;
        }
        versions.retain(|_, count| *count > 1);
        versions
    }

    /// Proc macros, which are compiled and run before the crates that use them.
    pub fn macros(&self) -> &BTreeSet<String> {
        &self.macros
    }

    /// Whether a crate of this name is there, of whatever version.
    pub fn has(&self, name: &str) -> bool {
        self.crates.iter().any(|(there, _)| there == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_shows() {
        let tree = Tree::parse(
            "ours v0.1.0 (/w/bench/ours)\nring v0.17.14\nsyn v2.0.0\nsyn v1.0.0 (*)\ntokio v1.0.0\n\
             tokio-macros v2.0.0 (proc-macro)\nsyn v2.0.0 (*)\n\n",
        );
        assert_eq!(tree.count(), 6);
        assert_eq!(tree.duplicates(), BTreeMap::from([("syn", 2)]));
        assert_eq!(tree.versions().next(), Some(("ours", "0.1.0")));
        assert_eq!(tree.macros(), &BTreeSet::from(["tokio-macros".to_owned()]));
        assert!(tree.has("ring") && !tree.has("rin"));
    }

    #[test]
    fn a_client_brings_no_macro() {
        let tree = Tree::of(&workspace::root(), "tinsmith-lambda").unwrap();
        assert!(tree.has("tinsmith-lambda") && tree.has("tinsmith-runtime") && tree.count() > 10, "{tree:?}");
        assert!(tree.macros().is_empty() && !tree.has("syn"), "{tree:?}");
    }
}
