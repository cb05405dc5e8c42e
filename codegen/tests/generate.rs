//! Models → IR → files, over small models of one construct each, and over Lambda's ListLayers.

mod outline;

use std::path::Path;

use serde_json::{Value, json};
use tinsmith_codegen::ir::Sensitive;
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Files, Form, Plan, RuntimeSource, generate, lower, select};

#[test]
fn shapes() {
    check("shapes", &["operation/put_thing.rs"]);
}

#[test]
fn names() {
    check("names", &["operation/match.rs", "types.rs", "types/error.rs"]);
}

#[test]
fn pages() {
    check("pages", &["operation/list_entries.rs", "operation/list_within.rs"]);
}

#[test]
fn waiters() {
    check("waiters", &["client.rs", "waiters.rs", "operation/describe.rs"]);
}

/// A waiter that looks for what is not there, or that has no form in Rust, costs its operation, and says why.
#[test]
fn waiters_that_cannot_be_made_are_named() {
    for (path, comparator, expected) in [
        ("Nothing", "stringEquals", "com.example#Answer has no member `Nothing`"),
        (
            "State.",
            "stringEquals",
            "`State.` is no JMESPath: expected a name, `*`, `[` or `{` after `.`, found the end at byte 6",
        ),
        ("Parts", "stringEquals", "expected text, found a list"),
        ("State", "booleanEquals", "expected a boolean, found text"),
        ("State", "anyStringEquals", "expected a list, found text"),
        ("Parts[].Size", "allStringEquals", "expected a list of text, found a list"),
        ("State.Of", "stringEquals", "text has no `Of`"),
        ("sort(Parts)[0].Name", "stringEquals", "`sort` with 1 arguments is not supported yet"),
        ("sorted(Parts)", "stringEquals", "there is no function `sorted`"),
        ("Parts[-2].Name", "stringEquals", "only the last item of a list can be counted from its end"),
        ("[Parts, State]", "anyStringEquals", "a list cannot hold both a list and text"),
        ("Thing", "stringEquals", "com.example#Answer has no member `Thing`"),
    ] {
        let mut json: Value = serde_json::from_str(&read("waiters.json")).expect("JSON");
        let waiters = &mut json["shapes"]["com.example#Describe"]["traits"]["smithy.waiters#waitable"];
        let matcher = json!({ "output": { "path": path, "comparator": comparator, "expected": "true" } });
        *waiters = json!({ "Odd": { "acceptors": [{ "state": "success", "matcher": matcher }] } });
        let model = smithy::load("waiters.json", &json.to_string()).expect("the model holds");
        let said = generate(&model, &plan("Describe", Form::Module)).expect_err("the waiter cannot be made");
        let said: Vec<_> = said.iter().map(ToString::to_string).collect();
        let [said] = said.as_slice() else { panic!("{said:?}") };
        assert!(said.contains("com.example#Describe: @smithy.waiters#waitable: Odd.acceptors[0]: "), "{said}");
        assert!(said.contains(expected), "{path}: {said}");
    }
    let name = read("waiters.json").replace("\"AllReady\"", "\"all ready\"");
    let model = smithy::load("waiters.json", &name).expect("the model holds");
    let said = format!("{:?}", generate(&model, &plan("Describe", Form::Module)).map(|_| ()));
    assert!(said.contains("expected the name of a waiter"), "{said}");
}

/// An expression that asks for a value again and again would become a program of any size.
#[test]
fn expressions_stay_small() {
    let path = format!("Parts[0] | {}", ["[@, @][0]"; 40].join(" | "));
    let mut json: Value = serde_json::from_str(&read("waiters.json")).expect("JSON");
    let trait_ = &mut json["shapes"]["com.example#Describe"]["traits"]["smithy.waiters#waitable"];
    let matcher =
        json!({ "output": { "path": format!("{path}.Name"), "comparator": "stringEquals", "expected": "x" } });
    *trait_ = json!({ "Odd": { "acceptors": [{ "state": "success", "matcher": matcher }] } });
    let model = smithy::load("waiters.json", &json.to_string()).expect("the model holds");
    let said = format!("{:?}", generate(&model, &plan("Describe", Form::Module)).map(|_| ()));
    assert!(said.contains("parts in Rust") || said.starts_with("Ok"), "{said}");
}

#[test]
fn query() {
    check("query", &["operation/find_keys.rs"]);
}

#[test]
fn streams() {
    check("streams", &["operation/copy.rs", "operation/invoke_async.rs", "operation/play.rs"]);
}

