//! Bad models: every fault, with its whole message.

use serde_json::{Value, json};
use tinsmith_codegen::select::select;
use tinsmith_codegen::{Diagnostic, Plan, lower, smithy};

fn check(text: &str, expected: &[&str]) {
    let faults = smithy::load("m.json", text).err().unwrap_or_default();
    let messages: Vec<_> = faults.iter().map(Diagnostic::to_string).collect();
    assert_eq!(messages, expected, "{text}");
}

/// A fix-up that a model does not need, or that misses its shape, is a fault of ours.
#[test]
fn fixups_without_effect() {
    let rules = json!({ "version": "1.0", "parameters": {}, "rules": [
        { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://sts.example" } }
    ] });
    let shapes = json!({
        "com.amazonaws.sts#S": { "type": "service", "version": "1", "operations": [{ "target": "com.amazonaws.sts#O" }], "traits": {
            "aws.auth#sigv4": { "name": "s" }, "aws.protocols#awsQuery": {}, "smithy.rules#endpointRuleSet": rules
        } },
        "com.amazonaws.sts#O": { "type": "operation" },
        "com.amazonaws.sts#tokenType": { "type": "string", "traits": { "smithy.api#sensitive": {} } }
    });
    let text = json!({ "smithy": "2.0", "shapes": shapes }).to_string();
    let model = smithy::load("m.json", &text).expect("the model is sound");
    let plan = Plan { operations: vec!["*".to_owned()], ..Plan::default() };
    let faults = tinsmith_codegen::generate(&model, &plan).err().unwrap_or_default();
    let expected = [
        "m.json: com.amazonaws.sts#tokenType: @smithy.api#sensitive: is marked by now: delete its fix-up (a session \
         token signs for whoever has it) from codegen/src/lower/fixups.rs",
        "m.json: com.amazonaws.sts#tokenCodeType: @smithy.api#sensitive: is not in the model, but has a fix-up (the code of \
         an MFA device is as good as the device while it is valid): name the shape that is there now in \
         codegen/src/lower/fixups.rs",
        "m.json: com.amazonaws.sts#IDPCommunicationErrorException: @smithy.api#retryable: is not in the model, but has a \
         fix-up (STS could not reach the provider of the token; its documentation and all official SDKs try again): name \
         the shape that is there now in codegen/src/lower/fixups.rs",
    ];
    assert_eq!(faults.iter().map(Diagnostic::to_string).collect::<Vec<_>>(), expected);
}

/// A model of these shapes of the namespace `e`.
fn model(shapes: Value) -> String {
    let shapes = shapes.as_object().into_iter().flatten().map(|(name, shape)| (format!("e#{name}"), shape.clone()));
    json!({ "smithy": "2.0", "shapes": shapes.collect::<serde_json::Map<_, _>>() }).to_string()
}

#[test]
fn files() {
    for (text, expected) in [
        ("", "m.json: is not JSON: EOF while parsing a value at line 1 column 0"),
        ("{\n  \"smithy\": 2,,", "m.json: is not JSON: key must be a string at line 2 column 15"),
        ("[]", "m.json: is not a Smithy model: expected an object with `smithy` and `shapes`"),
        ("{}", "m.json: is not a Smithy model: it has no `smithy` version, expected \"2.0\""),
        (
            r#"{"smithy": "1.0", "shapes": {}}"#,
            "m.json: is of Smithy \"1.0\": expected \"2.0\" (`smithy ast` of the Smithy CLI converts)",
        ),
        (r#"{"smithy": "2.0"}"#, "m.json: has no `shapes`: expected an object of shapes by their ids"),
        (r#"{"smithy": "2.0", "shapes": []}"#, "m.json: has no `shapes`: expected an object of shapes by their ids"),
        (r#"{"smithy": "2.0", "shapes": {"A": {}}}"#, "m.json: A: is not a shape id: expected `namespace#Name`"),
    ] {
        check(text, &[expected]);
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    check(&deep, &["m.json: is not JSON: recursion limit exceeded at line 1 column 128"]);
}

#[test]
fn shapes() {
    for (shapes, expected) in [
        (json!({ "A": 1 }), &["m.json: e#A: is not a shape: expected an object, found 1"][..]),
        (json!({ "A": {} }), &["m.json: e#A: has no `type`"]),
        (json!({ "A": { "type": "tuple" } }), &["m.json: e#A: is of type \"tuple\", which Smithy 2.0 does not have"]),
        (json!({ "A": { "type": "list" } }), &["m.json: e#A: has no `member`"]),
        (
            json!({ "A": { "type": "structure", "members": [] } }),
            &["m.json: e#A: has bad `members`: expected an object, found []"],
        ),
        (
            json!({ "A": { "type": "structure", "members": { "a b": {}, "c": 1, "d": {}, "e": { "target": "x" } } } }),
            &[
                "m.json: e#A: has a member \"a b\": expected an identifier",
                "m.json: e#A$c: is not a member: expected an object, found 1",
                "m.json: e#A$d: has no `target`: expected the id of a shape",
                "m.json: e#A$e: has no `target`: expected the id of a shape",
            ],
        ),
        (
            json!({ "A$b": { "type": "string" } }),
            &["m.json: e#A$b: is the id of a member: only an `apply` can have one"],
        ),
        (json!({ "A$b": { "type": "apply" } }), &["m.json: e#A$b: applies nothing: expected `traits`"]),
        (
            json!({ "A$b": { "type": "apply", "traits": {} } }),
            &["m.json: e#A: has traits applied to it, but is not in the model"],
        ),
        (
            json!({ "A": { "type": "structure" }, "A$b": { "type": "apply", "traits": { "e#t": {} } } }),
            &["m.json: e#A$b: has \"e#t\" applied to it, but is not in the model"],
        ),
        (
            json!({ "A": { "type": "structure", "mixins": [{ "target": "e#B" }] },
                    "B": { "type": "structure", "mixins": [{ "target": "e#A" }, { "target": "e#C" }] } }),
            &[
                "m.json: e#A: uses mixins in a circle",
                "m.json: e#B: uses mixins in a circle",
                "m.json: e#B: uses the mixin e#C, which is not in the model",
            ],
        ),
        (
            json!({ "A": { "type": "enum", "members": { "X": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": 1 } } } },
                    "B": { "type": "intEnum", "members": { "Y": { "target": "smithy.api#Unit" } } } }),
            &[
                "m.json: e#A$X: @smithy.api#enumValue: expected a string, found 1",
                "m.json: e#B$Y: @smithy.api#enumValue: expected an integer of 32 bits, found null",
            ],
        ),
    ] {
        check(&model(shapes), expected);
    }
}

#[test]
fn traits() {
    let cases = json!({
        "smithy.api#required": true,
        "smithy.api#httpQuery": 5,
        "smithy.api#timestampFormat": "julian",
        "smithy.api#http": { "method": "GET" },
        "smithy.api#error": "both",
        "smithy.api#auth": ["a", 1],
    });
    let expected = [
        ("auth", "invalid type: integer `1`, expected a string"),
        ("error", "unknown variant `both`, expected `client` or `server`"),
        ("http", "missing field `uri`"),
        ("httpQuery", "invalid type: integer `5`, expected a string"),
        ("required", "expected {}, found true"),
        ("timestampFormat", "unknown variant `julian`, expected one of `date-time`, `epoch-seconds`, `http-date`"),
    ];
    for place in ["e#A", "e#A$m"] {
        let member = json!({ "target": "smithy.api#String", "traits": if place == "e#A$m" { cases.clone() } else { json!({}) } });
        let own = if place == "e#A" { cases.clone() } else { json!({}) };
        let text = model(json!({ "A": { "type": "structure", "members": { "m": member }, "traits": own } }));
        let expected: Vec<_> =
            expected.iter().map(|(id, reason)| format!("m.json: {place}: @smithy.api#{id}: {reason}")).collect();
        check(&text, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn targets() {
    let target = |id: &str| json!({ "target": id });
    let text = model(json!({
        "S": { "type": "service", "operations": [target("e#A"), target("e#None")], "resources": [target("e#O")] },
        "O": { "type": "operation", "input": target("e#L"), "output": {}, "errors": [target("e#A"), 3] },
        "A": { "type": "structure", "members": { "x": target("e#Gone"), "y": target("e#O") } },
        "L": { "type": "list", "member": target("smithy.api#Nothing") },
        "M": { "type": "map", "key": target("e#L"), "value": target("smithy.api#String") },
    }));
    check(
        &text,
        &[
            "m.json: e#A$x: targets e#Gone, which is not in the model",
            "m.json: e#A$y: targets e#O (operation): expected a data shape",
            "m.json: e#L$member: targets smithy.api#Nothing, which is not in the model",
            "m.json: e#M$key: targets e#L (list): expected a string",
            "m.json: e#O: has a bad `errors`: expected {\"target\": id}, found 3",
            "m.json: e#O: has a bad `output`: expected {\"target\": id}, found {}",
            "m.json: e#O: has the input e#L (list): expected a structure",
            "m.json: e#O: lists the error e#A (structure): expected a structure with the trait smithy.api#error",
            "m.json: e#S: lists the operation e#A (structure): expected an operation",
            "m.json: e#S: lists the operation e#None, which is not in the model",
            "m.json: e#S: lists the resource e#O (operation): expected a resource",
        ],
    );
}

#[test]
fn plans() {
    let one = model(json!({
        "S": { "type": "service", "operations": [{ "target": "e#ListOrders" }] },
        "ListOrders": { "type": "operation" },
    }));
    let two = model(json!({ "S": { "type": "service" }, "T": { "type": "service" } }));
    let none = model(json!({}));
    for (text, service, operations, expected) in [
        (&none, None, "*", &["m.json: has no service"][..]),
        (&two, None, "*", &["m.json: has several services, name one of them: e#S, e#T"]),
        (&two, Some("U"), "*", &["m.json: has no service U, but e#S, e#T"]),
        (&one, None, "", &["m.json: e#S: no operation was asked for: name some of its 1, or `*` for all"]),
        (
            &one,
            Some("S"),
            "ListOrder Delete",
            &[
                "m.json: e#S: has no operation ListOrder: did you mean ListOrders?",
                "m.json: e#S: has no operation Delete: it has 1 others",
            ],
        ),
    ] {
        let model = smithy::load("m.json", text).unwrap();
        let operations = operations.split_whitespace().map(str::to_owned).collect();
        let plan = Plan { service: service.map(str::to_owned), operations, ..Plan::default() };
        let faults = select(&model, &plan).unwrap_err();
        assert_eq!(faults.iter().map(Diagnostic::to_string).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_plan_that_skips_everything() {
    let text = model(json!({
        "S": { "type": "service", "operations": [{ "target": "e#ListOrders" }] },
        "ListOrders": { "type": "operation" },
    }));
    let model = smithy::load("m.json", &text).unwrap();
    let named = || vec!["ListOrders".to_owned()];
    let plan = Plan { operations: named(), skip: named(), ..Plan::default() };
    let faults = select(&model, &plan).unwrap_err();
    let messages: Vec<_> = faults.iter().map(Diagnostic::to_string).collect();
    assert_eq!(messages, ["m.json: e#S: no operation is left: `skip` names all that were asked for"]);
}

/// What one operation lacks is told of it, and costs the others nothing; nor does what no operation reaches.
#[test]
fn operations_that_are_left_out() {
    let operation = |uri: &str, input: &str| {
        let http = json!({ "smithy.api#http": { "method": "GET", "uri": uri } });
        json!({ "type": "operation", "input": { "target": input }, "traits": http })
    };
    let rules = json!({ "parameters": {}, "rules": [
        { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://s.example" } }
    ] });
    let names = ["Fine", "Nowhere", "Labelled", "Endless", "AsEndless"];
    let text = model(json!({
        "S": { "type": "service", "version": "1", "operations": names.map(|name| json!({ "target": format!("e#{name}") })), "traits": {
            "aws.auth#sigv4": { "name": "s" }, "aws.protocols#restJson1": {}, "smithy.rules#endpointRuleSet": rules
        } },
        "Fine": operation("/fine", "e#Shared"),
        "Nowhere": { "type": "operation", "input": { "target": "e#Shared" } },
        "Labelled": operation("/{gone}", "e#Shared"),
        "Endless": operation("/endless", "e#In"),
        "AsEndless": operation("/as-endless", "e#In"),
        "In": { "type": "structure", "members": { "list": { "target": "e#List" }, "shared": { "target": "e#Shared" } } },
        "List": { "type": "list", "member": { "target": "e#List" } },
        "Shared": { "type": "structure", "members": {} },
    }));
    let model = smithy::load("m.json", &text).unwrap();
    let check = |operations: &[&str], skip: &[&str], skipped: &[&str], expected: &[&str]| {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let asked = Plan { operations: list(operations), skip: list(skip), ..Plan::default() };
        let (plan, left_out) = tinsmith_codegen::possible(&model, &asked).unwrap();
        assert_eq!(left_out.iter().map(Diagnostic::to_string).collect::<Vec<_>>(), expected);
        assert_eq!(plan, Plan { skip: list(skipped), ..asked.clone() });
        let files = tinsmith_codegen::generate(&model, &plan);
        assert_eq!(files.is_ok(), operations != ["Endless"], "{files:?}");
        // Whoever asks for all of them is told the same, and gets nothing.
        if let Err(faults) = tinsmith_codegen::generate(&model, &asked) {
            assert!(left_out.is_empty() || faults == left_out, "{faults:?}");
        }
    };
    let endless = |needs: &str| {
        format!(
            "m.json: e#List: holds itself with no structure in between, so that no type can be made of it; {needs} needs it, \
             and can be left out with `skip`"
        )
    };
    let labelled = "m.json: e#Labelled: @smithy.api#http: the path `/{gone}` has the label `gone` twice, or for no member of \
                    the input that is bound to it; Labelled needs it, and can be left out with `skip`";
    let nowhere = "m.json: e#Nowhere: @smithy.api#http: the operation has no HTTP binding; Nowhere needs it, and can be left \
                   out with `skip`";
    check(
        &["*"],
        &[],
        &["e#AsEndless", "e#Endless", "e#Labelled", "e#Nowhere"],
        &[&endless("AsEndless"), &endless("Endless"), labelled, nowhere],
    );
    check(
        &["*"],
        &["Nowhere", "AsEndless", "Endless"],
        &["Nowhere", "AsEndless", "Endless", "e#Labelled"],
        &[labelled],
    );
    check(&["Fine"], &[], &[], &[]);
    check(&["Endless"], &[], &[], &[]);
}

/// A model decides how long chains of shapes and mixins are: nothing recurses over them.
#[test]
fn long_chains() {
    let chain = |next: fn(usize) -> Value| {
        (0..20_000).map(|i| (format!("e#S{i}"), next(i + 1))).collect::<serde_json::Map<_, _>>()
    };
    let mut shapes = chain(|next| json!({ "type": "list", "member": { "target": format!("e#S{next}") } }));
    shapes.insert("e#S20000".to_owned(), json!({ "type": "structure" }));
    shapes.insert("e#In".to_owned(), json!({ "type": "structure", "members": { "s": { "target": "e#S0" } } }));
    shapes.insert("e#Op".to_owned(), json!({ "type": "operation", "input": { "target": "e#In" } }));
    shapes.insert("e#Sv".to_owned(), json!({ "type": "service", "operations": [{ "target": "e#Op" }] }));
    let model = smithy::load("m.json", &json!({ "smithy": "2.0", "shapes": shapes }).to_string()).unwrap();
    let tree = tinsmith_codegen::show::show(&model, "Op").unwrap();
    let plan = Plan { operations: vec!["Op".to_owned()], ..Plan::default() };
    let faults: Vec<_> = lower::unsupported(&model, &select(&model, &plan).unwrap()).into_values().flatten().collect();
    assert!(
        faults.iter().any(|fault| fault.reason.contains("nests more than 32 lists and maps")),
        "{} faults",
        faults.len()
    );
    assert!(tree.contains("… deeper") && tree.ends_with("reaches 20002 shapes: 20000 list, 2 structure\n"), "{tree}");

    let mut shapes =
        chain(|next| json!({ "type": "structure", "members": { "s": { "target": format!("e#S{next}") } } }));
    shapes.insert("e#S20000".to_owned(), json!({ "type": "structure" }));
    shapes.insert("e#Op".to_owned(), json!({ "type": "operation", "input": { "target": "e#S0" } }));
    let rule = json!({ "type": "endpoint", "conditions": [], "endpoint": { "url": "https://e.example" } });
    let traits = json!({
        "aws.protocols#awsQuery": {}, "smithy.rules#endpointRuleSet": { "parameters": {}, "rules": [rule] }
    });
    let operations = [json!({ "target": "e#Op" })];
    shapes.insert("e#Sv".to_owned(), json!({ "type": "service", "operations": operations, "traits": traits }));
    let model = smithy::load("m.json", &json!({ "smithy": "2.0", "shapes": shapes }).to_string()).unwrap();
    let service = lower::lower(&model, &select(&model, &plan).unwrap()).unwrap();
    assert_eq!(service.operations[0].shapes.len(), 20_000);

    let mut shapes = chain(|next| json!({ "type": "structure", "mixins": [{ "target": format!("e#S{next}") }] }));
    shapes.insert(
        "e#S20000".to_owned(),
        json!({ "type": "structure", "members": { "m": { "target": "smithy.api#String" } } }),
    );
    let model = smithy::load("m.json", &json!({ "smithy": "2.0", "shapes": shapes }).to_string()).unwrap();
    let first = model.shapes.values().find(|shape| shape.id.name() == "S0").unwrap();
    assert_eq!(first.members().len(), 1);
}
