//! Reports for the tests of what is made of them.

use std::collections::BTreeMap;

use super::metric::{Metric, Part, Peer};
use super::report::{Figure, Machine, Made, Outcome, Report, VERSION, Verdict};
use super::statistics::Summary;

/// A report with a figure wherever there is a value and a metric has one.
pub(super) fn report(value: impl Fn(Metric, Peer) -> Option<f64>) -> Report {
    let all = Metric::ALL.iter().flat_map(|metric| metric.peers().iter().map(|peer| (*metric, *peer)));
    let figures = all.filter_map(|(metric, peer)| Some(figure(metric, peer, value(metric, peer)?)));
    let versions = BTreeMap::from([("rustc".to_owned(), "rustc 1.95.0".to_owned())]);
    let machine = Machine {
        processor: "Some<R> & Sons \"fast\" processor with a long name".to_owned(),
        cores: 2,
        memory: 24 << 30,
        system: "Linux 6.18 x86_64".to_owned(),
    };
    let date = "2026-11-23T08:00:00Z".to_owned();
    let commit = "0123456789abcdef0123456789abcdef01234567".to_owned();
    let ours = BTreeMap::from([("tinsmith-lambda".to_owned(), "0.1.0".to_owned())]);
    let crates = BTreeMap::from([(Peer::Ours, ours)]);
    Report {
        version: VERSION,
        made: Made { date, commit, changed: false, machine, tools: versions, crates },
        parts: Part::ALL.to_vec(),
        peers: Peer::ALL.to_vec(),
        figures: figures.collect(),
        verdicts: Vec::new(),
        missing: Vec::new(),
    }
}

fn figure(metric: Metric, peer: Peer, value: f64) -> Figure {
    let summary = Summary { median: value, spread: None };
    Figure { metric, peer, samples: vec![value; 3], summary, disturbed: None }
}

/// A verdict on a metric.
pub(super) fn verdict(metric: Metric, outcome: Outcome) -> Verdict {
    let [limit, found] = ["at most 0.19 × official", "0.20 × official"].map(str::to_owned);
    let found = (outcome != Outcome::NotJudged).then_some(found);
    let reason = (outcome == Outcome::NotMet).then(|| "rustls".to_owned());
    Verdict { metric, limit, found, outcome, disturbed: None, reason }
}

/// What keeps a text from being XML: an element that is not closed, an attribute without quotes, a bare `&`.
pub(super) fn xml_fault(text: &str) -> Option<String> {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('<') {
        if let Some(fault) = entities(words) {
            return Some(fault);
        }
        let Some((tag, after)) = after.split_once('>') else {
            return Some(format!("<{tag} is not closed", tag = after));
        };
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let (tag, alone) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut parts = attributes.split('"');
        while let Some(key) = parts.next().filter(|key| !key.trim().is_empty()) {
            let Some(value) = parts.next() else { return Some(format!("{key} of <{name}> has no value in quotes")) };
            if !key.trim_start().ends_with('=') || key.trim().contains(' ') {
                return Some(format!("{key:?} of <{name}> is no attribute"));
            }
            if let Some(fault) = entities(value) {
                return Some(fault);
            }
        }
        if !alone {
            open.push(name);
        }
    }
    open.pop().map(|name| format!("<{name}> is not closed"))
}

fn entities(words: &str) -> Option<String> {
    let known = ["amp;", "lt;", "gt;", "quot;"];
    let mut bad = words.split('&').skip(1).filter(|after| !known.iter().any(|known| after.starts_with(known)));
    bad.next().map(|after| format!("&{after} is no entity"))
}

#[cfg(test)]
mod tests {
    use super::xml_fault;

    #[test]
    fn what_is_no_xml_is_seen() {
        for (text, expected) in [
            ("<a b=\"1\"><c/>x &amp; y</a>\n", None),
            ("<a><b></a>", Some("</a> closes nothing")),
            ("<a>", Some("<a> is not closed")),
            ("<a b=1/>", Some("b=1 of <a> has no value in quotes")),
            ("<a>x & y</a>", Some("& y is no entity")),
            ("<a b=\"&\"/>", Some("& is no entity")),
        ] {
            assert_eq!(xml_fault(text).as_deref(), expected, "{text}");
        }
    }
}
