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

#[derive(Clone, Debug, Default)]
struct Entry {
    samples: Vec<f64>,
    disturbed: Option<String>,
}

impl Ledger {
    /// Adds a repetition.
    pub(super) fn add(&mut self, metric: Metric, peer: Peer, sample: f64) {
        self.entries.entry((metric, peer)).or_default().samples.push(sample);
    }

    /// Says why, whatever their spread, the figures of a peer may be off that were taken together and depend on time.
    pub(super) fn disturb(&mut self, together: impl Fn(Metric) -> bool, peer: Peer, why: &str) {
        let is_meant = |metric: Metric| metric.about().timed && together(metric);
        let entries = self.entries.iter_mut().filter(|((metric, of), _)| *of == peer && is_meant(*metric));
        entries.for_each(|(_, entry)| entry.disturbed = Some(why.to_owned()));
    }

    /// Takes a figure of a peer for another one too, which is the same.
    pub(super) fn repeat(&mut self, metric: Metric, as_another: Metric, peer: Peer) {
        if let Some(entry) = self.entries.get(&(metric, peer)).cloned() {
            self.entries.insert((as_another, peer), entry);
        }
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
        let spread = summary.disturbed().filter(|_| metric.about().timed);
        Some(Figure { metric, peer, samples: self.samples, summary, disturbed: self.disturbed.or(spread) })
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;
    use crate::bench::metric::{Metric, Part, Peer};

    #[test]
    fn what_is_disturbed() {
        let mut ledger = Ledger::default();
        for (metric, samples) in [
            (Metric::CpuOne, &[1.0, 1.5][..]),
            (Metric::Calls1, &[1.0, 1.1]),
            // Not a time: that it differs is how it is.
            (Metric::PeakMemory, &[1.0, 2.0]),
            (Metric::ReleaseWall, &[1.0]),
            (Metric::ReleasePeak, &[1.0]),
        ] {
            samples.iter().for_each(|sample| ledger.add(metric, Peer::Ours, *sample));
        }
        ledger.disturb(|metric| metric.about().part == Part::Build, Peer::Ours, "others used 30 % of the machine");
        ledger.disturb(|_| true, Peer::Official, "no repetition, no figure");
        for line in ["valgrind: absent", "valgrind: absent"] {
            ledger.miss(line.to_owned());
        }
        let (figures, missing) = ledger.close();
        let found: Vec<_> = figures.iter().map(|figure| (figure.metric, figure.disturbed.as_deref())).collect();
        let expected = [
            (Metric::ReleaseWall, Some("others used 30 % of the machine")),
            (Metric::ReleasePeak, None),
            (Metric::CpuOne, Some("spread 40 %")),
            (Metric::Calls1, None),
            (Metric::PeakMemory, None),
        ];
        assert_eq!(found, expected);
        assert_eq!(missing, ["valgrind: absent"]);
    }
}
