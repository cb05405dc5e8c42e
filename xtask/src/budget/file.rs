//! `budget.toml`: what is promised, and what was reached.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use toml::Spanned;

use super::figure::Figure;
use crate::bench::metric::{Better, Metric, Peer, Unit};
use crate::bench::name;
use crate::faults::Faults;
use crate::fs;

/// The file, in the root of the workspace.
pub const NAME: &str = "budget.toml";

/// The largest tolerance is this part of what is recorded.
pub(super) const SHARE: u64 = 50;

/// What the file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Budgets {
    /// The version of rustc with which what is recorded was taken.
    pub rustc: String,
    /// The machine that rustc compiled for then.
    pub host: String,
    /// What `cargo xtask budget` guards.
    pub guarded: BTreeMap<Figure, Guarded>,
    /// What `cargo xtask bench` judges of our figures alone.
    pub bench: Vec<Absolute>,
    /// What it judges of them against a peer's, of the same run.
    pub ratio: Vec<Ratio>,
}

/// A figure that is guarded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Guarded {
    /// What it is a number of.
    pub unit: String,
    /// The budget.
    pub at_most: u64,
    /// What would be better still.
    pub aim: Option<u64>,
    /// What was reached.
    pub recorded: u64,
    /// The best that was ever recorded.
    pub best: u64,
    /// How much more than recorded, or less, is no news.
    #[serde(default)]
    pub tolerance: u64,
    /// Why more is recorded than the budget or the best, or why one of these was raised.
    pub reason: Option<Reason>,
}

/// Why a figure is recorded that is worse than it was or should be, or may become it.
///
/// It repeats the figure, so that none can be raised under the reason of another one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The figure that it is of.
    pub recorded: u64,
    /// What stands in the way.
    pub text: String,
}

/// A budget of a figure of ours.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Absolute {
    /// The metric of `cargo xtask bench`.
    pub metric: Metric,
    /// What it is a number of.
    pub unit: Unit,
    /// The most that it may be.
    pub at_most: Option<f64>,
    /// The least that it may be.
    pub at_least: Option<f64>,
    /// What would be better still.
    pub aim: Option<f64>,
    /// Why it is not met, or why it was made easier.
    pub reason: Option<String>,
}

/// A budget of a figure of ours, divided by that of a peer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ratio {
    /// The metric of `cargo xtask bench`.
    pub metric: Metric,
    /// The peer.
    pub peer: Peer,
    /// The most that it may be.
    pub at_most: Option<f64>,
    /// The least that it may be.
    pub at_least: Option<f64>,
    /// What would be better still.
    pub aim: Option<f64>,
    /// Why it is not met, or why it was made easier.
    pub reason: Option<String>,
}

/// The same with the places of its tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rustc: String,
    host: String,
    guarded: BTreeMap<Figure, Spanned<Guarded>>,
    bench: Vec<Spanned<Absolute>>,
    ratio: Vec<Spanned<Ratio>>,
}

impl Budgets {
    /// Reads the file of a workspace.
    ///
    /// # Errors
    ///
    /// It is not there, or malformed: the error tells lines, and what is expected.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        Self::parse(&fs::read(&root.join(NAME))?)
    }

    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let file: File = toml::from_str(text).context(NAME)?;
        let mut faults = Vec::new();
        let mut check = |span: Range<usize>, found: Vec<String>| {
            let line = text.get(..span.start).unwrap_or_default().lines().count().max(1);
            faults.extend(found.into_iter().map(|fault| format!("{NAME}, line {line}: {fault}")));
        };
        for (figure, guarded) in &file.guarded {
            check(guarded.span(), guarded.get_ref().faults(*figure));
        }
        let (mut metrics, mut ratios) = (BTreeSet::new(), BTreeSet::new());
        for budget in &file.bench {
            check(budget.span(), budget.get_ref().faults(metrics.insert(budget.get_ref().metric)));
        }
        for budget in &file.ratio {
            let Ratio { metric, peer, .. } = budget.get_ref();
            check(budget.span(), budget.get_ref().faults(ratios.insert((*metric, *peer))));
        }
        let absent = Figure::ALL.into_iter().filter(|figure| !file.guarded.contains_key(figure));
        faults.extend(absent.map(|figure| {
            format!(
                "{NAME}: [guarded.{figure}] is missing: expected unit, at-most, recorded and best, in {}",
                figure.unit()
            )
        }));
        Faults::check(faults)?;
        let File { rustc, host, guarded, bench, ratio } = file;
        Ok(Self {
            rustc,
            host,
            guarded: guarded.into_iter().map(|(figure, guarded)| (figure, guarded.into_inner())).collect(),
            bench: bench.into_iter().map(Spanned::into_inner).collect(),
            ratio: ratio.into_iter().map(Spanned::into_inner).collect(),
        })
    }
}

