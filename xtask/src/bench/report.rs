//! The report of a run, as `target/bench/report.json` holds it: its types are its documentation.
//!
//! A run writes a report of its own, whole: figures of another run, machine or commit never get into it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::metric::{Metric, Part, Peer};
use super::statistics::Summary;

/// The version of this form. It grows when a program that reads the last one would misread this one.
pub const VERSION: u32 = 2;

/// A report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// Where, when and of what it was made.
    pub made: Made,
    /// The parts that were asked for.
    pub parts: Vec<Part>,
    /// The peers that were asked for.
    pub peers: Vec<Peer>,
    /// The figures, by metric and then by peer.
    pub figures: Vec<Figure>,
    /// What the budgets say to them.
    pub verdicts: Vec<Verdict>,
    /// What was not measured, and why: a line each.
    pub missing: Vec<String>,
}

/// Where, when and of what a report was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// When it was begun: `2026-11-23T08:00:00Z`.
    pub date: String,
    /// The commit that was measured, in full.
    pub commit: String,
    /// Whether files differed from it, when it was begun or at its end.
    pub changed: bool,
    /// The machine.
    pub machine: Machine,
    /// What `rustc --version` and `cargo --version` say, and Python and valgrind where they are.
    pub tools: BTreeMap<String, String>,
    /// The versions of the crates that are compared, and of the largest that they share, by peer; of boto3 all that is installed.
    pub crates: BTreeMap<Peer, BTreeMap<String, String>>,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// What its processor calls itself.
    pub processor: String,
    /// How many cores this process may use.
    pub cores: usize,
    /// Its memory in bytes.
    pub memory: u64,
    /// Operating system, kernel and architecture.
    pub system: String,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What was measured.
    pub metric: Metric,
    /// Of whom.
    pub peer: Peer,
    /// Each repetition, in its order, in the unit of the metric.
    pub samples: Vec<f64>,
    /// What they come to.
    #[serde(flatten)]
    pub summary: Summary,
    /// Why it may be off: the repetitions spread over 15 %, or others kept the machine busy meanwhile.
    pub disturbed: Option<String>,
}

/// What a budget says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What it limits.
    pub metric: Metric,
    /// The limit, in words: `at most 0.19 × official`.
    pub limit: String,
    /// What was found, in the words of the limit; `None` where a figure is missing.
    pub found: Option<String>,
    /// What follows.
    pub outcome: Outcome,
    /// Why a figure that was judged may be off.
    pub disturbed: Option<String>,
    /// If it is not met: what stands in the way, as `budget.toml` says it.
    pub reason: Option<String>,
}

/// What a budget says in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The figure is within it.
    Met,
    /// It is not.
    NotMet,
    /// There is no figure.
    NotJudged,
}

