//! What a run has found so far: repetitions by metric and peer, what disturbed them, and what could not be measured.

use std::collections::BTreeMap;

use super::metric::{Metric, Peer};
use super::report::Figure;
use super::statistics::Summary;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: BTreeMap<(Metric, Peer), Entry>,
    missing: Vec<String>,
}

#[derive(Debug, Default)]
struct Entry {
    samples: Vec<f64>,
    disturbed: Option<String>,
}

impl Ledger {
    /// Adds a repetition.
    pub(super) fn add(&mut self, metric: Metric, peer: Peer, sample: f64) {
        self.entries.entry((metric, peer)).or_default().samples.push(sample);
    }

    /// Says of a figure that something else than its spread shows that it may be off.
    pub(super) fn disturb(&mut self, metric: Metric, peer: Peer, why: &str) {
        self.entries.entry((metric, peer)).or_default().disturbed = Some(why.to_owned());
    }

    /// Says what could not be measured, and why.
    pub(super) fn miss(&mut self, line: String) {
        if !self.missing.contains(&line) {
            self.missing.push(line);
        }
    }

    /// The figures, and what is missing.
    pub(super) fn close(self) -> (Vec<Figure>, Vec<String>) {
        (
            self.entries.into_iter().filter_map(|((metric, peer), entry)| entry.figure(metric, peer)).collect(),
            self.missing,
        )
    }
}

impl Entry {
    fn figure(self, metric: Metric, peer: Peer) -> Option<Figure> {
        let summary = Summary::of(&self.samples)?;
        // What no load can change is off for another reason, if it is.
        let spread = summary.spread.filter(|_| metric.about().timed && summary.is_disturbed());
        let spread = spread.map(|spread| format!("spread {:.0} %", spread * 100.0));
        Some(Figure { metric, peer, samples: self.samples, summary, disturbed: self.disturbed.or(spread) })
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;
    use crate::bench::metric::{Metric, Peer};

    #[test]
    fn what_is_disturbed() {
        let mut ledger = Ledger::default();
        for (metric, samples) in [
            (Metric::CpuOne, &[1.0, 1.5][..]),
            (Metric::Calls1, &[1.0, 1.1]),
            // Not a time: that it differs is how it is.
            (Metric::PeakMemory, &[1.0, 2.0]),
            (Metric::ReleaseWall, &[1.0]),
        ] {
            samples.iter().for_each(|sample| ledger.add(metric, Peer::Ours, *sample));
        }
        ledger.disturb(Metric::ReleaseWall, Peer::Ours, "others used 30 % of the machine");
        ledger.disturb(Metric::DevWall, Peer::Ours, "no repetition, no figure");
        for line in ["valgrind: absent", "valgrind: absent"] {
            ledger.miss(line.to_owned());
        }
        let (figures, missing) = ledger.close();
        let found: Vec<_> = figures.iter().map(|figure| (figure.metric, figure.disturbed.as_deref())).collect();
        let expected = [
            (Metric::ReleaseWall, Some("others used 30 % of the machine")),
            (Metric::CpuOne, Some("spread 40 %")),
            (Metric::Calls1, None),
            (Metric::PeakMemory, None),
        ];
        assert_eq!(found, expected);
        assert_eq!(missing, ["valgrind: absent"]);
    }
}
