//! The machine, its programs and the state of the repository, as a report names them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use super::report::{Machine, Made};
use crate::fs;

/// Asks which files differ from the commit, but for those that are published: nothing is measured of them.
const CHANGES: [&str; 6] = ["status", "--porcelain", "--", ".", ":!README.md", ":!docs/benchmark.*"];

impl Made {
    /// Notes whether what was measured is still there, at the end of a run or long after.
    pub(super) fn look_again(&mut self, root: &Path) {
        let now = Self::now(root);
        self.changed |= now.changed || now.commit != self.commit;
    }

    /// Here and now.
    pub(super) fn now(root: &Path) -> Self {
        let said = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).current_dir(root).output().ok()?;
            let text = String::from_utf8(output.stdout).ok()?;
            output.status.success().then(|| text.trim().to_owned())
        };
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        // The rustc that cargo takes where it is told of none, as in the builds that are measured.
        let tools = [("rustc", "rustc"), ("cargo", cargo.as_str()), ("valgrind", "valgrind")];
        let versions =
            tools.into_iter().filter_map(|(name, program)| Some((name.to_owned(), said(program, &["--version"])?)));
        Self {
            date: date(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())),
            commit: said("git", &["rev-parse", "HEAD"]).unwrap_or_else(|| "unknown".to_owned()),
            changed: said("git", &CHANGES).is_none_or(|files| !files.is_empty()),
            machine: Machine::this(said("uname", &["-srm"])),
            tools: versions.collect(),
            crates: BTreeMap::new(),
        }
    }
}

impl Machine {
    fn this(system: Option<String>) -> Self {
        let read = |path: &str| fs::read(Path::new(path)).unwrap_or_default();
        let memory =
            field(&read("/proc/meminfo"), "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        Self {
            processor: field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: memory.unwrap_or_default() * 1024,
            system: system.unwrap_or_else(|| format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        }
    }
}

/// The first value of a name in lines `name : value`.
fn field(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim().to_owned())
}

/// A second since 1970 in UTC, as RFC 3339 writes it.
fn date(seconds: u64) -> String {
    // Days from the first of March of the year 0, in eras of 400 years, so that the leap day is a year's last.
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::{date, field};

    #[test]
    fn dates() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_420_800, "2026-11-23T08:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }

    #[test]
    fn fields() {
        let text = "processor\t: 0\nmodel name\t: Some(R) CPU @ 2:1\nMemTotal:       32000 kB\n";
        assert_eq!(field(text, "model name").as_deref(), Some("Some(R) CPU @ 2:1"));
        assert_eq!(field(text, "MemTotal").as_deref(), Some("32000 kB"));
        assert_eq!(field(text, "gone"), None);
    }
}
