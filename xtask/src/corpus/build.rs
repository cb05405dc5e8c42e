//! The crates of a corpus: members of one workspace under `target/corpus`, with the versions of our own lock, so that what
//! they share is compiled once. No feature is on, since those of a client are for the runtime, but for operations where
//! each is a feature.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::Value;
use tinsmith_codegen::{Form, RuntimeSource};

use crate::{fs, process};

/// The workspace.
#[derive(Debug)]
pub(super) struct Build {
    folder: PathBuf,
    /// Where it is built: as many places as are used at once, since cargo locks each.
    targets: Vec<PathBuf>,
    /// The workspace of ours.
    root: PathBuf,
    /// The packages of each service, by the name of its model.
    packages: BTreeMap<String, Packages>,
}

/// One of the places where it is built.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    build: &'a Build,
    target: &'a Path,
}

/// The most crates that are compiled at once: each takes a gigabyte or two of memory where a service is large.
const MOST: usize = 4;

/// What a service is generated as.
#[derive(Debug)]
struct Packages {
    /// With all operations in it.
    whole: String,
    /// With each operation as a feature.
    gated: String,
}

/// A member with nothing of its own, for what the others share.
const SHARED: &str = "shared";

/// What the compiler made of a crate.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) took: Duration,
    /// Its warnings and errors.
    pub(super) messages: Vec<String>,
}

