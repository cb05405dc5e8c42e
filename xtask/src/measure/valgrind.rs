//! valgrind, which runs a program and says on standard error what it counted.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context;

use super::told::Told;
use super::usage;

/// No program takes a tenth of it.
const LIMIT: Duration = Duration::from_secs(600);

/// Variables that a program gets besides its own: where programs are, and where valgrind has its tools.
const KEPT: [&str; 2] = ["PATH", "VALGRIND_LIB"];

/// Its version, if it is there.
pub fn version() -> Option<String> {
    let output = Command::new("valgrind").arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Runs a program that makes so many calls under a tool, in an environment of what its command says alone. Returns what
/// `count` finds in what the tool said, and how many bytes of names a call read: a program that reads less takes less.
///
/// # Errors
///
/// valgrind is not there, or the program fails or does not read what it was asked to.
pub(super) fn run<T>(
    tool: &[&str],
    command: &Command,
    calls: u32,
    count: impl FnOnce(&str) -> Option<T>,
) -> anyhow::Result<(T, u64)> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(tool).arg(command.get_program()).args(command.get_args()).env_clear();
    valgrind.envs(KEPT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    valgrind.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = usage::run(&mut valgrind, LIMIT)?;
    let names = Told::of(&ran.printed).and_then(|told| told.names_a_call(calls));
    let names = names.with_context(|| usage::shown(&valgrind))?;
    let said = String::from_utf8_lossy(&ran.said);
    let counted = count(&said).with_context(|| format!("{} counts nothing:\n{said}", usage::shown(&valgrind)))?;
    Ok((counted, names))
}
