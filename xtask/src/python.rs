//! Virtual environments of Python, made once and made anew when what is pinned changes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::fs;

/// A virtual environment.
#[derive(Debug)]
pub(crate) struct Environment {
    folder: PathBuf,
}

/// The environment in this folder with these packages, a line each with its version, made if it is not there or holds others.
pub(crate) fn environment(folder: &Path, requirements: &str) -> anyhow::Result<Environment> {
    let environment = Environment { folder: folder.to_owned() };
    let installed = environment.folder.join("installed.txt");
    if fs::read_if_there(&installed)?.as_deref() == Some(requirements) && environment.program("python").exists() {
        return Ok(environment);
    }
    let packages = requirements.trim().replace('\n', ", ");
    eprintln!("installing {packages} into {}", environment.folder.display());
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut make = Command::new(&python);
    make.args(["-m", "venv", "--clear"]).arg(&environment.folder);
    run(
        &mut make,
        "cannot make a virtual environment: install Python 3.10 or later with its module venv (on Debian and Ubuntu the \
         packages python3 and python3-venv), or name another one in PYTHON",
    )?;
    let listed = environment.folder.join("requirements.txt");
    fs::replace(&listed, requirements)?;
    let mut pip = Command::new(environment.program("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement"]);
    let advice =
        format!("cannot install {packages}: pip needs a package index, by the network or as PIP_INDEX_URL says");
    run(pip.arg(&listed), &advice)?;
    // Last, so that an environment which was not finished is made again.
    fs::replace(&installed, requirements)?;
    Ok(environment)
}

impl Environment {
    /// A program of the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        if cfg!(windows) {
            self.folder.join("Scripts").join(format!("{name}.exe"))
        } else {
            self.folder.join("bin").join(name)
        }
    }

    /// Where a program may leave what it has to say.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    /// Python, about to run a script that this program holds.
    pub(crate) fn script(&self, script: &str) -> Command {
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
