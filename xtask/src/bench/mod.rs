//! `cargo xtask bench`: the numbers, measured against the peers in one run on one machine.
//!
//! The programs of `bench/`, a workspace of its own, are built as a user builds them, and list layers from the stand-in. A
//! part that cannot be measured is said to be missing, and costs the others nothing. What is measured by `cargo xtask
//! budget` too is measured by the same code, `crate::measure`.

mod chart;
mod clients;
#[cfg(test)]
mod fixture;
mod ledger;
mod load;
mod machine;
pub mod metric;
mod options;
mod pages;
mod parts;
mod peers;
mod progress;
mod relay;
pub mod report;
mod server;
pub mod statistics;
mod table;
mod verdicts;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use self::ledger::Ledger;
use self::metric::{Part, Peer};
pub use self::options::Options;
use self::peers::Peers;
use self::progress::Progress;
use self::report::{Made, Outcome, Report, VERSION};
use crate::{fs, workspace};

/// Measures, shows, and writes the report.
///
/// # Errors
///
/// The report cannot be written, or is not published for what it lacks. That something cannot be measured is no error.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let root = workspace::root();
    let folder = workspace::target(&root)?.join("bench");
    let report = if options.last { last(&root, &folder)? } else { measured(&root, &folder, options)? };
    write(&folder, &report)?;
    print!("{}", pages::terminal(&report));
    println!("\n{}", folder.join("report.md").display());
    if options.publish {
        publish(&root, &report, options.anyway)?;
    }
    Ok(())
}

/// What the parts work with.
struct Bench<'a> {
    root: &'a Path,
    /// Where everything is built and written.
    folder: &'a Path,
    options: &'a Options,
    parts: Vec<Part>,
    peers: Peers,
    /// Programs of this workspace that are built already, by their packages.
    tools: BTreeMap<&'static str, PathBuf>,
    /// By how many layers were listed, how many bytes of names were read, and by whom first.
    names: BTreeMap<u32, (Peer, u64)>,
    ledger: Ledger,
    progress: Progress,
}

fn measured(root: &Path, folder: &Path, options: &Options) -> anyhow::Result<Report> {
    // Before anything that takes long: what it says wrong is to be told now.
    let limits = verdicts::limits(root)?;
    let (parts, asked) = (options.parts(), options.peers());
    let mut made = Made::now(root);
    let mut bench = Bench {
        root,
        folder,
        options,
        progress: Progress::of(&parts, &asked)?,
        parts: parts.clone(),
        peers: Peers::of(asked.clone()),
        tools: BTreeMap::new(),
        names: BTreeMap::new(),
        ledger: Ledger::default(),
    };
    bench.prepare(&mut made);
    parts::measure(&mut bench);
    bench.progress.end();
    made.look_again(root);
    let left = bench.peers.left();
    let (figures, missing) = bench.ledger.close();
    let mut report = Report { version: VERSION, made, parts, peers: asked, figures, verdicts: Vec::new(), missing };
    // Why one is left out is said already.
    let absent = report.absent(&left);
    report.missing.extend(absent);
    report.verdicts = verdicts::of(&limits, &report);
    Ok(report)
}

/// Writes a report whole, in its three forms.
fn write(folder: &Path, report: &Report) -> anyhow::Result<()> {
    fs::replace(&folder.join("report.json"), &report.json()?)?;
    let chart = chart::chart(report);
    fs::replace(&folder.join("report.md"), &pages::markdown(report, chart.as_ref().map(|_| "report.svg")))?;
    let path = folder.join("report.svg");
    match chart {
        Some(chart) => fs::replace(&path, &chart),
        // One of an earlier run is not this one's.
        None if path.exists() => {
            std::fs::remove_file(&path).with_context(|| format!("cannot delete {}", path.display()))
        }
        None => Ok(()),
    }
}

/// The report of the last run, if it was of this commit on this machine.
fn last(root: &Path, folder: &Path) -> anyhow::Result<Report> {
    let path = folder.join("report.json");
    let text = fs::read(&path)?;
    let context = || path.display().to_string();
    let Versioned { version } = serde_json::from_str(&text).with_context(context)?;
    ensure!(version == VERSION, "{}: version {version}, expected {VERSION}: run it again", path.display());
    let mut report: Report = serde_json::from_str(&text).with_context(context)?;
    let now = Made::now(root);
    ensure!(report.made.machine == now.machine, "{}: of another machine: run it here", path.display());
    ensure!(report.made.commit == now.commit, "{}: of commit {}: run it again", path.display(), report.made.commit);
    report.made.look_again(root);
    Ok(report)
}

/// What every version of a report says.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// Writes the pages of the repository, if the report says all that they are to say.
fn publish(root: &Path, report: &Report, anyway: bool) -> anyhow::Result<()> {
    let lacking = lacking(report);
    if !anyway && !lacking.is_empty() {
        bail!("not published, for it is not whole (--anyway publishes it):\n  {}", lacking.join("\n  "));
    }
    let chart = chart::chart(report).context("not published: nothing was measured of ours and the official crates")?;
    let path = root.join("README.md");
    let readme = pages::readme(&fs::read(&path)?, report)?;
    fs::replace(&root.join("docs/benchmark.md"), &pages::markdown(report, Some("benchmark.svg")))?;
    fs::replace(&root.join("docs/benchmark.svg"), &chart)?;
    fs::replace(&path, &readme)
}

/// What depends on time is measured so often at least, for a spread to show. Clean builds, which take minutes, may be measured
/// once: what others did meanwhile is told.
const LEAST: usize = 3;