impl Report {
    /// A figure, if it was taken.
    pub fn figure(&self, metric: Metric, peer: Peer) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.metric == metric && figure.peer == peer)
    }

    /// The median of a figure, if it was taken.
    pub fn value(&self, metric: Metric, peer: Peer) -> Option<f64> {
        self.figure(metric, peer).map(|figure| figure.summary.median)
    }

    /// Ours as a multiple of a peer's: the median of what the turns give each.
    pub fn ratio(&self, metric: Metric, peer: Peer) -> Option<f64> {
        self.turns(metric, peer).map(|turns| turns.median)
    }

    /// Why a ratio may be off. That the speed of the machine changed over the turns is no reason, if their ratios did not.
    pub fn disturbs_ratio(&self, metric: Metric, peer: Peer) -> Option<String> {
        let figures = [Peer::Ours, peer].into_iter().filter_map(|peer| self.figure(metric, peer));
        let of_others =
            |figure: &Figure| figure.disturbed.clone().filter(|why| figure.summary.disturbed().as_ref() != Some(why));
        let turns = self.turns(metric, peer).filter(|_| metric.about().timed);
        figures.filter_map(of_others).next().or_else(|| turns?.disturbed())
    }

    /// Ours as a multiple of a peer's in each turn, in which both were taken one soon after the other: so it holds on a machine
    /// whose speed is another one after some minutes, as a guest's often is.
    fn turns(&self, metric: Metric, peer: Peer) -> Option<Summary> {
        let (ours, other) = (self.figure(metric, Peer::Ours)?, self.figure(metric, peer)?);
        if other.samples.contains(&0.0) {
            return None;
        }
        // One that failed in a turn has had no further one.
        let turns: Vec<f64> = ours.samples.iter().zip(&other.samples).map(|(ours, other)| ours / other).collect();
        Summary::of(&turns)
    }

    /// Whether a figure was taken while something disturbed it.
    pub fn is_disturbed(&self, metric: Metric, peer: Peer) -> bool {
        self.figure(metric, peer).is_some_and(|figure| figure.disturbed.is_some())
    }

    /// Which figures of these peers there are not, of those that the parts should have taken: a line a metric, and one for a
    /// peer that has none at all.
    pub fn absent(&self, peers: &[Peer]) -> Vec<String> {
        let metrics = || Metric::ALL.iter().copied().filter(|metric| self.parts.contains(&metric.about().part));
        let due = |peer: Peer| metrics().filter(move |metric| metric.peers().contains(&peer));
        let is_there = |metric: Metric, peer: Peer| self.figure(metric, peer).is_some();
        let (some, none): (Vec<_>, Vec<_>) =
            peers.iter().copied().partition(|peer| due(*peer).any(|metric| is_there(metric, *peer)));
        let none = none.into_iter().filter(|peer| due(*peer).next().is_some());
        let none = none.map(|peer| format!("{}: no figure", peer.title()));
        let of_metric = |metric: Metric| {
            let of = some.iter().filter(|peer| metric.peers().contains(peer) && !is_there(metric, **peer));
            let of = of.map(|peer| peer.title()).collect::<Vec<_>>().join(", ");
            (!of.is_empty()).then(|| format!("{}: no figure of {of}", metric.about().title))
        };
        none.chain(metrics().filter_map(of_metric)).collect()
    }

    /// As JSON. What there is to know of each metric stands beside the figures, so that nobody needs this program to read it.
    ///
    /// # Errors
    ///
    /// A figure is no number.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut value = serde_json::to_value(self)?;
        let about = Metric::ALL.iter().map(|metric| Ok((name(*metric)?, serde_json::to_value(metric.about())?)));
        if let Some(report) = value.as_object_mut() {
            report.insert("metrics".to_owned(), about.collect::<serde_json::Result<serde_json::Map<_, _>>>()?.into());
        }
        serde_json::to_string_pretty(&value).map(|text| text + "\n")
    }
}

fn name(metric: Metric) -> serde_json::Result<String> {
    serde_json::from_value(serde_json::to_value(metric)?)
}