impl Guarded {
    fn faults(&self, figure: Figure) -> Vec<String> {
        let Self { unit, at_most, aim, recorded, best, tolerance, reason } = self;
        let mut faults = Vec::new();
        let mut fault = |is: bool, what: String| faults.extend(is.then(|| format!("[guarded.{figure}]: {what}")));
        fault(unit != figure.unit(), format!("unit is {unit:?}, expected {:?}", figure.unit()));
        fault(aim.is_some_and(|aim| aim > *at_most), "aim is above at-most, expected it below".to_owned());
        fault(best > recorded, format!("best ({best}) is above recorded ({recorded}): write `best = {recorded}`"));
        fault(
            *tolerance > recorded / SHARE,
            format!("tolerance is {tolerance}, expected at most a {SHARE}th of recorded, {}", recorded / SHARE),
        );
        let above = [("the budget", at_most), ("the best", best)].into_iter().filter(|(_, limit)| recorded > *limit);
        let above: Vec<_> = above.map(|(name, limit)| format!("{name} ({limit})")).collect();
        let expected =
            format!("expected `reason = {{ recorded = {recorded}, text = \"…\" }}`, which says what stands in the way");
        match reason {
            Some(reason) if reason.recorded == *recorded && !reason.text.trim().is_empty() => {}
            None if above.is_empty() => {}
            Some(_) if above.is_empty() => {
                fault(true, format!("`reason` is of another figure or empty: take it out, or {expected}"));
            }
            _ => fault(true, format!("recorded ({recorded}) is above {}: {expected}", above.join(" and "))),
        }
        faults
    }
}

impl Absolute {
    fn faults(&self, is_first: bool) -> Vec<String> {
        let Self { metric, unit, at_most, at_least, aim, reason } = self;
        let expected = metric.about().unit;
        let unit = (*unit != expected).then(|| format!("unit is {:?}, expected {:?}", name(unit), name(expected)));
        let twice = (!is_first).then(|| "it has a budget already".to_owned());
        let limits = limits(*metric, [*at_most, *at_least, *aim], reason.as_deref());
        named(*metric, limits.into_iter().chain(unit).chain(twice))
    }
}

impl Ratio {
    fn faults(&self, is_first: bool) -> Vec<String> {
        let Self { metric, peer, at_most, at_least, aim, reason } = self;
        let ours = (*peer == Peer::Ours).then(|| "peer is ours, expected another one".to_owned());
        let twice = (!is_first).then(|| format!("it has a ratio to {} already", peer.title()));
        let limits = limits(*metric, [*at_most, *at_least, *aim], reason.as_deref());
        named(*metric, limits.into_iter().chain(ours).chain(twice))
    }
}

fn named(metric: Metric, faults: impl Iterator<Item = String>) -> Vec<String> {
    faults.map(|fault| format!("{}: {fault}", name(metric))).collect()
}

