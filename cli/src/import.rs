//! `import`: an official model into a folder of models, facts only.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use tinsmith_codegen::fault::Fault;
use tinsmith_codegen::import::{self, lock::Entry};

use crate::faults::Faults;
use crate::fs;
use crate::lock::{read_lock, sha256};

/// What to import. The documentation that a project wrote into its own copy is kept.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The model: Smithy JSON AST 2.0.
    file: PathBuf,
    /// The file is no model, but the official `partitions.json`.
    #[arg(long)]
    partitions: bool,
    /// When the file was published: a year, a month or a day (`2026-03-14`). Kept from the lock if the source is the same.
    #[arg(long, value_parser = date)]
    date: Option<String>,
}

/// What becomes of a file.
struct Imported {
    /// The name that it has in the folder.
    file: String,
    service: String,
    version: String,
    facts: String,
    /// The facts, with the documentation of the project.
    text: String,
}

impl Import {
    /// Imports a file into a folder, and pins it in the `model.lock` there.
    ///
    /// # Errors
    ///
    /// The file or the folder cannot be read, the folder cannot be written, or the file is no model: all its faults.
    pub fn run(self, root: &Path, folder: &Path) -> anyhow::Result<()> {
        let source = fs::read(&self.file)?;
        let name = self.file.display().to_string();
        let imported = if self.partitions { partitions(&name, &source)? } else { model(root, folder, &name, &source)? };
        let lock = self.lock(folder, &imported, &source)?;
        let lock_holds_it = read_lock(&folder.join("model.lock"))?.0.contains_key(&imported.file);
        let path = folder.join(&imported.file);
        ensure!(
            lock_holds_it || !path.exists(),
            "{} is there, and model.lock does not list it as imported: move it, or import --into another folder",
            fs::shown(root, &path)
        );
        fs::replace(&path, &imported.text)?;
        fs::replace(&folder.join("model.lock"), &lock)?;
        println!("{}: {} bytes", fs::shown(root, &path), imported.text.len());
        Ok(())
    }

    /// The text of the lock, with this file in it.
    fn lock(&self, folder: &Path, imported: &Imported, source: &str) -> anyhow::Result<String> {
        let mut lock = read_lock(&folder.join("model.lock"))?;
        let source = sha256(source);
        let known = lock.0.get(&imported.file).filter(|entry| entry.source == source).map(|entry| entry.date.clone());
        let entry = Entry {
            service: imported.service.clone(),
            version: imported.version.clone(),
            date: self.date.clone().or(known).unwrap_or_else(|| "-".to_owned()),
            source,
            facts: sha256(&imported.facts),
        };
        lock.0.insert(imported.file.clone(), entry);
        Ok(lock.to_text())
    }
}

fn model(root: &Path, folder: &Path, name: &str, source: &str) -> anyhow::Result<Imported> {
    let import::Imported { name, service, version, facts } = import::import(name, source).map_err(Faults::from)?;
    let file = format!("{name}.json");
    let text = match fs::read_if_there(&folder.join(&file))? {
        None => facts.clone(),
        Some(old) => {
            let found = import::with_prose_of(&fs::shown(root, &folder.join(&file)), &old, &facts);
            let (text, homeless) = found.map_err(Faults::from)?;
            for place in homeless {
                eprintln!("warning: the documentation of {place} is dropped: the model no longer has it");
            }
            text
        }
    };
    let version = if version.is_empty() { "-".to_owned() } else { version };
    Ok(Imported { file, service, version, facts, text })
}

fn partitions(name: &str, source: &str) -> anyhow::Result<Imported> {
    let faults = |found: Vec<Fault>| Faults(found.iter().map(|fault| format!("{name}: {fault}")).collect());
    let text = import::partitions::import(source).map_err(faults)?;
    let nothing = || "-".to_owned();
    Ok(Imported {
        file: "partitions.json".to_owned(),
        service: nothing(),
        version: nothing(),
        facts: text.clone(),
        text,
    })
}

/// A year, a month or a day.
fn date(text: &str) -> anyhow::Result<String> {
    let parts: Vec<_> = text.split('-').collect();
    let digits = |part: &&str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_date =
        parts.len() <= 3 && parts.iter().enumerate().all(|(i, part)| digits(part, if i == 0 { 4 } else { 2 }));
    ensure!(is_date, "expected YYYY, YYYY-MM or YYYY-MM-DD");
    Ok(text.to_owned())
}