#[test]
fn parameters() {
    let (model, plan) = (load("endpoint/parameters.json"), plan("*", Form::Module));
    insta::assert_snapshot!("parameters.ir", outline(&model, &plan));
    let files = generate(&model, &plan).expect("parameters are supported");
    let own = ["get_store", "list_stores", "find_stores"].map(|name| {
        let operation = files.0.get(&format!("operation/{name}.rs")).expect("an operation has a file");
        // The rest is as of any operation.
        let from = operation.split("const ENDPOINT").nth(1).unwrap_or_default();
        format!("{name}{}", from.split("\n}\n").next().unwrap_or_default())
    });
    insta::assert_snapshot!("parameters", own.join("\n\n"));
}

#[test]
fn events() {
    let files = ["operation/listen.rs", "operation/talk.rs", "primitives.rs", "types.rs", "types/error.rs"];
    check("events", &files);
}

#[test]
fn list_layers() {
    let model = load("../../../model/lambda.json");
    let plan = plan("ListLayers", Form::Crate { manifest: MANIFEST.to_owned() });
    insta::assert_snapshot!("list_layers.ir", outline(&model, &plan));
    let files = generate(&model, &plan).expect("ListLayers is supported");
    let operation = files.0.get("src/operation/list_layers.rs").expect("an operation has a file");
    insta::assert_snapshot!("list_layers", operation);
}

/// Every kind of file, but for what an operation brings.
#[test]
fn a_whole_crate() {
    let runtime = RuntimeSource::Version("0.1".to_owned());
    let plan = plan("ListKeys", Form::NewCrate { name: "tinsmith-pages".to_owned(), runtime });
    let files = generate(&load("pages.json"), &plan).expect("pages are supported");
    let common = files.0.iter().filter(|(path, _)| !path.starts_with("src/operation/"));
    insta::assert_snapshot!("crate", common.map(|(path, text)| format!("=== {path}\n{text}")).collect::<String>());
}

#[test]
fn modules_are_crates_without_manifest() {
    let generate = |form| generate(&load("names.json"), &plan("*", form)).expect("names are supported");
    let (in_crate, in_module) = (generate(Form::Crate { manifest: MANIFEST.to_owned() }), generate(Form::Module));
    assert!(in_module.0.contains_key("mod.rs") && !in_module.0.contains_key("lib.rs"));
    // What hangs on a feature of the crate is not in a module.
    let differ = ["mod.rs", "primitives.rs"];
    for (path, text) in in_module.0.iter().filter(|(path, _)| !differ.contains(&path.as_str())) {
        let expected = in_crate.0.get(&format!("src/{path}"));
        let expected = expected.map(|text| text.replace("`cargo xtask regenerate`", "`tinsmith generate`"));
        assert_eq!(Some(text), expected.as_ref(), "{path}");
    }
    let root = in_module.0.get("mod.rs").map(String::as_str).unwrap_or_default();
    assert!(!root.contains("//!"), "{root}");
    assert!(root.contains("use tinsmith_runtime::operation::"), "{root}");
}

/// The runtime writes inputs as literals and goes by the codes of errors; but it knows which of them may be tried again.
#[test]
fn modules_of_the_runtime_hold_what_a_call_needs() {
    let generate = |form| generate(&load("names.json"), &plan("*", form)).expect("names are supported");
    let (inside, outside) = (generate(Form::RuntimeModule), generate(Form::Module));
    let beside_operations: Vec<_> = inside.0.keys().filter(|path| !path.starts_with("operation/")).collect();
    assert_eq!(beside_operations, ["endpoint.rs", "mod.rs", "operation.rs", "types.rs"]);
    let has = |files: &Files, part: &str| files.0.values().any(|text| text.contains(part));
    for surface in ["Client", "builder! {", "fluent! {", "members! {", "operation_error! {", "modeled_error!", "Debug"]
    {
        assert!(has(&outside, surface) && !has(&inside, surface), "{surface}");
    }
    for needed in [r#"("KMSThrottled", true)"#, "table! {", "use crate::operation::", "type Error = Unhandled;"] {
        assert!(has(&inside, needed), "{needed}");
    }
    assert!(!inside.0.get("mod.rs").is_none_or(|root| root.contains("//!")));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for (file, operations) in [("shapes.json", "*"), ("names.json", "*"), ("../../../model/lambda.json", "ListLayers")]
    {
        let files = || generate(&load(file), &plan(operations, Form::Module));
        assert_eq!(files(), files(), "{file}");
    }
}

#[test]
fn what_is_not_supported_is_named() {
    let model = load("unsupported.json");
    let faults = generate(&model, &plan("*", Form::Module)).expect_err("nothing of this is supported");
    let text: String = faults.iter().map(|fault| format!("{fault}\n")).collect();
    insta::assert_snapshot!("unsupported", text);
    let skipping = Plan { skip: vec!["Upload".to_owned(), "Store".to_owned()], ..plan("*", Form::Module) };
    assert!(generate(&model, &skipping).is_ok());
}

