//! What came of a run: a table, and a verdict.

use std::fmt::Write;
use std::time::Duration;

use crate::flat::Samples;
use crate::ledger::Sums;
use crate::plan::ENDS_AFTER_ANSWER;

/// How much more memory may be in use at the end of a run than after its warm-up. What glibc keeps of bursts comes to less; a
/// leak of some bytes a call comes to more within minutes, and the report says how many bytes that are.
const MEMORY: f64 = 4.0 * 1024.0 * 1024.0;
/// The same, of descriptors: those of ten connections that happen to be open.
const DESCRIPTORS: f64 = 40.0;
/// Of a hundred attempts, those that may be late on a machine that does something else meanwhile.
const LATE: u64 = 1;

/// What was seen of a run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) seed: u64,
    pub(crate) tasks: u32,
    pub(crate) took: Duration,
    pub(crate) sums: Sums,
    /// What connections did, by relay and fault.
    pub(crate) links: Vec<(String, u64)>,
    pub(crate) connections: u64,
    /// Requests that began on a connection before the one before them was answered.
    pub(crate) overlaps: u64,
    pub(crate) issued: u64,
    pub(crate) memory: Samples,
    pub(crate) descriptors: Samples,
    /// Connections that were open when the last call had ended, and how many may be.
    pub(crate) idle: (usize, usize),
    /// When the clients are gone: connections, tasks, and descriptors beyond those that were there before.
    pub(crate) left: Left,
}

/// What is left when the clients are gone.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) connections: usize,
    pub(crate) tasks: usize,
    pub(crate) descriptors: u64,
}

impl Report {
    /// The table, as Markdown, and what it comes to.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("| fault | met | attempts that failed |\n|---|---|---|\n");
        for (name, (met, failed)) in &self.sums.troubles {
            line(&mut text, format_args!("| {name} | {met} | {failed} |"));
        }
        for (name, count) in &self.links {
            line(&mut text, format_args!("| connection: {name} | {count} | |"));
        }
        let Sums { calls, right, failed, cancelled, attempts, seen, again, .. } = &self.sums;
        let Sums { nameless, unconnected, lost, cut, unexplained, late, misdated, .. } = &self.sums;
        line(
            &mut text,
            format_args!("\n{calls} calls by {} tasks in {:.0?}, seed {}:", self.tasks, self.took, self.seed),
        );
        line(&mut text, format_args!("- {right} right answers, {failed} errors, {cancelled} dropped"));
        line(
            &mut text,
            format_args!(
                "- {attempts} attempts: {seen} seen by the server ({again} of them twice), {nameless} without a name, {unconnected} \
             without a connection, {lost} lost with one, {cut} cut off before they were seen"
            ),
        );
        line(
            &mut text,
            format_args!(
                "- {unexplained} more failed with their connection, {late} were late, {misdated} were refused for a clock that had jumped"
            ),
        );
        line(&mut text, format_args!("- broken connections that account for those: {}", self.excused()));
        line(&mut text, format_args!("- {} connections, {} credentials given out", self.connections, self.issued));
        line(&mut text, format_args!("- memory: {}", flat(&self.memory, 1024.0 * 1024.0, "MB")));
        line(&mut text, format_args!("- descriptors: {}", flat(&self.descriptors, 1.0, "open")));
        if *calls > 0 {
            let least = MEMORY / (*calls as f64 * 2.0 / 3.0);
            line(&mut text, format_args!("- a leak of {least:.0} bytes a call would have been seen"));
        }
        let (idle, most) = self.idle;
        line(
            &mut text,
            format_args!("- {idle} idle connections at the end, of {most} that may be; then {}", self.left),
        );
        text
    }

    /// Whatever is not as it must be.
    pub(crate) fn wrong(&self) -> Vec<String> {
        let sums = &self.sums;
        let mut wrong = sums.told.clone();
        let mut expect = |holds: bool, what: String| {
            if !holds {
                wrong.push(what)
            }
        };
        let more = sums.violations - sums.told.len() as u64;
        expect(more == 0, format!("and {more} more of this kind"));
        expect(sums.right > 0, "no call was answered".to_owned());
        expect(self.overlaps == 0, format!("{} requests overlapped others on their connections", self.overlaps));
        let (debt, excused) = (sums.debt(), self.excused());
        expect(debt <= excused, format!("{debt} attempts failed with their connections, of which {excused} broke"));
        let late = excused + sums.attempts * LATE / 100;
        expect(sums.late <= late, format!("{} attempts were late, and no more than {late} may be", sums.late));
        for (what, samples, most) in [("memory", &self.memory, MEMORY), ("descriptors", &self.descriptors, DESCRIPTORS)]
        {
            let growth = samples.growth().unwrap_or_default();
            expect(growth <= most, format!("{what} grew by {growth:.0}, and no more than {most:.0} is flat"));
        }
        let (idle, most) = self.idle;
        expect(idle <= most, format!("{idle} idle connections are kept, and no more than {most} may be"));
        expect(self.left == Left::default(), format!("when the clients were gone there were {}", self.left));
        wrong
    }

    /// How many connections broke: each may have cost one attempt.
    fn excused(&self) -> u64 {
        let met = |name| self.sums.troubles.get(name).map_or(0, |(met, _)| *met);
        self.links.iter().map(|(_, count)| count).sum::<u64>() + ENDS_AFTER_ANSWER.into_iter().map(met).sum::<u64>()
    }
}

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { connections, tasks, descriptors } = self;
        write!(f, "{connections} connections, {tasks} tasks and {descriptors:+} descriptors")
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "{line}");
}

