//! Programs that a command starts: built by cargo, spoken to line by line, and never left behind.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use anyhow::{Context, anyhow, bail, ensure};
use serde::Deserialize;

/// How long a program may take for a line.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that was started, with pipes to its standard input and output. Dropping it ends it.
///
/// Programs that watch their standard input end by themselves if this process is killed, for then the pipe is closed.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
    input: ChildStdin,
    lines: Receiver<std::io::Result<String>>,
}

impl Running {
    /// Starts a program.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start(name: &str, command: &mut Command) -> anyhow::Result<Self> {
        let context = || format!("cannot start {name}");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().with_context(context)?;
        let (input, output) = (child.stdin.take().with_context(context)?, child.stdout.take().with_context(context)?);
        let (sender, lines) = sync_channel(16);
        std::thread::spawn(move || {
            // The thread ends with the program, or when nobody listens any more.
            BufReader::new(output).lines().try_for_each(|line| sender.send(line)).ok()
        });
        Ok(Self { name: name.to_owned(), child, input, lines })
    }

    /// The next line that it prints.
    ///
    /// # Errors
    ///
    /// It has ended, or takes longer than a minute.
    pub fn line(&mut self) -> anyhow::Result<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => line.with_context(|| format!("cannot read what {} prints", self.name)),
            Err(RecvTimeoutError::Timeout) => bail!("{} printed nothing for {} s", self.name, PATIENCE.as_secs()),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    /// Gives it a line, and returns the one that it answers.
    ///
    /// # Errors
    ///
    /// It has ended, or takes longer than a minute.
    pub fn ask(&mut self, line: &str) -> anyhow::Result<String> {
        writeln!(self.input, "{line}").with_context(|| format!("cannot write to {}", self.name))?;
        self.line()
    }

    /// Fails if it has ended.
    ///
    /// # Errors
    ///
    /// It has; the error holds its status.
    pub fn check(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            Some(status) => Err(anyhow!("{} ended early: {status}", self.name)),
            None => Ok(()),
        }
    }

    fn ended(&mut self) -> anyhow::Error {
        match self.child.wait() {
            Ok(status) => anyhow!("{} ended early: {status}", self.name),
            Err(error) => anyhow!("{} ended early: {error}", self.name),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // If it cannot be killed, it has ended already; to wait for it frees its entry in the table of processes.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo, about to run in a folder, as if the user had called it there.
///
/// Cargo tells the programs that it runs of their package, and takes the same variables for those of the build: a build
/// script that reads one, as ring's does, would run again, and half of the tree be compiled again, each time that it is
/// called from a program of cargo's and not from a shell, and the other way round.
pub fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let of_package = |name: &str| ["CARGO_MANIFEST_", "CARGO_PKG_"].iter().any(|start| name.starts_with(start));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_package)) {
        cargo.env_remove(name);
    }
    cargo.current_dir(folder);
    cargo
}

/// Programs of this workspace that cargo has built, by the names of their targets.
#[derive(Debug, Default)]
pub struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    /// Builds programs, while cargo tells how far it is on standard error. With `--workspace`, and those that are meant by name,
    /// they are built with the features that crates have in the tests of the workspace, and what those built is used.
    ///
    /// # Errors
    ///
    /// They cannot be built.
    pub fn build(root: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = cargo(root);
        command.args(["build", "--message-format", "json-render-diagnostics"]).args(arguments);
        let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("cannot run cargo")?;
        ensure!(output.status.success(), "`cargo build {}` failed", arguments.join(" "));
        Ok(Self::told(&output.stdout))
    }

    /// Those that cargo says it has built, in its messages: one JSON value a line.
    pub fn told(messages: &[u8]) -> Self {
        let messages = messages.split(|byte| *byte == b'\n');
        let artifacts = messages.filter_map(|message| serde_json::from_slice::<Artifact>(message).ok());
        Self(artifacts.filter_map(|artifact| Some((artifact.target.name, artifact.executable?))).collect())
    }

    /// Where a program is, by the name of its target.
    ///
    /// # Errors
    ///
    /// Cargo did not build it.
    pub fn get(&self, name: &str) -> anyhow::Result<&Path> {
        self.0.get(name).map(PathBuf::as_path).with_context(|| format!("cargo built no program `{name}`"))
    }
}

/// A message of cargo that says what it built.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Settings of AWS for a program that is started: these alone, whatever this process has and the user's files say.
#[derive(Clone, Debug)]
pub struct AwsEnvironment {
    /// The access key and its secret.
    pub keys: (&'static str, &'static str),
    /// The token of temporary credentials.
    pub session_token: Option<&'static str>,
    /// The region.
    pub region: &'static str,
    /// Where requests are sent.
    pub endpoint_url: String,
}

impl AwsEnvironment {
    /// Sets them.
    pub fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
            command.env_remove(name);
        }
        let nothing = if cfg!(windows) { "NUL" } else { "/dev/null" };
        command.envs([
            ("AWS_CONFIG_FILE", nothing),
            ("AWS_SHARED_CREDENTIALS_FILE", nothing),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ACCESS_KEY_ID", self.keys.0),
            ("AWS_SECRET_ACCESS_KEY", self.keys.1),
            ("AWS_REGION", self.region),
            // What botocore reads.
            ("AWS_DEFAULT_REGION", self.region),
            ("AWS_ENDPOINT_URL", &self.endpoint_url),
            // A proxy would not reach loopback.
            ("NO_PROXY", "127.0.0.1"),
            ("no_proxy", "127.0.0.1"),
        ]);
        command.envs(self.session_token.map(|token| ("AWS_SESSION_TOKEN", token)))
    }
}

/// What a command prints that is run to its end.
///
/// # Errors
///
/// It cannot be run, or fails: the error holds what it said.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} ends with {}: {}", output.status, said.trim());
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} does not print UTF-8"))
}

/// The stand-in, started with keys of its own, which are for loopback alone.
///
/// # Errors
///
/// It cannot be started, or tells no address.
pub fn stand_in(program: &Path, arguments: &[&str]) -> anyhow::Result<(Running, AwsEnvironment)> {
    let (keys, region) = (("AKIDEXAMPLE", "the-secret-of-the-stand-in"), "us-east-2");
    let mut command = Command::new(program);
    command.args(["--exit-with-stdin", "--access-key", keys.0, "--secret-key", keys.1, "--region", region]);
    let mut running = Running::start("the stand-in", command.args(arguments))?;
    let endpoint_url = running.line()?;
    Ok((running, AwsEnvironment { keys, session_token: None, region, endpoint_url }))
}