#[test]
fn what_a_service_lacks_is_named() {
    for (from, to, expected) in [
        (
            "aws.protocols#restJson1",
            "aws.protocols#restXml",
            "speaks restXml, which is not supported yet: expected restJson1 or awsQuery",
        ),
        ("aws.protocols#restJson1", "com.example#carrierPigeon", "speaks no protocol that is known"),
        (
            "aws.auth#sigv4",
            "smithy.api#httpBasicAuth",
            "@smithy.api#auth: none of its auth schemes is supported yet (smithy.api#httpBasicAuth)",
        ),
        ("smithy.rules#endpointRuleSet", "com.example#none", "has no endpoint rules"),
    ] {
        let text = read("pages.json").replace(from, to);
        let model = smithy::load("pages.json", &text).expect("the model holds");
        let faults = generate(&model, &plan("ListKeys", Form::Module)).map(|_| ());
        let said: String = faults.err().iter().flatten().map(|fault| format!("{fault}\n")).collect();
        assert!(said.contains(expected), "{from} → {to}: {said}");
    }
}

/// What an error holds counts like what input and output hold: it is in the same answers.
#[test]
fn secrets_of_errors_are_seen() {
    let check = |member: Value, expected: Sensitive| {
        let rules = json!({ "version": "1.0", "parameters": {}, "rules": [
            { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://e.example" } }
        ] });
        let text = json!({ "smithy": "2.0", "shapes": {
            "e#S": { "type": "service", "version": "1", "operations": [{ "target": "e#O" }], "traits": {
                "aws.auth#sigv4": { "name": "e" }, "aws.protocols#restJson1": {}, "smithy.rules#endpointRuleSet": rules
            } },
            "e#O": { "type": "operation", "errors": [{ "target": "e#Refused" }], "traits": {
                "smithy.api#http": { "method": "GET", "uri": "/" }
            } },
            "e#Refused": { "type": "structure", "members": { "held": member }, "traits": { "smithy.api#error": "client" } },
            "e#Inner": { "type": "structure", "members": { "secret": { "target": "e#Secret" } } },
            "e#Secret": { "type": "string", "traits": { "smithy.api#sensitive": {} } },
            "e#Either": { "type": "union", "members": { "secret": { "target": "e#Secret" }, "other": { "target": "e#Either" } } },
            "e#Whole": { "type": "structure", "members": { "a": { "target": "smithy.api#String" } }, "traits": { "smithy.api#sensitive": {} } },
            "e#Secrets": { "type": "list", "member": { "target": "e#Secret" } },
        } });
        let model = smithy::load("m.json", &text.to_string()).expect("the model is sound");
        let selection = select::select(&model, &plan("*", Form::Module)).expect("there is an operation");
        let service = lower::lower(&model, &selection).expect("it is supported");
        assert_eq!(service.operations.first().map(|operation| operation.sensitive), Some(expected), "{member}");
    };
    check(json!({ "target": "smithy.api#String" }), Sensitive::None);
    check(json!({ "target": "e#Secret" }), Sensitive::Bodies);
    for nested in ["e#Inner", "e#Either", "e#Whole", "e#Secrets"] {
        check(json!({ "target": nested }), Sensitive::Bodies);
    }
    check(json!({ "target": "e#Secret", "traits": { "smithy.api#httpHeader": "X-Held" } }), Sensitive::All);
}

/// What a model says in words stays within comments and strings: nothing of it becomes Rust or TOML.
#[test]
fn prose_stays_prose() {
    let hostile = "a\nfn x() {}\r[package]\u{2028}b\0\u{1b}[31m\u{202e}c*/ \\\" `";
    let mut json: Value = serde_json::from_str(&read("shapes.json")).expect("JSON");
    let shapes = json["shapes"].as_object_mut().expect("shapes");
    for shape in shapes.values_mut() {
        shape["traits"]["smithy.api#title"] = hostile.into();
        shape["traits"]["smithy.api#documentation"] = hostile.into();
    }
    let model = smithy::load("shapes.json", &json.to_string()).expect("the model holds");
    let form = Form::NewCrate { name: "x".to_owned(), runtime: RuntimeSource::Version("0.1".to_owned()) };
    for (path, text) in generate(&model, &plan("*", form)).expect("shapes are supported").0 {
        let mut lines = text.lines().map(str::trim_start);
        assert!(!lines.any(|line| line.starts_with("fn x()") || line.starts_with("[package]b")), "{path}: {text}");
        assert!(!text.contains(['\r', '\0', '\u{1b}', '\u{202e}', '\u{2028}']), "{path}: {text}");
    }
}

/// No type is made of lists within lists without end: it would be walked, printed and compiled on the stack.
#[test]
fn deep_lists_are_refused() {
    let lists = |depth: usize| {
        let mut json: Value = serde_json::from_str(&read("pages.json")).expect("JSON");
        let shapes = json["shapes"].as_object_mut().expect("shapes");
        for i in 1..depth {
            let next = if i + 1 < depth { format!("com.example#L{}", i + 1) } else { "smithy.api#String".to_owned() };
            shapes.insert(format!("com.example#L{i}"), json!({ "type": "list", "member": { "target": next } }));
        }
        if depth > 1 {
            shapes["com.example#Keys"]["member"]["target"] = "com.example#L1".into();
        }
        let model = smithy::load("pages.json", &json.to_string()).expect("the model holds");
        generate(&model, &plan("ListNumbers", Form::Module)).map(|_| ())
    };
    assert_eq!(lists(32), Ok(()));
    for depth in [33, 20_000] {
        let found = lists(depth).expect_err("too deep");
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|fault| fault.to_string().contains("nests more than 32 lists and maps")));
    }
}

