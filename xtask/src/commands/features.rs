//! `cargo xtask features`: the features of the crates that users depend on, each alone, none, and all together. Each
//! choice compiles without a warning. The runtime without features brings no async runtime, HTTP or TLS, and neither do
//! those features of it that operations turn on.
//!
//! Of the features that are operations, which are many, some are compiled alone: those that turn on something else, and
//! some that are drawn. What each of them brings is compared with the crate of its operation by a test of the generator;
//! here is seen that what it says so is what is compiled. `--all` leaves none out.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;

use anyhow::{Context, anyhow, ensure};

use crate::workspace::{self, Package};
use crate::{process, sample};

/// The runtime, on which everything generated stands.
const RUNTIME: &str = "tinsmith-runtime";
/// The generator, for build scripts.
const CODEGEN: &str = "tinsmith-codegen";
/// The face of the official crate of settings.
const CONFIG: &str = "tinsmith-config";

/// What nobody gets who asks for nothing.
const OPTIONAL: [&str; 7] = ["tokio", "hyper", "hyper-util", "h2", "rustls", "ring", "aws-lc-rs"];
/// What operations turn on in the runtime: they can be called by a transport of one's own.
const OF_OPERATIONS: [&str; 2] = ["gzip", "http2"];

/// How many operations of a crate are drawn.
const DRAWN: usize = 6;
/// The feature of a generated crate that lists its operations.
const FULL: &str = "full";

/// What to compile.
#[derive(Debug, Default, clap::Args)]
pub struct Features {
    /// Each operation alone, and not some of them.
    #[arg(long)]
    pub(super) all: bool,
}

impl Features {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let root = workspace::root();
        let metadata = workspace::metadata(&root, false)?;
        let is_for_users =
            |package: &&Package| [CODEGEN, CONFIG, RUNTIME].contains(&&*package.name) || package.is_generated();
        let packages: Vec<_> = metadata.packages.iter().filter(is_for_users).collect();
        // What is generated, and the macros that it is made with.
        let folders: Vec<_> = packages.iter().map(|package| package.folder().join("src")).collect();
        let seed = sample::seed(&folders.iter().map(PathBuf::as_path).collect::<Vec<_>>())?;
        let most = if self.all { usize::MAX } else { DRAWN };
        let jobs = packages.into_iter().flat_map(|package| {
            choices(package, &seed, most).into_iter().map(|(order, choice)| (order, package.name.as_str(), choice))
        });
        let mut jobs: Vec<_> = jobs.collect();
        jobs.sort();
        compile(&root, &metadata.target_directory, jobs.into())?;
        bare_runtime(&root)
    }
}

/// A package, and which of its features, as arguments of cargo; before it where it stands in the order of all.
type Job<'a> = (Order, &'a str, Vec<String>);

/// What has the runtime with the same features is compiled one after the other: it is compiled for them once. Of these the
/// first have aws-lc-rs, whose C takes longest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    All,
    Alone(String),
    None,
}

/// Compiles them in their order, and where there are two cores, from its other end in another place as well: what the
/// compiler does for one crate keeps one core busy for the most part, and cargo locks each place.
fn compile<'a>(root: &Path, target: &Path, jobs: VecDeque<Job<'a>>) -> anyhow::Result<()> {
    let waiting = Mutex::new(jobs);
    let work = |target: &Path, take: fn(&mut VecDeque<Job<'a>>) -> Option<Job<'a>>| {
        let next = || waiting.lock().ok().and_then(|mut jobs| take(&mut jobs));
        while let Some((_, package, choice)) = next() {
            println!("{package} {}", choice.join(" "));
            let compiled = clippy(root, target, package, &choice);
            if compiled.is_err() {
                // The other one has nothing to begin any more.
                waiting.lock().map(|mut jobs| jobs.clear()).ok();
                return compiled;
            }
        }
        Ok(())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let beside = (cores > 1).then(|| scope.spawn(|| work(&target.join("features"), VecDeque::pop_back)));
        let here = work(target, VecDeque::pop_front);
        let beside = beside.map(|thread| thread.join().map_err(|_| anyhow!("the other thread ended early")));
        here.and(beside.unwrap_or(Ok(Ok(())))?)
    })
}

