//! Endpoint rule sets and their cases: each rule set is compiled into a module of a crate under `target/`, each case
//! becomes a test of it, and cargo runs them. Where a case says which operations are called, and by which input, these
//! are generated too, and called.
//!
//! Two forms of files are read: `{"ruleSet": …, "tests": …}`, and whole models, whose services hold the same in traits.

mod calls;
mod source;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, anyhow, ensure};
use serde_json::Value;
use tinsmith_codegen::lower;

use crate::{fs, workspace};

/// The suite, below the shared folder.
pub const SUITE: &str = "conformance/endpoints";
/// Whole models with rule sets and cases, below the shared folder.
pub const MODELS: &str = "models";
/// Rule sets of the project's own, in the same form.
const OWN: &str = "codegen/tests/fixtures/endpoint";
const TESTS: &str = "smithy.rules#endpointTests";

/// Partitions that had no dual stack when some suites were written, and a region of each.
const EARLIER: [(&str, &str); 2] = [("aws-iso", "us-iso-east-1"), ("aws-iso-b", "us-isob-east-1")];

/// A rule set and its cases.
struct Suite {
    /// The file it comes from.
    file: PathBuf,
    /// The whole of it, and the service that has the rule set, where it is a model.
    document: Rc<Value>,
    service: Option<String>,
    rule_set: Value,
    cases: Vec<Value>,
}

impl Suite {
    /// The partitions that had no dual stack when the cases were written: where they have it, rules complain of nothing
    /// but of FIPS.
    fn without_dual_stack(&self) -> Vec<&'static str> {
        let had_none = |region: &str| {
            self.cases.iter().any(|case| {
                let (params, error) = (&case["params"], case["expect"]["error"].as_str().unwrap_or_default());
                params["Region"] == region && params["UseDualStack"] == true && error.starts_with(NO_DUAL_STACK)
            })
        };
        EARLIER.iter().filter(|(_, region)| had_none(region)).map(|(partition, _)| *partition).collect()
    }
}

/// What rules answer where a partition has no dual stack.
const NO_DUAL_STACK: &str = "DualStack is enabled but this partition does not support DualStack";

/// Compiles every rule set of the project's own and of the suite, and runs their cases.
///
/// # Errors
///
/// A file cannot be read, a rule set cannot be compiled, or a case fails; cargo has said which.
pub fn run() -> anyhow::Result<()> {
    own()?;
    for (folder, run) in [(SUITE, suite as fn() -> anyhow::Result<()>), (MODELS, models)] {
        match tinsmith_suites::folder(folder) {
            Ok(_) => run()?,
            Err(absent) => super::pass_over(absent)?,
        }
    }
    Ok(())
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

/// The models' rule sets, and the calls of their cases.
///
/// # Errors
///
/// As [`run`]; and the models are not there.
pub fn models() -> anyhow::Result<()> {
    let folder = tinsmith_suites::folder(MODELS).map_err(|absent| anyhow!(absent.message))?;
    compile_and_test("models", &folder)
}

/// Cases that were drawn, which are in this folder.
///
/// # Errors
///
/// As [`run`].
pub fn drawn(folder: &Path) -> anyhow::Result<()> {
    compile_and_test("drawn", folder)
}

fn compile_and_test(name: &str, folder: &Path) -> anyhow::Result<()> {
    let suites = suites(folder)?;
    let (rule_sets, cases) = (suites.len(), suites.iter().map(|suite| suite.cases.len()).sum::<usize>());
    ensure!(cases > 0, "{} holds no cases", folder.display());
    let files = source::files(&suites)?;
    super::run_crate(&format!("endpoints/{name}"), &files)?;
    println!("endpoints: {cases} cases of {rule_sets} rule sets passed ({name})");
    let counts = suites.iter().map(calls::counts);
    let (made, passed_over) = counts.fold((0, 0), |(a, b), (made, passed_over)| (a + made, b + passed_over));
    if made + passed_over > 0 {
        println!("endpoints: {made} calls of these cases passed, {passed_over} need what no setting of a client says");
    }
    Ok(())
}

fn suites(folder: &Path) -> anyhow::Result<Vec<Suite>> {
    let mut suites = Vec::new();
    for file in super::json_files(folder)? {
        let document: Value =
            serde_json::from_str(&fs::read(&file)?).with_context(|| format!("{} is not JSON", file.display()))?;
        let document = Rc::new(document);
        let shapes = document.get("shapes").and_then(Value::as_object);
        let traits = shapes.into_iter().flatten().filter_map(|(id, shape)| Some((Some(id), shape.get("traits")?)));
        let of_traits =
            traits.map(|(id, traits)| (id, traits.get(lower::endpoint::RULE_SET), traits.get(TESTS), traits));
        let alone = (None, document.get("ruleSet"), document.get("tests"), &*document);
        let (before, mut passed_over) = (suites.len(), 0);
        for (id, rule_set, tests, traits) in std::iter::once(alone).chain(of_traits) {
            let cases = tests.and_then(|tests| tests.get("testCases")).and_then(Value::as_array).cloned();
            let Some(rule_set) = rule_set.cloned() else {
                tell_bdd(&file, id, traits.get(lower::endpoint::BDD));
                passed_over += cases.map_or(0, |cases| cases.len());
                continue;
            };
            suites.push(Suite {
                file: file.clone(),
                document: document.clone(),
                service: id.cloned(),
                rule_set,
                cases: cases.unwrap_or_default(),
            });
        }
        let found: usize = suites.iter().skip(before).map(|suite| suite.cases.len()).sum();
        let (found, there) = (found + passed_over, count(&document));
        ensure!(found == there, "{}: of its {there} endpoint cases only {found} were found", file.display());
    }
    Ok(suites)
}

/// How many cases a document has, wherever they are.
fn count(document: &Value) -> usize {
    match document {
        Value::Object(entries) => {
            let own = entries.get("testCases").and_then(Value::as_array).map_or(0, Vec::len);
            own + entries.values().map(count).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Says that a service is passed over which has a decision diagram alone.
fn tell_bdd(file: &Path, service: Option<&String>, bdd: Option<&Value>) {
    let faults = lower::endpoint::of_service(None, bdd).err().unwrap_or_default();
    for fault in faults {
        println!("endpoints: {}: {} is passed over: {fault}", file.display(), service.map_or("", String::as_str));
    }
}
