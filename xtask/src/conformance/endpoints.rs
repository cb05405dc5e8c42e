//! Endpoint rule sets and their cases: each rule set is compiled into a module of a crate under `target/`, each case
//! becomes a test of it, and cargo runs them.
//!
//! Two forms of files are read: `{"ruleSet": …, "tests": …}`, and whole models, whose services hold the same in traits.

mod source;

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use serde_json::Value;
use tinsmith_codegen::lower;

use crate::{fs, workspace};

/// The suite, below the shared folder.
pub const SUITE: &str = "conformance/endpoints";
/// Rule sets of the project's own, in the same form.
const OWN: &str = "codegen/tests/fixtures/endpoint";
const TESTS: &str = "smithy.rules#endpointTests";

/// Suites that were written when partitions had fewer features: their files, and the partitions without dual stack.
const EARLIER: [(&str, &[&str]); 1] = [("models__lambda-2015-03-31.json", &["aws-iso", "aws-iso-b"])];

/// A rule set and its cases.
struct Suite {
    /// The file it comes from.
    file: PathBuf,
    rule_set: Value,
    cases: Vec<Value>,
}

impl Suite {
    /// The partitions that had no dual stack when the cases were written.
    fn without_dual_stack(&self) -> &'static [&'static str] {
        let name = self.file.file_name().unwrap_or_default();
        EARLIER.iter().find(|(file, _)| name == *file).map_or(&[], |(_, partitions)| partitions)
    }
}

/// Compiles every rule set of the project's own and of the suite, and runs their cases.
///
/// # Errors
///
/// A file cannot be read, a rule set cannot be compiled, or a case fails; cargo has said which.
pub fn run() -> anyhow::Result<()> {
    own()?;
    match tinsmith_suites::folder(SUITE) {
        Ok(_) => suite(),
        Err(absent) => super::pass_over(absent),
    }
}

/// The project's own rule sets.
///
/// # Errors
///
/// As [`run`].
pub fn own() -> anyhow::Result<()> {
    compile_and_test("own", &workspace::root().join(OWN))
}

/// The suite's rule sets.
///
/// # Errors
///
/// As [`run`]; and the suite is not there.
pub fn suite() -> anyhow::Result<()> {
    let folder = tinsmith_suites::folder(SUITE).map_err(|absent| anyhow!(absent.message))?;
    compile_and_test("suite", &folder)
}

fn compile_and_test(name: &str, folder: &Path) -> anyhow::Result<()> {
    let suites = suites(folder)?;
    let (rule_sets, cases) = (suites.len(), suites.iter().map(|suite| suite.cases.len()).sum::<usize>());
    ensure!(cases > 0, "{} holds no cases", folder.display());
    super::run_crate(&format!("endpoints/{name}"), &source::files(&suites)?)?;
    println!("endpoints: {cases} cases of {rule_sets} rule sets passed ({name})");
    Ok(())
}

fn suites(folder: &Path) -> anyhow::Result<Vec<Suite>> {
    let mut suites = Vec::new();
    for file in super::json_files(folder)? {
        let document: Value =
            serde_json::from_str(&fs::read(&file)?).with_context(|| format!("{} is not JSON", file.display()))?;
        let shapes = document.get("shapes").and_then(Value::as_object);
        let traits = shapes.into_iter().flat_map(|shapes| shapes.values()).filter_map(|shape| shape.get("traits"));
        let of_traits = traits.map(|traits| (traits.get(lower::endpoint::RULE_SET), traits.get(TESTS)));
        let pairs = std::iter::once((document.get("ruleSet"), document.get("tests"))).chain(of_traits);
        for (rule_set, tests) in pairs {
            let Some(rule_set) = rule_set.cloned() else { continue };
            let cases = tests.and_then(|tests| tests.get("testCases")).and_then(Value::as_array);
            suites.push(Suite { file: file.clone(), rule_set, cases: cases.cloned().unwrap_or_default() });
        }
    }
    Ok(suites)
}
