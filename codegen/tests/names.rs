//! Names that clash: with Rust, with one another, with what stands around them; and those who refer to what was renamed.

use std::path::Path;

use serde_json::{Value, json};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Diagnostic, Form, Plan, generate, possible};

/// A number that a name got is seen by all who refer to it: waiters, pagers, endpoint parameters.
#[test]
fn references_follow_numbers() {
    let files = generate(&load("../courses/clashes.json"), &plan()).expect("names are supported").0;
    for (path, expected) in [
        ("operation/await", "output.foo_bar_2() == Some(\"b\")"),
        ("operation/await", "output.foo_bar() == Some(\"a\")"),
        ("operation/await", "at.as_text2()"),
        ("operation/await", "input.wait_value_2() == output.foo_bar_2()"),
        ("operation/await", "pub wait_value: Option<String>"),
        ("operation/await", "pub waiting: Option<String>"),
        ("operation/await", "set_foo_bar_2_2: Option<&str>"),
        ("operation/list_things", "token: next_token_2 = \"next_token\""),
        ("operation/list_things", "next_token(page): page.next_token_2.as_deref()"),
        ("operation/list_things", "page_size: max_items_2"),
        ("operation/list_things", "items(page): page.thing_s_2"),
        ("operation/get_thing", "zone: input.foo_bar_2.as_deref()"),
        ("operation/get_thing_2", "get_thing_2: GetThingBuilder => GetThing(GetThingInput)"),
        ("types/error", "pub meta_value: Option<String>"),
        ("types/error", "set_meta_2(impl Into<String>) set_set_meta_2(Option<String>)"),
        ("operation/stream", "Refused(Refused) = \"late\" | \"later\""),
        ("operation/stream", "EventReceiver<Talk, TalkError2>"),
    ] {
        let text = files.get(&format!("{path}.rs")).map(String::as_str).unwrap_or_default();
        assert!(text.contains(expected), "{path} has no {expected}: {text}");
    }
}

/// A name that the model may not have twice costs the operations that need it, and no others.
#[test]
fn twins_cost_their_operations() {
    let check = |change: fn(&mut Value), expected: &[&str]| {
        let mut document: Value = serde_json::from_str(&read("../courses/clashes.json")).expect("it is JSON");
        change(&mut document["shapes"]);
        let model = smithy::load("m.json", &document.to_string()).expect("the model holds");
        let (plan, left_out) = possible(&model, &plan()).expect("the operations are there");
        assert_eq!(left_out.iter().map(Diagnostic::to_string).collect::<Vec<_>>(), expected);
        generate(&model, &plan).expect("the others are generated");
    };
    check(|_| {}, &[]);
    check(
        |shapes| {
            shapes["e#talk"] = json!({ "type": "structure" });
            shapes["com.example#FooBarInput"]["members"]["talk"] = json!({ "target": "e#talk" });
        },
        &[
            "m.json: e#talk: would be called Talk in Rust, as com.example#Talk is; FooBar needs it, and can be left out with \
           `skip`",
        ],
    );
    // What cannot be there itself, of what is wrong with it or of another twin, has no twin.
    check(
        |shapes| {
            shapes["e#talk"] = json!({ "type": "structure" });
            shapes["com.example#FooBarInput"]["members"]["talk"] = json!({ "target": "e#talk" });
            shapes["com.example#Stream"]["traits"].as_object_mut().expect("it has some").remove("smithy.api#http");
        },
        &[
            "m.json: com.example#Stream: @smithy.api#http: the operation has no HTTP binding; Stream needs it, and can be left out \
           with `skip`",
        ],
    );
    check(
        |shapes| {
            for (twin, holder) in [("e#talk", "FooBarInput"), ("e#own", "FooBarOutput"), ("f#Own", "ListRequest")] {
                shapes[twin] = json!({ "type": "structure" });
                shapes[format!("com.example#{holder}")]["members"]["twin"] = json!({ "target": twin });
            }
        },
        &[
            "m.json: e#talk: would be called Talk in Rust, as com.example#Talk is; FooBar needs it, and can be left out with \
           `skip`",
        ],
    );
    check(
        |shapes| {
            let waiters = shapes["com.example#Await"]["traits"]["smithy.waiters#waitable"].clone();
            shapes["com.example#FooBar"]["traits"]["smithy.waiters#waitable"] = json!({ "Wait": waiters["Wait"] });
        },
        &[
            "m.json: com.example#FooBar: @smithy.waiters#waitable: the waiter Wait would be called as the waiter Wait of \
           com.example#Await is; FooBar needs it, and can be left out with `skip`",
        ],
    );
}

#[test]
fn names_that_stand_twice_are_named() {
    let rename = r#""rename": { "com.example.other#Option": "Choice" },"#;
    let model = smithy::load("names.json", &read("names.json").replace(rename, "")).expect("the model holds");
    let faults = generate(&model, &plan()).map(|_| ());
    let said: String = faults.err().iter().flatten().map(|fault| format!("{fault}\n")).collect();
    assert!(said.contains("would be called OptionValue in Rust"), "{said}");
}

/// Names that are one in Rust alone.
#[test]
fn later_names_get_a_number() {
    for (name, from, to, expected) in [
        ("names.json", r#""Name": {"#, r#""name": { "target": "smithy.api#String" }, "Name": {"#, "pub name_2: "),
        (
            "names.json",
            r#""Name": {"#,
            r#""set_name": { "target": "smithy.api#String" }, "Name": {"#,
            "pub set_name_2: ",
        ),
        (
            "names.json",
            r#""Pair": { "target""#,
            r#""pair": { "target": "smithy.api#Blob" }, "Pair": { "target""#,
            " Pair2(",
        ),
        ("shapes.json", "com.example#Mode", "com.example#ThingBuilder", "ThingBuilder2 => Result<Thing>"),
        (
            "shapes.json",
            r#"{ "value": "x86_64""#,
            r#"{ "value": "x86-64" }, { "value": "x86_64""#,
            "X86642 = \"x86_64\"",
        ),
    ] {
        let text = read(name).replace(from, to);
        let model = smithy::load(name, &text).expect("the model holds");
        let files = generate(&model, &plan()).expect("no two have one name");
        assert!(files.0.values().any(|file| file.contains(expected)), "{from} → {to}: {expected}");
    }
}

/// What a file names of the service is not what it shows of the runtime under the same name.
#[test]
fn an_error_may_have_the_name_of_a_type_of_the_runtime() {
    let text = read("names.json").replace("#Refused\"", "#SdkError\"");
    let model = smithy::load("names.json", &text).expect("the model holds");
    let files = generate(&model, &plan()).expect("names are supported");
    let root = files.0.get("error.rs").map(String::as_str).unwrap_or_default();
    assert!(root.contains("SdkError(super::types::error::SdkError)"), "{root}");
}

fn plan() -> Plan {
    Plan { operations: vec!["*".to_owned()], form: Form::Module, ..Plan::default() }
}

fn load(name: &str) -> Model {
    smithy::load(name, &read(name)).expect("the model holds")
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read_to_string(path).expect("the fixture is there")
}
