//! Files: read with an error that names them, and replaced whole.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// Reads a text.
///
/// # Errors
///
/// It is not there, cannot be read, or is not UTF-8; the error names it.
pub fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// A path as a person at the root would write it.
pub fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// Reads a text that need not be there.
///
/// # Errors
///
/// It is there, and cannot be read or is not UTF-8; the error names it.
pub fn read_if_there(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Replaces a file whole, so that whoever reads it finds the old text or the new one: the text goes into a file beside
/// it, which then takes its name. Makes its folder.
///
/// # Errors
///
/// The folder or the file cannot be written; what was there is as it was.
pub fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", path.display());
    let folder = path.parent().with_context(context)?;
    let name = path.file_name().with_context(context)?.to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.new", std::process::id()));
    std::fs::create_dir_all(folder).with_context(context)?;
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
    }
    written.with_context(context)
}

/// The Rust files of a folder and of those below it, sorted. Links are not followed; a folder that is not there is empty.
///
/// # Errors
///
/// A folder cannot be listed.
pub fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.with_context(|| format!("cannot list {}", folder.display()))?,
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
            let (kind, path) = (entry.file_type()?, entry.path());
            let name = entry.file_name();
            if kind.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
                waiting.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
