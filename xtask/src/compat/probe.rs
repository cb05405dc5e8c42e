//! Asks the compiler which public paths a side offers.
//!
//! A generated package uses each path in a line of its own; the errors say which lines have nothing to name. A path that
//! exists may well be an error too (a generic function that is named without its types): those codes are known.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::paths::Public;
use super::{Folder, Side, read};

/// Errors of a path that names nothing, or nothing public.
const ABSENT: [&str; 12] =
    ["E0405", "E0412", "E0425", "E0432", "E0433", "E0576", "E0599", "E0603", "E0609", "E0616", "E0624", "E0782"];

/// Errors of a path that names something, for whose use the line says too little about types.
const PRESENT: [&str; 4] = ["E0282", "E0283", "E0284", "E0790"];

/// Name resolution fails before types are checked, and what it finds hides the rest: so many rounds are enough.
const MAX_ROUNDS: usize = 6;

/// The paths that a side does not offer.
pub(super) fn absent(folder: &Folder, side: Side, paths: &BTreeSet<Public>) -> Result<BTreeSet<Public>> {
    let mut absent = BTreeSet::new();
    for _ in 0..MAX_ROUNDS {
        let asked: Vec<&Public> = paths.difference(&absent).collect();
        let missing: BTreeSet<Public> = compile(folder, side, &asked)?;
        if missing.is_empty() {
            return Ok(absent);
        }
        let gone: BTreeSet<String> = missing.iter().map(Public::path).collect();
        let below = |path: &Public| {
            let path = path.path();
            path.match_indices("::").any(|(end, _)| path.get(..end).is_some_and(|owner| gone.contains(owner)))
        };
        absent.extend(paths.iter().filter(|path| below(path)).cloned());
        absent.extend(missing);
    }
    bail!("after {MAX_ROUNDS} rounds the compiler still finds missing paths in the {} crates", side.name())
}

/// Compiles one line a path, and returns the paths whose lines name nothing.
fn compile(folder: &Folder, side: Side, paths: &[&Public]) -> Result<BTreeSet<Public>> {
    let package = folder.target.join(format!("probe-{}", side.name()));
    let write = |name: &str, text: &str| {
        let path = package.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&package))?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    write("Cargo.toml", &manifest(folder, side)?)?;
    write("Cargo.lock", &read(&folder.file("Cargo.lock"))?)?;
    write("src/lib.rs", &program(paths))?;
    let output = crate::process::cargo(&package)
        .args(["build", "--message-format", "json", "--target-dir"])
        .arg(folder.target(side))
        .stderr(Stdio::null())
        .output()
        .context("cannot run cargo")?;
    let messages = String::from_utf8(output.stdout).context("cargo prints UTF-8")?;
    let errors = errors(&messages)?;
    ensure!(
        output.status.success() || !errors.is_empty(),
        "cargo could not compile {}: run `cargo build` there to see why",
        package.display()
    );
    judge(paths, &errors)
}

/// The manifest of the side, with its dependencies and without its programs, as a workspace of its own.
fn manifest(folder: &Folder, side: Side) -> Result<String> {
    let manifest = read(&folder.file(side.name()).join("Cargo.toml"))?;
    let head = manifest.split("\n[[bin]]").next().unwrap_or_default();
    let crates = folder.root.join("crates");
    let head = head.replace("../../../crates", &crates.display().to_string().replace('\\', "/"));
    Ok(format!("{head}\n[workspace]\n\n[profile.dev]\ndebug = 0\n"))
}

/// Line N of the program, counted from 1, uses path N.
fn program(paths: &[&Public]) -> String {
    let line = |(index, path): (usize, &&Public)| match path {
        Public::Item(path) => format!("pub use {path} as p{index};\n"),
        Public::Function(owner, name) => format!("fn p{index}() {{ let _ = {owner}::{name}; }}\n"),
        Public::Variant(owner, name) => {
            format!("fn p{index}() {{ let _ = |v| matches!(v, &{owner}::{name} {{ .. }}); }}\n")
        }
        Public::Field(owner, name) => format!("fn p{index}(v: &{owner}) {{ let _ = &v.{name}; }}\n"),
    };
    paths.iter().enumerate().map(line).collect()
}

/// The errors in the program, as line and code.
fn errors(messages: &str) -> Result<BTreeMap<usize, BTreeSet<String>>> {
    let mut errors: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for line in messages.lines() {
        let message: Value = serde_json::from_str(line).with_context(|| format!("not a message of cargo: {line}"))?;
        let diagnostic = &message["message"];
        if message["reason"] != "compiler-message" || diagnostic["level"] != "error" {
            continue;
        }
        let spans = diagnostic["spans"].as_array().into_iter().flatten();
        let own = spans.filter(|span| span["is_primary"] == true && span["file_name"] == "src/lib.rs");
        let code = diagnostic["code"]["code"].as_str().unwrap_or_default();
        for number in own.filter_map(|span| usize::try_from(span["line_start"].as_u64()?).ok()) {
            errors.entry(number).or_default().insert(code.to_owned());
        }
    }
    Ok(errors)
}

fn judge(paths: &[&Public], errors: &BTreeMap<usize, BTreeSet<String>>) -> Result<BTreeSet<Public>> {
    let mut absent = BTreeSet::new();
    for (line, codes) in errors {
        let path = line.checked_sub(1).and_then(|index| paths.get(index)).context("the program has no such line")?;
        if codes.iter().any(|code| ABSENT.contains(&code.as_str())) {
            absent.insert((*path).clone());
        } else if let Some(code) = codes.iter().find(|code| !PRESENT.contains(&code.as_str())) {
            bail!("the compiler says {code:?} to {}: say in probe.rs whether that means that it is there", path.path());
        }
    }
    Ok(absent)
}
