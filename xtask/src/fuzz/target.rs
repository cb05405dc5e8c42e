//! A target: libFuzzer, and what it is told and tells.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::log;
use crate::fs;

/// How long an input may take, and how much memory: both far more than any takes.
const LIMITS: [&str; 2] = ["-timeout=60", "-rss_limit_mb=2048"];

/// A target that is built.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) program: PathBuf,
    /// The inputs that are kept in the repository.
    pub(super) corpus: PathBuf,
    /// Those that were found here, and reached something new.
    pub(super) found: PathBuf,
    /// Where inputs are left on which it fails.
    pub(super) failures: PathBuf,
    /// What it said last.
    pub(super) log: PathBuf,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    /// How many inputs the corpus has.
    pub(super) corpus: usize,
    /// How many new inputs were run.
    pub(super) executions: u64,
    /// How long that took.
    pub(super) seconds: u64,
    /// How many places of the code were reached.
    pub(super) places: u64,
    /// What failed, and how to see it again.
    pub(super) failure: Option<String>,
}

impl Target {
    /// Gives it the inputs of its corpus, then new ones.
    pub(super) fn run(&self, each: Duration, seed: u32) -> anyhow::Result<Outcome> {
        for folder in [&self.found, &self.failures] {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let corpus = std::fs::read_dir(&self.corpus)
            .with_context(|| format!("{} has no corpus in {}", self.name, self.corpus.display()))?
            .count();
        let mut outcome = Outcome { corpus, executions: 0, seconds: 0, places: 0, failure: None };
        let mut replay = self.command();
        replay.arg("-runs=0").arg(&self.corpus);
        if !self.passes_command(replay)? {
            outcome.failure = Some(self.failure()?);
            return Ok(outcome);
        }
        let started = Instant::now();
        let mut search = self.command();
        search
            .arg(format!("-max_total_time={}", each.as_secs()))
            .args(["-print_final_stats=1"])
            .arg(format!("-seed={seed}"));
        search.args([&self.found, &self.corpus]);
        let passes = each.is_zero() || self.passes_command(search)?;
        let said = fs::read(&self.log)?;
        outcome.executions = log::executions(&said).saturating_sub(corpus as u64);
        outcome.places = log::places(&said);
        outcome.seconds = started.elapsed().as_secs();
        if !passes {
            outcome.failure = Some(self.failure()?);
        } else if !each.is_zero() && outcome.places == 0 {
            outcome.failure =
                Some(format!("{}: it counts no places that it reaches: it was built without coverage", self.name));
        }
        Ok(outcome)
    }

    /// Whether it passes on an input.
    pub(super) fn passes(&self, input: &Path) -> anyhow::Result<bool> {
        let status = self.command().arg(input).status().with_context(|| format!("cannot start {}", self.name))?;
        Ok(status.success())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // With a separator at its end: it is put before the name of a file.
        command.args(LIMITS).arg(format!("-artifact_prefix={}/", self.failures.display())).stdin(Stdio::null());
        command
    }

    /// Runs a command that speaks to the log alone.
    fn passes_command(&self, mut command: Command) -> anyhow::Result<bool> {
        let log = File::create(&self.log).with_context(|| format!("cannot write {}", self.log.display()))?;
        command.stdout(Stdio::null()).stderr(log);
        Ok(command.status().with_context(|| format!("cannot start {}", self.name))?.success())
    }

    /// What it said, and how to see it again.
    fn failure(&self) -> anyhow::Result<String> {
        let said = fs::read(&self.log)?;
        let (name, reason) = (&self.name, log::reason(&said));
        Ok(match log::input(&said) {
            Some(input) => {
                format!("{name}: {reason}\nthe input is {input}; again with\n  cargo xtask fuzz {name} --input {input}")
            }
            None => format!("{name}: {reason}\nall it said is in {}", self.log.display()),
        })
    }
}
