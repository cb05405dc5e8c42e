//! Suites that others wrote, run where a test of a crate cannot: they need generated code to be compiled first.
//!
//! What is generated goes under `target/`, and nothing of a suite is copied into the project.

pub mod endpoints;
pub mod protocol;

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{fs, workspace};

/// Why a suite cannot run.
#[derive(Debug)]
pub struct Absent {
    /// Where it was looked for, and what to set.
    pub message: String,
    /// Whether that is a failure: on CI (`CI=true`) a suite that does not run must not pass for one that does.
    pub is_failure: bool,
}

/// A folder of the suites: below the path in `TINSMITH_SHARED`, or else below `../shared` beside the workspace.
///
/// # Errors
///
/// There is none.
pub fn shared(folder: &str) -> Result<PathBuf, Absent> {
    let beside = || workspace::root().join("../shared");
    let path = std::env::var_os("TINSMITH_SHARED").map_or_else(beside, PathBuf::from).join(folder);
    if path.is_dir() {
        return Ok(path);
    }
    Err(Absent {
        message: format!("no folder {}: set TINSMITH_SHARED to the folder that holds {folder}", path.display()),
        is_failure: std::env::var("CI").is_ok_and(|ci| ci == "true"),
    })
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

/// Writes a crate of these files, which has a workspace and a lock of its own, the latter with the versions of ours.
/// What is as it was stays untouched, so that cargo need not compile it again; sources that are no longer written go.
fn write_crate(root: &Path, package: &Path, files: &[(String, String)]) -> anyhow::Result<()> {
    let written: Vec<_> = files.iter().map(|(name, text)| (package.join(name), text)).collect();
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
    fs::replace(&package.join("Cargo.lock"), &fs::read(&root.join("Cargo.lock"))?)
}
