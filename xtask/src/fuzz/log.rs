//! What libFuzzer says on standard error.

/// How many lines of a failure are shown.
const SHOWN: usize = 20;

/// How many inputs were run.
pub(super) fn executions(log: &str) -> u64 {
    let count = log.lines().rev().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    count.and_then(|count| count.trim().parse().ok()).unwrap_or_default()
}

/// How many places of the code were reached.
pub(super) fn places(log: &str) -> u64 {
    let count = |line: &str| line.split_once(" cov: ")?.1.split(' ').next()?.parse().ok();
    log.lines().rev().find_map(count).unwrap_or_default()
}

/// The file that holds the input on which it failed.
pub(super) fn input(log: &str) -> Option<&str> {
    log.lines().find_map(|line| Some(line.split_once("Test unit written to ")?.1.trim()))
}

/// Why it failed: what a panic says, without the calls that led there, or libFuzzer of time and memory.
pub(super) fn reason(log: &str) -> String {
    let begins = |line: &&str| line.contains(" panicked at ") || line.starts_with("==") && line.contains("ERROR: ");
    let ends = |line: &&str| !line.starts_with("stack backtrace:") && !line.starts_with("note: ");
    let lines: Vec<&str> = log.lines().skip_while(|line| !begins(line)).take_while(ends).take(SHOWN).collect();
    if lines.is_empty() { "it ended early".to_owned() } else { lines.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSED: &str = "\
#2\tINITED cov: 71 ft: 72 corp: 1/1b exec/s: 0 rss: 44Mb
#431360\tDONE   cov: 98 ft: 173 corp: 29/3271b lim: 4096 exec/s: 47928 rss: 373Mb
Done 431360 runs in 9 second(s)
stat::number_of_executed_units: 431360
stat::average_exec_per_sec:     47928
";

    const FAILED: &str = "\
#2\tINITED cov: 71 ft: 72 corp: 1/1b exec/s: 0 rss: 44Mb

thread '<unnamed>' (1) panicked at fuzz_targets/base64.rs:10:5:
assertion failed: false
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
==1== ERROR: libFuzzer: deadly signal
artifact_prefix='/w/fuzz/artifacts/base64/'; Test unit written to /w/fuzz/artifacts/base64/crash-1
Base64: AAAA
stat::number_of_executed_units: 12
";

    #[test]
    fn what_it_says() {
        assert_eq!((executions(PASSED), places(PASSED), input(PASSED)), (431_360, 98, None));
        assert_eq!((executions(FAILED), places(FAILED)), (12, 71));
        assert_eq!(input(FAILED), Some("/w/fuzz/artifacts/base64/crash-1"));
        let told = "thread '<unnamed>' (1) panicked at fuzz_targets/base64.rs:10:5:\nassertion failed: false";
        assert_eq!(reason(FAILED), told);
        let slow = "==1== ERROR: libFuzzer: timeout after 10 seconds";
        assert_eq!(reason(&format!("#2\tINITED\n{slow}\nnote: x\n")), slow);
        assert_eq!(reason(""), "it ended early");
    }
}
