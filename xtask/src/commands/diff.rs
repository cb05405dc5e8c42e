//! `cargo xtask model diff OLD NEW`: what a new model changes for programs, each change with what it asks of the version.
//!
//! `--compile` holds that against the compiler: a program with a function for each thing that the old client offers is compiled
//! against both clients. It has to fit the old one, and of the new one exactly what was found to break it has to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use serde::Deserialize;
use tinsmith_codegen::diff::{self, Class};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::surface::Surface;
use tinsmith_codegen::{Diagnostic, Form, Plan, RuntimeSource};

use crate::{fs, process, workspace};

/// Which models, and what of them.
#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    /// The model that clients are generated of today.
    old: PathBuf,
    /// The one to come.
    new: PathBuf,
    /// The operations that count, with commas between [default: all].
    #[arg(long, value_delimiter = ',', default_value = "*")]
    operations: Vec<String>,
    /// Compile a program that uses all of the old client against both.
    #[arg(long)]
    compile: bool,
}

impl Diff {
    /// All operations, and the compiler asked.
    pub(super) fn whole(old: PathBuf, new: PathBuf) -> Self {
        Self { old, new, operations: vec!["*".to_owned()], compile: true }
    }

    pub(super) fn run(self) -> anyhow::Result<()> {
        let plan = Plan { operations: self.operations.clone(), ..Plan::default() };
        let [old, new] = [Side::of(&self.old, &plan)?, Side::of(&self.new, &plan)?];
        let is_known = |name: &&String| [&old, &new].iter().any(|side| side.plan.operations.contains(name));
        let unknown: Vec<_> = self.operations.iter().filter(|name| !is_known(name)).map(String::as_str).collect();
        ensure!(unknown.is_empty(), "neither of the models has an operation {}", unknown.join(" or "));
        let changes = diff::changes(&old.surface, &new.surface);
        changes.iter().for_each(|change| println!("{change}"));
        let class = changes.iter().map(|change| change.class).max().unwrap_or(Class::Nothing);
        println!("{} changes; together they ask for: {class}", changes.len());
        if self.compile { compile(&old, &new) } else { Ok(()) }
    }
}

/// A model, and what the client of it offers.
struct Side {
    model: Model,
    plan: Plan,
    surface: Surface,
}

impl Side {
    fn of(file: &Path, plan: &Plan) -> anyhow::Result<Self> {
        let name = fs::shown(&workspace::root(), file);
        let model = smithy::load(&name, &fs::read(file)?).map_err(told)?;
        // What only the other one has, this one does not offer.
        let (_, service) = model.service(None).map_err(|fault| told(vec![fault]))?;
        let has = |name: &String| name == "*" || model.operations(service).iter().any(|(it, _)| it.id.name() == name);
        let plan =
            Plan { operations: plan.operations.iter().filter(|name| has(name)).cloned().collect(), ..plan.clone() };
        let (surface, impossible) = match plan.operations.is_empty() {
            true => (Surface::new(), Vec::new()),
            false => diff::offered(&model, &plan).map_err(told)?,
        };
        impossible.iter().for_each(|fault| eprintln!("{fault}"));
        Ok(Self { model, plan, surface })
    }

    /// Writes the client as a crate.
    fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let runtime = RuntimeSource::Path(workspace::root().join("crates/runtime").display().to_string());
        let form = Form::NewCrate { name: "client".to_owned(), runtime };
        let (plan, _) = tinsmith_codegen::possible(&self.model, &self.plan).map_err(told)?;
        let files = tinsmith_codegen::generate(&self.model, &Plan { form, ..plan }).map_err(told)?;
        files.0.iter().try_for_each(|(path, text)| fs::replace(&folder.join(path), text))
    }
}

