//! What it costs to build a package, as its user would: with the profiles of its own workspace, and nothing that this
//! process was told of compilers, flags and profiles.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Context;

use super::usage::{self, Usage};
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

/// Variables that make a build another one than the workspace says, beside those of profiles and of `[build]`.
const TOLD: [&str; 7] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_TARGET_DIR",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

impl Build<'_> {
    /// Builds it from nothing, with the sources of all crates already there.
    ///
    /// # Errors
    ///
    /// Its sources cannot be had, or it does not build.
    pub fn clean(&self) -> anyhow::Result<Built> {
        // It fetches for the whole workspace. Without a network what this package needs may still be there: if not, its
        // build says so.
        let _ = self.fetch();
        if self.target.exists() {
            std::fs::remove_dir_all(self.target).with_context(|| format!("cannot empty {}", self.target.display()))?;
        }
        self.build()
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
        let (messages, usage) = usage::run(&mut cargo)?;
        Ok(Built { usage, programs: Programs::told(&messages) })
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
        usage::run(&mut self.cargo("fetch")).map(|_| ())
    }

    fn cargo(&self, command: &str) -> Command {
        let mut cargo = crate::process::cargo(self.workspace);
        let told = |name: &str| {
            TOLD.contains(&name) || ["CARGO_BUILD_", "CARGO_PROFILE_"].iter().any(|start| name.starts_with(start))
        };
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(told)) {
            cargo.env_remove(name);
        }
        cargo.args([command, "--quiet", "--locked"]);
        cargo
    }
}

/// How large a program is, in bytes.
///
/// # Errors
///
/// It is not there.
pub fn size(program: &Path) -> anyhow::Result<u64> {
    Ok(std::fs::metadata(program).with_context(|| format!("cannot look at {}", program.display()))?.len())
}
