//! Expressions of JMESPath as Rust, and Smithy's waiter models: generated into a crate under `target/`, which cargo tests.
//!
//! What a case of the compliance suite is given becomes the output of an operation, with shapes inferred from the JSON,
//! and the case a waiter: it ends well if `(expression) == expected`. So the compiled expression runs over generated types
//! that were read from the given JSON. Cases whose values have no types, or whose expressions have no form in Rust, are
//! counted with the reason.

mod shapes;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};
use tinsmith::faults::Faults;
use tinsmith_codegen::{Plan, lower, select, smithy};

use super::protocol::suite::{self, Suite as Client};
use crate::{fs, workspace};

/// The suite of JMESPath, below the shared folder.
pub const SUITE: &str = "conformance/jmespath";
/// Smithy's waiter models.
const MODELS: &str = "conformance/waiters";
/// Cases of the project's own, in the form of the suite; a group may say of which types its numbers are.
const OWN: &str = "codegen/tests/fixtures/jmespath";
/// What polls an answer: a file of that crate, not of this one.
const CHECK: &str = include_str!("waiters/check.rs");
/// Why a case is left out that no generator could run.
const UNTYPED: &str = "what is given has no types";
/// Of a hundred cases whose values have types, so many have a form in Rust at least. It is said so that a generator that
/// refuses more than before does not pass by running less.
const LEAST: usize = 42;
const WAITABLE: &str = "smithy.waiters#waitable";

/// Generates every case that can be, and runs them.
///
/// # Errors
///
/// A file cannot be read, a waiter model cannot be generated, or a case does not end as it should; cargo has said which.
pub fn run() -> anyhow::Result<()> {
    let folders = [SUITE, MODELS].map(tinsmith_suites::folder);
    let [suite, models] = match folders {
        [Ok(suite), Ok(models)] => [suite, models],
        [Err(absent), _] | [_, Err(absent)] => return super::pass_over(absent),
    };
    let mut library = String::from("//! JMESPath's cases as waiters.\n\n#[cfg(test)]\nmod check;\n");
    let mut files = vec![("src/check.rs".to_owned(), CHECK.to_owned())];
    for (name, folder) in [("own", &workspace::root().join(OWN)), ("suite", &suite)] {
        let cases = Cases::read(folder)?;
        ensure!(name == "suite" || cases.left_out.is_empty(), "{name}: {:?} cannot be generated", cases.left_out);
        cases.report(name);
        let (run, typed) = (cases.run(), cases.typed());
        ensure!(
            run * 100 >= typed * LEAST,
            "{name}: {run} of {typed} cases have a form in Rust: expected {LEAST} of 100"
        );
        writeln!(library, "pub mod {name};\n#[cfg(test)]\nmod cases_{name};")?;
        let client = lowered(&cases.model())?;
        files.push((format!("src/cases_{name}.rs"), cases.tests(name, &client)?));
        files.extend(module(name, &client)?);
    }
    let mut generated = 0;
    for (index, path) in super::json_files(&models)?.iter().enumerate() {
        let Some(document) = complete(path)? else {
            println!("waiters: {} is passed over: it has no shapes", path.display());
            continue;
        };
        generated += 1;
        let client = lowered(&document).with_context(|| path.display().to_string())?;
        let waiters: usize = client.operations().iter().map(|operation| operation.waiters.len()).sum();
        ensure!(waiters > 0, "{} has no waiter", path.display());
        writeln!(library, "pub mod model_{index};")?;
        files.extend(module(&format!("model_{index}"), &client)?);
    }
    ensure!(generated > 0, "{} holds no model with waiters", models.display());
    println!("waiters: the waiters of {generated} models compile");
    files.push(("src/lib.rs".to_owned(), library));
    super::run_crate("waiters", &files)
}

/// The cases of a folder, by what they are given.
struct Cases {
    groups: Vec<Group>,
    /// Why cases are left out, and how many.
    left_out: BTreeMap<String, usize>,
}

/// A value, and the cases that look at it.
struct Group {
    given: Value,
    shapes: Map<String, Value>,
    /// The waiter of each case.
    waiters: Map<String, Value>,
}