impl Build {
    /// For the models of these names.
    pub(super) fn below<'a>(root: &Path, names: impl Iterator<Item = &'a str>) -> Self {
        // What the compiler does for one crate keeps one core busy for the most part.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let targets = (1..=cores.min(MOST)).map(|number| root.join(format!("target/corpus-build/{number}")));
        let (folder, targets) = (root.join("target/corpus"), targets.collect());
        Self { folder, targets, root: root.to_owned(), packages: packages(names) }
    }

    /// What a service is generated as.
    pub(super) fn form(&self, package: &str) -> Form {
        let runtime = RuntimeSource::Path(self.root.join("crates/runtime").display().to_string());
        Form::NewCrate { name: package.to_owned(), runtime }
    }

    /// The package of a service with all its operations.
    pub(super) fn whole(&self, name: &str) -> &str {
        self.packages.get(name).map_or("", |packages| &packages.whole)
    }

    /// The package of a service whose operations are features.
    pub(super) fn gated(&self, name: &str) -> &str {
        self.packages.get(name).map_or("", |packages| &packages.gated)
    }

    /// Where a package is.
    pub(super) fn folder(&self, package: &str) -> PathBuf {
        self.folder.join(package)
    }

    /// Writes the workspace of these services, and compiles what they share.
    pub(super) fn prepare(&self, names: &[&String]) -> anyhow::Result<()> {
        let members = names.iter().flat_map(|name| [self.whole(name), self.gated(name)]);
        let members = Value::from([SHARED].into_iter().chain(members).collect::<Vec<_>>());
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members}\n\n[profile.dev]\ndebug = false\n");
        fs::replace(&self.folder.join("Cargo.toml"), &manifest)?;
        fs::replace(&self.folder.join("Cargo.lock"), &fs::read(&self.root.join("Cargo.lock"))?)?;
        let runtime = Value::from(self.root.join("crates/runtime").display().to_string());
        let dependency = format!("tinsmith-runtime = {{ path = {runtime}, default-features = false }}");
        let shared = format!("[package]\nname = \"{SHARED}\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n");
        fs::replace(&self.folder.join(SHARED).join("Cargo.toml"), &shared)?;
        fs::replace(&self.folder.join(SHARED).join("src/lib.rs"), "")?;
        for target in &self.targets {
            let Compiled { messages, .. } = Place { build: self, target }.compile(SHARED, "")?;
            ensure!(messages.is_empty(), "the runtime: {}", messages.join("\n"));
        }
        Ok(())
    }

    /// Does a job for each of these, some at once, and tells in their order what came of each as soon as it is known.
    ///
    /// # Errors
    ///
    /// What `tell` returns; nothing more is begun then.
    pub(super) fn each<T: Sync, R: Send>(
        &self,
        of: &[T],
        job: impl Fn(&Place<'_>, &T) -> R + Sync,
        mut tell: impl FnMut(&T, R) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let next = AtomicUsize::new(0);
        let (sender, done) = mpsc::channel();
        std::thread::scope(|scope| {
            for target in &self.targets {
                let (sender, next, job) = (sender.clone(), &next, &job);
                scope.spawn(move || {
                    let place = Place { build: self, target };
                    let take = || next.fetch_add(1, Ordering::Relaxed);
                    let begin = || Some(take()).and_then(|at| Some((at, of.get(at)?)));
                    while let Some((at, item)) = begin() {
                        if sender.send((at, job(&place, item))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let (mut known, mut told) = (BTreeMap::new(), of.iter().enumerate());
            let mut turn = told.next();
            for (at, outcome) in done {
                known.insert(at, outcome);
                while let Some((at, item)) = turn
                    && let Some(outcome) = known.remove(&at)
                {
                    tell(item, outcome)?;
                    turn = told.next();
                }
            }
            Ok(())
        })
    }
}

impl Place<'_> {
    /// Compiles a service, also where it was compiled before: its seconds are to be those of a compilation.
    pub(super) fn check(&self, name: &str) -> anyhow::Result<Compiled> {
        let package = self.build.whole(name);
        let source = self.build.folder(package).join("src/lib.rs");
        let touched =
            std::fs::File::options().write(true).open(&source).and_then(|file| file.set_modified(SystemTime::now()));
        touched.with_context(|| format!("cannot touch {}", source.display()))?;
        self.compile(package, "")
    }

    /// Compiles a service with one of its operations alone, or none.
    pub(super) fn check_alone(&self, name: &str, operation: &str) -> anyhow::Result<Compiled> {
        self.compile(self.build.gated(name), operation)
    }

    /// Where the sources of a service are whose operations are features.
    pub(super) fn sources_of_gated(&self, name: &str) -> PathBuf {
        self.build.folder(self.build.gated(name)).join("src")
    }

    fn compile(&self, package: &str, feature: &str) -> anyhow::Result<Compiled> {
        let started = Instant::now();
        let output = process::cargo(&self.build.folder)
            .args(["check", "--quiet", "--no-default-features", "--message-format", "json", "--package", package])
            .args(["--features", feature])
            .env("CARGO_TARGET_DIR", self.target)
            .stdin(Stdio::null())
            .output()
            .context("cannot start cargo")?;
        let took = started.elapsed();
        let messages = messages(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success() || !messages.is_empty(), "cargo cannot check {package}: {}", said.trim());
        Ok(Compiled { took, messages })
    }
}

/// The packages of models of these names, as cargo and rustc take them. Those that would be the same get a number.
fn packages<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, Packages> {
    let mut taken = BTreeSet::new();
    let mut free = |wanted: String| {
        let numbered = (2..).map(|number: usize| format!("{wanted}-{number}"));
        let free = [wanted.clone()].into_iter().chain(numbered).find(|name| !taken.contains(name)).unwrap_or(wanted);
        taken.insert(free.clone());
        free
    };
    let mut of = |name: &str| {
        let name = name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        Packages { whole: free(format!("corpus-{name}")), gated: free(format!("corpus-{name}-gated")) }
    };
    names.map(|name| (name.to_owned(), of(name))).collect()
}

/// What the compiler says, in what cargo prints: one JSON value a line.
fn messages(stdout: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Line {
        message: Message,
    }
    #[derive(Deserialize)]
    struct Message {
        level: String,
        code: Option<Value>,
        rendered: String,
    }
    let lines = stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    // Sums ("aborting due to …", "3 warnings emitted") have no code, and neither place nor news.
    let is_sum = |message: &Message| message.code.is_none() && !message.rendered.contains("-->");
    let found: Vec<_> = lines.map(|line| line.message).filter(|message| !is_sum(message)).collect();
    found
        .into_iter()
        .filter(|message| ["warning", "error"].contains(&message.level.as_str()))
        .map(|m| m.rendered)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{messages, packages};

    #[test]
    fn what_the_compiler_says() {
        let lines = [
            r#"{"reason":"compiler-artifact","target":{"name":"bytes"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"warning","code":{"code":"dead_code"},"rendered":"warning: x is never used\n --> src/a.rs:1:1\n"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"error","code":null,"rendered":"error: expected `;`\n --> src/b.rs:1:1\n"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"warning","code":null,"rendered":"warning: 1 warning emitted\n"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"failure-note","code":null,"rendered":"For more --> `rustc --explain E0425`."}}"#,
            r#"{"reason":"build-finished","success":false}"#,
            "",
        ];
        let expected = ["warning: x is never used\n --> src/a.rs:1:1\n", "error: expected `;`\n --> src/b.rs:1:1\n"];
        assert_eq!(messages(lines.join("\n").as_bytes()), expected);
    }

    #[test]
    fn each_model_has_packages_of_its_own() {
        let names = ["A", "a", "a b.2018-11-29", "a-gated", "a_b.2018-11-29", "glacier"];
        let packages = packages(names.into_iter());
        let found = names.map(|name| (packages[name].whole.as_str(), packages[name].gated.as_str()));
        let expected = [
            ("corpus-a", "corpus-a-gated"),
            ("corpus-a-2", "corpus-a-gated-2"),
            ("corpus-a-b-2018-11-29", "corpus-a-b-2018-11-29-gated"),
            ("corpus-a-gated-3", "corpus-a-gated-gated"),
            ("corpus-a-b-2018-11-29-2", "corpus-a-b-2018-11-29-gated-2"),
            ("corpus-glacier", "corpus-glacier-gated"),
        ];
        assert_eq!(found, expected);
    }
}
