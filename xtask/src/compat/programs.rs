//! Builds the programs of both sides, runs them, and compares what they print line by line.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::{Folder, Side, read};
use crate::process::{Programs, stand_in};

/// How many layers the server has: more than one page of each size that the programs ask for.
const LAYERS: u32 = 60;

/// Builds, runs and compares all programs.
pub(super) fn compare(folder: &Folder) -> Result<()> {
    let mut allowed = Allowed::read(folder)?;
    let names = names(folder)?;
    super::both(|side| {
        let status = folder.cargo(side, "build").status().context("cannot run cargo")?;
        ensure!(status.success(), "the programs of tests/compat do not build against the {} crates", side.name());
        Ok(())
    })?;
    let programs = Programs::build(&folder.root, &["--workspace", "--bin=tinsmith-stand-in"])?;
    // The programs call many regions, and what they sign is for one.
    let arguments = ["--layers", &LAYERS.to_string(), "--no-signature-check"];
    let (_serving, environment) = stand_in(programs.get("tinsmith-stand-in")?, &arguments)?;
    let url = environment.endpoint_url.as_str();
    let mut differences = Vec::new();
    for name in &names {
        let [official, ours] = [Side::Official, Side::Ours]
            .map(|side| output(&folder.target(side).join("debug").join(name), url, &folder.file("home")));
        differences.extend(compare_lines(name, &official?, &ours?, &mut allowed));
    }
    differences.extend(allowed.unused());
    if differences.is_empty() {
        println!("compat: {} programs print the same against the official crates and ours", names.len());
        return Ok(());
    }
    let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
    bail!("{} differences between the official crates and ours:\n{}", list.len(), list.join("\n"))
}

/// The programs, by their files.
fn names(folder: &Folder) -> Result<Vec<String>> {
    let path = folder.file("programs");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&path).with_context(|| format!("cannot list {}", path.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    ensure!(!names.is_empty(), "{} holds no program", path.display());
    names.sort();
    Ok(names)
}

/// What a program prints, in an environment that holds nothing else than it needs.
fn output(program: &Path, url: &str, home: &Path) -> Result<String> {
    let output = Command::new(program)
        .env_clear()
        .envs([("AWS_ENDPOINT_URL", url), ("AWS_REGION", "us-east-1"), ("AWS_EC2_METADATA_DISABLED", "true")])
        .envs([("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")])
        .env("HOME", home)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} ends with {}:\n{errors}", program.display(), output.status);
    let printed =
        String::from_utf8(output.stdout).with_context(|| format!("{} does not print UTF-8", program.display()))?;
    // Two sides that print nothing would print the same.
    ensure!(!printed.trim().is_empty(), "{} prints nothing", program.display());
    Ok(printed)
}

fn compare_lines(program: &str, official: &str, ours: &str, allowed: &mut Allowed) -> Vec<Difference> {
    let (mut left, mut right) = (official.lines(), ours.lines());
    let mut differences = Vec::new();
    for line in 1.. {
        let (official, ours) = (left.next(), right.next());
        if official.is_none() && ours.is_none() {
            break;
        }
        if official != ours && !allowed.covers(program, official, ours) {
            let [official, ours] = [official, ours].map(|text| text.unwrap_or("(nothing)").to_owned());
            differences.push(Difference { place: format!("{program}, line {line}"), official, ours });
        }
    }
    differences
}

/// A line in which the two sides differ and should not, or the other way round.
#[derive(Debug, PartialEq)]
struct Difference {
    place: String,
    official: String,
    ours: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  official: {}\n  ours:     {}", self.place, self.official, self.ours)
    }
}

/// The differences that are meant, from `DIFFERENCES.tsv`.
#[derive(Debug)]
struct Allowed {
    rows: BTreeSet<[String; 3]>,
    used: BTreeSet<[String; 3]>,
}

impl Allowed {
    fn read(folder: &Folder) -> Result<Self> {
        let path = folder.file("DIFFERENCES.tsv");
        Self::parse(&read(&path)?).with_context(|| format!("in {}", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut rows = BTreeSet::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [program, official, ours, reason] = columns[..] else {
                bail!(
                    "line {} has {} columns; expected program, official line, our line, reason",
                    index + 1,
                    columns.len()
                );
            };
            ensure!(!reason.trim().is_empty(), "line {} gives no reason", index + 1);
            rows.insert([program, official, ours].map(str::to_owned));
        }
        Ok(Self { rows, used: BTreeSet::new() })
    }

    fn covers(&mut self, program: &str, official: Option<&str>, ours: Option<&str>) -> bool {
        let (Some(official), Some(ours)) = (official, ours) else { return false };
        let row = [program, official, ours].map(str::to_owned);
        let covers = self.rows.contains(&row);
        if covers {
            self.used.insert(row);
        }
        covers
    }

    /// Rows that no run needed any more.
    fn unused(&self) -> Vec<Difference> {
        let unused = self.rows.difference(&self.used);
        unused
            .map(|[program, official, ours]| Difference {
                place: format!("{program}: a row of tests/compat/DIFFERENCES.tsv that no line needs"),
                official: official.clone(),
                ours: ours.clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares two outputs, given the rows of a table, and returns the places of the differences.
    fn check(official: &str, ours: &str, table: &str, expected: &[&str]) {
        let mut allowed = Allowed::parse(table).unwrap();
        let mut found = compare_lines("p", official, ours, &mut allowed);
        found.extend(allowed.unused());
        let places: Vec<&str> = found.iter().map(|difference| difference.place.as_str()).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn lines_are_compared_in_order() {
        check("a\nb", "a\nb", "", &[]);
        check("a\nb", "b\na", "", &["p, line 1", "p, line 2"]);
        check("a", "a\nb", "", &["p, line 2"]);
        check("a\nb", "a", "", &["p, line 2"]);
    }

    #[test]
    fn a_difference_that_is_meant_passes_and_has_to_be_there() {
        check("a", "b", "# head\np\ta\tb\tit is better", &[]);
        check(
            "a",
            "c",
            "p\ta\tb\tit is better",
            &["p, line 1", "p: a row of tests/compat/DIFFERENCES.tsv that no line needs"],
        );
        check("a", "a", "p\ta\tb\tit is better", &["p: a row of tests/compat/DIFFERENCES.tsv that no line needs"]);
    }

    #[test]
    fn a_row_without_a_reason_is_refused() {
        assert!(Allowed::parse("p\ta\tb\t ").is_err());
        assert!(Allowed::parse("p\ta\tb").is_err());
    }
}