/// What is wrong with a budget of `bench`: `at-most`, `at-least` and `aim`, and a reason.
fn limits(metric: Metric, [at_most, at_least, aim]: [Option<f64>; 3], reason: Option<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |is: bool, what: &str| faults.extend(is.then(|| what.to_owned()));
    match metric.about().better {
        Better::Lower => fault(at_most.is_none() || at_least.is_some(), "less is better: expected `at-most` alone"),
        Better::Higher => fault(at_least.is_none() || at_most.is_some(), "more is better: expected `at-least` alone"),
    }
    let numbers = [at_most, at_least, aim].into_iter().flatten();
    fault(numbers.into_iter().any(|number| !number.is_finite() || number <= 0.0), "expected numbers above 0");
    let is_worse = |aim: f64| at_most.is_some_and(|most| aim > most) || at_least.is_some_and(|least| aim < least);
    fault(aim.is_some_and(is_worse), "expected an `aim` that is better than the budget");
    fault(reason.is_some_and(|reason| reason.trim().is_empty()), "expected a `reason` that says something");
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../../budget.toml");

    /// The file of this workspace, changed: the error holds all of these.
    fn check(from: &str, to: &str, expected: &[&str]) {
        assert!(FILE.contains(from), "budget.toml has no {from}");
        let error = format!("{:#}", Budgets::parse(&FILE.replacen(from, to, 1)).unwrap_err());
        for part in expected {
            assert!(error.contains(part), "{from} -> {to}: expected {part} in:\n{error}");
        }
    }

    #[test]
    fn the_file_holds_every_figure_of_ours() {
        let budgets = Budgets::parse(FILE).unwrap();
        assert_eq!(budgets.guarded.len(), Figure::ALL.len());
    }

    #[test]
    fn names_numbers_and_fields_are_known() {
        check(
            "[guarded.macros]",
            "[guarded.makros]",
            &["[guarded.makros]", "unknown variant `makros`, expected one of `crates`"],
        );
        check("at-most = 0", "at-mots = 0", &["at-mots = 0", "unknown field `at-mots`, expected one of `unit`"]);
        check("at-most = 0", "at-most = -1", &["at-most = -1", "invalid value: integer `-1`, expected u64"]);
        check("at-most = 0", "", &["[guarded.macros]", "missing field `at-most`"]);
        check("unit = \"bytes\"", "unit = \"kB\"", &["line ", "[guarded.binary]: unit is \"kB\", expected \"bytes\""]);
        check("rustc = ", "# rustc = ", &["missing field `rustc`"]);
        check("rustc = ", "[", &["line "]);
        check(
            "metric = \"walk\"",
            "metric = \"wlak\"",
            &["metric = \"wlak\"", "unknown variant `wlak`, expected one of"],
        );
        check(
            "peer = \"bare\"",
            "peer = \"bear\"",
            &["peer = \"bear\"", "unknown variant `bear`, expected one of `ours`"],
        );
        check("peer = \"bare\"", "peer = \"ours\"", &["line ", "release-wall: peer is ours, expected another one"]);
        check(
            "metric = \"peak-memory\"\nunit = \"bytes\"",
            "metric = \"peak-memory\"\nunit = \"times\"",
            &["line ", "peak-memory: unit is \"times\", expected \"bytes\""],
        );
    }

    #[test]
    fn a_figure_that_is_missing_is_named() {
        let (before, rest) = FILE.split_once("[guarded.macros]").unwrap();
        let (_, after) = rest.split_once("[guarded").unwrap();
        let error = Budgets::parse(&format!("{before}[guarded{after}")).unwrap_err().to_string();
        let expected = "budget.toml: [guarded.macros] is missing: expected unit, at-most, recorded and best, in crates";
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn limits_are_one_way_and_above_nothing() {
        let (lower, higher) = (Metric::Walk, Metric::Decode);
        for (metric, limits, expected) in [
            (lower, [Some(0.19), None, None], None),
            (higher, [None, Some(2.5), Some(3.0)], None),
            (lower, [None, None, None], Some("less is better: expected `at-most` alone")),
            (lower, [None, Some(1.0), None], Some("less is better: expected `at-most` alone")),
            (lower, [Some(1.0), Some(2.0), None], Some("less is better: expected `at-most` alone")),
            (higher, [Some(1.0), None, None], Some("more is better: expected `at-least` alone")),
            (higher, [Some(1.0), Some(2.0), None], Some("more is better: expected `at-least` alone")),
            (lower, [Some(-1.0), None, None], Some("expected numbers above 0")),
            (lower, [Some(f64::NAN), None, None], Some("expected numbers above 0")),
            (lower, [Some(1.0), None, Some(1.5)], Some("expected an `aim` that is better than the budget")),
            (higher, [None, Some(2.0), Some(1.5)], Some("expected an `aim` that is better than the budget")),
        ] {
            let expected = Vec::from_iter(expected.map(str::to_owned));
            assert_eq!(super::limits(metric, limits, None), expected, "{metric:?} {limits:?}");
        }
        assert_eq!(
            super::limits(lower, [Some(1.0), None, None], Some(" ")),
            ["expected a `reason` that says something"]
        );
    }

    #[test]
    fn what_is_twice_is_refused() {
        check(
            "[[ratio]]\n",
            "[[ratio]]\nmetric = \"binary\"\npeer = \"official\"\nat-most = 1\n\n[[ratio]]\n",
            &["already"],
        );
    }

    #[test]
    fn more_than_the_best_or_the_budget_needs_a_reason_of_its_own() {
        let figure = |at_most, recorded, best, reason: Option<(u64, &str)>| Guarded {
            unit: Figure::Binary.unit().to_owned(),
            at_most,
            aim: None,
            recorded,
            best,
            tolerance: 1,
            reason: reason.map(|(recorded, text)| Reason { recorded, text: text.to_owned() }),
        };
        let expected = "expected `reason = { recorded = 110, text = \"…\" }`, which says what stands in the way";
        for (figure, expected) in [
            (figure(120, 110, 110, None), None),
            (figure(120, 110, 100, Some((110, "TLS"))), None),
            (figure(100, 110, 110, Some((110, "TLS"))), None),
            (figure(120, 110, 111, None), Some("best (111) is above recorded (110): write `best = 110`".to_owned())),
            (figure(120, 110, 100, None), Some(format!("recorded (110) is above the best (100): {expected}"))),
            (
                figure(100, 110, 105, None),
                Some(format!("recorded (110) is above the budget (100) and the best (105): {expected}")),
            ),
            (
                figure(120, 110, 100, Some((110, " "))),
                Some(format!("recorded (110) is above the best (100): {expected}")),
            ),
            // It was raised once more, under the old reason.
            (
                figure(120, 110, 100, Some((105, "TLS"))),
                Some(format!("recorded (110) is above the best (100): {expected}")),
            ),
            // A budget or a best that was raised has one too.
            (figure(120, 110, 110, Some((110, "TLS"))), None),
            (
                figure(120, 110, 110, Some((105, "TLS"))),
                Some(format!("`reason` is of another figure or empty: take it out, or {expected}")),
            ),
            (
                Guarded { tolerance: 3, ..figure(120, 110, 110, None) },
                Some("tolerance is 3, expected at most a 50th of recorded, 2".to_owned()),
            ),
        ] {
            let expected = Vec::from_iter(expected.map(|what| format!("[guarded.binary]: {what}")));
            assert_eq!(figure.faults(Figure::Binary), expected, "{figure:?}");
        }
    }
}
