//! The programs that are measured, started as `bench/README.md` says, and what they print.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;

use crate::measure::told::Told;
use crate::measure::usage;
use crate::process::AwsEnvironment;

/// A program that lists layers.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The program, and what stands before the arguments of each run: for boto3 its script.
    pub(super) program: PathBuf,
    pub(super) before: Vec<PathBuf>,
}

/// Calls of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calls {
    pub(super) count: u32,
    pub(super) in_flight: u32,
    /// How many are made before, that are not counted.
    pub(super) warm: u32,
}

/// What a run of it is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Task {
    Calls(Calls),
    /// All layers, in pages of 50.
    Walk,
}

/// No run takes a tenth of it, boto3's included.
const LIMIT: Duration = Duration::from_secs(600);

impl Client {
    /// The command of a run.
    pub(super) fn command(&self, task: Task, environment: &AwsEnvironment) -> Command {
        let mut command = Command::new(&self.program);
        environment.apply(command.args(&self.before));
        match task {
            Task::Calls(Calls { count, in_flight, warm }) => command
                .args(["calls", &count.to_string(), &in_flight.to_string()])
                .env_remove("BENCH_PAGE")
                .env("BENCH_WARM", warm.to_string()),
            Task::Walk => command.arg("walk").env("BENCH_PAGE", "50"),
        };
        command
    }

    /// Makes calls that are each answered with the same page. Returns also how many bytes of names each of them read.
    ///
    /// # Errors
    ///
    /// It cannot be started, fails, or prints something else. The error holds the end of what it said.
    pub(super) fn calls(&self, calls: Calls, environment: &AwsEnvironment) -> anyhow::Result<(Told, u64)> {
        let told = Told::of(&printed(&mut self.command(Task::Calls(calls), environment))?)?;
        Ok((told, told.names_a_call(calls.count)?))
    }

    /// Lists all of so many layers.
    ///
    /// # Errors
    ///
    /// It cannot be started, fails, or lists another number of them. The error holds the end of what it said.
    pub(super) fn walk(&self, layers: u32, environment: &AwsEnvironment) -> anyhow::Result<Told> {
        let told = Told::of(&printed(&mut self.command(Task::Walk, environment))?)?;
        ensure!(told.layers == Some(layers.into()), "listed {:?} of {layers} layers", told.layers);
        Ok(told)
    }
}

/// Runs a program to its end.
///
/// # Errors
///
/// It cannot be started or fails. The error holds the end of what it said.
pub(super) fn printed(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    Ok(usage::run(command, LIMIT)?.printed)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Calls, Client};
    use crate::process::AwsEnvironment;

    #[test]
    fn what_a_program_prints() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("client.sh");
        let client = Client { program: PathBuf::from("sh"), before: vec![script.clone()] };
        let keys = ("AKIDEXAMPLE", "secret");
        let endpoint_url = "http://127.0.0.1:9".to_owned();
        let environment = AwsEnvironment { keys, session_token: None, region: "us-east-2", endpoint_url };
        // It shows what it was asked for as what it read.
        let made = r#"echo "{\"calls\":$2,\"checksum\":$2$3$BENCH_WARM,\"wall_ns\":9,\"peak_bytes\":4096}""#;
        std::fs::write(&script, made).unwrap();
        let (told, names) = client.calls(Calls { count: 2, in_flight: 1, warm: 8 }, &environment).unwrap();
        assert_eq!((names, told.layers, told.cpu_ns, told.peak_bytes), (218 / 2, None, None, Some(4096)));

        let listed = r#"echo '{"layers":9,"checksum":81,"wall_ns":5}'"#;
        for (script_of, expected) in [
            ("echo refused >&2; exit 3", "ends with exit status: 3:\nrefused"),
            ("echo half", r#"prints "half\n""#),
            (listed, "listed Some(9) of 10 layers"),
        ] {
            std::fs::write(&script, script_of).unwrap();
            let error = client.walk(10, &environment).unwrap_err().to_string();
            assert!(error.ends_with(expected), "{error}");
        }
        assert_eq!(client.walk(9, &environment).unwrap().checksum, 81);
    }
}
