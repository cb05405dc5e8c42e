//! What is known not to work yet: operations that are not generated, and cases that fail. Every line of the lists has to
//! be needed, and what is not listed has to work.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, ensure};

use super::suite::{Case, Suite};
use crate::fs;

/// The two lists.
pub(super) struct Known {
    /// Operations that are not generated.
    gaps: List,
    /// Cases that fail.
    failures: List,
}

/// Lines `model<TAB>name<TAB>reason`: reasons by model and name. Those that begin with `#` are for people.
struct List(BTreeMap<Name, String>);

/// A model, and an operation or a case of it.
type Name = (String, String);

impl Known {
    /// Reads both lists from this folder.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let list = |name: &str| -> anyhow::Result<List> {
            let path = folder.join(name);
            List::parse(&fs::read(&path)?).with_context(|| path.display().to_string())
        };
        Ok(Self { gaps: list("known-gaps.tsv")?, failures: list("known-failures.tsv")? })
    }

    /// Why a case is known to fail.
    pub(super) fn failure(&self, suite: &Suite, case: &Case) -> Option<&str> {
        self.failures.0.get(&(suite.name.clone(), case.name())).map(String::as_str)
    }

    /// Checks that the operations that are listed are those that are refused, for the same reasons, and that every case
    /// that is listed is one that runs: whether it fails, its test tells.
    pub(super) fn check(&self, suites: &[Suite]) -> anyhow::Result<()> {
        let refused = suites.iter().flat_map(|suite| {
            let named = |(operation, reasons): (&String, &Vec<String>)| {
                ((suite.name.clone(), operation.clone()), reasons.join("; "))
            };
            suite.refused.iter().map(named)
        });
        let cases = suites.iter().flat_map(|suite| suite.cases.iter().map(|case| (suite.name.clone(), case.name())));
        let wrong = [
            ("known-gaps.tsv", self.gaps.wrong_gaps(&refused.collect())),
            ("known-failures.tsv", self.failures.wrong_cases(&cases.collect())),
        ];
        for (file, wrong) in wrong {
            ensure!(wrong.is_empty(), "tests/conformance/{file} is not up to date:\n{}", wrong.join("\n"));
        }
        Ok(())
    }
}

impl List {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut list = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let columns: Vec<_> = line.split('\t').collect();
            let [model, name, reason] = columns[..] else {
                anyhow::bail!("expected model, name and reason between tabs: {line}");
            };
            ensure!(!reason.trim().is_empty(), "expected a reason: {line}");
            let twice = list.insert((model.to_owned(), name.to_owned()), reason.to_owned());
            ensure!(twice.is_none(), "listed twice: {line}");
        }
        Ok(Self(list))
    }

    /// How these lines differ from the operations that are refused, with the reasons of each.
    fn wrong_gaps(&self, refused: &BTreeMap<Name, String>) -> Vec<String> {
        let line = |(model, name): &Name, reason: &str| format!("{model}\t{name}\t{reason}");
        let unlisted = refused.iter().filter(|(name, reason)| self.0.get(name) != Some(reason));
        let unlisted =
            unlisted.map(|(name, reason)| format!("not generated, and not listed so: {}", line(name, reason)));
        let stale = self.0.iter().filter(|(name, _)| !refused.contains_key(name));
        let stale = stale.map(|(name, why)| format!("listed, and generated or not there at all: {}", line(name, why)));
        unlisted.chain(stale).collect()
    }

    /// The lines whose cases are not among these.
    fn wrong_cases(&self, cases: &BTreeSet<Name>) -> Vec<String> {
        let stale = self.0.keys().filter(|name| !cases.contains(name));
        stale.map(|(model, name)| format!("listed, and no case that runs: {model}\t{name}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> BTreeMap<Name, String> {
        of.iter().map(|name| (("m".to_owned(), (*name).to_owned()), "no form".to_owned())).collect()
    }

    #[test]
    fn gaps_are_those_that_are_listed() {
        let check = |list: &str, refused: &[&str], expected: &[&str]| {
            assert_eq!(List::parse(list).unwrap().wrong_gaps(&names(refused)), expected, "{list}");
        };
        check("# head\nm\tA\tno form", &["A"], &[]);
        check("", &["A"], &["not generated, and not listed so: m\tA\tno form"]);
        // The reason of another operation, and another reason, are none of this one.
        check("m\tA\tno form", &["A", "B"], &["not generated, and not listed so: m\tB\tno form"]);
        check("m\tA\tno name", &["A"], &["not generated, and not listed so: m\tA\tno form"]);
        check("m\tA\tno form", &[], &["listed, and generated or not there at all: m\tA\tno form"]);
    }

    #[test]
    fn failures_are_of_cases_that_run() {
        let check = |list: &str, cases: &[&str], expected: &[&str]| {
            let cases = names(cases).into_keys().collect();
            assert_eq!(List::parse(list).unwrap().wrong_cases(&cases), expected, "{list}");
        };
        check("", &["requests::A"], &[]);
        check("m\trequests::A\tdisputed", &["requests::A"], &[]);
        check("m\tA\tdisputed", &["requests::A"], &["listed, and no case that runs: m\tA"]);
    }

    #[test]
    fn lines_are_whole_and_there_once() {
        for list in ["m\tA", "m\tA\t ", "m\tA\twhy\tmore", "m\tA\twhy\nm\tA\twhy else"] {
            assert!(List::parse(list).is_err(), "{list}");
        }
    }
}
