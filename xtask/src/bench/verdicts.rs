//! What the budgets say to a report. Those that are guarded at each change are `cargo xtask budget`'s; here are the ratios
//! to the peers, and what only a run can take.

use std::path::Path;

use anyhow::bail;

use super::metric::{Metric, Peer};
use super::name;
use super::report::{Outcome, Report, Verdict};
use super::words::{apart, digits, exact};
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

/// What the limits say to a report, of the metrics that its parts measure.
pub(super) fn of(limits: &[Limit], report: &Report) -> Vec<Verdict> {
    let asked = limits.iter().filter(|limit| report.parts.contains(&limit.metric.about().part));
    asked.map(|limit| limit.verdict(report)).collect()
}

impl Limit {
    fn verdict(&self, report: &Report) -> Verdict {
        let Self { metric, of, bound, .. } = *self;
        let found = match of {
            Some(peer) => report.ratio(metric, peer),
            None => report.value(metric, Peer::Ours),
        };
        let (side, value) = match bound {
            Bound::AtMost(most) => ("at most", most),
            Bound::AtLeast(least) => ("at least", least),
        };
        let outcome = match (found, bound) {
            (None, _) => Outcome::NotJudged,
            (Some(found), Bound::AtMost(most)) if found <= most => Outcome::Met,
            (Some(found), Bound::AtLeast(least)) if found >= least => Outcome::Met,
            _ => Outcome::NotMet,
        };
        let words = |value: f64, more: usize| match of {
            Some(peer) => format!("{} × {}", digits(value, more), peer.title()),
            None => exact(value, metric.about().unit, more),
        };
        // One that is just not met must not read as if it were.
        let [limit, said] = apart([value, found.unwrap_or(value)], words);
        let disturbed = match of {
            Some(peer) => report.disturbs_ratio(metric, peer),
            None => report.figure(metric, Peer::Ours).and_then(|figure| figure.disturbed.clone()),
        };
        Verdict {
            metric,
            limit: format!("{side} {limit}"),
            found: found.map(|_| said),
            outcome,
            disturbed: disturbed.filter(|_| found.is_some()),
            reason: self.reason.clone().filter(|_| outcome == Outcome::NotMet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Limit, limits, of};
    use crate::bench::fixture::report;
    use crate::bench::metric::{Metric, Peer};
    use crate::bench::report::{Outcome, Report};

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
        let mut report = report(|metric, peer| match (metric, peer) {
            (Metric::ReleaseWall | Metric::PerCore64, Peer::Ours) => Some(50.0),
            (Metric::ReleaseWall, Peer::Official) => Some(250.0),
            (Metric::PerCore64, Peer::Official) => Some(20.0),
            (Metric::PeakMemory, Peer::Ours) => Some(4_500_000.0),
            _ => None,
        });
        let official = Some(Peer::Official);
        for (metric, of_peer, bound, found, limit, outcome) in [
            (
                Metric::ReleaseWall,
                official,
                Bound::AtMost(0.19),
                Some("0.20 × official"),
                "at most 0.19 × official",
                Outcome::NotMet,
            ),
            (
                Metric::ReleaseWall,
                official,
                Bound::AtMost(0.2),
                Some("0.20 × official"),
                "at most 0.20 × official",
                Outcome::Met,
            ),
            // As many digits as show that it is not met.
            (
                Metric::ReleaseWall,
                official,
                Bound::AtMost(0.1997),
                Some("0.2000 × official"),
                "at most 0.1997 × official",
                Outcome::NotMet,
            ),
            (
                Metric::PerCore64,
                official,
                Bound::AtLeast(2.5),
                Some("2.50 × official"),
                "at least 2.50 × official",
                Outcome::Met,
            ),
            (
                Metric::PerCore64,
                official,
                Bound::AtLeast(2.6),
                Some("2.50 × official"),
                "at least 2.60 × official",
                Outcome::NotMet,
            ),
            (Metric::PeakMemory, None, Bound::AtMost(4.5e6), Some("4.50 MB"), "at most 4.50 MB", Outcome::Met),
            // Without both figures there is nothing to judge, which is said.
            (Metric::PeakMemory, official, Bound::AtMost(1.0), None, "at most 1.00 × official", Outcome::NotJudged),
            (Metric::Walk, None, Bound::AtMost(1.0), None, "at most 1.00 s", Outcome::NotJudged),
        ] {
            let reason = Some("rustls".to_owned());
            let verdicts = of(&[Limit { metric, of: of_peer, bound, reason }], &report);
            let [verdict] = &verdicts[..] else { panic!("{verdicts:?}") };
            // Of what is met there is nothing to explain.
            assert_eq!(verdict.reason.is_some(), outcome == Outcome::NotMet, "{metric:?} {bound:?}");
            assert_eq!((verdict.found.as_deref(), verdict.limit.as_str(), verdict.outcome), (found, limit, outcome));
        }
        let limit = Limit { metric: Metric::PerCore64, of: official, bound: Bound::AtLeast(2.5), reason: None };
        let figure = report.figures.iter_mut().find(|figure| figure.peer == Peer::Official);
        figure.unwrap().disturbed = Some("spread 20 %".to_owned());
        let disturbed = |report: &Report| -> Vec<_> {
            of(std::slice::from_ref(&limit), report).into_iter().map(|verdict| verdict.disturbed).collect()
        };
        assert_eq!(disturbed(&report), [None]);
        report.figures.iter_mut().for_each(|figure| figure.disturbed = Some("spread 20 %".to_owned()));
        assert_eq!(disturbed(&report), [Some("spread 20 %".to_owned())]);
        // Of what is not there, nothing is off.
        report.figures.retain(|figure| figure.peer == Peer::Ours);
        assert_eq!(disturbed(&report), [None]);
        // Of parts that were not asked for nothing is said.
        report.parts.clear();
        assert_eq!(disturbed(&report), []);
    }
}
