//! The rules of the house (ARCHITECTURE.md, "What must never be"), checked by `cargo xtask tidy` and by a test.

mod crates;
mod licences;
mod promises;
mod sources;

use std::path::Path;

use tinsmith_codegen::import;

use crate::fs;
use crate::lock::{read_lock, sha256};

/// Everything that breaks a rule, a line each.
///
/// # Errors
///
/// The workspace cannot be read, or cargo cannot say what it depends on.
pub fn faults(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = crates::faults(root)?;
    faults.extend(sources::faults(root)?);
    faults.extend(models(root)?);
    Ok(faults)
}

/// The facts in `model/` are those that were imported.
fn models(root: &Path) -> anyhow::Result<Vec<String>> {
    let folder = root.join("model");
    let lock = read_lock(&folder.join("model.lock"))?;
    let mut faults = Vec::new();
    for (file, entry) in &lock.0 {
        let name = format!("model/{file}");
        let Some(text) = fs::read_if_there(&folder.join(file))? else {
            faults.push(format!("{name}: model.lock lists it, and it is not there: import it"));
            continue;
        };
        // Only models hold prose that is not hashed.
        let facts = if entry.is_model() { import::facts(&name, &text) } else { Ok(text) };
        match facts {
            Ok(facts) if entry.facts == sha256(&facts) => {}
            Ok(_) => faults.push(format!("{name}: facts were edited by hand: import it again")),
            Err(found) => faults.extend(found.iter().map(ToString::to_string)),
        }
    }
    Ok(faults)
}
