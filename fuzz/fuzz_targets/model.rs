//! Any model: a client is generated of it, or every reason why not is told in a line; nothing panics, and time and memory have an
//! end that is libFuzzer's to watch.
//!
//! A model is drawn as changes of one of the generator's own fixtures, which leave JSON whole, or is the text that the bytes are.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tinsmith_codegen::{Diagnostic, Form, Plan, RuntimeSource, generate, possible, smithy};

fuzz_target!(|input: Input| {
    let model = match smithy::load("model.json", &input.text) {
        Ok(model) => model,
        Err(faults) => return told(&faults),
    };
    let (plan, faults) = match possible(&model, &input.plan()) {
        Ok(possible) => possible,
        Err(faults) => return told(&faults),
    };
    faults.iter().for_each(|fault| assert_line(fault));
    match generate(&model, &plan) {
        Ok(files) => assert!(!files.0.is_empty(), "nothing was generated, and nothing said why"),
        Err(faults) => told(&faults),
    }
});

/// There is a reason, and each is a line.
fn told(faults: &[Diagnostic]) {
    assert!(!faults.is_empty(), "nothing says why there are no files");
    faults.iter().for_each(assert_line);
}

fn assert_line(fault: &Diagnostic) {
    let text = fault.to_string();
    assert!(!text.is_empty() && !text.contains('\n'), "{text:?}");
}

/// The generator's fixtures: between them they have every protocol and every trait that it knows.
const FIXTURES: [&str; 12] = [
    include_str!("../../codegen/tests/fixtures/events.json"),
    include_str!("../../codegen/tests/fixtures/names.json"),
    include_str!("../../codegen/tests/fixtures/orders.json"),
    include_str!("../../codegen/tests/fixtures/pages.json"),
    include_str!("../../codegen/tests/fixtures/query.json"),
    include_str!("../../codegen/tests/fixtures/shapes.json"),
    include_str!("../../codegen/tests/fixtures/streams.json"),
    include_str!("../../codegen/tests/fixtures/unsupported.json"),
    include_str!("../../codegen/tests/fixtures/waiters.json"),
    include_str!("../../codegen/tests/fixtures/endpoint/parameters.json"),
    include_str!("../../codegen/tests/fixtures/endpoint/regional.json"),
    include_str!("../../codegen/tests/fixtures/endpoint/values.json"),
];

#[derive(Debug)]
struct Input {
    /// Whether it is to be a crate, with a feature an operation.
    is_crate: bool,
    text: String,
}

impl Input {
    fn plan(&self) -> Plan {
        let operations = vec!["*".to_owned()];
        if !self.is_crate {
            return Plan { operations, ..Plan::default() };
        }
        let form = Form::NewCrate { name: "client".to_owned(), runtime: RuntimeSource::Version("0.1".to_owned()) };
        Plan { default_operations: Some(operations.clone()), operations, form, ..Plan::default() }
    }
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let is_crate = u.arbitrary()?;
        if u.ratio(1, 8)? {
            return Ok(Self { is_crate, text: String::from_utf8_lossy(u.bytes(u.len())?).into_owned() });
        }
        let mut model: Value = serde_json::from_str(u.choose(&FIXTURES)?).expect("a fixture is JSON");
        for _ in 0..u.int_in_range(1..=8)? {
            let places = count(&model);
            let from = u.int_in_range(0..=places - 1)?;
            let other = at(&mut model, from).cloned().unwrap_or_default();
            let place = u.int_in_range(0..=places - 1)?;
            if let Some(value) = at(&mut model, place) {
                change(value, other, u)?;
            }
        }
        Ok(Self { is_crate, text: model.to_string() })
    }
}

/// Changes a value: into another one, into one of another place, by a member more or less.
fn change(value: &mut Value, other: Value, u: &mut Unstructured<'_>) -> Result<()> {
    match (u.int_in_range(0..=7)?, value) {
        (0, Value::Object(members)) => {
            let name = members.keys().nth(u.choose_index(members.len().max(1))?).cloned();
            name.and_then(|name| members.remove(&name));
        }
        (1, Value::Object(members)) => drop(members.insert(word(u)?, other)),
        (2, Value::Object(members)) => {
            let name = members.keys().nth(u.choose_index(members.len().max(1))?).cloned();
            let value = name.and_then(|name| members.remove(&name));
            members.insert(word(u)?, value.unwrap_or(other));
        }
        (0, Value::Array(items)) => drop(items.pop()),
        (1, Value::Array(items)) => items.push(other),
        (2, Value::String(text)) => text.push_str(&word(u)?),
        (3, value) => *value = scalar(u)?,
        (4, value) => *value = Value::String(word(u)?),
        (_, value) => *value = other,
    }
    Ok(())
}

fn scalar(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=5)? {
        0 => Value::Null,
        1 => Value::from(u.arbitrary::<bool>()?),
        2 => Value::from(u.arbitrary::<i64>()?),
        3 => Value::from(u.arbitrary::<f64>()?),
        4 => Value::Object(serde_json::Map::new()),
        _ => Value::Array(Vec::new()),
    })
}

/// A word that means something in a model, or to Rust, or nothing at all.
fn word(u: &mut Unstructured<'_>) -> Result<String> {
    const WORDS: [&str; 40] = [
        "structure",
        "union",
        "list",
        "map",
        "string",
        "enum",
        "intEnum",
        "blob",
        "timestamp",
        "document",
        "service",
        "operation",
        "resource",
        "target",
        "traits",
        "member",
        "members",
        "key",
        "value",
        "input",
        "output",
        "errors",
        "com.example#Thing",
        "smithy.api#String",
        "smithy.api#Unit",
        "smithy.api#required",
        "smithy.api#httpLabel",
        "smithy.api#streaming",
        "smithy.api#documentation",
        "smithy.api#default",
        "smithy.api#httpPayload",
        "self",
        "type",
        "#",
        "{",
        "}",
        "\"",
        "<p>",
        "/{a}/{b+}?c",
        "[?a == `1`].b[]",
    ];
    tinsmith_fuzz::text(u, &WORDS)
}

/// How many values there are, with all that they hold.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// The value of this number.
fn at(value: &mut Value, number: usize) -> Option<&mut Value> {
    let Some(mut number) = number.checked_sub(1) else { return Some(value) };
    let children: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Object(members) => Box::new(members.values_mut()),
        Value::Array(items) => Box::new(items.iter_mut()),
        _ => return None,
    };
    for child in children {
        let held = count(child);
        if number < held {
            return at(child, number);
        }
        number -= held;
    }
    None
}
