//! The line that a program of `bench/` prints: how it went, and what it read.

use anyhow::{Context, ensure};
use serde::Deserialize;

/// What a run prints.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Told {
    /// How many calls were made.
    pub calls: Option<u64>,
    /// How many layers were listed.
    pub layers: Option<u64>,
    /// The bytes of all names of layers that were read.
    pub checksum: u64,
    /// The time of the measured calls, by the clock.
    pub wall_ns: u64,
    /// The same of processors.
    pub cpu_ns: Option<u64>,
    /// What half of the calls took less than.
    pub p50_ns: Option<u64>,
    /// What 99 of 100 took less than.
    pub p99_ns: Option<u64>,
    /// The most memory that the process held.
    pub peak_bytes: Option<u64>,
}

impl Told {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// It is another line.
    pub fn of(printed: &[u8]) -> anyhow::Result<Self> {
        serde_json::from_slice(printed).with_context(|| format!("prints {:?}", String::from_utf8_lossy(printed)))
    }

    /// How many bytes of names a call read, of so many calls that each were answered with the same page.
    ///
    /// # Errors
    ///
    /// Other than so many calls were made, or some read less than others: what such a run took is no figure.
    pub fn names_a_call(&self, calls: u32) -> anyhow::Result<u64> {
        let calls = u64::from(calls);
        ensure!(self.calls == Some(calls), "made {:?} of {calls} calls", self.calls);
        let names = self.checksum.checked_div(calls).unwrap_or_default();
        ensure!(names > 0, "read no layer");
        ensure!(
            names * calls == self.checksum,
            "read {} bytes of names in {calls} calls of the same page",
            self.checksum
        );
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn what_a_call_reads() {
        let line = |calls: u64, checksum: u64| {
            let line =
                format!(r#"{{"calls":{calls},"checksum":{checksum},"wall_ns":5,"cpu_ns":null,"peak_bytes":4096}}"#);
            Told::of(line.as_bytes()).unwrap()
        };
        assert_eq!(line(2, 18).names_a_call(2).unwrap(), 9);
        for (told, expected) in [
            (line(2, 18), "made Some(2) of 3 calls"),
            (line(3, 0), "read no layer"),
            (line(3, 10), "read 10 bytes of names in 3 calls of the same page"),
        ] {
            assert_eq!(told.names_a_call(3).unwrap_err().to_string(), expected);
        }
        let error = Told::of(b"half\n").unwrap_err().to_string();
        assert_eq!(error, r#"prints "half\n""#);
    }
}