fn bare_runtime(root: &Path) -> anyhow::Result<()> {
    let features = format!("--features={}", OF_OPERATIONS.join(","));
    let arguments = ["tree", "-p", RUNTIME, "-e", "normal", "--prefix", "none", "--no-default-features", &features];
    let tree = workspace::cargo(root, &arguments)?;
    let brought = brought(&tree);
    ensure!(brought.is_empty(), "{RUNTIME} with what operations turn on alone brings {}", brought.join(", "));
    println!("{RUNTIME} with what operations turn on alone brings none of {}", OPTIONAL.join(", "));
    Ok(())
}

/// The choices of features. Of operations that turn nothing else on, there are so many at most.
fn choices(package: &Package, seed: &str, most: usize) -> Vec<(Order, Vec<String>)> {
    let operations = package.features.get(FULL).cloned().unwrap_or_default();
    let is_plain = |name: &str| {
        operations.iter().any(|operation| operation == name) && package.features.get(name).is_some_and(Vec::is_empty)
    };
    let (plain, others): (Vec<&str>, Vec<&str>) =
        package.features.keys().map(String::as_str).partition(|name| is_plain(name));
    let alone = |feature: &str| vec!["--no-default-features".to_owned(), format!("-F{feature}")];
    // An operation that turns nothing on has the runtime as nothing has it.
    let drawn = sample::drawn(&plain, seed, most).into_iter().map(|feature| (Order::None, alone(feature)));
    let others = others.into_iter().map(|feature| (Order::Alone(feature.to_owned()), alone(feature)));
    let none = (Order::None, vec!["--no-default-features".to_owned()]);
    let all = (Order::All, vec!["--all-features".to_owned()]);
    [none].into_iter().chain(others).chain(drawn).chain([all]).collect()
}

fn clippy(root: &Path, target: &Path, package: &str, choice: &[String]) -> anyhow::Result<()> {
    let status = process::cargo(root)
        .args(["clippy", "--quiet", "--locked", "--lib", "--package", package])
        .args(choice)
        .arg("--target-dir")
        .arg(target)
        .args(["--", "-D", "warnings"])
        .stdin(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "{package} does not compile without a warning: {}", choice.join(" "));
    Ok(())
}

/// What of the optional crates stands in the lines of `cargo tree`.
fn brought(tree: &str) -> Vec<&str> {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| OPTIONAL.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Order, bare_runtime, brought, choices};
    use crate::workspace::{self, Package};
    use serde_json::json;

    #[test]
    fn each_feature_alone_none_and_all() {
        let package: Package = serde_json::from_value(json!({
            "id": "p", "name": "p", "version": "1.0.0", "license": null, "manifest_path": "/w/Cargo.toml",
            "dependencies": [], "features": {
                "default": ["a", "list"], "a": [], "full": ["get", "list", "move", "stream"],
                "get": [], "list": [], "move": [], "stream": ["a"],
            },
        }))
        .unwrap();
        let check = |most: usize, expected: &[&str]| {
            let choices = choices(&package, "seed", most);
            let alone: Vec<_> = choices.iter().filter_map(|(_, choice)| choice.get(1)?.strip_prefix("-F")).collect();
            let first = choices.first().map(|(_, choice)| choice.join(" "));
            assert_eq!(first.as_deref(), Some("--no-default-features"));
            let last = choices.last().map(|(order, choice)| (order, choice.join(" ")));
            assert_eq!(last, Some((&Order::All, "--all-features".to_owned())));
            let mut alone_of_them = choices.iter().skip(1).take(alone.len());
            assert!(alone_of_them.all(|(_, choice)| choice[0] == "--no-default-features"));
            assert_eq!(choices.len(), alone.len() + 2);
            assert_eq!(alone, expected);
            let with_more = choices.iter().filter(|(order, _)| matches!(order, Order::Alone(_))).count();
            assert_eq!(with_more, 4, "operations that turn nothing on are compiled beside none");
        };
        check(0, &["a", "default", "full", "stream"]);
        check(usize::MAX, &["a", "default", "full", "stream", "get", "list", "move"]);
    }

    #[test]
    fn operations_bring_no_transport() {
        bare_runtime(&workspace::root()).unwrap();
    }

    #[test]
    fn what_a_tree_brings() {
        assert_eq!(brought("tinsmith-runtime v0.1.0 (/w)\nbytes v1.0.0\nfutures-core v0.3.0\n"), [""; 0]);
        assert_eq!(
            brought("tinsmith-runtime v0.1.0 (/w)\ntokio v1.0.0\nhyper-util v0.1.0 (*)\n"),
            ["tokio", "hyper-util"]
        );
    }
}
