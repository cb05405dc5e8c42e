//! The virtual environment with boto3 and moto, made once and made anew when what is pinned changes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::fs;

/// What is installed, pinned: a new version of either is an edit of this file, to be seen in its diff.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// A virtual environment.
#[derive(Debug)]
pub(super) struct Environment {
    folder: PathBuf,
}

/// The environment below the build folder, made if it is not there or holds something else.
pub(super) fn environment(target: &Path) -> anyhow::Result<Environment> {
    let environment = Environment { folder: target.join("interop") };
    let installed = environment.folder.join("installed.txt");
    if fs::read_if_there(&installed)?.as_deref() == Some(REQUIREMENTS) && environment.program("python").exists() {
        return Ok(environment);
    }
    eprintln!("installing {} into {}", REQUIREMENTS.trim().replace('\n', ", "), environment.folder.display());
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut make = Command::new(&python);
    make.args(["-m", "venv", "--clear"]).arg(&environment.folder);
    run(
        &mut make,
        "cannot make a virtual environment: install Python 3.10 or later with its module venv (on Debian and Ubuntu the \
         packages python3 and python3-venv), or name another one in PYTHON",
    )?;
    let requirements = environment.folder.join("requirements.txt");
    fs::replace(&requirements, REQUIREMENTS)?;
    let mut pip = Command::new(environment.program("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement"]);
    run(
        pip.arg(&requirements),
        "cannot install boto3 and moto: pip needs a package index, by the network or as PIP_INDEX_URL says",
    )?;
    // Last, so that an environment which was not finished is made again.
    fs::replace(&installed, REQUIREMENTS)?;
    Ok(environment)
}

impl Environment {
    /// A program of the environment.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        if cfg!(windows) {
            self.folder.join("Scripts").join(format!("{name}.exe"))
        } else {
            self.folder.join("bin").join(name)
        }
    }

    /// Where a program may leave what it has to say.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    /// Python, about to run a script that this program holds.
    pub(super) fn script(&self, script: &str) -> Command {
        let mut command = Command::new(self.program("python"));
        command.args(["-c", script]);
        command
    }
}

/// Runs a command to its end. What it says is shown if it fails, with what to do.
fn run(command: &mut Command, advice: &str) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| advice.to_owned())?;
    let said = [output.stdout, output.stderr].concat();
    ensure!(output.status.success(), "{advice}\n{}", String::from_utf8_lossy(&said).trim());
    Ok(())
}
