//! `cargo xtask compat`: code written for the official crates, against those and against ours.
//!
//! The programs of `tests/compat` are built twice, run against one embedded Lambda, and have to print the same. With
//! `--surface`, every public path that the official crates offer is looked for in ours, with all operations on; what is not
//! there has to be listed, with its reason, in `tests/compat/MISSING.tsv`, and nothing else may be listed. The names that
//! the generator gives to all operations of the model are compared there too.

mod names;
mod paths;
mod probe;
mod programs;
mod source;
mod surface;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::faults::Faults;

/// What to compare. Without a flag, the programs and the surface.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub struct Options {
    /// Only the programs: build them, run them, compare what they print.
    #[arg(long, conflicts_with = "surface")]
    programs: bool,
    /// Only the names and the public paths.
    #[arg(long)]
    surface: bool,
}

/// Compares the official crates with ours.
///
/// # Errors
///
/// A side does not build, or they differ where no table says so: all differences are listed.
pub fn run(options: Options) -> Result<()> {
    let folder = Folder::find();
    folder.check_manifests()?;
    if !options.surface {
        programs::compare(&folder)?;
    }
    if !options.programs {
        names::compare(&folder)?;
        surface::compare(&folder)?;
    }
    Ok(())
}

/// The crates whose programs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Official,
    Ours,
}

impl Side {
    /// The name of the package's folder; the package is called `compat-` and that.
    fn name(self) -> &'static str {
        match self {
            Side::Official => "official",
            Side::Ours => "tinsmith",
        }
    }
}

/// Does a job for both sides at once, the official one first in what it returns: the last crate of a build keeps one core busy.
fn both<T: Send>(job: impl Fn(Side) -> Result<T> + Sync) -> Result<[T; 2]> {
    let (official, ours) = std::thread::scope(|scope| {
        let ours = scope.spawn(|| job(Side::Ours));
        let official = job(Side::Official);
        (official, ours.join().unwrap_or_else(|_| Err(anyhow!("the other thread ended early"))))
    });
    match (official, ours) {
        (Ok(official), Ok(ours)) => Ok([official, ours]),
        (Err(official), Err(ours)) => Err(Faults(vec![format!("{official:#}"), format!("{ours:#}")]).into()),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

/// `tests/compat`, and where its builds go.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    workspace: PathBuf,
    target: PathBuf,
}

impl Folder {
    fn find() -> Self {
        let root = crate::workspace::root();
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        Self { workspace: root.join("tests/compat"), target: target.join("compat"), root }
    }

    /// A file of `tests/compat`.
    fn file(&self, name: &str) -> PathBuf {
        self.workspace.join(name)
    }

    /// Where one side is built: the programs of both have the same names.
    fn target(&self, side: Side) -> PathBuf {
        self.target.join(side.name())
    }

    /// A cargo command in this workspace, for one side.
    fn cargo(&self, side: Side, command: &str) -> Command {
        let mut cargo = crate::process::cargo(&self.workspace);
        cargo.args([command, "--locked", "--package"]);
        cargo.arg(format!("compat-{}", side.name())).arg("--target-dir").arg(self.target(side));
        cargo
    }

    /// Checks that the two manifests differ in the package's name and the two dependencies alone: that is the promise.
    fn check_manifests(&self) -> Result<()> {
        let manifest = |side: Side| read(&self.file(side.name()).join("Cargo.toml"));
        let (official, ours) = (manifest(Side::Official)?, manifest(Side::Ours)?);
        let keys = differing_keys(&official, &ours)?;
        ensure!(
            keys == ["name", "aws-config", "aws-sdk-lambda"],
            "tests/compat/official/Cargo.toml and tests/compat/tinsmith/Cargo.toml may differ in `name`, `aws-config` and \
             `aws-sdk-lambda` alone; they differ in {keys:?}"
        );
        Ok(())
    }
}

/// The keys of the lines in which two manifests differ.
fn differing_keys<'a>(one: &'a str, other: &'a str) -> Result<Vec<&'a str>> {
    if one.lines().count() != other.lines().count() {
        bail!("the two manifests of tests/compat have different numbers of lines");
    }
    let pairs = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
    Ok(pairs.map(|(one, other)| if key(one) == key(other) { key(one) } else { one }).collect())
}

fn key(line: &str) -> &str {
    line.split_once('=').map_or(line, |(key, _)| key.trim())
}

/// Reads a file; the error names it.
fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_sides_do_and_fail_to_do() {
        let check = |failing: &[Side], expected: Result<[&str; 2], &str>| {
            let done = both(|side| {
                ensure!(!failing.contains(&side), "{} fails", side.name());
                Ok(side.name())
            });
            assert_eq!(done.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        };
        check(&[], Ok(["official", "tinsmith"]));
        check(&[Side::Official], Err("official fails"));
        check(&[Side::Ours], Err("tinsmith fails"));
        check(&[Side::Ours, Side::Official], Err("2 faults\n  official fails\n  tinsmith fails"));
    }

    #[test]
    fn manifests_differ_in_two_dependencies() {
        Folder::find().check_manifests().unwrap();
    }

    #[test]
    fn a_third_difference_is_seen() {
        let keys = differing_keys("name = \"a\"\ntokio = \"1\"", "name = \"b\"\ntokio = \"2\"").unwrap();
        assert_eq!(keys, ["name", "tokio"]);
        assert_eq!(differing_keys("a = 1", "b = 1").unwrap(), ["a = 1"]);
        assert!(differing_keys("a = 1", "a = 1\nb = 2").is_err());
    }
}
