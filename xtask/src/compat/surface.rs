//! Compares the public paths of the official crates with ours, and both with the list of what we lack.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use super::paths::{Public, derive};
use super::{Folder, probe, read};

/// Checks that what we lack is what `MISSING.tsv` lists.
pub(super) fn compare(folder: &Folder) -> Result<()> {
    let paths = derive(folder)?;
    let [nowhere, absent] = super::both(|side| probe::absent(folder, side, &paths))?;
    ensure!(
        nowhere.is_empty(),
        "read as public from the source of the official crates, yet the compiler finds none of:\n{}",
        nowhere.iter().map(Public::path).collect::<Vec<_>>().join("\n")
    );
    let file = folder.file("MISSING.tsv");
    let listed = Missing::parse(&read(&file)?).with_context(|| format!("in {}", file.display()))?;
    let faults = listed.faults(&paths, &absent);
    if faults.is_empty() {
        println!("compat: of {} public paths, {} are missing, as listed", paths.len(), absent.len());
        return Ok(());
    }
    bail!("{} faults in {}:\n{}", faults.len(), file.display(), faults.join("\n"))
}

/// The list of what we lack. A row covers its path and all below; `*` stands for any part of a name.
#[derive(Debug)]
struct Missing(Vec<String>);

impl Missing {
    fn parse(text: &str) -> Result<Self> {
        let mut rows = Vec::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let (path, reason) = line.split_once('\t').with_context(|| format!("line {} has no tab", index + 1))?;
            ensure!(!reason.trim().is_empty(), "line {} gives no reason", index + 1);
            rows.push(path.to_owned());
        }
        ensure!(rows.is_sorted(), "the rows are not sorted by path");
        Ok(Self(rows))
    }

    fn faults(&self, paths: &BTreeSet<Public>, absent: &BTreeSet<Public>) -> Vec<String> {
        let absent: BTreeSet<String> = absent.iter().map(Public::path).collect();
        let unlisted = absent.iter().filter(|path| !self.0.iter().any(|row| covers(row, path)));
        let mut faults: Vec<String> = topmost(unlisted).iter().map(|path| format!("not listed: {path}")).collect();
        let paths: Vec<String> = paths.iter().map(Public::path).collect();
        for row in &self.0 {
            let below: Vec<&String> = paths.iter().filter(|path| covers(row, path)).collect();
            if below.is_empty() {
                faults.push(format!("listed, but the official crates have no such path: {row}"));
            }
            let there = topmost(below.into_iter().filter(|path| !absent.contains(*path)));
            faults.extend(there.iter().map(|path| format!("listed by {row}, but there: {path}")));
        }
        faults
    }
}

fn covers(row: &str, path: &str) -> bool {
    let (mut rows, mut names) = (row.split("::"), path.split("::"));
    rows.all(|row| names.next().is_some_and(|name| fits(row, name)))
}

/// Whether a name is what a row has in its place: one `*` stands for anything.
fn fits(row: &str, name: &str) -> bool {
    match row.split_once('*') {
        None => row == name,
        Some((begin, end)) => name.strip_prefix(begin).is_some_and(|rest| rest.ends_with(end)),
    }
}

/// Of sorted paths, those that do not lie below another one.
fn topmost<'a>(paths: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut top: Vec<&str> = Vec::new();
    for path in paths {
        if !top.iter().any(|above| covers(above, path)) {
            top.push(path);
        }
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(paths: &[&str]) -> BTreeSet<Public> {
        paths.iter().map(|path| Public::Item((*path).to_owned())).collect()
    }

    /// Compares three official paths, two of which we lack, with a list.
    fn check(list: &str, expected: &[&str]) {
        let paths = items(&["k::a", "k::b", "k::b::c"]);
        let absent = items(&["k::b", "k::b::c"]);
        assert_eq!(Missing::parse(list).unwrap().faults(&paths, &absent), expected);
    }

    #[test]
    fn the_list_is_what_is_missing() {
        check("# head\nk::b\tnot yet", &[]);
        check("", &["not listed: k::b"]);
        check("k::a\twrong\nk::b\tnot yet", &["listed by k::a, but there: k::a"]);
        check("k::b\tnot yet\nk::z\told", &["listed, but the official crates have no such path: k::z"]);
        check("k::b::c\tnot yet", &["not listed: k::b"]);
        check("k::b*\tnot yet", &[]);
        check("k::*\tnot yet", &["listed by k::*, but there: k::a"]);
        check("k::b\tnot yet\nk::b::x*\told", &["listed, but the official crates have no such path: k::b::x*"]);
    }

    #[test]
    fn a_row_needs_a_reason() {
        assert!(Missing::parse("k::b").is_err());
        assert!(Missing::parse("k::b\t ").is_err());
    }
}
