//! What a process costs: wall and processor time, and memory.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use wait4::Wait4;

/// What a process cost, with all that it started and waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// From its start to its end.
    pub wall: Duration,
    /// Processor time, of the user and of the system.
    pub cpu: Duration,
    /// The resident memory, at its peak, of the largest of the processes, in bytes.
    pub peak_memory: u64,
}

/// Runs a process to its end; returns what it printed, and what it cost. What it says on standard error is shown.
///
/// # Errors
///
/// It cannot be started, or fails.
pub fn run(command: &mut Command) -> anyhow::Result<(Vec<u8>, Usage)> {
    let shown = format!("{command:?}");
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| shown.clone())?;
    let mut printed = Vec::new();
    let output = child.stdout.take().context("its output has no pipe")?;
    let read = { output }.read_to_end(&mut printed);
    let ended = child.wait4().with_context(|| shown.clone())?;
    let wall = started.elapsed();
    read.with_context(|| shown.clone())?;
    ensure!(ended.status.success(), "{shown} ends with {}", ended.status);
    let usage = ended.rusage;
    Ok((printed, Usage { wall, cpu: usage.utime + usage.stime, peak_memory: usage.maxrss }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_costs() {
        let (printed, usage) = run(Command::new(env!("CARGO")).arg("--version")).unwrap();
        assert!(printed.starts_with(b"cargo "), "{printed:?}");
        assert!(usage.cpu > Duration::ZERO && usage.wall > Duration::ZERO, "{usage:?}");
        assert!((1 << 20..1 << 32).contains(&usage.peak_memory), "{usage:?}");
    }

    #[test]
    fn a_process_that_fails_costs_nothing_that_is_told() {
        let error = run(Command::new(env!("CARGO")).arg("no-such-command").stderr(Stdio::null())).unwrap_err();
        assert!(error.to_string().contains("no-such-command\" ends with exit status: 101"), "{error}");
    }
}
