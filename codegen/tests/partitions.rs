//! The partitions in `model/`, and the table made of them, are what this generator makes.

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use tinsmith_codegen::{emit, import};

fn main() {
    let table = Trial::test("the runtime's table is that of model/partitions.json", || {
        let made = emit::partitions::emit(&read(&root().join("model/partitions.json"))?)
            .map_err(|faults| format!("{faults:#?}"))?;
        same(&made, &read(&root().join("crates/runtime/src/endpoint/partitions.rs"))?)
    });
    libtest_mimic::run(&Arguments::from_args(), vec![table, facts()]).exit();
}

/// Without the official file the case is ignored, but for CI, where its absence is a failure.
fn facts() -> Trial {
    let shared = std::env::var_os("TINSMITH_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let official = shared.join("conformance/endpoints/partitions.json");
    let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let ignored = !official.is_file() && !in_ci;
    let facts = move || {
        let made = import::partitions::import(&read(&official)?).map_err(|faults| format!("{faults:#?}"))?;
        same(&made, &read(&root().join("model/partitions.json"))?)
    };
    Trial::test("model/partitions.json holds the facts of the official file", facts).with_ignored_flag(ignored)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> Result<String, Failed> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}

fn same(made: &str, there: &str) -> Result<(), Failed> {
    let first = made.lines().zip(there.lines()).position(|(made, there)| made != there);
    match first {
        _ if made == there => Ok(()),
        Some(line) => Err(format!("line {} differs: run `cargo xtask regenerate`", line + 1).into()),
        None => Err("one is longer than the other: run `cargo xtask regenerate`".into()),
    }
}
