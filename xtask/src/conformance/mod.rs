//! Suites that others wrote, run where a test of a crate cannot: they need generated code to be compiled first.
//!
//! What is generated goes under `target/`, and nothing of a suite is copied into the project.

pub mod endpoints;
pub mod protocol;
pub mod waiters;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tinsmith_suites::Absent;

use crate::{fs, process, workspace};

/// Passes over a suite that is absent, and says so.
///
/// # Errors
///
/// It must not be absent here.
pub(crate) fn pass_over(absent: Absent) -> anyhow::Result<()> {
    if absent.is_failure {
        bail!(absent.message);
    }
    eprintln!("ignored: {}", absent.message);
    Ok(())
}

/// The JSON files of a folder and of those below it, sorted.
fn json_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        if path.is_dir() {
            found.extend(json_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a crate of these sources under `target/`, and has cargo run its tests. It has a workspace and a lock of its own,
/// the latter with the versions of ours. What is as it was stays untouched, so that cargo need not compile it again; sources
/// that are no longer written go.
fn run_crate(name: &str, sources: &[(String, String)]) -> anyhow::Result<()> {
    let root = workspace::root();
    let package = root.join("target/conformance").join(name);
    let mut written: Vec<_> = sources.iter().map(|(path, text)| (package.join(path), text)).collect();
    let manifest = manifest(&root);
    written.push((package.join("Cargo.toml"), &manifest));
    for path in fs::rust_files(&package.join("src"))? {
        if !written.iter().any(|(written, _)| *written == path) {
            std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for (path, text) in &written {
        if fs::read_if_there(path)?.as_ref() != Some(text) {
            fs::replace(path, text)?;
        }
    }
    fs::replace(&package.join("Cargo.lock"), &fs::read(&root.join("Cargo.lock"))?)?;
    let status = process::cargo(&package)
        .args(["test", "--quiet", "--lib"])
        .env("CARGO_TARGET_DIR", root.join("target/conformance-build"))
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "cases failed; their crate is {}", package.display());
    Ok(())
}

fn manifest(root: &Path) -> String {
    let runtime = Value::from(root.join("crates/runtime").display().to_string());
    // Warnings are errors: generated code is to compile without any.
    format!(
        r#"[package]
name = "cases"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[lints.rust]
warnings = "deny"

[profile.dev]
debug = false

[dependencies]
tinsmith-runtime = {{ path = {runtime}, default-features = false, features = ["gzip"] }}

[dev-dependencies]
tinsmith-runtime = {{ path = {runtime}, default-features = false, features = ["gzip", "serde", "test-util"] }}
futures-core = "0.3"
serde = "1"
serde_json = "1"
"#
    )
}
