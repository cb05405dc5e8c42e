//! The door to other programs: a line of commands, run by the shell of the platform on a thread of its own.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use zeroize::{Zeroize, Zeroizing};

use crate::environment::read_up_to;
use crate::task;
use crate::transport::BoxFuture;

/// Runs lines of commands.
pub trait Shell: fmt::Debug + Send + Sync + 'static {
    /// Runs a line, without input, until it ends. Dropping the future ends the program.
    ///
    /// # Errors
    ///
    /// Whatever keeps the shell from being started, and [`io::ErrorKind::FileTooLarge`] where more than `limit` bytes
    /// come out of it, which ends the program too.
    fn run(&self, line: &str, limit: usize) -> BoxFuture<'static, io::Result<Output>>;
}

/// What a program left behind. It may be secret, and is overwritten when it is dropped.
#[derive(Clone, Default)]
pub struct Output {
    /// The code that it ended with, by which 0 is success; none where a signal ended it.
    pub code: Option<i32>,
    /// All that it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// The beginning of what it wrote to its standard error, 4 KiB at most.
    pub stderr: Vec<u8>,
}

/// What a program prints may be secret, and is not shown.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("code", &self.code).finish_non_exhaustive()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.stdout.zeroize();
        self.stderr.zeroize();
    }
}

/// The shell of this machine: `sh -c`, on Windows `cmd.exe /C`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemShell;

impl Shell for SystemShell {
    fn run(&self, line: &str, limit: usize) -> BoxFuture<'static, io::Result<Output>> {
        let line = line.to_owned();
        Box::pin(async move {
            let run = Run::default();
            let watched = run.clone();
            let _stop = StopWhenDropped(&run);
            let work = move || {
                let ended = watched.start(&line).and_then(|pipes| watched.watch(pipes, limit));
                watched.end(ended);
            };
            task::thread("tinsmith-shell", Box::new(work))?;
            poll_fn(|cx| run.poll(cx)).await
        })
    }
}

/// The most that is kept of the standard error, in bytes.
const STDERR: u64 = 4096;

/// A program that runs: what its thread and the one who waits for it share.
#[derive(Clone, Default)]
struct Run(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    child: Option<Child>,
    stopped: bool,
    stderr: Vec<u8>,
    ended: Option<io::Result<Output>>,
    waiting: Option<Waker>,
}

/// The ends of the pipes that are read here.
type Pipes = (Box<dyn Read + Send>, Box<dyn Read + Send>);