impl Made {
    /// In a sentence's worth of words: day, machine and compiler.
    pub fn line(&self) -> String {
        let Machine { processor, cores, memory, system } = &self.machine;
        let day = self.date.split('T').next().unwrap_or_default();
        let commit = self.commit.get(..9).unwrap_or(&self.commit);
        let changed = if self.changed { " with changes" } else { "" };
        let rustc = self.tools.get("rustc").map_or("", String::as_str);
        let memory = *memory as f64 / f64::from(1 << 30);
        format!(
            "{day}, commit {commit}{changed}, {processor}, {cores} cores, {memory:.0} GiB of memory, {system}, {rustc}"
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Figure, Outcome, Report, Summary, VERSION};
    use crate::bench::fixture::{report, verdict};
    use crate::bench::metric::{Metric, Part, Peer};

    #[test]
    fn json_is_whole_and_explains_itself() {
        let mut report =
            report(|metric, peer| (metric == Metric::InstructionsFifty).then_some(peer as u32 as f64 + 0.5));
        report.verdicts.push(verdict(Metric::InstructionsFifty, Outcome::Met));
        report.missing.push("boto3: no Python".to_owned());
        let text = report.json().unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);

        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["version"], VERSION);
        let expected = json!({
            "metric": "instructions-fifty", "peer": "official", "samples": [1.5, 1.5, 1.5], "median": 1.5, "spread": null, "disturbed": null,
        });
        assert_eq!(value["figures"][1], expected);
        let expected = json!({
            "part": "instructions", "title": "instructions a call, page of 50 layers", "unit": "instructions", "better": "lower",
            "timed": false,
            "conditions": { "profile": "release, strip", "scheme": "http", "keys": "static, no token", "order": "shuffled" },
        });
        assert_eq!(value["metrics"]["instructions-fifty"], expected);
        assert_eq!(value["metrics"].as_object().map(|metrics| metrics.len()), Some(Metric::ALL.len()));
    }

    #[test]
    fn ratios() {
        let report = report(|metric, peer| match (metric, peer) {
            (Metric::Crates, Peer::Ours) => Some(38.0),
            (Metric::Crates, Peer::Official) => Some(152.0),
            (Metric::Duplicates, Peer::Ours) => Some(1.0),
            (Metric::Duplicates, _) => Some(0.0),
            _ => None,
        });
        for (metric, peer, expected) in [
            (Metric::Crates, Peer::Official, Some(0.25)),
            (Metric::Crates, Peer::Bare, None),
            (Metric::Duplicates, Peer::Official, None),
            (Metric::Walk, Peer::Official, None),
        ] {
            assert_eq!(report.ratio(metric, peer), expected, "{metric:?} {peer:?}");
        }
    }

    #[test]
    fn ratios_of_turns() {
        let mut report = report(|_, peer| matches!(peer, Peer::Ours | Peer::Bare).then_some(1.0));
        let mut check = |ours: &[f64], bare: &[f64], load: Option<&str>, ratio: f64, disturbed: Option<&str>| {
            for (peer, samples) in [(Peer::Ours, ours), (Peer::Bare, bare)] {
                let is_meant = |figure: &&mut Figure| (figure.metric, figure.peer) == (Metric::ReleaseWall, peer);
                let figure = report.figures.iter_mut().find(is_meant).unwrap();
                figure.samples = samples.to_vec();
                figure.summary = Summary::of(samples).unwrap();
                figure.disturbed = load.map(str::to_owned).or(figure.summary.disturbed());
            }
            assert_eq!(report.ratio(Metric::ReleaseWall, Peer::Bare), Some(ratio));
            assert_eq!(report.disturbs_ratio(Metric::ReleaseWall, Peer::Bare).as_deref(), disturbed);
        };
        // The machine was half as fast in the second turn; in the third, bare failed.
        check(&[30.0, 60.0, 31.0], &[20.0, 40.0], None, 1.5, None);
        check(&[30.0, 60.0], &[20.0, 30.0], None, 1.75, Some("spread 29 %"));
        let others = "others used 30 % of the machine";
        check(&[30.0, 60.0], &[20.0, 40.0], Some(others), 1.5, Some(others));
    }

    #[test]
    fn what_is_absent() {
        let some = report(|metric, peer| {
            (peer != Peer::Boto3 && (metric, peer) != (Metric::CpuOne, Peer::Bare)).then_some(1.0)
        });
        let absent = ["boto3: no figure", "processor time a call, page of 1 layer: no figure of bare"];
        assert_eq!(some.absent(&Peer::ALL), absent);
        assert_eq!(some.absent(&[Peer::Ours, Peer::Bare]), absent[1..]);
        // Of what was not asked for nothing is due, nor of who has none of it.
        let mut tree = some.clone();
        tree.parts = vec![Part::Tree];
        assert_eq!(tree.absent(&Peer::ALL), [""; 0]);
    }

    #[test]
    fn where_and_when() {
        let expected = "2026-11-23, commit 012345678, Some<R> & Sons \"fast\" processor with a long name, 2 cores, 24 GiB of memory, \
                        Linux 6.18 x86_64, rustc 1.95.0";
        assert_eq!(report(|_, _| None).made.line(), expected);
    }
}
