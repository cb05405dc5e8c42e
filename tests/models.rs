//! The files of `model/` are what an import of their sources gives, documentation kept.

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use tinsmith_codegen::Diagnostic;
use tinsmith_codegen::import::{self, lock::Entry};
use xtask::lock::{read_lock, sha256};
use xtask::workspace;

fn main() -> anyhow::Result<()> {
    let lock = read_lock(&workspace::root().join("model/model.lock"))?;
    let sources = ["models", "conformance/endpoints"].into_iter().map(tinsmith_suites::folder);
    let trials = match sources.collect::<Result<Vec<_>, _>>() {
        Ok(sources) => lock.0.into_iter().map(|(file, entry)| trial(file, entry, sources.clone())).collect(),
        Err(absent) => vec![absent.trial("sources")],
    };
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

fn trial(file: String, entry: Entry, sources: Vec<PathBuf>) -> Trial {
    Trial::test(file.clone(), move || check(&file, &entry, &sources))
}

/// Compares a file with what an import of its source gives; official files are looked for in these folders.
fn check(file: &str, entry: &Entry, sources: &[PathBuf]) -> Result<(), Failed> {
    let Some(source) = find(sources, &entry.source) else {
        return Err(format!("no file of {sources:?} has the SHA-256 {}", entry.source).into());
    };
    let there = std::fs::read_to_string(workspace::root().join("model").join(file))?;
    let imported = if entry.is_model() {
        let described = |faults: Vec<Diagnostic>| Failed::from(format!("{faults:#?}"));
        let facts = import::import(file, &source).map_err(described)?.facts;
        import::with_prose_of(file, &there, &facts).map_err(described)?.0
    } else {
        import::partitions::import(&source).map_err(|faults| format!("{faults:#?}"))?
    };
    if imported == there { Ok(()) } else { Err(format!("`cargo xtask import` would change model/{file}").into()) }
}

/// The text with this hash.
fn find(folders: &[PathBuf], hash: &str) -> Option<String> {
    let files = folders.iter().filter_map(|folder: &PathBuf| Path::read_dir(folder).ok()).flatten();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.ok()?.path()).ok());
    texts.into_iter().find(|text| sha256(text) == hash)
}
