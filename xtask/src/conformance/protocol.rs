//! Smithy's own protocol tests: the clients of its test models are generated into a crate under `target/`, each case
//! becomes a test of it, and cargo runs them.
//!
//! What the generator cannot make yet is listed with its reason, in `tests/conformance/known-gaps.tsv`, and so is every
//! case that is known to fail, in `known-failures.tsv` beside it. A case that is listed and passes is a failure too, and
//! so is one that the suite says it has and that was not found.

mod data;
mod digits;
mod events;
mod index;
mod known;
mod source;
pub(super) mod suite;
pub(super) mod values;

use std::path::Path;

use anyhow::{Context, anyhow, ensure};

use self::index::Index;
use self::known::Known;
use self::suite::Suite;
use crate::{fs, workspace};

/// The suites, below the shared folder: Smithy's own, and more in the same form.
pub const SUITES: [&str; 2] = ["conformance/protocol", "conformance/protocol-extra"];

/// What is known of the cases of each: that an index lists them, or how many there are at least. A case that is lost
/// would else look like one that passes.
const KNOWN: [Cases; 2] = [Cases::Indexed, Cases::Least(30)];

/// What is known of the cases of a suite.
#[derive(Clone, Copy)]
enum Cases {
    Indexed,
    Least(usize),
}

/// Models of our own, which only have to compile: obstacles for names, and shapes that hardly ever meet.
const COURSES: &str = "codegen/tests/courses";

/// Generates the clients of every test model that speaks a protocol of ours, and runs their cases.
///
/// # Errors
///
/// A file cannot be read, a client cannot be generated, an operation is refused for a reason that is not listed, or a
/// case does not end as it should; cargo has said which.
pub fn run() -> anyhow::Result<()> {
    match SUITES.into_iter().find_map(|folder| tinsmith_suites::folder(folder).err()) {
        None => suite(),
        Some(absent) => super::pass_over(absent),
    }
}

/// The suites, which must be there.
///
/// # Errors
///
/// As [`run`]; and a suite is not there.
pub fn suite() -> anyhow::Result<()> {
    let known = Known::read(&workspace::root().join("tests/conformance"))?;
    let mut suites = Vec::new();
    for (folder, cases) in SUITES.into_iter().zip(KNOWN) {
        let folder = tinsmith_suites::folder(folder).map_err(|absent| anyhow!(absent.message))?;
        suites.extend(of_folder(&folder, cases)?);
    }
    for file in super::json_files(&workspace::root().join(COURSES))? {
        suites.extend(suite::load(&file)?);
    }
    known.check(&suites)?;
    let tested = super::run_crate("protocol", &source::files(&suites, &known)?);
    report(&suites, &known);
    tested
}

/// The suites of a folder, with every case that it says it has.
fn of_folder(folder: &Path, known: Cases) -> anyhow::Result<Vec<Suite>> {
    let mut suites = Vec::new();
    for file in super::json_files(folder)? {
        let suite = suite::load(&file)?;
        let found = suite.as_ref().map_or(0, |suite| suite.cases.len() + suite.out_of_reach.len());
        let there = suite::count(&fs::read(&file)?).with_context(|| file.display().to_string())?;
        ensure!(found == there, "{}: of its {there} cases for clients {found} were found", file.display());
        suites.extend(suite);
    }
    match known {
        Cases::Indexed => Index::read(folder)?.check(folder, &suites)?,
        Cases::Least(least) => {
            let found: usize = suites.iter().map(|suite| suite.cases.len()).sum();
            ensure!(found >= least, "{}: {found} cases are run, expected {least} at least", folder.display());
        }
    }
    // Where all operations are generated, each case has one that runs it.
    for suite in suites.iter().filter(|suite| suite.refused.is_empty()) {
        let lost: Vec<_> = suite.out_of_reach.iter().map(|(_, id)| id.as_str()).collect();
        ensure!(lost.is_empty(), "{}: no operation runs the cases {}", suite.name, lost.join(", "));
    }
    Ok(suites)
}

fn report(suites: &[Suite], known: &Known) {
    for suite in suites {
        let failing = suite.cases.iter().filter(|case| known.failure(suite, case).is_some()).count();
        println!(
            "protocol: {}: {} cases run, of which {failing} are known to fail; {} of {} operations generated, {} cases out of reach",
            suite.name,
            suite.cases.len(),
            suite.generated(),
            suite.generated() + suite.refused.len(),
            suite.out_of_reach.len(),
        );
        for (operation, reasons) in &suite.refused {
            println!("  {operation} is not generated: {}", reasons.join("; "));
        }
    }
}
