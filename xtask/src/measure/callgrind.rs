//! Instructions of a program, counted by callgrind: the same on each run and under whatever load, but for the versions of
//! compiler and libc.
//!
//! valgrind knows no SHA instructions of the processor, so that what hashes takes the long way: about 22,000 instructions a
//! signature more than without it.

use std::process::Command;

use anyhow::{Context, ensure};

use super::valgrind;
pub use super::valgrind::version;

/// How many calls more than one the difference is taken over.
const CALLS: u32 = 200;

/// What calls of a program take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instructions {
    /// From the start of the program to its end, with one call.
    pub start: u64,
    /// A call more.
    pub call: u64,
    /// How many bytes of names each call read.
    pub names: u64,
}

/// Counts what a program takes that calls so many times as `calls` is told.
///
/// # Errors
///
/// valgrind is not there, or the program fails, or does not read the same with each call.
pub fn of_calls(mut calls: impl FnMut(u32) -> Command) -> anyhow::Result<Instructions> {
    let (start, names) = of(&calls(1), 1)?;
    let (more, each) = of(&calls(1 + CALLS), 1 + CALLS)?;
    ensure!(names == each, "the first call reads {names} bytes of names, the others {each}");
    let difference = more.checked_sub(start);
    let difference = difference.with_context(|| format!("{CALLS} calls more take less: {more} after {start}"))?;
    Ok(Instructions { start, call: difference / u64::from(CALLS), names })
}

/// Counts what a program takes that makes so many calls, from its start to its end; and how many bytes of names each read.
///
/// # Errors
///
/// valgrind is not there, or the program fails, or does not read what it was asked to.
pub fn of(command: &Command, calls: u32) -> anyhow::Result<(u64, u64)> {
    valgrind::run(&["--tool=callgrind", "--callgrind-out-file=/dev/null"], command, calls, collected)
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
