//! What a suite says that it holds: its `INDEX.tsv` has a line a case. A case that is lost, in the suite or on the way to
//! its test, would else look like one that passes.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::suite::{Kind, Suite};
use crate::fs;

/// The index of a folder of models.
pub(super) struct Index(Vec<Line>);

/// A case, as the index has it.
struct Line {
    /// The name of the model's file, without its ending.
    model: String,
    kind: String,
    for_servers: bool,
    id: String,
}

impl Index {
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("INDEX.tsv");
        Self::parse(&fs::read(&path)?).with_context(|| path.display().to_string())
    }

    /// Columns go by their titles, of which there may be more than are read here.
    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut lines = text.lines();
        let titles: Vec<_> = lines.next().unwrap_or_default().split('\t').collect();
        let column = |title: &str| {
            let found = titles.iter().position(|other| *other == title);
            found.with_context(|| format!("line 1: expected a column `{title}`, found {}", titles.join(", ")))
        };
        let columns = [column("file")?, column("kind")?, column("appliesTo")?, column("id")?];
        let mut index = Vec::new();
        for (number, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
            let cells: Vec<_> = line.split('\t').collect();
            let [Some(model), Some(kind), Some(applies), Some(id)] = columns.map(|column| cells.get(column).copied())
            else {
                bail!("line {}: expected {} columns, found {}", number + 2, titles.len(), cells.len());
            };
            let [model, kind, id] = [model, kind, id].map(str::to_owned);
            index.push(Line { model, kind, for_servers: applies == "server", id });
        }
        ensure!(!index.is_empty(), "it lists no case");
        Ok(Self(index))
    }

    /// Checks that each model of the index is in the folder, and that each case for clients is among those of the suites
    /// that speak a protocol of ours.
    pub(super) fn check(&self, folder: &Path, suites: &[Suite]) -> anyhow::Result<()> {
        let models: BTreeSet<_> = self.0.iter().map(|line| line.model.as_str()).collect();
        let gone = models.iter().filter(|model| !folder.join(format!("{model}.json")).is_file());
        let gone: Vec<_> = gone.map(|model| format!("{model}.json")).collect();
        ensure!(
            gone.is_empty(),
            "{}: INDEX.tsv has cases of {}, which is not there",
            folder.display(),
            gone.join(", ")
        );
        let found = suites.iter().flat_map(|suite| {
            let run = suite.cases.iter().map(|case| (case.kind, case.id.as_str()));
            let out_of_reach = suite.out_of_reach.iter().map(|(kind, id)| (*kind, id.as_str()));
            run.chain(out_of_reach).map(|(kind, id)| (suite.name.as_str(), kind.in_index(), id))
        });
        let models = suites.iter().map(|suite| suite.name.as_str()).collect();
        let lost = self.lost(&models, &found.collect());
        ensure!(
            lost.is_empty(),
            "{}: INDEX.tsv lists cases that were not found:\n{}",
            folder.display(),
            lost.join("\n")
        );
        Ok(())
    }

    /// The cases for clients of these models that are not among those found: model, kind, id.
    fn lost(&self, models: &BTreeSet<&str>, found: &BTreeSet<(&str, &str, &str)>) -> Vec<String> {
        let is_ours = |line: &&Line| {
            models.contains(line.model.as_str()) && !line.for_servers && Kind::IN_INDEX.contains(&line.kind.as_str())
        };
        let key = |line: &Line| (line.model.clone(), line.kind.clone(), line.id.clone());
        let lost = self.0.iter().filter(is_ours).map(key);
        let lost = lost.filter(|(model, kind, id)| !found.contains(&(model.as_str(), kind.as_str(), id.as_str())));
        lost.map(|(model, kind, id)| format!("{model}: {kind} {id}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "file\tkind\tappliesTo\tshape\tid\n\
        m\trequest\t\te#A\tOne\nm\tresponse\tclient\te#A\tOne\nm\trequest\tserver\te#A\tTwo\nm\tmalformed\t\te#A\tThree\n\
        other\trequest\t\te#B\tFour\n";

    #[test]
    fn every_case_for_clients_is_found() {
        let check = |found: &[(&str, &str, &str)], expected: &[&str]| {
            let lost = Index::parse(INDEX).unwrap().lost(&["m"].into(), &found.iter().copied().collect());
            assert_eq!(lost, expected);
        };
        check(&[("m", "request", "One"), ("m", "response", "One")], &[]);
        check(&[("m", "request", "One")], &["m: response One"]);
        check(&[("other", "request", "One")], &["m: request One", "m: response One"]);
    }

    #[test]
    fn what_is_no_index() {
        let check = |text: &str, expected: &str| {
            let error = Index::parse(text).err().expect("it is none").to_string();
            assert_eq!(error, expected);
        };
        check("", "line 1: expected a column `file`, found ");
        check("file\tkind\tid\n", "line 1: expected a column `appliesTo`, found file, kind, id");
        check("file\tkind\tappliesTo\tid\n", "it lists no case");
        check("file\tkind\tappliesTo\tid\nm\trequest\n", "line 2: expected 4 columns, found 2");
    }
}
