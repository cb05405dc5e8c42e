//! Instructions of a program, counted by callgrind: the same on each run and under whatever load, but for the versions of
//! compiler and libc.
//!
//! valgrind knows no SHA instructions of the processor, so that what hashes takes the long way: about 22,000 instructions a
//! signature more than without it.

use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::usage::shown;

/// How many calls more than one the difference is taken over.
const CALLS: u32 = 200;

/// What calls of a program take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instructions {
    /// From the start of the program to its end, with one call.
    pub start: u64,
    /// A call more.
    pub call: u64,
}

/// The version of valgrind, if it is there.
pub fn version() -> Option<String> {
    let output = Command::new("valgrind").arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Counts what a program takes that calls so many times as `calls` is told.
///
/// # Errors
///
/// valgrind is not there, or the program fails.
pub fn of_calls(mut calls: impl FnMut(u32) -> Command) -> anyhow::Result<Instructions> {
    let start = of(&calls(1))?;
    let more = of(&calls(1 + CALLS))?;
    let difference = more.checked_sub(start);
    let difference = difference.with_context(|| format!("{CALLS} calls more take less: {more} after {start}"))?;
    Ok(Instructions { start, call: difference / u64::from(CALLS) })
}

/// Counts what a command takes, from its start to its end, in an environment of what it says itself and `PATH`.
///
/// # Errors
///
/// valgrind is not there, or the command fails.
pub fn of(command: &Command) -> anyhow::Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(command.get_program()).args(command.get_args()).env_clear();
    let said = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    valgrind.envs(std::env::var_os("PATH").map(|path| ("PATH", path))).envs(said);
    let output = valgrind.stdin(Stdio::null()).output().context("cannot run valgrind")?;
    let (said, shown) = (String::from_utf8_lossy(&output.stderr), shown(command));
    ensure!(output.status.success(), "{shown} under callgrind ends with {}:\n{}", output.status, said.trim());
    collected(&said).with_context(|| format!("callgrind tells no instructions of {shown}:\n{}", said.trim()))
}

/// What stands in `==PID== Collected : NUMBER`.
fn collected(said: &str) -> Option<u64> {
    said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_callgrind_says() {
        for (said, expected) in [
            ("==7== Events    : Ir\n==7== Collected : 801234\n==7== \n", Some(801_234)),
            ("==7== Collected : many", None),
            ("", None),
        ] {
            assert_eq!(collected(said), expected, "{said}");
        }
    }
}
