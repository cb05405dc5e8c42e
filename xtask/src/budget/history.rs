//! `budget.toml` as it was: what is raised since then needs a reason.
//!
//! The budget, the best and the tolerance are numbers beside the figure that they hold, and would hold nothing if they could
//! be raised with it. So the file is compared with what git has of it: where it differs from the commit that is checked out,
//! with that one; else with what was there before its last change, however many commits came since; and on a branch, with
//! what the main one had when it began.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::file::{self, Budgets, NAME, Reason};
use crate::bench::name;
use crate::process;

/// The branch that others begin at.
const MAIN: &str = "refs/remotes/origin/main";

/// What was raised without a reason of its own, a line each.
///
/// # Errors
///
/// There is no history to tell it by: the error says why.
pub(super) fn raised(root: &Path, budgets: &Budgets) -> anyhow::Result<Vec<String>> {
    ensure!(is_clone(root), "these are the files alone, without the repository's history");
    let is_cut = git(root, &["rev-parse", "--is-shallow-repository"])? == "true";
    ensure!(!is_cut, "the history of this clone is cut: `git fetch --unshallow` brings the rest");
    let mut raised = Vec::new();
    for commit in commits(root)? {
        if git(root, &["ls-tree", &commit, "--", NAME])?.is_empty() {
            continue;
        }
        let text = git(root, &["show", &format!("{commit}:{NAME}")])?;
        let was: Was = toml::from_str(&text).with_context(|| format!("{NAME} of commit {commit}"))?;
        let short = commit.get(..9).unwrap_or(&commit);
        let since = was.raised(budgets).into_iter();
        raised.extend(since.map(|(what, expected)| {
            format!("{NAME}: {what} since commit {short} without a reason of its own: expected {expected}")
        }));
    }
    Ok(raised)
}

/// Whether the workspace is a clone, which has a history, or an export, from which nothing lands.
pub(super) fn is_clone(root: &Path) -> bool {
    root.join(".git").exists()
}

/// The commits that the file is compared with.
fn commits(root: &Path) -> anyhow::Result<Vec<String>> {
    let changed = !git(root, &["status", "--porcelain", "--", NAME])?.is_empty();
    let head = git(root, &["rev-parse", "HEAD"])?;
    // Along the first parents, what a merge brings is a change of the branch that it is brought to.
    let parents = git(root, &["log", "-1", "--first-parent", "--format=%P", "--", NAME])?;
    let parent = parents.split(' ').next().filter(|parent| !parent.is_empty()).map(str::to_owned);
    let last = if changed { Some(head.clone()) } else { parent };
    let main = git(root, &["for-each-ref", "--format=%(objectname)", MAIN])?;
    let began = if main.is_empty() { None } else { Some(git(root, &["merge-base", &head, &main])?) };
    let began = began.filter(|began| *began != head && Some(began) != last.as_ref());
    Ok(last.into_iter().chain(began).collect())
}

fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let mut git = Command::new("git");
    // A hook of git's is told of the repository that it is called for.
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        git.env_remove(name);
    }
    Ok(process::output(git.arg("-C").arg(root).args(arguments))?.trim().to_owned())
}

