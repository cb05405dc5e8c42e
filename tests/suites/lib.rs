//! Finds the suites that others wrote, for the tests that run them: data that is read where it lies, and never copied
//! into this project.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// Runs the trials of a suite, in place of the test harness of Rust.
pub fn run<E: Display>(folder: &str, make: impl FnOnce(&Path) -> Result<Vec<Trial>, E>) -> ExitCode {
    libtest_mimic::run(&Arguments::from_args(), trials(folder, make)).exit_code()
}

/// The trials that are made of a folder; where it has none, cannot be read or is absent, one that says so in their place.
pub fn trials<E: Display>(path: &str, make: impl FnOnce(&Path) -> Result<Vec<Trial>, E>) -> Vec<Trial> {
    let folder = match folder(path) {
        Ok(folder) => folder,
        Err(absent) => return vec![absent.trial(path)],
    };
    let message = match make(&folder) {
        Ok(trials) if !trials.is_empty() => return trials,
        // Nothing would run, and so pass.
        Ok(_) => format!("{} holds no case", folder.display()),
        Err(error) => format!("cannot read {}: {error:#}", folder.display()),
    };
    vec![Trial::test(path, move || Err(message.into()))]
}

/// A folder of the shared ones, such as `conformance/sigv4`: below the path in `TINSMITH_SHARED`, or else below
/// `../shared`, seen from the root of the workspace.
///
/// # Errors
///
/// There is none.
pub fn folder(path: &str) -> Result<PathBuf, Absent> {
    let beside_workspace = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("TINSMITH_SHARED").map_or_else(beside_workspace, PathBuf::from).join(path);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Absent {
        message: format!("no folder {}: set TINSMITH_SHARED to the folder that holds {path}", folder.display()),
        is_failure: std::env::var("CI").is_ok_and(|ci| ci == "true"),
    })
}

/// Why a suite cannot run.
#[derive(Debug)]
pub struct Absent {
    /// Where it was looked for, and what to set.
    pub message: String,
    /// Whether that is a failure: on CI (`CI=true`) a suite that does not run must not pass for one that does.
    pub is_failure: bool,
}

impl Absent {
    /// A trial that says so: it fails, and is ignored where that is no failure.
    pub fn trial(self, name: &str) -> Trial {
        let is_ignored = !self.is_failure;
        Trial::test(name, || Err(self.message.into())).with_ignored_flag(is_ignored)
    }
}
