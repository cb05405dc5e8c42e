//! What the budgets say to a report. Those that are guarded at each change are `cargo xtask budget`'s; here are the ratios
//! to the peers, and what only a run can take.

use std::path::Path;

use anyhow::bail;

use super::metric::{Metric, Peer};
use super::name;
use super::report::{Report, Verdict};
use super::words::{figure, ratio};
use crate::budget::file::{Absolute, Budgets, NAME, Ratio};

/// A limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Limit {
    pub(super) metric: Metric,
    /// The peer, as a multiple of whose figure ours is meant.
    pub(super) of: Option<Peer>,
    pub(super) bound: Bound,
    /// Why it is not met, where that is known.
    pub(super) reason: Option<String>,
}

/// Which side of it is met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// The limits of `budget.toml`.
///
/// # Errors
///
/// It cannot be read, or is malformed.
pub(super) fn limits(root: &Path) -> anyhow::Result<Vec<Limit>> {
    let Budgets { guarded, bench, ratio, .. } = Budgets::read(root)?;
    let guarded = guarded.iter().filter_map(|(figure, guarded)| {
        let reason = guarded.reason.as_ref().map(|reason| reason.text.clone());
        let bound = Bound::AtMost(guarded.at_most as f64);
        Some(Ok(Limit { metric: figure.metric()?, of: None, bound, reason }))
    });
    let bench = bench.into_iter().map(|Absolute { metric, at_most, at_least, reason, .. }| {
        Ok(Limit { metric, of: None, bound: bound(metric, at_most, at_least)?, reason })
    });
    let ratio = ratio.into_iter().map(|Ratio { metric, peer, at_most, at_least, reason, .. }| {
        Ok(Limit { metric, of: Some(peer), bound: bound(metric, at_most, at_least)?, reason })
    });
    guarded.chain(bench).chain(ratio).collect()
}

fn bound(metric: Metric, at_most: Option<f64>, at_least: Option<f64>) -> anyhow::Result<Bound> {
    match (at_most, at_least) {
        (Some(most), None) => Ok(Bound::AtMost(most)),
        (None, Some(least)) => Ok(Bound::AtLeast(least)),
        _ => bail!("{NAME}: {}: expected either `at-most` or `at-least`", name(metric)),
    }
}

/// What the limits say to the figures that there are; of those that are not there, nothing.
pub(super) fn of(limits: &[Limit], report: &Report) -> Vec<Verdict> {
    limits.iter().filter_map(|limit| limit.verdict(report)).collect()
}

impl Limit {
    fn verdict(&self, report: &Report) -> Option<Verdict> {
        let Self { metric, of, bound, .. } = *self;
        let found = match of {
            Some(peer) => report.ratio(metric, peer)?,
            None => report.value(metric, Peer::Ours)?,
        };
        let words = |value: f64| match of {
            Some(peer) => format!("{} × {}", ratio(value), peer.title()),
            None => figure(value, metric.about().unit),
        };
        let (met, limit) = match bound {
            Bound::AtMost(most) => (found <= most, format!("at most {}", words(most))),
            Bound::AtLeast(least) => (found >= least, format!("at least {}", words(least))),
        };
        let reason = self.reason.clone().filter(|_| !met);
        Some(Verdict { metric, limit, found: words(found), met, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Limit, limits, of};
    use crate::bench::fixture::report;
    use crate::bench::metric::{Metric, Peer};

    #[test]
    fn the_file_of_the_workspace() {
        let limits = limits(&crate::workspace::root()).unwrap();
        let release = |limit: &&Limit| limit.metric == Metric::ReleaseWall;
        let peers: Vec<_> = limits.iter().filter(release).map(|limit| limit.of).collect();
        assert_eq!(peers, [Some(Peer::Official), Some(Peer::Bare)]);
        // What is guarded at each change is judged here too.
        assert!(limits.iter().any(|limit| limit.metric == Metric::InstructionsFifty && limit.of.is_none()));
    }

    #[test]
    fn limits_and_what_is_said() {
        let report = report(|metric, peer| match (metric, peer) {
            (Metric::ReleaseWall | Metric::PerCore64, Peer::Ours) => Some(50.0),
            (Metric::ReleaseWall, Peer::Official) => Some(250.0),
            (Metric::PerCore64, Peer::Official) => Some(20.0),
            (Metric::PeakMemory, Peer::Ours) => Some(4_500_000.0),
            _ => None,
        });
        let official = Some(Peer::Official);
        for (metric, of_peer, bound, expected) in [
            (
                Metric::ReleaseWall,
                official,
                Bound::AtMost(0.19),
                Some(("0.20 × official", "at most 0.19 × official", false)),
            ),
            (
                Metric::ReleaseWall,
                official,
                Bound::AtMost(0.2),
                Some(("0.20 × official", "at most 0.20 × official", true)),
            ),
            (
                Metric::PerCore64,
                official,
                Bound::AtLeast(2.5),
                Some(("2.50 × official", "at least 2.50 × official", true)),
            ),
            (
                Metric::PerCore64,
                official,
                Bound::AtLeast(2.6),
                Some(("2.50 × official", "at least 2.60 × official", false)),
            ),
            (Metric::PeakMemory, None, Bound::AtMost(4.5e6), Some(("4.50 MB", "at most 4.50 MB", true))),
            // Without both figures there is nothing to say.
            (Metric::PeakMemory, official, Bound::AtMost(1.0), None),
            (Metric::Walk, None, Bound::AtMost(1.0), None),
        ] {
            let reason = Some("rustls".to_owned());
            let found = of(&[Limit { metric, of: of_peer, bound, reason }], &report);
            // Of what is met there is nothing to explain.
            assert!(found.iter().all(|verdict| verdict.reason.is_some() != verdict.met), "{metric:?} {bound:?}");
            let found = found.first().map(|verdict| (verdict.found.as_str(), verdict.limit.as_str(), verdict.met));
            assert_eq!(found, expected, "{metric:?} {bound:?}");
        }
    }
}
