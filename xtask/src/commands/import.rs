//! `cargo xtask import FILE`: an official model into `model/`, facts only.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};
use tinsmith_codegen::import::{self, lock};

use crate::faults::Faults;
use crate::{fs, workspace};

/// Import an official model into `model/`, facts only; the project's own documentation there is kept.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The model: Smithy JSON AST 2.0.
    file: PathBuf,
    /// When the model was published: a year, a month or a day (`2026-03-14`). Kept from the lock if the source is the same.
    #[arg(long, value_parser = date)]
    date: Option<String>,
}

impl Import {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let folder = workspace::root().join("model");
        let source = fs::read(&self.file)?;
        let file = self.file.display().to_string();
        let imported = import::import(&file, &source).map_err(Faults::from)?;
        let target = folder.join(format!("{}.json", imported.name));
        let (text, homeless) = match fs::read_if_there(&target)? {
            Some(old) => {
                let name = target.display().to_string();
                import::with_prose_of(&name, &old, &imported.facts).map_err(Faults::from)?
            }
            None => (imported.facts.clone(), Vec::new()),
        };
        let lock = self.lock(&folder, &imported, &source)?;
        fs::replace(&target, &text)?;
        fs::replace(&folder.join("model.lock"), &lock)?;
        println!("{} ({}, {})", target.display(), imported.service, imported.version);
        for place in homeless {
            eprintln!("warning: the documentation of {place} is dropped: the model no longer has it");
        }
        Ok(())
    }

    fn lock(&self, folder: &Path, imported: &import::Imported, source: &str) -> anyhow::Result<String> {
        let path = folder.join("model.lock");
        let mut lock = read_lock(&path)?;
        let file = format!("{}.json", imported.name);
        let source = sha256(source);
        let known = lock.0.get(&file).filter(|entry| entry.source == source).map(|entry| entry.date.clone());
        let entry = lock::Entry {
            service: imported.service.clone(),
            version: if imported.version.is_empty() { "-".to_owned() } else { imported.version.clone() },
            date: self.date.clone().or(known).unwrap_or_else(|| "-".to_owned()),
            source,
            facts: sha256(&imported.facts),
        };
        lock.0.insert(file, entry);
        Ok(lock.to_text())
    }
}

/// Reads `model.lock`; one that is not there is empty.
pub(crate) fn read_lock(path: &Path) -> anyhow::Result<lock::Lock> {
    let text = fs::read_if_there(path)?.unwrap_or_default();
    lock::Lock::parse(&text).map_err(anyhow::Error::msg).with_context(|| path.display().to_string())
}

/// The SHA-256 of a text, in hex.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
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
