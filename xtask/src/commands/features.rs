//! `cargo xtask features`: the features of the crates that users depend on, each alone, none, and all together. Each
//! choice compiles without a warning, and the runtime without features brings no async runtime, HTTP or TLS.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::workspace::{self, Package};

/// The runtime, on which everything generated stands.
const RUNTIME: &str = "tinsmith-runtime";
/// The generator, for build scripts.
const CODEGEN: &str = "tinsmith-codegen";
/// The face of the official crate of settings.
const CONFIG: &str = "tinsmith-config";

/// What nobody gets who asks for nothing.
const OPTIONAL: [&str; 6] = ["tokio", "hyper", "hyper-util", "rustls", "ring", "aws-lc-rs"];

pub(super) fn run() -> anyhow::Result<()> {
    let root = workspace::root();
    let metadata = workspace::metadata(&root, false)?;
    let for_users = |package: &&Package| [CODEGEN, CONFIG, RUNTIME].contains(&&*package.name) || package.is_generated();
    for package in metadata.packages.iter().filter(for_users) {
        for choice in choices(package) {
            println!("{} {}", package.name, choice.join(" "));
            clippy(&root, &package.name, &choice)?;
        }
    }
    let arguments = ["tree", "-p", RUNTIME, "-e", "normal", "--no-default-features", "--prefix", "none"];
    let tree = workspace::cargo(&root, &arguments)?;
    let brought = brought(&tree);
    ensure!(brought.is_empty(), "{RUNTIME} without features brings {}", brought.join(", "));
    println!("{RUNTIME} without features brings none of {}", OPTIONAL.join(", "));
    Ok(())
}

/// The choices of features, as arguments of cargo.
fn choices(package: &Package) -> Vec<Vec<String>> {
    let alone = package.features.keys().map(|feature| vec!["--no-default-features".into(), format!("-F{feature}")]);
    let none = vec!["--no-default-features".to_owned()];
    [none].into_iter().chain(alone).chain([vec!["--all-features".to_owned()]]).collect()
}

fn clippy(root: &Path, package: &str, choice: &[String]) -> anyhow::Result<()> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["clippy", "--quiet", "--locked", "--lib", "--package", package])
        .args(choice)
        .args(["--", "-D", "warnings"])
        .current_dir(root)
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
    use super::{brought, choices};
    use crate::workspace::Package;
    use serde_json::json;

    #[test]
    fn each_feature_alone_none_and_all() {
        let package: Package = serde_json::from_value(json!({
            "id": "p", "name": "p", "version": "1.0.0", "license": null, "manifest_path": "/w/Cargo.toml",
            "dependencies": [], "features": { "default": ["a"], "a": [] },
        }))
        .unwrap();
        let choices: Vec<String> = choices(&package).iter().map(|choice| choice.join(" ")).collect();
        let none = "--no-default-features";
        assert_eq!(choices, [none, &format!("{none} -Fa"), &format!("{none} -Fdefault"), "--all-features"]);
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
