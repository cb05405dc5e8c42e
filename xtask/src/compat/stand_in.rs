//! The embedded Lambda that the programs call, as a child process.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Folder;

/// A running stand-in; dropping it ends it, and so does the end of this process.
#[derive(Debug)]
pub(super) struct StandIn {
    child: Child,
    url: String,
}

impl StandIn {
    /// Builds and starts it on a free loopback port, with some generated layers. It takes any signature: the programs call
    /// many regions.
    pub(super) fn start(folder: &Folder, layers: u32) -> Result<Self> {
        let mut child = Command::new(build(folder)?)
            .args(["--port", "0", "--layers", &layers.to_string(), "--no-signature-check", "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the stand-in")?;
        let stdout = child.stdout.take().context("the stand-in has no output")?;
        let mut stand_in = Self { child, url: String::new() };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).context("cannot read what the stand-in prints")?;
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        stand_in.url = url.with_context(|| format!("the stand-in printed no address but {line:?}"))?.to_owned();
        Ok(stand_in)
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // It may have ended already, and there is nothing to do about either failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Builds the binary and says where it is, as cargo does.
fn build(folder: &Folder) -> Result<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .current_dir(&folder.root)
        .args(["build", "--package", "tinsmith-stand-in", "--bins", "--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "the stand-in does not build");
    let messages = String::from_utf8(output.stdout).context("cargo prints UTF-8")?;
    let executable = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        (message["target"]["name"] == "tinsmith-stand-in").then(|| message["executable"].as_str().map(PathBuf::from))?
    });
    executable.context("cargo built no binary tinsmith-stand-in")
}