/// What a report that is shown to others must not lack.
fn lacking(report: &Report) -> Vec<String> {
    let parts = Part::ALL.into_iter().filter(|part| !report.parts.contains(part));
    let parts = parts.map(|part| format!("{} was not measured", name(part)));
    let disturbed = report.figures.iter().filter_map(|figure| {
        let why = figure.disturbed.as_ref()?;
        Some(format!("{}, {}: disturbed: {why}", figure.metric.about().title, figure.peer.title()))
    });
    let is_rare = |part: &Part| {
        let mut timed = report.figures.iter().filter(|f| f.metric.about().part == *part && f.metric.about().timed);
        *part != Part::Build && timed.any(|figure| figure.samples.len() < LEAST)
    };
    let rare = Part::ALL.into_iter().filter(is_rare);
    let rare = rare.map(|part| format!("{} was not measured {LEAST} times", name(part)));
    let unmet = report.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::NotMet && verdict.reason.is_none());
    let unmet = unmet.map(|verdict| {
        format!("{}: not {}, and budget.toml gives no reason", verdict.metric.about().title, verdict.limit)
    });
    let changed = report.made.changed.then(|| "files differ from the commit".to_owned());
    let first = |line: &String| line.lines().next().unwrap_or_default().to_owned();
    let missing = report.missing.iter().map(first);
    let absent = report.absent(&Peer::ALL).into_iter().filter(|line| !report.missing.contains(line));
    parts.chain(missing).chain(absent).chain(rare).chain(disturbed).chain(unmet).chain(changed).collect()
}

/// The name of a part or a metric, as reports and arguments have it.
pub(crate) fn name(of: impl Serialize) -> String {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{report, verdict};
    use super::metric::{Metric, Part, Peer};
    use super::report::{Figure, Outcome, Report, Verdict};
    use super::{VERSION, lacking, last, name, write};

    #[test]
    fn what_is_not_published() {
        let whole = report(|_, _| Some(1.0));
        let check = |change: &dyn Fn(&mut Report), expected: &[&str]| {
            let mut report = whole.clone();
            change(&mut report);
            assert_eq!(lacking(&report), expected);
        };
        check(&|_| (), &[]);
        // That a budget is not met is said, and hides nothing.
        check(&|report| report.verdicts.push(verdict(Metric::Binary, Outcome::NotMet)), &[]);
        let without_reason = |report: &mut Report| {
            report.verdicts.push(Verdict { reason: None, ..verdict(Metric::Binary, Outcome::NotMet) });
        };
        check(&without_reason, &["stripped program: not at most 0.19 × official, and budget.toml gives no reason"]);
        check(&|report| report.parts.retain(|part| *part != Part::Walk), &["walk was not measured"]);
        check(&|report| report.missing.push("official: no\nerror[E0425]".to_owned()), &["official: no"]);
        check(&|report| report.made.changed = true, &["files differ from the commit"]);
        check(&|report| report.figures.retain(|figure| figure.peer != Peer::Bare), &["bare: no figure"]);
        let of_boto3 = |figure: &Figure| (figure.metric, figure.peer) == (Metric::CpuOne, Peer::Boto3);
        let silent = ["processor time a call, page of 1 layer: no figure of boto3"];
        check(&|report| report.figures.retain(|figure| !of_boto3(figure)), &silent);
        // A line of the run itself is not said twice.
        let told = |report: &mut Report| {
            report.figures.retain(|figure| !of_boto3(figure));
            report.missing.push(silent[0].to_owned());
        };
        check(&told, &silent);
        let once = |report: &mut Report| report.figures.iter_mut().for_each(|figure| figure.samples.truncate(1));
        let parts = ["rebuild", "latency", "throughput", "codec", "walk", "generate"];
        check(&once, &parts.map(|part| format!("{part} was not measured 3 times")).each_ref().map(String::as_str));
        let disturbed = |report: &mut Report| {
            let figure =
                report.figures.iter_mut().find(|figure| (figure.metric, figure.peer) == (Metric::Walk, Peer::Bare));
            figure.unwrap().disturbed = Some("spread 20 %".to_owned());
        };
        check(&disturbed, &["100,000 layers in pages of 50, bare: disturbed: spread 20 %"]);
    }

    #[test]
    fn a_report_is_written_whole() {
        let folder = tempfile::tempdir().unwrap();
        let there = |name: &str| std::fs::read_to_string(folder.path().join(name)).ok();
        write(folder.path(), &report(|_, _| Some(1.0))).unwrap();
        assert!(there("report.md").unwrap().contains("](report.svg)"));
        assert!(there("report.svg").is_some() && there("report.json").is_some());
        // Nothing of an earlier one is left.
        write(folder.path(), &report(|_, peer| (peer == Peer::Ours).then_some(1.0))).unwrap();
        assert!(!there("report.md").unwrap().contains("](report.svg)"));
        assert_eq!(there("report.svg"), None);
    }

    #[test]
    fn a_report_of_an_earlier_version_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        std::fs::write(&path, r#"{"version":1,"figures":[]}"#).unwrap();
        let error = last(&crate::workspace::root(), folder.path()).unwrap_err().to_string();
        assert_eq!(error, format!("{}: version 1, expected {VERSION}: run it again", path.display()));
    }

    #[test]
    fn names() {
        assert_eq!(
            [name(Part::Codec), name(Metric::ReleaseWall), name(Peer::Boto3)],
            ["codec", "release-wall", "boto3"]
        );
    }
}