impl Cases {
    /// Reads all files of a folder, and those that it says it has.
    fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut cases = Self { groups: Vec::new(), left_out: BTreeMap::new() };
        let manifest = fs::read_if_there(&folder.join("MANIFEST"))?.unwrap_or_default();
        let listed = manifest.lines().filter(|name| !name.is_empty()).map(|name| folder.join(name));
        let paths: BTreeSet<_> = super::json_files(folder)?.into_iter().chain(listed).collect();
        for path in paths {
            let groups: Value = serde_json::from_str(&fs::read(&path)?).with_context(|| path.display().to_string())?;
            let groups = groups.as_array().filter(|groups| !groups.is_empty());
            for group in groups.with_context(|| format!("{} holds no cases", path.display()))? {
                cases.group(group)?;
            }
        }
        ensure!(!cases.groups.is_empty(), "{} holds no cases", folder.display());
        Ok(cases)
    }

    /// How many cases run.
    fn run(&self) -> usize {
        self.groups.iter().map(|group| group.waiters.len()).sum()
    }

    /// How many could run: those whose values have types.
    fn typed(&self) -> usize {
        let left_out = self.left_out.iter().filter(|(reason, _)| *reason != UNTYPED);
        self.run() + left_out.map(|(_, cases)| cases).sum::<usize>()
    }

    fn group(&mut self, group: &Value) -> anyhow::Result<()> {
        let number = self.groups.len();
        let shapes = shapes::of(&format!("G{number}"), &group["given"], &group["numbers"]);
        let mut made =
            Group { given: group["given"].clone(), shapes: shapes.clone().unwrap_or_default(), waiters: Map::new() };
        for case in group["cases"].as_array().into_iter().flatten() {
            let (Some(expression), Some(expected)) = (case["expression"].as_str(), case.get("result")) else {
                continue;
            };
            let waiter = waiter(expression, expected);
            let name = format!("G{number}C{}", made.waiters.len());
            let alone = Group { waiters: Map::from_iter([(name.clone(), waiter.clone())]), ..made.clone_empty() };
            let reason = match shapes {
                None => Some(UNTYPED.to_owned()),
                Some(_) => refused(&service(&[(number, &alone)]))?,
            };
            match reason {
                None => drop(made.waiters.insert(name, waiter)),
                Some(reason) => *self.left_out.entry(reason).or_default() += 1,
            }
        }
        self.groups.push(made);
        Ok(())
    }

    fn model(&self) -> Value {
        service(&self.groups.iter().enumerate().filter(|(_, group)| !group.waiters.is_empty()).collect::<Vec<_>>())
    }

    /// A test a case: the client polls an answer that is what the case is given.
    fn tests(&self, name: &str, client: &Client) -> anyhow::Result<String> {
        let mut text = format!("//! The cases of {name}.\n\nuse crate::check::reached;\nuse crate::{name}::Client;\n");
        writeln!(text, "use crate::{name}::client::Waiters as _;")?;
        for operation in client.operations() {
            let number: usize = operation.model_name.trim_start_matches("Ask").parse()?;
            let group = self.groups.get(number).context("no such group")?;
            for waiter in &operation.waiters {
                let says =
                    group.waiters.get(&waiter.name).and_then(|of| of.pointer("/acceptors/0/matcher/output/path"));
                writeln!(
                    text,
                    "\n// {}\n#[test]\nfn {}() {{\n    reached({:?}, |config, most| Client::from_conf(config).{}().wait(most));\n}}",
                    says.and_then(Value::as_str).unwrap_or_default().escape_debug(),
                    waiter.module,
                    group.given.to_string(),
                    waiter.method,
                )?;
            }
        }
        Ok(text)
    }

    fn report(&self, name: &str) {
        println!("waiters: {} cases run ({name})", self.run());
        for (reason, cases) in &self.left_out {
            println!("  {cases} left out: {reason}");
        }
    }
}

impl Group {
    fn clone_empty(&self) -> Self {
        Self { given: self.given.clone(), shapes: self.shapes.clone(), waiters: Map::new() }
    }
}

