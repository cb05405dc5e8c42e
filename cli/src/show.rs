//! `model show`: what an operation brings.

use std::path::{Path, PathBuf};

use tinsmith_codegen::{show, smithy};

use crate::faults::Faults;
use crate::fs;

/// Prints what an operation reaches, from each of the models that has it.
///
/// # Errors
///
/// A file cannot be read, or none of the models has the operation: what is wrong with each.
pub fn show(root: &Path, models: &[PathBuf], operation: &str) -> anyhow::Result<()> {
    let (mut shown, mut faults) = (false, Vec::new());
    for path in models {
        let file = fs::shown(root, path);
        let tree = smithy::load(&file, &fs::read(path)?).and_then(|model| show::show(&model, operation));
        match tree {
            Ok(tree) => {
                print!("{tree}");
                shown = true;
            }
            Err(found) => faults.extend(found.iter().map(ToString::to_string)),
        }
    }
    if shown { Ok(()) } else { Ok(Faults::check(faults)?) }
}
