//! Finds the folder of shared suites: data that others wrote, read where it lies and never copied into this project.

use std::path::{Path, PathBuf};

/// Why a suite cannot run.
pub(crate) struct Absent {
    /// Where it was looked for, and what to set.
    pub(crate) message: String,
    /// Whether that is a failure: on CI (`CI=true`) a suite that does not run must not pass for one that does.
    pub(crate) is_failure: bool,
}

/// A folder of the shared ones, such as `conformance/sigv4`: below the path in `TINSMITH_SHARED`, or else below
/// `../shared`, seen from the root of the workspace.
pub(crate) fn folder(path: &str) -> Result<PathBuf, Absent> {
    let beside_workspace = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("TINSMITH_SHARED").map_or_else(beside_workspace, PathBuf::from);
    let folder = root.join(path);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Absent {
        message: format!("no folder {}; set TINSMITH_SHARED to the folder that holds {path}", folder.display()),
        is_failure: std::env::var("CI").is_ok_and(|ci| ci == "true"),
    })
}
