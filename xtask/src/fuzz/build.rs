//! Builds the targets, as `cargo fuzz` does where it has no sanitizer.

use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::target::Target;
use crate::process::{self, Programs};
use crate::{fs, workspace};

/// What makes rustc count the places that an input reaches, and tell what values are compared there. With one unit of code
/// functions are inlined that otherwise are not (as `cargo fuzz` has found).
const COVERAGE: [&str; 8] = [
    "--cfg=fuzzing",
    "-Ccodegen-units=1",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
];

/// What there is in the manifest: a program a target.
#[derive(Deserialize)]
struct Manifest {
    bin: Vec<Bin>,
}

#[derive(Deserialize)]
struct Bin {
    name: String,
}

/// The targets of these names, or all, ready to run.
pub(super) fn targets(root: &Path, names: &[String]) -> anyhow::Result<Vec<Target>> {
    let folder = root.join("fuzz");
    let manifest = folder.join("Cargo.toml");
    let all: Manifest = toml::from_str(&fs::read(&manifest)?).with_context(|| manifest.display().to_string())?;
    let all: Vec<String> = all.bin.into_iter().map(|bin| bin.name).collect();
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        anyhow::bail!("there is no target {unknown}; there are {}", all.join(", "));
    }
    let names = if names.is_empty() { &all } else { names };
    let built = workspace::target(root)?.join("fuzz");
    let programs = build(root, &manifest, &built, names)?;
    let target = |name: &String| {
        Ok(Target {
            name: name.clone(),
            program: programs.get(name)?.to_owned(),
            corpus: folder.join("corpus").join(name),
            found: built.join("corpus").join(name),
            failures: folder.join("artifacts").join(name),
            log: built.join(format!("{name}.log")),
        })
    };
    names.iter().map(target).collect()
}

fn build(root: &Path, manifest: &Path, built: &Path, names: &[String]) -> anyhow::Result<Programs> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = process::output(std::process::Command::new(rustc).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV tells no host")?;
    let (manifest, built) = (manifest.display().to_string(), built.display().to_string());
    for name in ["CARGO_BUILD_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"] {
        ensure!(std::env::var_os(name).is_none(), "{name} is set, which would take the place of what counts coverage");
    }
    // A list of JSON is one of TOML.
    let flags = format!("build.rustflags={}", Value::from(COVERAGE.to_vec()));
    // For a target that is named, the flags are not those of build scripts and macros too.
    let mut arguments = vec!["--locked", "--release", "--quiet", "--manifest-path", &manifest, "--target-dir", &built];
    arguments.extend(["--target", host, "--config", &flags]);
    arguments.extend(names.iter().flat_map(|name| ["--bin", name]));
    Programs::build(root, &arguments).context("the targets of fuzz/ need a compiler of C++ too, for libFuzzer")
}
