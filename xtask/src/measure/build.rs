//! What it costs to build a package, as its user would: with the profiles of its own workspace, and nothing that this
//! process was told of compilers, flags and profiles.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::Context;

use super::usage::{self, Usage};
use crate::fs;
use crate::process::Programs;

/// A package, and how it is built.
#[derive(Clone, Debug)]
pub struct Build<'a> {
    /// The folder of its workspace, whose lock holds.
    pub workspace: &'a Path,
    /// Its name.
    pub package: &'a str,
    /// Its features beside the default ones.
    pub features: &'a [&'a str],
    /// The profile: `dev`, `release`, or one of the workspace's own.
    pub profile: &'a str,
    /// Where it is built; what is there is deleted for a clean build.
    pub target: &'a Path,
}

/// What was built.
#[derive(Debug)]
pub struct Built {
    /// What it cost.
    pub usage: Usage,
    /// The programs.
    pub programs: Programs,
}

/// Variables that make a build another one than the workspace says, and how those begin that name a setting of cargo's.
const TOLD: [&str; 4] = ["CARGO_ENCODED_RUSTFLAGS", "CARGO_INCREMENTAL", "RUSTC", "RUSTFLAGS"];
const SETTINGS: [&str; 3] = ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_"];

/// Where a compiler cache would stand, which makes a clean build look like none. Empty, they hold against cargo's files too.
const WRAPPERS: [&str; 2] = ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];

/// No build takes a tenth of it.
const LIMIT: Duration = Duration::from_secs(4 * 3600);

impl Build<'_> {
    /// Deletes what is built, so that the next build is one from nothing.
    ///
    /// # Errors
    ///
    /// It cannot be deleted.
    pub fn empty(&self) -> anyhow::Result<()> {
        if self.target.exists() {
            std::fs::remove_dir_all(self.target).with_context(|| format!("cannot empty {}", self.target.display()))?;
        }
        Ok(())
    }

    /// Builds what is not built yet.
    ///
    /// # Errors
    ///
    /// It does not build.
    pub fn build(&self) -> anyhow::Result<Built> {
        let mut cargo = self.cargo("build");
        cargo.args(["--package", self.package, "--message-format", "json-render-diagnostics"]);
        cargo.args(["--features", &self.features.join(","), "--profile", self.profile]);
        cargo.arg("--target-dir").arg(self.target);
        let ran = usage::run(&mut cargo, LIMIT)?;
        Ok(Built { usage: ran.usage, programs: Programs::told(&ran.printed) })
    }

    /// Builds it once more after a change of this file.
    ///
    /// # Errors
    ///
    /// The file is not there, or it does not build.
    pub fn after_touch(&self, source: &Path) -> anyhow::Result<Built> {
        let touched =
            std::fs::File::options().write(true).open(source).and_then(|file| file.set_modified(SystemTime::now()));
        touched.with_context(|| format!("cannot touch {}", source.display()))?;
        self.build()
    }

    /// Has the sources of all crates brought, which is no part of a build.
    ///
    /// # Errors
    ///
    /// They cannot be had.
    pub fn fetch(&self) -> anyhow::Result<()> {
        usage::run(&mut self.cargo("fetch"), LIMIT).map(|_| ())
    }

    fn cargo(&self, command: &str) -> Command {
        let mut cargo = crate::process::cargo(self.workspace);
        let told = |name: &str| TOLD.contains(&name) || SETTINGS.iter().any(|start| name.starts_with(start));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(told)) {
            cargo.env_remove(name);
        }
        cargo.envs(WRAPPERS.map(|name| (name, "")));
        cargo.args([command, "--quiet", "--locked"]);
        cargo
    }
}

/// What cargo's files say that makes builds in a folder others than the workspace alone would: `FILE sets KEY`.
pub fn settings(folder: &Path) -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let folders = folder.ancestors().map(|folder| folder.join(".cargo")).chain(home);
    let files: BTreeSet<_> =
        folders.flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name))).collect();
    let read = files.iter().filter_map(|path| Some((path, fs::read_if_there(path).ok()??)));
    read.flat_map(|(path, text)| set(&text).into_iter().map(move |key| format!("{} sets {key}", path.display())))
        .collect()
}

/// The keys of a file of cargo's that change what a build is.
fn set(config: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(config).unwrap_or_default();
    let keys = table.iter().flat_map(|(section, value)| {
        let keys = value.as_table().into_iter().flat_map(toml::Table::keys);
        keys.map(move |key| format!("{section}.{key}"))
    });
    let changes = |key: &String| ["build.", "env.", "profile.", "target."].iter().any(|start| key.starts_with(start));
    // Where things are built is said to cargo each time, and a wrapper is taken away.
    let known = ["build.target-dir", "build.build-dir", "build.rustc-wrapper", "build.rustc-workspace-wrapper"];
    keys.filter(|key| changes(key) && !known.contains(&key.as_str())).collect()
}

/// How large a program is, in bytes.
///
/// # Errors
///
/// It is not there.
pub fn size(program: &Path) -> anyhow::Result<u64> {
    Ok(std::fs::metadata(program).with_context(|| format!("cannot look at {}", program.display()))?.len())
}

#[cfg(test)]
mod tests {
    use super::{set, settings};

    #[test]
    fn what_files_of_cargo_change() {
        let config = "[alias]\nxtask = \"run\"\n[build]\nrustc-wrapper = \"sccache\"\njobs = 1\n\
                      [target.x86_64-unknown-linux-gnu]\nlinker = \"mold\"\n[profile.release]\nlto = true\n";
        assert_eq!(set(config), ["build.jobs", "profile.release", "target.x86_64-unknown-linux-gnu"]);
        assert_eq!(set("not = [toml"), [""; 0]);

        let folder = tempfile::tempdir().unwrap();
        let (inner, cargo) = (folder.path().join("bench"), folder.path().join(".cargo"));
        std::fs::create_dir(&cargo).unwrap();
        std::fs::write(cargo.join("config.toml"), "build.jobs = 1\n").unwrap();
        let said = format!("{} sets build.jobs", cargo.join("config.toml").display());
        assert!(settings(&inner).contains(&said), "{:?}", settings(&inner));
    }
}