/// What the file was, whatever else it said then.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Was {
    guarded: BTreeMap<String, Guarded>,
    bench: Vec<Limit>,
    ratio: Vec<Limit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Guarded {
    at_most: Option<u64>,
    best: Option<u64>,
    tolerance: u64,
    reason: Option<Reason>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Limit {
    metric: String,
    peer: Option<String>,
    at_most: Option<f64>,
    at_least: Option<f64>,
    reason: Option<String>,
}

impl Was {
    /// What was raised since without a new reason, and what is expected there.
    fn raised(&self, now: &Budgets) -> Vec<(String, String)> {
        let mut raised = Vec::new();
        for (figure, now) in &now.guarded {
            let keys = self.guarded.get(figure.name()).map(|was| was.raised(now)).unwrap_or_default();
            let expected = format!("`reason = {{ recorded = {}, text = \"…\" }}`", now.recorded);
            let said = |key: String| (format!("[guarded.{figure}]: {key}"), expected.clone());
            raised.extend(keys.into_iter().map(said));
        }
        let limits = self.bench.iter().chain(&self.ratio);
        let easier = limits.filter(|was| {
            let bench = now.bench.iter().map(|now| (now.metric, None, now.at_most, now.at_least, &now.reason));
            let ratio =
                now.ratio.iter().map(|now| (now.metric, Some(now.peer), now.at_most, now.at_least, &now.reason));
            bench.chain(ratio).any(|(metric, peer, at_most, at_least, reason)| {
                let is_same = was.metric == name(metric) && was.peer == peer.map(name);
                let is_easier = was.at_most < at_most || was.at_least > at_least;
                is_same && is_easier && !is_new(reason, &was.reason)
            })
        });
        raised.extend(easier.map(|was| {
            let of = was.peer.as_ref().map(|peer| format!(", ratio to {peer}")).unwrap_or_default();
            (format!("{}{of}: the limit was made easier", was.metric), "`reason = \"…\"`".to_owned())
        }));
        raised
    }
}

impl Guarded {
    fn raised(&self, now: &file::Guarded) -> Vec<String> {
        let text = |reason: &Option<Reason>| reason.as_ref().map(|reason| reason.text.clone());
        if is_new(&text(&now.reason), &text(&self.reason)) {
            return Vec::new();
        }
        let numbers = [
            ("at-most", self.at_most, now.at_most),
            ("best", self.best, now.best),
            ("tolerance", Some(self.tolerance), now.tolerance),
        ];
        let raised = numbers.into_iter().filter_map(|(key, was, now)| Some((key, was.filter(|was| *was < now)?, now)));
        raised.map(|(key, was, now)| format!("{key} was raised from {was} to {now}")).collect()
    }
}

/// Whether there is a reason, and another one than there was.
fn is_new(now: &Option<String>, was: &Option<String>) -> bool {
    now.is_some() && now != was
}

#[cfg(test)]
mod tests {
    use super::super::figure::Figure;
    use super::*;
    use crate::bench::metric::Metric;

    const FILE: &str = include_str!("../../../budget.toml");

    /// A repository with the file of this workspace.
    struct Repository(tempfile::TempDir);

    impl Repository {
        fn new() -> Self {
            let repository = Self(tempfile::tempdir().unwrap());
            repository.git(&["init", "--quiet", "--initial-branch=main"]);
            repository.write(FILE);
            repository.commit();
            repository
        }

        fn root(&self) -> &Path {
            self.0.path()
        }

        fn git(&self, arguments: &[&str]) -> String {
            let settings = ["user.name=x", "user.email=x@example.com", "commit.gpgSign=false"];
            let settings: Vec<_> = settings.iter().flat_map(|setting| ["-c", setting]).collect();
            git(self.root(), &[&settings, arguments].concat()).unwrap()
        }

        fn write(&self, text: &str) {
            std::fs::write(self.root().join(NAME), text).unwrap();
        }

        /// All that is there, or nothing: a commit that leaves the file as it is.
        fn commit(&self) -> String {
            self.git(&["add", "--all"]);
            self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
            self.git(&["rev-parse", "HEAD"])
        }
    }

    #[test]
    fn what_the_file_is_compared_with() {
        let repository = Repository::new();
        let check = |expected: &[&String]| {
            assert_eq!(commits(repository.root()).unwrap().iter().collect::<Vec<_>>(), expected);
        };
        // Before it there was none.
        check(&[]);
        let first = repository.commit();
        repository.write("changed");
        check(&[&first]);
        let second = repository.commit();
        check(&[&first]);
        // However many commits come that do not change it.
        let third = repository.commit();
        check(&[&first]);
        repository.write("changed again");
        check(&[&third]);
        let fourth = repository.commit();
        check(&[&third]);
        // On a branch, with where it began too.
        repository.git(&["update-ref", MAIN, &second]);
        check(&[&third, &second]);
        repository.git(&["update-ref", MAIN, &third]);
        check(&[&third]);
        repository.git(&["update-ref", MAIN, &fourth]);
        check(&[&third]);
        // A merge changes it for the branch that it is brought to.
        repository.git(&["checkout", "--quiet", "-b", "side"]);
        repository.write("changed on the side");
        repository.commit();
        repository.git(&["checkout", "--quiet", "main"]);
        let fifth = repository.commit();
        repository.git(&["merge", "--quiet", "--no-edit", "side"]);
        repository.git(&["update-ref", "-d", MAIN]);
        check(&[&fifth]);
    }

    #[test]
    fn the_file_of_before_is_found() {
        let repository = Repository::new();
        let lower = FILE.replacen("at-most = 48", "at-most = 47", 1);
        assert_ne!(lower, FILE, "{NAME} has no at-most = 48");
        let raised = || raised(repository.root(), &Budgets::read(repository.root()).unwrap());
        repository.write(&lower);
        assert_eq!(raised().unwrap(), [""; 0]);
        let commit = repository.commit();
        repository.write(FILE);
        let recorded = Budgets::parse(FILE).unwrap().guarded[&Figure::Crates].recorded;
        let expected = format!(
            "budget.toml: [guarded.crates]: at-most was raised from 47 to 48 since commit {} without a reason of its own: \
             expected `reason = {{ recorded = {recorded}, text = \"…\" }}`",
            &commit[..9]
        );
        assert_eq!(raised().unwrap(), [expected.as_str()]);
        repository.commit();
        repository.commit();
        assert_eq!(raised().unwrap(), [expected.as_str()]);
    }

    #[test]
    fn without_a_history_it_says_so() {
        let repository = Repository::new();
        repository.commit();
        let folder = tempfile::tempdir().unwrap();
        let error = |root: &Path| raised(root, &Budgets::parse(FILE).unwrap()).unwrap_err().to_string();
        assert_eq!(error(folder.path()), "these are the files alone, without the repository's history");
        let (from, to) = (format!("file://{}", repository.root().display()), folder.path().join("clone"));
        repository.git(&["clone", "--quiet", "--depth=1", &from, &to.display().to_string()]);
        assert_eq!(error(&to), "the history of this clone is cut: `git fetch --unshallow` brings the rest");
    }

    #[test]
    fn what_is_raised_needs_a_reason_of_its_own() {
        let mut was: Was = toml::from_str(FILE).unwrap();
        let reason = |text: &str| Some(Reason { recorded: 50, text: text.to_owned() });
        // Of another figure, with the text that is still there.
        was.guarded.get_mut("binary").unwrap().reason = Some(Reason { recorded: 49, ..reason("TLS").unwrap() });
        let check = |change: &dyn Fn(&mut Budgets), expected: &[&str]| {
            let mut now = Budgets::parse(FILE).unwrap();
            change(&mut now);
            let raised: Vec<_> = was.raised(&now).into_iter().map(|(what, _)| what).collect();
            assert_eq!(raised, expected);
        };
        check(&|_| (), &[]);
        let crates = |now: &mut Budgets, reason: Option<Reason>| {
            let crates = now.guarded.get_mut(&Figure::Crates).unwrap();
            (crates.at_most, crates.best, crates.recorded, crates.tolerance) = (60, 50, 50, 1);
            crates.reason = reason;
        };
        let [at_most, best] = {
            let crates = &Budgets::parse(FILE).unwrap().guarded[&Figure::Crates];
            [crates.at_most, crates.best]
        };
        check(
            &|now| crates(now, None),
            &[
                &format!("[guarded.crates]: at-most was raised from {at_most} to 60"),
                &format!("[guarded.crates]: best was raised from {best} to 50"),
                "[guarded.crates]: tolerance was raised from 0 to 1",
            ],
        );
        check(&|now| crates(now, reason("HTTP/3")), &[]);
        // What is better needs none.
        check(&|now| now.guarded.get_mut(&Figure::Crates).unwrap().best = 1, &[]);
        // The reason of before is that of another one.
        let binary = |now: &mut Budgets, reason: Option<Reason>| {
            let binary = now.guarded.get_mut(&Figure::Binary).unwrap();
            (binary.at_most, binary.reason) = (u64::MAX, reason);
        };
        check(&|now| binary(now, reason("HTTP/3")), &[]);
        check(
            &|now| binary(now, reason("TLS")),
            &["[guarded.binary]: at-most was raised from 3600000 to 18446744073709551615"],
        );
        let easier = |now: &mut Budgets, reason: Option<&str>| {
            let walk = now.ratio.iter_mut().find(|ratio| ratio.metric == Metric::Walk).unwrap();
            (walk.at_most, walk.reason) = (Some(1.0), reason.map(str::to_owned));
            let decode = now.ratio.iter_mut().find(|ratio| ratio.metric == Metric::Decode).unwrap();
            (decode.at_least, decode.reason) = (Some(1.0), reason.map(str::to_owned));
            let memory = now.bench.iter_mut().find(|limit| limit.metric == Metric::PeakMemory).unwrap();
            (memory.at_most, memory.reason) = (Some(1e12), reason.map(str::to_owned));
        };
        check(
            &|now| easier(now, None),
            &[
                "peak-memory: the limit was made easier",
                "decode, ratio to bare: the limit was made easier",
                "walk, ratio to official: the limit was made easier",
            ],
        );
        check(&|now| easier(now, Some("HTTP/3")), &[]);
    }
}