fn told(faults: Vec<Diagnostic>) -> anyhow::Error {
    anyhow::anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn compile(old: &Side, new: &Side) -> anyhow::Result<()> {
    if [old, new].iter().any(|side| side.plan.operations.is_empty()) {
        println!("there is nothing to compile: one of the models has none of these operations");
        return Ok(());
    }
    let target = workspace::metadata(&workspace::root(), false)?.target_directory;
    let folder = target.join("model-diff");
    let uses: BTreeMap<&str, &str> =
        old.surface.iter().map(|(name, offer)| (name.as_str(), offer.used.as_str())).collect();
    let check = |side: &Side, name: &str| {
        let crates = folder.join(name);
        side.write(&crates.join("client"))?;
        broken(&crates, &target.join("model-diff-build"), uses.clone())
    };
    let of_old = check(old, "old")?;
    ensure!(of_old.is_empty(), "does not compile with the old client: {of_old:?}");
    let found = check(new, "new")?;
    let gone = |name: &&str| new.surface.get(*name).is_none_or(|offer| Some(offer) != old.surface.get(*name));
    let expected: BTreeSet<String> = uses.keys().filter(|name| gone(name)).map(|name| (*name).to_owned()).collect();
    ensure!(
        found == expected,
        "the compiler says otherwise: it alone refuses {:?}, and takes {:?}",
        found.difference(&expected).collect::<Vec<_>>(),
        expected.difference(&found).collect::<Vec<_>>(),
    );
    println!("the compiler agrees: of {} uses of the old client {} do not fit the new one", uses.len(), found.len());
    Ok(())
}

/// What a client does not let a program use. An error in a name hides those in types: what was found is left out, until the rest
/// compiles.
fn broken(folder: &Path, target: &Path, mut uses: BTreeMap<&str, &str>) -> anyhow::Result<BTreeSet<String>> {
    let manifest = "[package]\nname = \"program\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
                    c = { package = \"client\", path = \"client\", default-features = false }\n";
    fs::replace(&folder.join("Cargo.toml"), manifest)?;
    fs::replace(&folder.join("Cargo.lock"), &fs::read(&workspace::root().join("Cargo.lock"))?)?;
    let mut all = BTreeSet::new();
    loop {
        // A line a use, so that an error says by its line what it is about.
        let lines = uses.values().enumerate().map(|(number, used)| format!("pub fn f{number}{used}\n"));
        fs::replace(&folder.join("src/lib.rs"), &lines.collect::<String>())?;
        let output = process::cargo(folder)
            .args(["check", "--quiet", "--message-format", "json", "--target-dir"])
            .arg(target)
            // Beside the messages it says that there were some.
            .stderr(Stdio::null())
            .output()
            .context("cannot start cargo")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let lines: BTreeSet<usize> = text.lines().flat_map(lines_of_errors).collect();
        let names: Vec<&str> = lines.iter().filter_map(|line| uses.keys().nth(line.checked_sub(1)?).copied()).collect();
        if names.is_empty() {
            ensure!(output.status.success(), "what was generated into {} does not compile", folder.display());
            return Ok(all);
        }
        for name in names {
            uses.remove(name);
            all.insert(name.to_owned());
        }
    }
}

/// The lines of the program in which an error is, by a message of cargo.
fn lines_of_errors(message: &str) -> Vec<usize> {
    let Ok(Message { target: Target { name }, message }) = serde_json::from_str(message) else { return Vec::new() };
    let spans = message.spans.into_iter().filter(|span| span.is_primary);
    if name == "program" && message.level == "error" { spans.map(|span| span.line_start).collect() } else { Vec::new() }
}

#[derive(Deserialize)]
struct Message {
    target: Target,
    message: Told,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Told {
    level: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    is_primary: bool,
    line_start: usize,
}

#[cfg(test)]
mod tests {
    use super::lines_of_errors;

    #[test]
    fn what_the_compiler_says() {
        let message = |name: &str, level: &str| {
            format!(
                r#"{{"reason":"compiler-message","target":{{"name":"{name}"}},"message":{{"level":"{level}","spans":[
                {{"is_primary":false,"line_start":1}},{{"is_primary":true,"line_start":7}}]}}}}"#
            )
        };
        assert_eq!(lines_of_errors(&message("program", "error")), [7]);
        assert_eq!(lines_of_errors(&message("program", "warning")), [0; 0]);
        assert_eq!(lines_of_errors(&message("client", "error")), [0; 0]);
        assert_eq!(lines_of_errors(r#"{"reason":"build-finished","success":false}"#), [0; 0]);
    }
}
