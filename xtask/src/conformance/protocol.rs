//! Smithy's own protocol tests: the clients of its test models are generated into a crate under `target/`, each case
//! becomes a test of it, and cargo runs them.
//!
//! What the generator cannot make yet is listed with its reason, in `tests/conformance/known-gaps.tsv`, and so is every
//! case that is known to fail, in `known-failures.tsv` beside it. A case that is listed and passes is a failure too.

mod digits;
mod events;
mod known;
mod source;
pub(super) mod suite;
pub(super) mod values;

use anyhow::{anyhow, ensure};

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
        for file in super::json_files(&folder)? {
            suites.extend(suite::load(&file)?);
        }
    }
    for file in super::json_files(&workspace::root().join(COURSES))? {
        suites.extend(suite::load(&file)?);
    }
    ensure!(!suites.is_empty(), "no model in {} speaks restJson1 or awsQuery", SUITES.join(" or "));
    known.check_gaps(&suites)?;
    let tested = super::run_crate("protocol", &source::files(&suites, &known)?);
    report(&suites, &known);
    tested
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
            suite.out_of_reach,
        );
        for (operation, reasons) in &suite.refused {
            println!("  {operation} is not generated: {}", reasons.join("; "));
        }
    }
}
