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

use anyhow::{anyhow, ensure};

use self::index::Index;
use self::known::Known;
use self::suite::Suite;
use crate::workspace;

/// The suites, below the shared folder: Smithy's own, and more in the same form.
pub const SUITES: [&str; 2] = ["conformance/protocol", "conformance/protocol-extra"];

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
    for folder in SUITES {
        let folder = tinsmith_suites::folder(folder).map_err(|absent| anyhow!(absent.message))?;
        suites.extend(of_folder(&folder)?);
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
fn of_folder(folder: &Path) -> anyhow::Result<Vec<Suite>> {
    let mut suites = Vec::new();
    for file in super::json_files(folder)? {
        suites.extend(suite::load(&file)?);
    }
    ensure!(
        suites.iter().any(|suite| !suite.cases.is_empty()),
        "{} holds no case of a service that speaks restJson1 or awsQuery",
        folder.display()
    );
    if let Some(index) = Index::read(folder)? {
        index.check(folder, &suites)?;
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