/// What lies within conditions is looked at once a level: looked at twice, this would take longer than anybody waits.
#[test]
fn nested_conditions_are_lowered_once() {
    let nested = (0..40).fold("Done".to_owned(), |inner, _| format!("({inner} == Done && Done)"));
    let text = read("waiters.json").replace("length(Parts) > `0` && !Done", &nested);
    assert!(text.contains(&nested));
    let model = smithy::load("waiters.json", &text).expect("the model holds");
    assert!(generate(&model, &plan("*", Form::Module)).is_ok());
}

#[test]
fn a_default_that_its_type_cannot_hold_is_named() {
    for (target, default, is_supported) in
        [("Float", 0.1, true), ("Float", 1e308, false), ("Double", 1e308, true), ("Byte", 300.0, false)]
    {
        let member = format!(
            r#""members": {{ "Default": {{ "target": "smithy.api#{target}", "traits": {{ "smithy.api#default": {default:?} }} }}, "Keys""#
        );
        let text =
            read("pages.json").replace(r#""members": { "Token": { "target": "smithy.api#String" }, "Keys""#, &member);
        let model = smithy::load("pages.json", &text).expect("the model holds");
        let made = generate(&model, &plan("ListNumbers", Form::Module)).map(|_| ());
        assert_eq!(made.is_ok(), is_supported, "{target} {default}: {made:?}");
    }
}

/// What only the errors of the service hold lives beside the operation too, where that is the only one.
#[test]
fn shapes_of_errors_of_the_service_are_there() {
    let text = read("names.json").replace(
        r#""members": {},
      "traits": { "smithy.api#error": "server""#,
        r#""members": { "Wait": { "target": "com.example#Wait" } },
      "traits": { "smithy.api#error": "server""#,
    );
    let wait = r#""com.example#Wait": { "type": "structure" }, "com.example#KMSThrottled": {"#;
    let model = smithy::load("names.json", &text.replace(r#""com.example#KMSThrottled": {"#, wait));
    let files = generate(&model.expect("the model holds"), &plan("Send", Form::Module)).expect("names are supported");
    let has = |path: &str, text: &str| files.0.get(path).is_some_and(|file| file.contains(text));
    assert!(has("operation/send_operation.rs", "pub struct Wait") && has("types/error.rs", "Option<Wait>"));
}

const MANIFEST: &str = "[package]\nname = \"x\"\n\n# tinsmith: features, generated\n# tinsmith: end\n";

/// Compares the IR of a fixture, and these of its files, with what was seen before.
fn check(name: &str, paths: &[&str]) {
    let model = load(&format!("{name}.json"));
    let plan = plan("*", Form::Module);
    insta::assert_snapshot!(format!("{name}.ir"), outline(&model, &plan));
    let files = generate(&model, &plan).expect("the fixture is supported");
    for path in paths {
        let text = files.0.get(*path).expect("the file is generated");
        let file = path.replace('/', "_").replace(".rs", "");
        insta::assert_snapshot!(format!("{name}.{file}"), text);
    }
}

fn outline(model: &Model, plan: &Plan) -> String {
    let selection = select::select(model, plan).expect("the operations are there");
    outline::of(&lower::lower(model, &selection).expect("the operations are supported"))
}

fn plan(operations: &str, form: Form) -> Plan {
    Plan { operations: vec![operations.to_owned()], form, ..Plan::default() }
}

fn load(name: &str) -> Model {
    smithy::load(name, &read(name)).expect("the model holds")
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read_to_string(path).expect("the fixture is there")
}
