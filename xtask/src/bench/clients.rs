//! The programs that are measured, started as `bench/README.md` says, and what they print.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::measure::usage;
use crate::process::AwsEnvironment;

/// A program that lists layers.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The program, and what stands before the arguments of each run: for boto3 its script.
    pub(super) program: PathBuf,
    pub(super) before: Vec<PathBuf>,
}

/// What a run of it is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Task {
    /// So many calls, so many of them in flight, after so many that are not counted.
    Calls { count: u32, in_flight: u32, warm: u32 },
    /// All layers, in pages of 50.
    Walk,
}

/// What a run prints.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Told {
    /// How many calls were made.
    pub(super) calls: Option<u64>,
    /// How many layers were listed.
    pub(super) layers: Option<u64>,
    /// Grows with each layer that was read, so that reading cannot be left out.
    pub(super) checksum: u64,
    pub(super) wall_ns: u64,
    pub(super) cpu_ns: Option<u64>,
    pub(super) p50_ns: Option<u64>,
    pub(super) p99_ns: Option<u64>,
    pub(super) peak_bytes: Option<u64>,
}

impl Client {
    /// The command of a run.
    pub(super) fn command(&self, task: Task, environment: &AwsEnvironment) -> Command {
        let mut command = Command::new(&self.program);
        environment.apply(command.args(&self.before));
        match task {
            Task::Calls { count, in_flight, warm } => command
                .args(["calls", &count.to_string(), &in_flight.to_string()])
                .env_remove("BENCH_PAGE")
                .env("BENCH_WARM", warm.to_string()),
            Task::Walk => command.arg("walk").env("BENCH_PAGE", "50"),
        };
        command
    }

    /// Runs it to its end.
    ///
    /// # Errors
    ///
    /// It cannot be started, fails, or prints something else. The error holds the end of what it said.
    pub(super) fn run(&self, task: Task, environment: &AwsEnvironment) -> anyhow::Result<Told> {
        let told: Told = told(&mut self.command(task, environment))?;
        match task {
            Task::Calls { count, .. } => {
                ensure!(told.calls == Some(count.into()), "made {:?} of {count} calls", told.calls)
            }
            Task::Walk => ensure!(told.layers.is_some(), "counted no layers"),
        }
        ensure!(told.checksum > 0, "read no layer");
        Ok(told)
    }
}

/// Runs a program to its end, and reads the one line that it prints.
///
/// # Errors
///
/// It cannot be started, fails, or prints something else. The error holds the end of what it said.
pub(super) fn told<T: for<'a> Deserialize<'a>>(command: &mut Command) -> anyhow::Result<T> {
    let name = command.get_program().display().to_string();
    let (printed, _) = usage::run(command)?;
    serde_json::from_slice(&printed).with_context(|| format!("{name} prints {:?}", String::from_utf8_lossy(&printed)))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Told, told};

    #[test]
    fn what_a_program_prints() {
        let shell = |script: &str| told::<Told>(Command::new("sh").args(["-c", script]));
        let line =
            r#"echo '{"calls":2,"checksum":9,"wall_ns":5,"cpu_ns":null,"p50_ns":1,"p99_ns":2,"peak_bytes":4096}'"#;
        let found = shell(line).unwrap();
        assert_eq!((found.calls, found.layers, found.cpu_ns, found.peak_bytes), (Some(2), None, None, Some(4096)));
        for (script, expected) in
            [("echo refused >&2; exit 3", "ends with exit status: 3:\nrefused"), ("echo half", r#"sh prints "half\n""#)]
        {
            let error = shell(script).unwrap_err().to_string();
            assert!(error.ends_with(expected), "{error}");
        }
    }
}
