//! Operations as Cargo features: what is compiled with which, in the IR and in the files.

mod reach;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Form, Plan, RuntimeSource, generate, select};

use reach::{lowered, name, plan};

/// Four operations. What one uses stands with it, what some use in groups, what most and the default ones use in common
/// files.
#[test]
fn shapes_stand_with_who_uses_them() {
    let service = lowered(&stock(), &plan(&["*"], Some(&["Count"])));
    let mut lines: Vec<String> = Vec::new();
    for operation in &service.operations {
        let feature = operation.feature.as_ref().expect("it is a feature");
        lines.push(format!("{}{}: {}", feature.name, if feature.is_default { "*" } else { "" }, {
            let enums = operation.enums.iter().map(|of| of.name.as_str());
            operation.shapes.iter().map(name).chain(enums).collect::<Vec<_>>().join(" ")
        }));
    }
    for group in &service.groups {
        let enums = group.held.enums.iter().map(|of| of.name.as_str());
        let names: Vec<_> = group.held.shapes.iter().map(name).chain(enums).collect();
        lines.push(format!("types {} if {}: {}", group.module, group.gate.join(" "), names.join(" ")));
    }
    for group in &service.error_groups {
        let names: Vec<_> = group.held.iter().map(|error| error.structure.name.as_str()).collect();
        lines.push(format!("errors {} if {}: {}", group.module, group.gate.join(" "), names.join(" ")));
    }
    let common = service.shapes.iter().map(name).chain(service.enums.iter().map(|of| of.name.as_str()));
    let errors = service.errors.iter().map(|error| error.structure.name.as_str());
    lines.push(format!("always: {}", common.chain(errors).collect::<Vec<_>>().join(" ")));
    let expected = [
        "count*: Tally",
        "full-operation: ",
        "move-item: Route Speed",
        "move-shelf: ",
        "types shelf if full-operation move-shelf: Board Shelf",
        "types status if full-operation move-item move-shelf: Status",
        "errors move_item if move-item: Lost",
        "errors r#move if move-item move-shelf: Blocked TooHeavy",
        "always: Unit Refused",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn files_say_their_features() {
    let runtime = RuntimeSource::Version("0.1".to_owned());
    let form = Form::NewCrate { name: "stock".to_owned(), runtime };
    let files = generate(&stock(), &Plan { form, ..plan(&["*"], Some(&["Count"])) }).expect("it is supported");
    let shown =
        ["Cargo.toml", "src/operation.rs", "src/types.rs", "src/types/shelf.rs", "src/types/error.rs", "src/error.rs"];
    let shown = shown.map(|path| format!("=== {path}\n{}", files.0.get(path).map(String::as_str).unwrap_or_default()));
    insta::assert_snapshot!(shown.concat());
    let library = files.0.get("src/lib.rs").map(String::as_str).unwrap_or_default();
    let chosen = "//! Each operation is a feature of this crate, `count` for one; `full` is all of them.\n";
    assert!(library.contains(chosen), "{library}");
}

/// HTTP/2 comes with the operations that stream events by it, and with all where the service prefers it.
#[test]
fn http2_comes_with_who_needs_it() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events.json"));
    let text = text.expect("the fixture is there");
    let files = |replaced: [&str; 2], defaults: Option<&[&str]>| {
        let [from, to] = replaced;
        assert!(text.contains(from), "{from}");
        let model = smithy::load("events.json", &text.replace(from, to)).expect("the model holds");
        generate(&model, &plan(&["*"], defaults)).expect("events are supported").0
    };
    let versions = r#""http": ["http/1.1", "h2"], "eventStreamHttp": ["h2"]"#;
    let ours = r#"default = ["default-https-client", "rustls", "rt-tokio", "tracing"]"#;
    let with = r#"default = ["default-https-client", "rustls", "http2", "rt-tokio", "tracing"]"#;
    for (replaced, defaults, expected) in [
        ([versions, versions], Some(&[][..]), [ours, "\ntalk = [\"http2\"]\n", "\nlisten = [\"http2\"]\n"]),
        ([versions, r#""http": []"#], Some(&[]), [ours, "\ntalk = [\"http2\"]\n", "\nlisten = []\n"]),
        ([versions, r#""http": []"#], None, [with, "", ""]),
        ([versions, r#""http": ["h2"]"#], Some(&[]), [with, "", ""]),
    ] {
        let files = files(replaced, defaults);
        for line in expected {
            assert!(files["Cargo.toml"].contains(line), "{line}: {}", files["Cargo.toml"]);
        }
        let alone = files["src/lib.rs"].contains("//! The service speaks HTTP/2 alone");
        assert_eq!(alone, replaced[1].contains("\"http\": [\"h2\"]"), "{}", replaced[1]);
    }
}

#[test]
fn without_features_nothing_is_gated() {
    let service = lowered(&stock(), &plan(&["*"], None));
    assert!(service.groups.is_empty() && service.error_groups.is_empty());
    assert!(service.operations.iter().all(|operation| operation.feature.is_none() && operation.enums.is_empty()));
}

#[test]
fn defaults_are_operations_of_the_crate() {
    let check = |plan: &Plan, expected: &str| {
        let faults = select::select(&stock(), plan).map(|_| ()).expect_err("the plan is at fault");
        let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(said, [format!("stock.json: e#Stock: {expected}")]);
    };
    check(&plan(&["*"], Some(&["Counts"])), "has no operation Counts: did you mean Count?");
    check(&plan(&["MoveItem"], Some(&["Count"])), "Count is to be on by default, and is not generated");
    let module = Plan { form: Form::Module, ..plan(&["*"], Some(&["Count"])) };
    check(&module, "a module has no features of its own, so that no operation of it can be on by default");
}

/// Each operation of Lambda, of which none is left out. By default the crate is that of `ListLayers`, to a shape.
#[test]
fn a_feature_brings_what_its_operation_reaches() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/lambda.json");
    let text = std::fs::read_to_string(path).expect("the model is there");
    let model = smithy::load("lambda.json", &text).expect("the model holds");
    let operations = reach::check(&model, Some("ListLayers"), usize::MAX).unwrap_or_else(|differs| panic!("{differs}"));
    assert_eq!(operations, 85);
}

/// A model of a line a shape: what holds what.
fn stock() -> Model {
    let structures = [
        ("CountInput", &["Unit"][..]),
        ("CountOutput", &["Tally"]),
        ("Tally", &[]),
        ("MoveItemInput", &["Route", "Unit"]),
        ("MoveItemOutput", &["Status", "Speed"]),
        ("Route", &[]),
        ("MoveShelfInput", &["Shelf", "Unit"]),
        ("MoveShelfOutput", &["Status"]),
        ("Shelf", &["Board"]),
        ("Board", &[]),
        ("FullInput", &[]),
        ("FullOutput", &["Shelf", "Status"]),
    ];
    let mut shapes = BTreeMap::new();
    let members = |held: &[&str]| -> Value {
        held.iter()
            .map(|name| ((*name).to_owned(), json!({ "target": format!("e#{name}") })))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    for (name, held) in structures {
        shapes.insert(name, json!({ "type": "structure", "members": members(held) }));
    }
    for name in ["Status", "Speed", "Unit"] {
        let value = json!({ "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "one" } });
        shapes.insert(name, json!({ "type": "enum", "members": { "ONE": value } }));
    }
    for name in ["Refused", "Lost", "Blocked", "TooHeavy"] {
        shapes.insert(name, json!({ "type": "structure", "members": {}, "traits": { "smithy.api#error": "client" } }));
    }
    let operations = [
        ("Count", &["Refused"][..]),
        ("Full", &["Refused"]),
        ("MoveItem", &["Refused", "Lost", "Blocked", "TooHeavy"]),
        ("MoveShelf", &["Blocked", "TooHeavy"]),
    ];
    for (name, errors) in operations {
        let target = |name: &str| json!({ "target": format!("e#{name}") });
        shapes.insert(
            name,
            json!({
                "type": "operation",
                "input": target(&format!("{name}Input")),
                "output": target(&format!("{name}Output")),
                "errors": errors.iter().map(|name| target(name)).collect::<Vec<_>>(),
                "traits": { "smithy.api#http": { "method": "POST", "uri": format!("/{name}") } },
            }),
        );
    }
    let rules = json!({ "version": "1.0", "parameters": {}, "rules": [
        { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://e.example" } }
    ] });
    shapes.insert(
        "Stock",
        json!({
            "type": "service",
            "version": "1",
            "operations": operations.map(|(name, _)| json!({ "target": format!("e#{name}") })),
            "traits": {
                "aws.auth#sigv4": { "name": "e" }, "aws.protocols#restJson1": {}, "smithy.rules#endpointRuleSet": rules
            },
        }),
    );
    let shapes: BTreeMap<_, _> = shapes.into_iter().map(|(name, shape)| (format!("e#{name}"), shape)).collect();
    let text = json!({ "smithy": "2.0", "shapes": shapes }).to_string();
    smithy::load("stock.json", &text).expect("the model holds")
}
