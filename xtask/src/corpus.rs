//! Whole services: every operation of every model of a folder, generated as a person elsewhere would have it, and compiled.
//! Each is generated with its operations as features too, and compiled with none of them and with some alone.

mod build;
mod checked;
mod features;
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Diagnostic, Files, Form, Plan, generate, lower, possible, select};

use self::build::{Build, Place};
use self::checked::Checked;
use self::features::Features;
use self::table::{Row, Table};
use crate::output::Output;
use crate::{fs, workspace};

/// What came of a model.
enum Outcome {
    Service(Service),
    /// It speaks a protocol that is not supported.
    Foreign(Diagnostic),
    /// It cannot be generated: what of it, and why.
    Bad(&'static str, Vec<String>),
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
    /// The same with each operation as a feature, and these.
    gated: Files,
    features: Features,
    /// How long it took, from the text of the model to that of the files with all operations in them.
    took: Duration,
}

/// Generates and compiles each service, and prints what came of it: a row each, then what is wrong. `alone` operations of
/// each are compiled by themselves too. A model of a protocol that is not supported is a line of its own, or, if the run is
/// `strict`, a fault.
///
/// # Errors
///
/// The folder has no model, or some file of it is none, lacks an operation, or does not compile without a warning.
pub fn run(folder: &Path, only: &[String], alone: usize, strict: bool) -> anyhow::Result<()> {
    let models = models(folder, only)?;
    let build = Build::below(&workspace::root(), models.iter().map(|(name, _)| name.as_str()));
    let table = Table::of(models.iter().map(|(name, _)| name.as_str()));
    // Each is generated and compiled; and so is what all of them share.
    let bar = ProgressBar::new(2 * models.len() as u64 + 1);
    bar.set_style(ProgressStyle::with_template("{bar:20} {msg} {elapsed}")?);
    bar.enable_steady_tick(Duration::from_millis(200));

    let mut outcomes = Vec::new();
    for (name, path) in &models {
        bar.set_message(format!("generating {name}"));
        let outcome = service(path, build.form(build.whole(name)), build.form(build.gated(name)))?;
        if let Outcome::Service(service) = &outcome {
            for (package, files) in [(build.whole(name), &service.files), (build.gated(name), &service.gated)] {
                Output { folder: build.folder(package), files: files.clone(), shares_manifest: false }.write()?;
            }
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
    bar.set_message("compiling");
    let (mut sum, mut notes, mut bad) = (Row::default(), Vec::new(), Vec::new());
    let compile = |place: &Place<'_>, (name, outcome): &(&String, Outcome)| match outcome {
        Outcome::Service(service) => Checked::of(place, name, service, alone).map(Some),
        _ => Ok(None),
    };
    build.each(&outcomes, compile, |(name, outcome), checked| {
        let (line, found) = match (outcome, checked?) {
            (Outcome::Service(service), Some(checked)) => {
                let row = row(service, &checked);
                sum.add(&row);
                (table.row(name, &row), checked.notes(service))
            }
            (Outcome::Foreign(fault), _) => {
                let note = strict.then(|| fault.to_string());
                (table.line(name, &fault.reason), Vec::from_iter(note))
            }
            (Outcome::Bad(what, faults), _) => (table.line(name, what), faults.clone()),
            (Outcome::Service(_), None) => return Ok(()),
        };
        bar.inc(1);
        bar.suspend(|| println!("{line}"));
        if !found.is_empty() {
            bad.push(name.as_str());
            notes.push(format!("{name}:\n  {}", found.join("\n  ")));
        }
        Ok(())
    })?;
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
fn service(path: &Path, form: Form, gated: Form) -> anyhow::Result<Outcome> {
    let text = fs::read(path)?;
    let started = Instant::now();
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let made = smithy::load(&file, &text).and_then(|model| {
        let (service, _) = model.service(None).map_err(|fault| vec![fault])?;
        match lower::protocol(&model, service) {
            Ok(_) => whole(&model, form, gated, started),
            Err(foreign) => Ok(Outcome::Foreign(foreign)),
        }
    });
    Ok(made.unwrap_or_else(|faults| Outcome::Bad("nothing of it can be generated", said(&faults))))
}

fn said(faults: &[Diagnostic]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

/// Generates a service in both forms.
fn whole(model: &Model, form: Form, gated: Form, started: Instant) -> Result<Outcome, Vec<Diagnostic>> {
    let asked = Plan { operations: vec!["*".to_owned()], form, ..Plan::default() };
    let (plan, left_out) = possible(model, &asked)?;
    let files = generate(model, &plan).map_err(|faults| [faults, left_out.clone()].concat())?;
    let took = started.elapsed();
    let selection = select::select(model, &plan)?;
    let gated = generate(model, &Plan { form: gated, default_operations: Some(Vec::new()), ..plan.clone() });
    let gated = gated.map_err(|faults| said(&faults));
    let (gated, features) =
        match gated.and_then(|gated| Ok((Features::of(&gated).map_err(|fault| vec![fault])?, gated))) {
            Ok((features, gated)) => (gated, features),
            Err(faults) => return Ok(Outcome::Bad("its operations cannot be features", faults)),
        };
    Ok(Outcome::Service(Service {
        operations: selection.operations.len() + plan.skip.len(),
        skipped: plan.skip.len(),
        left_out,
        shapes: selection.shapes.keys().filter(|id| !id.is_prelude()).count(),
        files,
        gated,
        features,
        took,
    }))
}

fn row(service: &Service, checked: &Checked) -> Row {
    let sources = || service.files.0.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text);
    Row {
        operations: service.operations,
        left_out: service.skipped,
        shapes: service.shapes,
        lines: sources().map(|text| text.lines().count()).sum(),
        bytes: sources().map(String::len).sum(),
        generating: service.took,
        checking: checked.whole.took,
        warnings: checked.whole.messages.len(),
        alone: checked.alone.len(),
    }
}
