//! The workspace: where it is, and which of its crates are generated.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use tinsmith::fs::shown;

use crate::process;

/// The root of the workspace whose xtask cargo runs.
///
/// Clones that share a target folder share this program, so that the place where it was built may be another's: cargo
/// says at run time which one it means. Without cargo it is where the program was built.
pub fn root() -> PathBuf {
    root_above(std::env::var_os("CARGO_MANIFEST_DIR").as_deref().map(Path::new))
}

fn root_above(package: Option<&Path>) -> PathBuf {
    let is_root =
        |folder: &&Path| ["xtask", "codegen"].iter().all(|name| folder.join(name).join("Cargo.toml").is_file());
    let built = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.into_iter().chain([built]).flat_map(Path::ancestors).find(is_root);
    root.unwrap_or(built).to_owned()
}

/// What `cargo metadata` says.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// The packages: those of the workspace, or with [`metadata`]'s `deep` all that they depend on.
    pub packages: Vec<Package>,
    /// Who depends on whom, with `deep`.
    pub resolve: Option<Resolve>,
    /// The ids of the packages of the workspace.
    pub workspace_members: Vec<String>,
    /// Where it is built.
    pub target_directory: PathBuf,
}

impl Metadata {
    /// Whether a package is of the workspace.
    pub fn is_ours(&self, package: &Package) -> bool {
        self.workspace_members.contains(&package.id)
    }

    /// What a package of the workspace depends on outside it, itself or by others of the workspace that it stands on; what
    /// tests and build scripts need does not count.
    pub fn outside(&self, from: &str) -> BTreeMap<&str, &Dependency> {
        let ours = |name: &str| self.packages.iter().find(|package| package.name == name && self.is_ours(package));
        let (mut seen, mut outside) = (BTreeSet::new(), BTreeMap::new());
        let mut waiting: Vec<&Package> = ours(from).into_iter().collect();
        while let Some(package) = waiting.pop() {
            if !seen.insert(&package.name) {
                continue;
            }
            for on in package.dependencies.iter().filter(|on| on.kind.is_none()) {
                match ours(&on.name) {
                    Some(package) => waiting.push(package),
                    None => drop(outside.insert(on.name.as_str(), on)),
                }
            }
        }
        outside
    }
}

/// A package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, an SPDX expression.
    pub license: Option<String>,
    /// The oldest Rust that it promises to compile with.
    #[serde(default)]
    pub rust_version: Option<String>,
    /// Its Cargo.toml.
    pub manifest_path: PathBuf,
    /// What it says it depends on.
    pub dependencies: Vec<Dependency>,
    /// Its features, and what each turns on.
    #[serde(default)]
    pub features: BTreeMap<String, Vec<String>>,
    /// `[package.metadata]`.
    #[serde(default)]
    pub metadata: Value,
}

/// A dependency as a Cargo.toml says it.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The name of the package.
    pub name: String,
    /// `dev`, `build`, or nothing for a normal one.
    pub kind: Option<String>,
    /// The versions that it takes.
    #[serde(default)]
    pub req: String,
}

/// Who depends on whom.
#[derive(Debug, Deserialize)]
pub struct Resolve {
    /// A node a package.
    pub nodes: Vec<Node>,
}

/// A package and what it depends on.
#[derive(Debug, Deserialize)]
pub struct Node {
    /// The package's id.
    pub id: String,
    /// The ids of its dependencies.
    pub dependencies: Vec<String>,
}

/// What a crate says of its generated code, in `[package.metadata.tinsmith]`: one table, or a list of them.
#[derive(Clone, Debug)]
pub enum Generated {
    /// A client.
    Client(Client),
    /// The table of partitions: its file, relative to the crate.
    Partitions(PathBuf),
}

/// A client, as a crate of its own or as a module.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Client {
    /// The model: `NAME` for `model/NAME.json`.
    pub model: String,
    /// The service, where the model has several.
    pub service: Option<String>,
    /// The operations, or `"*"`.
    pub operations: Operations,
    /// Operations that are left out.
    #[serde(default)]
    pub skip: Vec<String>,
    /// Where each operation is a feature: those that are on by default.
    pub default_operations: Option<Vec<String>>,
    /// For a module of a hand-written crate: its folder, relative to the crate.
    pub module: Option<PathBuf>,
}

/// One name (`"*"`) or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Operations {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Package {
    /// The folder of its Cargo.toml.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// What it says of its generated code: nothing, one table, or a list of tables.
    ///
    /// # Errors
    ///
    /// The table is malformed.
    pub fn generated(&self) -> anyhow::Result<Vec<Generated>> {
        let Some(tables) = self.metadata.get("tinsmith") else { return Ok(Vec::new()) };
        let tables = match tables {
            Value::Array(tables) => tables.clone(),
            table => vec![table.clone()],
        };
        let context = || format!("{}: [package.metadata.tinsmith]", self.manifest_path.display());
        tables.into_iter().map(|table| generated(table).with_context(context)).collect()
    }

    /// Whether the whole crate is generated, not a module of it.
    pub fn is_generated(&self) -> bool {
        let whole = |table: &Generated| matches!(table, Generated::Client(client) if client.module.is_none());
        self.generated().is_ok_and(|tables| tables.iter().any(whole))
    }
}

fn generated(table: Value) -> serde_json::Result<Generated> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        partitions: PathBuf,
    }
    if table.get("partitions").is_some() {
        return serde_json::from_value(table).map(|Table { partitions }| Generated::Partitions(partitions));
    }
    serde_json::from_value(table).map(Generated::Client)
}

/// Asks `cargo metadata`: of the packages of the workspace alone, or `deep`, of everything that they depend on.
///
/// # Errors
///
/// Cargo failed; the error holds what it said.
pub fn metadata(root: &Path, deep: bool) -> anyhow::Result<Metadata> {
    let mut arguments = vec!["metadata", "--format-version", "1"];
    if !deep {
        arguments.push("--no-deps");
    }
    json(&cargo(root, &arguments)?)
}

/// The folder that cargo builds into.
///
/// # Errors
///
/// Cargo failed; the error holds what it said.
pub fn target(root: &Path) -> anyhow::Result<PathBuf> {
    Ok(metadata(root, false)?.target_directory)
}

/// Runs cargo at the root and returns what it printed.
///
/// # Errors
///
/// It failed; the error holds what it said.
pub fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let command = format!("cargo {}", arguments.join(" "));
    let output = process::cargo(root).args(arguments).output().with_context(|| command.clone())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{command}` failed: {}", errors.trim());
    String::from_utf8(output.stdout).with_context(|| format!("the output of `{command}`"))
}

fn json<T: DeserializeOwned>(text: &str) -> anyhow::Result<T> {
    serde_json::from_str(text).context("the output of `cargo metadata`")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::root_above;

    #[test]
    fn the_root_is_that_of_the_clone_that_cargo_runs() {
        let clone = tempfile::tempdir().unwrap();
        for package in ["xtask", "codegen"] {
            std::fs::create_dir_all(clone.path().join(package).join("src")).unwrap();
            std::fs::write(clone.path().join(package).join("Cargo.toml"), "").unwrap();
        }
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for (package, root) in [
            (Some(clone.path().join("xtask")), clone.path()),
            (Some(clone.path().join("codegen/src")), clone.path()),
            (Some("/nowhere/xtask".into()), built),
            (None, built),
        ] {
            assert_eq!(root_above(package.as_deref()), root, "{package:?}");
        }
    }
}
