//! What a new model changes for programs, by class.

use serde_json::{Value, json};
use tinsmith_codegen::diff::{changes, offered};
use tinsmith_codegen::{Plan, smithy};

/// A service with one operation that answers a `Thing`, whose other shapes are given.
fn model(shapes: &Value) -> String {
    let rules = json!({ "version": "1.0", "parameters": {}, "rules": [
        { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://example.com" } }
    ] });
    let member = |target: &str| json!({ "target": format!("example#{target}") });
    let mut all = json!({
        "example#Service": {
            "type": "service", "version": "1", "operations": [member("Get")],
            "traits": {
                "aws.api#service": { "sdkId": "Example" },
                "aws.auth#sigv4": { "name": "example" },
                "aws.protocols#restJson1": {},
                "smithy.rules#endpointRuleSet": rules
            }
        },
        "example#Get": {
            "type": "operation", "input": member("GetRequest"), "output": member("GetResponse"),
            "traits": { "smithy.api#http": { "method": "GET", "uri": "/", "code": 200 } }
        },
        "example#GetRequest": { "type": "structure", "members": {} },
        "example#GetResponse": { "type": "structure", "members": { "Thing": member("Thing") } },
        "example#Thing": { "type": "structure", "members": { "Name": { "target": "smithy.api#String" } } },
    });
    for (name, shape) in shapes.as_object().into_iter().flatten() {
        all[format!("example#{name}")] = shape.clone();
    }
    json!({ "smithy": "2.0", "shapes": all }).to_string()
}

fn check(old: &Value, new: &Value, expected: &[&str]) {
    let plan = Plan { operations: vec!["*".to_owned()], ..Plan::default() };
    let surface = |shapes| {
        let model = smithy::load("model.json", &model(shapes)).unwrap_or_else(|faults| panic!("{faults:?}"));
        let (surface, impossible) = offered(&model, &plan).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert!(impossible.is_empty(), "{impossible:?}");
        surface
    };
    let found: Vec<_> = changes(&surface(old), &surface(new)).iter().map(ToString::to_string).collect();
    assert_eq!(found, expected, "from {old} to {new}");
}

fn thing(members: &Value) -> Value {
    json!({ "Thing": { "type": "structure", "members": members } })
}

#[test]
fn members() {
    let text = json!({ "target": "smithy.api#String" });
    let one = thing(&json!({ "Name": text }));
    let two = thing(&json!({ "Name": text, "Size": { "target": "smithy.api#Long" } }));
    check(&one, &one, &[]);
    check(&one, &two, &["minor    types::Thing.size is new"]);
    check(&two, &one, &["major    types::Thing.size is gone"]);
    let narrow = thing(&json!({ "Name": text, "Size": { "target": "smithy.api#Integer" } }));
    check(&two, &narrow, &["major    types::Thing.size has another type"]);
    // What is said of it beside its type is no concern of programs.
    let described =
        thing(&json!({ "Name": { "target": "smithy.api#String", "traits": { "smithy.api#jsonName": "n" } } }));
    check(&one, &described, &[]);
}

#[test]
fn what_becomes_required_and_what_no_longer_is() {
    let optional = thing(&json!({ "Name": { "target": "smithy.api#String" } }));
    let required = json!({ "target": "smithy.api#String", "traits": { "smithy.api#required": {} } });
    let required = thing(&json!({ "Name": required }));
    check(
        &optional,
        &required,
        &["major    types::Thing.name has another type", "major    types::Thing::builder has another type"],
    );
    check(
        &required,
        &optional,
        &["major    types::Thing.name has another type", "major    types::Thing::builder has another type"],
    );
}

#[test]
fn values_and_variants() {
    let unit = json!({ "target": "smithy.api#Unit" });
    let of = |kind: &str, names: &[&str]| {
        let members = names.iter().map(|name| match kind {
            "enum" => ((*name).to_owned(), unit.clone()),
            _ => ((*name).to_owned(), json!({ "target": "smithy.api#String" })),
        });
        let members: Value = members.collect::<serde_json::Map<_, _>>().into();
        let mut shapes = thing(&json!({ "Name": { "target": "example#Kind" } }));
        shapes["Kind"] = json!({ "type": kind, "members": members });
        shapes
    };
    check(&of("enum", &["RED"]), &of("enum", &["RED", "BLUE"]), &["nothing  types::Kind::Blue is new"]);
    check(&of("enum", &["RED", "BLUE"]), &of("enum", &["RED"]), &["major    types::Kind::Blue is gone"]);
    check(&of("union", &["red"]), &of("union", &["red", "blue"]), &["minor    types::Kind::Blue is new"]);
    check(&of("union", &["red", "blue"]), &of("union", &["red"]), &["major    types::Kind::Blue is gone"]);
}

/// The parts of what is new or gone are not told.
#[test]
fn types() {
    let text = json!({ "target": "smithy.api#String" });
    let old = thing(&json!({ "Name": text }));
    let mut new = thing(&json!({ "Name": text, "Part": { "target": "example#Part" } }));
    new["Part"] = json!({ "type": "structure", "members": { "Name": text } });
    check(&old, &new, &["minor    types::Part is new", "minor    types::Thing.part is new"]);
    check(&new, &old, &["major    types::Part is gone", "major    types::Thing.part is gone"]);
}
