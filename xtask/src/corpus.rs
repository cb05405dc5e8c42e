//! Whole services: every operation of every model of a folder, generated as a person elsewhere would have it, and compiled.

mod build;
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Diagnostic, Files, Form, Plan, generate, lower, possible, select};

use self::build::{Build, Compiled};
use self::table::{Row, Table};
use crate::output::Output;
use crate::{fs, workspace};

/// What came of a model.
enum Outcome {
    Service(Service),
    /// It speaks a protocol that is not supported.
    Foreign(Diagnostic),
    /// Nothing of it can be generated.
    Bad(Vec<String>),
}

/// A service that was generated.
struct Service {
    /// How many operations were asked for.
    operations: usize,
    /// Those that were left out, and why.
    skipped: usize,
    left_out: Vec<Diagnostic>,
    shapes: usize,
    files: Files,
    /// How long it took, from the text of the model to that of the files.
    took: Duration,
}

/// Generates and compiles each service, and prints what came of it: a row each, then what is wrong.
///
/// # Errors
///
/// The folder has no model, or some file of it is none, lacks an operation, or does not compile without a warning.
pub fn run(folder: &Path, only: &[String]) -> anyhow::Result<()> {
    let build = Build::below(&workspace::root());
    let models = models(folder, only)?;
    let table = Table::of(models.iter().map(|(name, _)| name.as_str()));
    // Each is generated and compiled; and so is what all of them share.
    let bar = ProgressBar::new(2 * models.len() as u64 + 1);
    bar.set_style(ProgressStyle::with_template("{bar:20} {msg} {elapsed}")?);
    bar.enable_steady_tick(Duration::from_millis(200));

    let mut outcomes = Vec::new();
    for (name, path) in &models {
        bar.set_message(format!("generating {name}"));
        let outcome = service(path, build.form(name))?;
        if let Outcome::Service(service) = &outcome {
            Output { folder: build.folder(name), files: service.files.clone(), shares_manifest: false }.write()?;
        }
        outcomes.push((name, outcome));
        bar.inc(1);
    }
    bar.set_message("compiling what all of them share");
    let is_service = |outcome: &Outcome| matches!(outcome, Outcome::Service(_));
    let services: Vec<_> = outcomes.iter().filter(|(_, outcome)| is_service(outcome)).map(|(name, _)| *name).collect();
    if !services.is_empty() {
        build.prepare(&services)?;
    }
    bar.inc(1);

    bar.suspend(|| println!("{}", table.head()));
    let (mut sum, mut notes, mut bad) = (Row::default(), Vec::new(), Vec::new());
    for (name, outcome) in outcomes {
        bar.set_message(format!("compiling {name}"));
        let (line, found) = match outcome {
            Outcome::Service(service) => {
                let compiled = build.check(name)?;
                let row = row(&service, &compiled);
                sum.add(&row);
                (table.row(name, &row), notes_of(&service, compiled))
            }
            Outcome::Foreign(fault) => (table.line(name, &fault.reason), Vec::new()),
            Outcome::Bad(faults) => (table.line(name, "nothing of it can be generated"), faults),
        };
        bar.inc(1);
        bar.suspend(|| println!("{line}"));
        if !found.is_empty() {
            bad.push(name.as_str());
            notes.push(format!("{name}:\n  {}", found.join("\n  ")));
        }
    }
    bar.finish_and_clear();
    println!("{}", table.row("all of them", &sum));
    notes.iter().for_each(|note| println!("\n{note}"));
    ensure!(bad.is_empty(), "not whole, or not without a warning: {}", bad.join(", "));
    Ok(())
}

/// The models of a folder by their names, sorted.
fn models(folder: &Path, only: &[String]) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let context = || format!("cannot list {}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
            found.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path));
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "{} holds no model: expected files NAME.json", folder.display());
    let there = |name: &String| found.iter().any(|(found, _)| found == name);
    let absent: Vec<_> = only.iter().filter(|name| !there(name)).map(String::as_str).collect();
    ensure!(absent.is_empty(), "{} holds no {}", folder.display(), absent.join(", "));
    found.retain(|(name, _)| only.is_empty() || only.contains(name));
    Ok(found)
}

/// Generates a whole service. A file that cannot be read is an error: that is no fault of a model.
fn service(path: &Path, form: Form) -> anyhow::Result<Outcome> {
    let text = fs::read(path)?;
    let started = Instant::now();
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let bad = |faults: Vec<Diagnostic>| Outcome::Bad(faults.iter().map(ToString::to_string).collect());
    let made = smithy::load(&file, &text).and_then(|model| {
        let (service, _) = model.service(None).map_err(|fault| vec![fault])?;
        match lower::protocol(&model, service) {
            Ok(_) => whole(&model, form),
            Err(foreign) => Ok(Outcome::Foreign(foreign)),
        }
    });
    Ok(match made {
        Ok(Outcome::Service(service)) => Outcome::Service(Service { took: started.elapsed(), ..service }),
        Ok(other) => other,
        Err(faults) => bad(faults),
    })
}

fn whole(model: &Model, form: Form) -> Result<Outcome, Vec<Diagnostic>> {
    let asked = Plan { operations: vec!["*".to_owned()], form, ..Plan::default() };
    let (plan, left_out) = possible(model, &asked)?;
    let files = generate(model, &plan).map_err(|faults| [faults, left_out.clone()].concat())?;
    let selection = select::select(model, &plan)?;
    Ok(Outcome::Service(Service {
        operations: selection.operations.len() + plan.skip.len(),
        skipped: plan.skip.len(),
        left_out,
        shapes: selection.shapes.keys().filter(|id| !id.is_prelude()).count(),
        files,
        took: Duration::ZERO,
    }))
}

fn row(service: &Service, compiled: &Compiled) -> Row {
    let sources = || service.files.0.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text);
    Row {
        operations: service.operations,
        left_out: service.skipped,
        shapes: service.shapes,
        lines: sources().map(|text| text.lines().count()).sum(),
        bytes: sources().map(String::len).sum(),
        generating: service.took,
        checking: compiled.took,
        warnings: compiled.messages.len(),
    }
}

/// What is wrong with a service: why operations were left out, and what the compiler says.
fn notes_of(service: &Service, compiled: Compiled) -> Vec<String> {
    const MOST: usize = 5;
    let count = compiled.messages.len();
    let said = compiled.messages.into_iter().take(MOST).map(|message| message.trim_end().replace('\n', "\n  "));
    let more = (count > MOST).then(|| format!("{} more of the compiler", count - MOST));
    service.left_out.iter().map(ToString::to_string).chain(said).chain(more).collect()
}
