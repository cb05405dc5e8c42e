//! Allocations of a program, counted by valgrind: the same on each run and under whatever load.

use std::process::Command;

use anyhow::ensure;

use super::valgrind;

/// How many calls more than one the difference is taken over.
const CALLS: u32 = 100;

/// What a call allocates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allocated {
    /// How often.
    pub allocations: f64,
    /// How many bytes.
    pub bytes: f64,
    /// How many bytes of names each call read.
    pub names: u64,
}

/// Counts what a program allocates that calls so many times as `calls` is told: what more of them do more.
///
/// # Errors
///
/// valgrind is not there, or the program fails, or does not read the same with each call.
pub fn of_calls(mut calls: impl FnMut(u32) -> Command) -> anyhow::Result<Allocated> {
    // Nothing is looked for: memcheck counts what it is asked for on the way.
    const TOOL: [&str; 3] = ["--tool=memcheck", "--leak-check=no", "--undef-value-errors=no"];
    let mut of = |count| valgrind::run(&TOOL, &calls(count), count, total);
    let ((one, names), (more, each)) = (of(1)?, of(1 + CALLS)?);
    ensure!(names == each, "the first call reads {names} bytes of names, the others {each}");
    let a_call = |one: u64, more: u64| (more as f64 - one as f64) / f64::from(CALLS);
    Ok(Allocated { allocations: a_call(one.0, more.0), bytes: a_call(one.1, more.1), names })
}

/// What stands in `==PID==   total heap usage: 1,234 allocs, 1,230 frees, 56,789 bytes allocated`.
fn total(said: &str) -> Option<(u64, u64)> {
    let line = said.lines().find_map(|line| line.split_once("total heap usage: "))?.1;
    let number = |end: &str| {
        let part = line.split(", ").find_map(|part| part.strip_suffix(end))?;
        part.replace(',', "").parse().ok()
    };
    Some((number(" allocs")?, number(" bytes allocated")?))
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn what_valgrind_says() {
        let line = "==7== HEAP SUMMARY:\n==7==     in use at exit: 1,024 bytes in 1 blocks\n\
                    ==7==   total heap usage: 12,345 allocs, 12,344 frees, 6,789,012 bytes allocated\n";
        for (said, expected) in [
            (line, Some((12_345, 6_789_012))),
            ("==7==   total heap usage: 3 allocs, 3 frees, 96 bytes allocated", Some((3, 96))),
            ("==7==   total heap usage: many allocs, 3 frees, 96 bytes allocated", None),
            ("==7==   total heap usage: 3 allocs, 3 frees", None),
            ("", None),
        ] {
            assert_eq!(total(said), expected, "{said}");
        }
    }
}