/// A waiter that ends well if an expression gives what is expected.
fn waiter(expression: &str, expected: &Value) -> Value {
    let path = format!("({expression}) == `{}`", expected.to_string().replace('`', "\\`"));
    let matcher = |expected| json!({ "output": { "path": path, "comparator": "booleanEquals", "expected": expected } });
    json!({ "acceptors": [
        { "state": "success", "matcher": matcher("true") },
        { "state": "failure", "matcher": matcher("false") },
    ] })
}

/// A service with an operation a group.
fn service(groups: &[(usize, &Group)]) -> Value {
    let mut shapes = Map::new();
    let mut operations = Vec::new();
    for (number, group) in groups {
        shapes.extend(group.shapes.clone());
        operations.push(json!({ "target": format!("com.example#Ask{number}") }));
        let operation = json!({
            "type": "operation",
            "output": { "target": format!("com.example#G{number}") },
            "traits": { WAITABLE: group.waiters, "smithy.api#http": { "method": "GET", "uri": format!("/{number}") } },
        });
        shapes.insert(format!("com.example#Ask{number}"), operation);
    }
    shapes
        .insert("com.example#Cases".to_owned(), json!({ "type": "service", "version": "1", "operations": operations }));
    finished(shapes)
}

/// A waiter model of Smithy with what it leaves out: a service, and where operations are on the wire.
fn complete(path: &Path) -> anyhow::Result<Option<Value>> {
    let mut document: Value = serde_json::from_str(&fs::read(path)?).with_context(|| path.display().to_string())?;
    let Some(shapes) = document.get_mut("shapes").and_then(Value::as_object_mut) else { return Ok(None) };
    let mut operations = Vec::new();
    for (id, shape) in shapes.iter_mut().filter(|(_, shape)| shape["type"] == "operation") {
        operations.push(json!({ "target": id }));
        shape["traits"]["smithy.api#http"] = json!({ "method": "POST", "uri": format!("/{}", operations.len()) });
    }
    shapes
        .insert("com.example#Cases".to_owned(), json!({ "type": "service", "version": "1", "operations": operations }));
    Ok(Some(finished(std::mem::take(shapes))))
}

/// A model of these shapes, whose service can be called.
fn finished(mut shapes: Map<String, Value>) -> Value {
    if let Some(service) = shapes.get_mut("com.example#Cases") {
        service["traits"] = json!({
            "aws.protocols#restJson1": {},
            "aws.auth#sigv4": { "name": "cases" },
            lower::endpoint::RULE_SET: { "version": "1.0", "parameters": {}, "rules": [
                { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://cases.example" } },
            ] },
        });
    }
    json!({ "smithy": "2.0", "shapes": shapes })
}

/// Why a model cannot be generated; the first reason, without the names in it.
fn refused(document: &Value) -> anyhow::Result<Option<String>> {
    let model = smithy::load("case", &document.to_string()).map_err(Faults::from)?;
    let selection = select::select(&model, &plan()).map_err(Faults::from)?;
    let faults: Vec<_> = lower::unsupported(&model, &selection).into_values().flatten().collect();
    Ok(faults.first().map(|fault| {
        let reason = fault.reason.split("cannot be said in Rust: ").last().unwrap_or_default();
        let reason = reason.split("is to be done with it: ").last().unwrap_or_default();
        let about = reason.split(';').next().unwrap_or_default();
        if about.contains("has no member") || about.contains("has no `") {
            "a name that the given value does not have".to_owned()
        } else {
            about.to_owned()
        }
    }))
}

fn lowered(document: &Value) -> anyhow::Result<Client> {
    let model = smithy::load("cases", &document.to_string()).map_err(Faults::from)?;
    suite::of_operations("cases".to_owned(), model, &plan())
}

/// The files of a client, as a module of this name.
fn module(name: &str, client: &Client) -> anyhow::Result<Vec<(String, String)>> {
    Ok(client.files()?.0.into_iter().map(|(path, text)| (format!("src/{name}/{path}"), text)).collect())
}

fn plan() -> Plan {
    Plan { operations: vec!["*".to_owned()], ..Plan::default() }
}