fn flat(samples: &Samples, unit: f64, name: &str) -> String {
    let (median, most) = (samples.median() / unit, samples.most() / unit);
    match samples.growth() {
        Some(growth) => {
            format!("{median:.1} {name}, {most:.1} at most, {:+.1} over the run after its warm-up", growth / unit)
        }
        None => format!("{median:.1} {name}, {most:.1} at most; too few samples to say whether it grows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(change: impl FnOnce(&mut Report)) -> Report {
        let mut report =
            Report { sums: Sums { calls: 9, right: 9, attempts: 9, ..Sums::default() }, ..Report::default() };
        report.links = vec![("plain: reset".to_owned(), 2)];
        change(&mut report);
        report
    }

    /// What is wrong after a change.
    fn check(change: impl FnOnce(&mut Report), expected: &[&str]) {
        assert_eq!(report(change).wrong(), expected);
    }

    #[test]
    fn a_verdict_has_its_reasons() {
        check(|_| {}, &[]);
        check(|report| report.sums.right = 0, &["no call was answered"]);
        check(|report| report.overlaps = 1, &["1 requests overlapped others on their connections"]);
        check(|report| report.sums.lost = 2, &[]);
        check(|report| report.sums.lost = 3, &["3 attempts failed with their connections, of which 2 broke"]);
        check(|report| report.sums.late = 3, &["3 attempts were late, and no more than 2 may be"]);
        check(|report| report.idle = (2, 1), &["2 idle connections are kept, and no more than 1 may be"]);
        check(
            |report| report.left.tasks = 1,
            &["when the clients were gone there were 0 connections, 1 tasks and +0 descriptors"],
        );
        check(|report| (0..21).for_each(|n| report.sums.violation(n.to_string())), &{
            let mut expected: Vec<_> = (0..20).map(|n: u32| &*n.to_string().leak()).collect();
            expected.push("and 1 more of this kind");
            expected
        });
        let grows = |by: f64| {
            move |report: &mut Report| {
                (0..60u32).for_each(|n| report.memory.extend(Duration::from_secs(n.into()), Some(by * f64::from(n))));
            }
        };
        check(grows(1_000.0), &[]);
        check(grows(200_000.0), &["memory grew by 7800000, and no more than 4194304 is flat"]);
    }

    #[test]
    fn the_table_tells_all_faults() {
        let text = report(|report| {
            report.sums.troubles.insert("no answer", (7, 6));
        });
        let text = text.text();
        assert!(text.contains("| no answer | 7 | 6 |\n| connection: plain: reset | 2 | |\n"), "{text}");
        assert!(text.contains("- 9 right answers, 0 errors, 0 dropped\n"), "{text}");
    }
}