impl Run {
    /// Starts the program, unless nobody waits for it any more.
    fn start(&self, line: &str) -> io::Result<Pipes> {
        let mut state = self.lock();
        if state.stopped {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let mut child = command(line).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        state.child = Some(child);
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else { return Err(io::ErrorKind::BrokenPipe.into()) };
        Ok((Box::new(stdout), Box::new(stderr)))
    }

    /// Reads what the program says until it ends. Both pipes are read at once: it would stand still at a full one.
    fn watch(&self, (stdout, stderr): Pipes, limit: usize) -> io::Result<Output> {
        let run = self.clone();
        let complaints = task::thread("tinsmith-shell", Box::new(move || drop(run.hear(stderr))));
        let read = complaints.and_then(|complaints| {
            let stdout = bounded(stdout, limit);
            if stdout.is_err() {
                self.stop();
            }
            let _ = complaints.join();
            stdout
        });
        // One that was ended has to be waited for too: the system keeps it until then.
        let status = self.wait();
        let (stdout, stderr) = (read?, std::mem::take(&mut self.lock().stderr));
        Ok(Output { code: status?.and_then(|status| status.code()), stdout, stderr })
    }

    /// Keeps the beginning of what the program complains of, and hears out the rest.
    fn hear(&self, mut stderr: Box<dyn Read + Send>) -> io::Result<u64> {
        let mut beginning = Vec::new();
        read_up_to(STDERR, &mut stderr, &mut beginning)?;
        self.lock().stderr = beginning;
        io::copy(&mut stderr, &mut io::sink())
    }

    /// Waits for the program, which has mostly ended when it has closed its pipes. The lock is not held meanwhile: who
    /// drops the future must be able to end the program.
    fn wait(&self) -> io::Result<Option<ExitStatus>> {
        let mut pause = Duration::from_millis(1);
        loop {
            let Some(status) = self.lock().child.as_mut().map(Child::try_wait) else { return Ok(None) };
            if let Some(status) = status? {
                return Ok(Some(status));
            }
            thread::sleep(pause);
            pause = pause.saturating_mul(2).min(Duration::from_millis(50));
        }
    }

    fn end(&self, ended: io::Result<Output>) {
        let mut state = self.lock();
        state.ended = Some(ended);
        if let Some(waker) = state.waiting.take() {
            waker.wake();
        }
    }

    /// Ends the program. What it has started in its turn goes on, and keeps the thread that reads its output until it ends
    /// or prints too much.
    fn stop(&self) {
        let mut state = self.lock();
        state.stopped = true;
        if let Some(child) = &mut state.child {
            // One that has ended already is as well.
            let _ = child.kill();
        }
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<io::Result<Output>> {
        let mut state = self.lock();
        match state.ended.take() {
            Some(ended) => Poll::Ready(ended),
            None => {
                state.waiting = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct StopWhenDropped<'a>(&'a Run);

impl Drop for StopWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(not(windows))]
fn command(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

/// The line goes to `cmd.exe` as it is: it has rules of its own for quotes.
#[cfg(windows)]
fn command(line: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd.exe");
    command.arg("/C").raw_arg(line);
    command
}

/// Reads to the end, which may not be further off than this. The pipe is closed thereafter.
fn bounded(mut pipe: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    // With room for all of it, so that what was read is not copied, and left behind in several places.
    let mut content = Zeroizing::new(Vec::with_capacity(limit.saturating_add(1)));
    read_up_to(one_more, &mut pipe, &mut content)?;
    if content.len() > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it printed more than {limit} bytes")));
    }
    Ok(std::mem::take(&mut content))
}

#[cfg(any(test, feature = "test-util"))]
pub use scripted::ScriptedShell;

#[cfg(any(test, feature = "test-util"))]
mod scripted {
    use std::collections::BTreeMap;
    use std::fmt;
    use std::future::ready;
    use std::io;

    use super::{Output, Shell};
    use crate::transport::BoxFuture;

    /// A shell for tests, which knows these lines and what comes of them, and no others.
    #[derive(Clone, Default)]
    pub struct ScriptedShell(BTreeMap<String, Output>);

    /// How many lines it knows: they may hold secrets.
    impl fmt::Debug for ScriptedShell {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "ScriptedShell({} lines)", self.0.len())
        }
    }

    impl<L: Into<String>> FromIterator<(L, Output)> for ScriptedShell {
        fn from_iter<I: IntoIterator<Item = (L, Output)>>(lines: I) -> Self {
            Self(lines.into_iter().map(|(line, output)| (line.into(), output)).collect())
        }
    }

    impl Shell for ScriptedShell {
        fn run(&self, line: &str, limit: usize) -> BoxFuture<'static, io::Result<Output>> {
            let output = self.0.get(line).cloned().ok_or(io::ErrorKind::NotFound);
            let output = output.map_err(io::Error::from).and_then(|output| {
                super::bounded(&*output.stdout, limit)?;
                Ok(output)
            });
            Box::pin(ready(output))
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn run(line: &str) -> Result<(Option<i32>, String, String), String> {
        let output = SystemShell.run(line, 100).await.map_err(|error| error.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.code, text(&output.stdout), text(&output.stderr)))
    }

    #[tokio::test]
    async fn what_a_program_says_and_how_it_ends() {
        let check = async |line: &str, code: Option<i32>, stdout: &str, stderr: &str| {
            assert_eq!(run(line).await, Ok((code, stdout.to_owned(), stderr.to_owned())), "{line}");
        };
        check("echo 'a  b' | tr a c", Some(0), "c  b\n", "").await;
        check("echo out; echo err >&2; exit 3", Some(3), "out\n", "err\n").await;
        check("read line || echo no input", Some(0), "no input\n", "").await;
        check("kill -9 $$", None, "", "").await;
        // More than a pipe holds.
        let (code, _, stderr) = run("head -c 200000 /dev/zero | tr '\\0' e >&2").await.unwrap();
        assert_eq!((code, stderr.len()), (Some(0), 4096));
    }

    #[tokio::test]
    async fn endless_output_ends_the_program() {
        assert_eq!(run("yes").await, Err("it printed more than 100 bytes".to_owned()));
        assert_eq!(run("yes | cat").await, Err("it printed more than 100 bytes".to_owned()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_that_was_ended_is_not_kept_by_the_system() {
        let run = Run::default();
        let pipes = run.start("exec yes").unwrap();
        let process = format!("/proc/{}", run.lock().child.as_ref().map(Child::id).unwrap());
        assert!(std::path::Path::new(&process).exists());
        assert!(run.watch(pipes, 100).is_err());
        assert!(!std::path::Path::new(&process).exists());
    }

    #[tokio::test]
    async fn a_dropped_wait_ends_the_program() {
        let mut running = SystemShell.run("exec sleep 1000", 100);
        assert!(poll_fn(|cx| Poll::Ready(running.as_mut().poll(cx).is_pending())).await);
        drop(running);
        let run = Run::default();
        run.start("exec sleep 1000").unwrap();
        assert_eq!(run.lock().child.as_mut().map(|child| child.try_wait().unwrap()), Some(None));
        drop(StopWhenDropped(&run));
        assert_eq!(run.wait().unwrap().map(|status| status.success()), Some(false));
        assert!(run.start("true").is_err(), "nobody waits for it");
    }
}
