//! How busy others keep the machine while something is measured that is not repeated.

use std::path::Path;
use std::time::{Duration, Instant};

use super::statistics::MOST_SPREAD;
use crate::fs;

/// A moment, and what the processors had done by then.
#[derive(Debug)]
pub(super) struct Load {
    begun: Instant,
    busy: Option<Duration>,
}

/// How often a second Linux counts; its interface fixes it.
const TICKS: u64 = 100;

impl Load {
    pub(super) fn now() -> Self {
        Self { begun: Instant::now(), busy: busy_now() }
    }

    /// Why what took this processor time since then may be off: others used more than a quiet machine's share. `None` too
    /// where the system does not tell.
    pub(super) fn disturbed(&self, own: Duration) -> Option<String> {
        let busy = busy_now()?.checked_sub(self.busy?)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        judge(busy.saturating_sub(own), self.begun.elapsed(), cores)
    }
}

fn judge(others: Duration, took: Duration, cores: usize) -> Option<String> {
    let share = others.as_secs_f64() / (took.as_secs_f64() * cores as f64);
    (share > MOST_SPREAD).then(|| format!("others used {:.0} % of the machine", share * 100.0))
}

fn busy_now() -> Option<Duration> {
    busy(&fs::read(Path::new("/proc/stat")).ok()?)
}

/// The time that all processors were not idle: `cpu USER NICE SYSTEM IDLE IOWAIT IRQ SOFTIRQ STEAL …`. What was stolen by
/// other guests of the host counts.
fn busy(stat: &str) -> Option<Duration> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let busy = ticks.iter().take(8).enumerate().filter(|(at, _)| ![3, 4].contains(at)).map(|(_, ticks)| ticks);
    Some(Duration::from_millis(busy.sum::<u64>().checked_mul(1000 / TICKS)?))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{busy, judge};

    #[test]
    fn what_the_kernel_counts() {
        let stat = "cpu  100 20 30 9000 500 1 2 7 11 13\ncpu0 50 10 15 4500 250 0 1 3 5 6\n";
        assert_eq!(busy(stat), Some(Duration::from_millis(1600)));
        for bad in ["", "cpu x\n", "cpu0 1 2\n"] {
            assert_eq!(busy(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn load_of_others() {
        let seconds = Duration::from_secs;
        assert_eq!(judge(seconds(3), seconds(10), 2), None);
        let said = "others used 40 % of the machine";
        assert_eq!(judge(seconds(8), seconds(10), 2).as_deref(), Some(said));
    }
}
