//! What a process costs: wall and processor time, and memory.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use wait4::Wait4;

/// What a process cost, with all that it started and waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// From its start to its end.
    pub wall: Duration,
    /// Processor time, of the user and of the system.
    pub cpu: Duration,
    /// The resident memory, at its peak, of the largest of the processes, in bytes. Linux counts what this process held when
    /// it started it, so that of less than some 20 MB a program has to tell itself.
    pub peak_memory: u64,
}

/// A process that has ended.
#[derive(Debug)]
pub struct Ran {
    /// What it printed.
    pub printed: Vec<u8>,
    /// What it said on standard error.
    pub said: Vec<u8>,
    /// What it cost.
    pub usage: Usage,
}

/// How much of what a process said before it failed is told.
const LINES: usize = 20;

/// Runs a process to its end, which has to come within the limit: one that waits for something would stop everything.
///
/// # Errors
///
/// It cannot be started, takes longer, or fails: the error holds the last lines of what it said on standard error.
pub fn run(command: &mut Command, limit: Duration) -> anyhow::Result<Ran> {
    let shown = shown(command);
    let started = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {shown}"))?;
    // Both at once: a process whose pipe is full waits. They end with the process.
    let (printed, said) = (reading(child.stdout.take()), reading(child.stderr.take()));
    let left = || limit.saturating_sub(started.elapsed());
    let read = printed.recv_timeout(left()).and_then(|printed| Ok((printed, said.recv_timeout(left())?)));
    let Ok((printed, said)) = read else {
        // If it cannot be killed, it has ended by now.
        let _ = child.kill();
        let _ = child.wait();
        bail!("{shown} took longer than {limit:?}, and was stopped");
    };
    let ended = child.wait4().with_context(|| format!("cannot wait for {shown}"))?;
    let wall = started.elapsed();
    ensure!(ended.status.success(), "{shown} ends with {}:\n{}", ended.status, last_lines(&said));
    let usage = ended.rusage;
    let usage = Usage { wall, cpu: usage.utime + usage.stime, peak_memory: usage.maxrss };
    Ok(Ran { printed, said, usage })
}

/// A command as a person types it, without its environment.
pub(super) fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Gives what a pipe holds, once it breaks off or ends.
fn reading(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before it broke off is as good as any: that the process failed says its status.
            let _ = pipe.read_to_end(&mut bytes);
        }
        // Nobody listens where the process took too long.
        let _ = sender.send(bytes);
    });
    receiver
}

fn last_lines(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<_> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(LINES)).copied().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn what_a_process_costs() {
        let Ran { printed, usage, .. } = run(Command::new(env!("CARGO")).arg("--version"), LONG).unwrap();
        assert!(printed.starts_with(b"cargo "), "{printed:?}");
        assert!(usage.cpu > Duration::ZERO && usage.wall > Duration::ZERO, "{usage:?}");
        assert!((1 << 20..1 << 32).contains(&usage.peak_memory), "{usage:?}");
    }

    #[test]
    fn a_process_that_fails_costs_nothing_that_is_told() {
        let error = run(Command::new(env!("CARGO")).arg("no-such-command"), LONG).unwrap_err().to_string();
        assert!(error.contains("no-such-command ends with exit status: 101:\nerror: no such command"), "{error}");
    }

    #[test]
    fn a_process_that_hangs_is_stopped() {
        let error = run(Command::new("sleep").arg("600"), Duration::from_millis(20)).unwrap_err().to_string();
        assert_eq!(error, "sleep 600 took longer than 20ms, and was stopped");
    }

    #[test]
    fn the_last_lines_are_told() {
        let said: String = (0..30).map(|line| format!("{line}\n")).collect();
        assert!(last_lines(said.as_bytes()).starts_with("10\n11\n"), "{said}");
        assert_eq!(last_lines(b"one\n"), "one");
        assert_eq!(last_lines(b""), "");
    }
}
