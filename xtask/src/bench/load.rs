//! How busy others keep the machine while something is measured: whoever holds a core for all of a run slows each
//! repetition alike, and no spread shows it.

use std::path::Path;
use std::time::{Duration, Instant};

use super::statistics::MOST_SPREAD;
use crate::fs;

/// What others did while something was measured, in one stretch or in several.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    took: Duration,
    others: Duration,
}

/// How often a second Linux counts; its interface fixes it.
const TICKS: u64 = 100;

/// Where time is counted in ticks, at the begin and the end of a stretch and for each process, less than this is nothing.
const LEAST: Duration = Duration::from_millis(100);

impl Load {
    /// Whether the system tells what others do.
    pub(super) fn is_told() -> bool {
        processors().is_some_and(|all| !all.busy.is_zero()) && own().is_some()
    }

    /// Does something, and watches what others do meanwhile.
    pub(super) fn during<T>(&mut self, job: impl FnOnce() -> T) -> T {
        let (begun, before) = (Instant::now(), others());
        let done = job();
        if let Some((before, after)) = before.zip(others()) {
            self.took += begun.elapsed();
            self.others += after.saturating_sub(before);
        }
        done
    }

    /// Why what was measured may be off: others used more than a quiet machine's share. `None` too where the system does not
    /// tell.
    pub(super) fn disturbs(&self) -> Option<String> {
        self.judge(processors()?.count)
    }

    fn judge(&self, processors: usize) -> Option<String> {
        let share = self.others.as_secs_f64() / (self.took.as_secs_f64() * processors as f64);
        let disturbs = self.others >= LEAST && share > MOST_SPREAD;
        disturbs.then(|| format!("others used {:.0} % of the machine", share * 100.0))
    }
}

/// What all others have used of the processors so far.
fn others() -> Option<Duration> {
    Some(processors()?.busy.saturating_sub(own()?))
}

/// The processors that the kernel counts: of the whole machine, where this process may use but some of them.
#[derive(Debug, PartialEq, Eq)]
struct Processors {
    busy: Duration,
    count: usize,
}

fn processors() -> Option<Processors> {
    counted(&fs::read(Path::new("/proc/stat")).ok()?)
}

/// The time that all processors were not idle, and how many there are: `cpu USER NICE SYSTEM IDLE IOWAIT IRQ SOFTIRQ STEAL …`,
/// and a line `cpuN …` each. What was stolen by other guests of the host counts.
fn counted(stat: &str) -> Option<Processors> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let busy = ticks.iter().take(8).enumerate().filter(|(at, _)| ![3, 4].contains(at)).map(|(_, ticks)| ticks);
    let count = stat.lines().filter(|line| line.starts_with("cpu") && !line.starts_with("cpu ")).count();
    Some(Processors { busy: time(busy.sum())?, count: count.max(1) })
}

/// What this process and its children have used: those that have ended and, with what they waited for, those that run.
fn own() -> Option<Duration> {
    let this = std::process::id();
    let folders = std::fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let processes = folders.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())));
    let used = processes.filter_map(|(id, folder): (u32, _)| {
        // One that has ended meanwhile is no child of ours: those leave an entry until they are waited for.
        let process = process(&fs::read(&folder.join("stat")).ok()?)?;
        (id == this || process.parent == this).then_some(process.used)
    });
    Some(used.sum())
}

#[derive(Debug, PartialEq, Eq)]
struct Process {
    parent: u32,
    used: Duration,
}

/// Of `ID (NAME) STATE PARENT …`: the parent, and the processor time of the process and of the children it has waited for,
/// which stand 12 to 15 places after the name. The name may hold anything.
fn process(stat: &str) -> Option<Process> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks: Vec<u64> = fields.get(11..15)?.iter().map(|ticks| ticks.parse()).collect::<Result<_, _>>().ok()?;
    Some(Process { parent: fields.get(1)?.parse().ok()?, used: time(ticks.iter().sum())? })
}

fn time(ticks: u64) -> Option<Duration> {
    Some(Duration::from_millis(ticks.checked_mul(1000 / TICKS)?))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Load, Process, Processors, counted, process};

    #[test]
    fn what_the_kernel_counts() {
        let stat = "cpu  100 20 30 9000 500 1 2 7 11 13\ncpu0 50 10 15 4500 250 0 1 3 5 6\ncpu1 50 10 15 4500 250 1 1 4 6 7\nctxt 9\n";
        assert_eq!(counted(stat), Some(Processors { busy: Duration::from_millis(1600), count: 2 }));
        for bad in ["", "cpu x\n", "cpu0 1 2\n"] {
            assert_eq!(counted(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_a_process_used() {
        let stat = "17 (a (b) c) S 4 17 17 0 -1 4194304 101 0 0 0 10 20 300 4000 20 0 1 0 6433851";
        assert_eq!(process(stat), Some(Process { parent: 4, used: Duration::from_millis(43_300) }));
        for bad in ["", "17 (a) S 4 17", "17 a S 4 17 17 0 -1 4194304 101 0 0 0 10 20 300 4000 20"] {
            assert_eq!(process(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn load_of_others() {
        let load = |took, others| Load { took: Duration::from_millis(took), others: Duration::from_millis(others) };
        assert_eq!(load(10_000, 3_000).judge(2), None);
        // A core for the whole of the time.
        assert_eq!(load(10_000, 10_000).judge(2).as_deref(), Some("others used 50 % of the machine"));
        // Of so little it cannot be told.
        assert_eq!(load(100, 90).judge(2), None);
        assert_eq!(load(0, 0).judge(2), None);
    }
}
