//! `cargo xtask features`: the features of the crates that users depend on, each alone, none, and all together. Each
//! choice compiles without a warning. The runtime without features brings no async runtime, HTTP or TLS, and neither do
//! those features of it that operations turn on.
//!
//! Of the features that are operations, which are many, some are compiled alone: those that turn on something else, and
//! some that are drawn. What each of them brings is compared with the crate of its operation by a test of the generator;
//! here is seen that what it says so is what is compiled. `--all` leaves none out.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};

use crate::workspace::{self, Package};
use crate::{process, sample};

/// The runtime, on which everything generated stands.
const RUNTIME: &str = "tinsmith-runtime";
/// The generator, for build scripts.
const CODEGEN: &str = "tinsmith-codegen";
/// The face of the official crate of settings.
const CONFIG: &str = "tinsmith-config";

/// What nobody gets who asks for nothing.
const OPTIONAL: [&str; 7] = ["tokio", "hyper", "hyper-util", "h2", "rustls", "ring", "aws-lc-rs"];
/// What operations turn on in the runtime: they can be called by a transport of one's own.
const OF_OPERATIONS: [&str; 2] = ["gzip", "http2"];

/// How many operations of a crate are drawn.
const DRAWN: usize = 6;
/// The feature of a generated crate that lists its operations.
const FULL: &str = "full";

/// What to compile.
#[derive(Debug, Default, clap::Args)]
pub struct Features {
    /// Each operation alone, and not some of them.
    #[arg(long)]
    pub(super) all: bool,
}

impl Features {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let root = workspace::root();
        let metadata = workspace::metadata(&root, false)?;
        let is_for_users =
            |package: &&Package| [CODEGEN, CONFIG, RUNTIME].contains(&&*package.name) || package.is_generated();
        let packages: Vec<_> = metadata.packages.iter().filter(is_for_users).collect();
        // What is generated, and the macros that it is made with.
        let folders: Vec<_> = packages.iter().map(|package| package.folder().join("src")).collect();
        let seed = sample::seed(&folders.iter().map(PathBuf::as_path).collect::<Vec<_>>())?;
        for package in packages {
            for choice in choices(package, &seed, if self.all { usize::MAX } else { DRAWN }) {
                println!("{} {}", package.name, choice.join(" "));
                clippy(&root, &package.name, &choice)?;
            }
        }
        bare_runtime(&root)
    }
}

fn bare_runtime(root: &Path) -> anyhow::Result<()> {
    let features = format!("--features={}", OF_OPERATIONS.join(","));
    let arguments = ["tree", "-p", RUNTIME, "-e", "normal", "--prefix", "none", "--no-default-features", &features];
    let tree = workspace::cargo(root, &arguments)?;
    let brought = brought(&tree);
    ensure!(brought.is_empty(), "{RUNTIME} with what operations turn on alone brings {}", brought.join(", "));
    println!("{RUNTIME} with what operations turn on alone brings none of {}", OPTIONAL.join(", "));
    Ok(())
}

/// The choices of features, as arguments of cargo. Of operations that turn nothing else on, there are so many at most.
fn choices(package: &Package, seed: &str, most: usize) -> Vec<Vec<String>> {
    let operations = package.features.get(FULL).cloned().unwrap_or_default();
    let is_plain = |name: &str| {
        operations.iter().any(|operation| operation == name) && package.features.get(name).is_some_and(Vec::is_empty)
    };
    let (plain, others): (Vec<&str>, Vec<&str>) =
        package.features.keys().map(String::as_str).partition(|name| is_plain(name));
    let alone = others.into_iter().chain(sample::drawn(&plain, seed, most));
    let alone = alone.map(|feature| vec!["--no-default-features".to_owned(), format!("-F{feature}")]);
    let none = vec!["--no-default-features".to_owned()];
    [none].into_iter().chain(alone).chain([vec!["--all-features".to_owned()]]).collect()
}

fn clippy(root: &Path, package: &str, choice: &[String]) -> anyhow::Result<()> {
    let status = process::cargo(root)
        .args(["clippy", "--quiet", "--locked", "--lib", "--package", package])
        .args(choice)
        .args(["--", "-D", "warnings"])
        .stdin(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "{package} does not compile without a warning: {}", choice.join(" "));
    Ok(())
}

/// What of the optional crates stands in the lines of `cargo tree`.
fn brought(tree: &str) -> Vec<&str> {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| OPTIONAL.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{bare_runtime, brought, choices};
    use crate::workspace::{self, Package};
    use serde_json::json;

    #[test]
    fn each_feature_alone_none_and_all() {
        let package: Package = serde_json::from_value(json!({
            "id": "p", "name": "p", "version": "1.0.0", "license": null, "manifest_path": "/w/Cargo.toml",
            "dependencies": [], "features": {
                "default": ["a", "list"], "a": [], "full": ["get", "list", "move", "stream"],
                "get": [], "list": [], "move": [], "stream": ["a"],
            },
        }))
        .unwrap();
        let check = |most: usize, expected: &[&str]| {
            let choices = choices(&package, "seed", most);
            let alone: Vec<_> = choices.iter().filter_map(|choice| choice.get(1)?.strip_prefix("-F")).collect();
            assert_eq!(choices.first().map(|choice| choice.join(" ")).as_deref(), Some("--no-default-features"));
            assert_eq!(choices.last().map(|choice| choice.join(" ")).as_deref(), Some("--all-features"));
            assert!(choices.iter().skip(1).take(alone.len()).all(|choice| choice[0] == "--no-default-features"));
            assert_eq!(choices.len(), alone.len() + 2);
            assert_eq!(alone, expected);
        };
        check(0, &["a", "default", "full", "stream"]);
        check(usize::MAX, &["a", "default", "full", "stream", "get", "list", "move"]);
    }

    #[test]
    fn operations_bring_no_transport() {
        bare_runtime(&workspace::root()).unwrap();
    }

    #[test]
    fn what_a_tree_brings() {
        assert_eq!(brought("tinsmith-runtime v0.1.0 (/w)\nbytes v1.0.0\nfutures-core v0.3.0\n"), [""; 0]);
        assert_eq!(
            brought("tinsmith-runtime v0.1.0 (/w)\ntokio v1.0.0\nhyper-util v0.1.0 (*)\n"),
            ["tokio", "hyper-util"]
        );
    }
}
