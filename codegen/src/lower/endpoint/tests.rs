//! Rule sets that are wrong, and what is said of them; and what a right one becomes.

use serde_json::{Value, json};

use super::{BDD, DEPTH, RULE_SET, lower, of_service};
use crate::ir::endpoint::{Absence, Endpoint, Expr, Kind, Parameter, Piece, Rule, RuleSet, Setting, Step, Then};

/// A rule set whose one rule has this condition, and a parameter of each kind.
fn with_condition(condition: Value) -> Value {
    let text = json!({ "type": "string" });
    json!({
        "parameters": { "Text": text, "There": { "type": "string", "required": true }, "Flag": { "type": "boolean" } },
        "rules": [{ "conditions": [condition], "type": "error", "error": "an error" }],
    })
}

fn call(function: &str, arguments: Value) -> Value {
    with_condition(json!({ "fn": function, "argv": arguments }))
}

fn answer(rule: Value) -> Value {
    json!({ "parameters": { "Text": { "type": "string" } }, "rules": [rule] })
}

#[track_caller]
fn check(value: &Value, expected: &[&str]) {
    let faults = lower(value).expect_err("the rule set is wrong");
    assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn a_document_of_another_form() {
    check(&json!([]), &["expected an object, found an array"]);
    check(&json!({}), &["`parameters` is missing", "`rules` is missing"]);
    check(
        &json!({ "parameters": 1, "rules": 2 }),
        &["parameters: expected an object, found a number", "rules: expected an array, found a number"],
    );
    check(&answer(json!(null)), &["rules[0]: expected an object, found null"]);
    check(&answer(json!({})), &["rules[0]: `type` is missing"]);
    check(&answer(json!({ "type": "leaf" })), &["rules[0].type: expected `endpoint`, `error` or `tree`, found `leaf`"]);
    check(&answer(json!({ "type": "tree" })), &["rules[0]: `rules` is missing"]);
    check(&answer(json!({ "type": "endpoint", "endpoint": {} })), &["rules[0].endpoint: `url` is missing"]);
}

#[test]
fn parameters() {
    let parameter = |value: Value| json!({ "parameters": { "P": value }, "rules": [] });
    check(
        &json!({ "parameters": { "P!": {} }, "rules": [] }),
        &["parameters.P!: `P!` is no name: expected letters, digits and `_`, no digit first"],
    );
    check(&parameter(json!({})), &["parameters.P: `type` is missing"]);
    check(
        &parameter(json!({ "type": "int" })),
        &["parameters.P.type: expected `string`, `boolean` or `stringArray`, found `int`"],
    );
    check(
        &parameter(json!({ "type": "String", "default": 1 })),
        &["parameters.P.default: expected a string, found a number"],
    );
    check(
        &parameter(json!({ "type": "stringArray", "default": ["a", 1] })),
        &["parameters.P.default[1]: expected a string, found a number"],
    );
    check(
        &parameter(json!({ "type": "string", "builtIn": "AWS::UseFIPS" })),
        &["parameters.P: this is not the type of its built-in"],
    );
    check(
        &parameter(json!({ "type": "string", "required": "yes" })),
        &["parameters.P.required: expected a boolean, found a string"],
    );
}

#[test]
fn calls_and_their_types() {
    let absent = "this may be absent here: a condition must look with `isSet`, or assign it, before";
    let check = |value: Value, expected: &str| check(&value, &[&format!("rules[0].conditions[0]{expected}")]);
    check(call("aws.mystery", json!([])), ".fn: the function `aws.mystery` is not known");
    check(call("not", json!([])), ".argv: this is not the number of arguments that `not` takes");
    check(call("uriEncode", json!([1, 2])), ".argv: `uriEncode` takes 1 arguments, found 2");
    check(call("uriEncode", json!([true])), ".argv[0]: expected a string, found a boolean");
    check(call("uriEncode", json!([{ "ref": "Text" }])), &format!(".argv[0]: {absent}"));
    check(call("uriEncode", json!(["{Text}"])), &format!(".argv[0]: {absent}"));
    check(call("uriEncode", json!(["{Tex}"])), ".argv[0]: no parameter or variable here has the name `Tex`");
    check(call("uriEncode", json!(["{There"])), ".argv[0]: a brace has no partner in `{There`");
    check(call("uriEncode", json!(["There}"])), ".argv[0]: a brace has no partner in `There}`");
    check(call("uriEncode", json!(["{There#x}"])), ".argv[0]: a string has no attribute `x`");
    check(
        call("uriEncode", json!([null])),
        ".argv[0]: expected a string, a boolean, a list of strings, a reference or a call, found null",
    );
    check(call("split", json!(["{There}", "-", -1])), ".argv[2]: expected a whole number from 0 on, found a number");
    check(
        call("coalesce", json!([{ "ref": "Text" }, { "ref": "Flag" }])),
        ".argv: expected values of one type, found a string and a boolean",
    );
    check(call("booleanEquals", json!([{ "ref": "Flag" }, true])), &format!(".argv[0]: {absent}"));
    check(call("getAttr", json!([["a"], "[x]"])), ".argv[1]: expected a number between `[` and `]`, found `[x]`");
    check(call("getAttr", json!([["a"], "[0].x"])), &format!(".argv[1]: {absent}"));
    check(call("getAttr", json!([["a"], ""])), ".argv[1]: a list of strings has no attribute ``");
    let assigned = json!({ "fn": "uriEncode", "argv": ["x"], "assign": "Text" });
    check(with_condition(assigned), ".assign: `Text` is the name of a parameter or variable already");
}

#[test]
fn every_fault_is_told() {
    let rules = json!([
        { "conditions": [{ "fn": "isSet", "argv": [{ "ref": "A" }] }], "type": "error", "error": "{B}" },
        { "conditions": [], "type": "endpoint", "endpoint": { "url": 1, "headers": { "a b": [{ "ref": "C" }] } } },
        { "conditions": [], "type": "error", "error": "{D}" },
    ]);
    check(
        &json!({ "parameters": {}, "rules": rules }),
        &[
            "rules[0].conditions[0]: no parameter or variable here has the name `A`",
            "rules[0].error: no parameter or variable here has the name `B`",
            "rules[1].endpoint.url: expected a string, a boolean, a list of strings, a reference or a call, found a number",
            "rules[1].endpoint.headers.a b: this is no name of a header",
            "rules[1].endpoint.headers.a b[0]: no parameter or variable here has the name `C`",
            "rules[2].error: no parameter or variable here has the name `D`",
        ],
    );
}

#[test]
fn nesting_is_bounded() {
    let mut rule = json!({ "conditions": [], "type": "error", "error": "deep" });
    for _ in 0..DEPTH {
        rule = json!({ "conditions": [], "type": "tree", "rules": [rule] });
    }
    let faults = lower(&answer(rule)).expect_err("too deep");
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].reason, "this is nested more than 64 levels deep");
}

#[test]
fn a_service_without_a_rule_set() {
    let value = json!({ "parameters": {}, "rules": [] });
    assert_eq!(of_service(None, None), Ok(None));
    assert_eq!(of_service(Some(&value), Some(&json!(1))), Ok(Some(RuleSet::default())));
    let faults = of_service(None, Some(&value)).expect_err("a decision diagram alone");
    assert!(faults[0].reason.contains(RULE_SET) && faults[0].reason.contains(BDD), "{faults:?}");
}

#[test]
fn a_parameter_that_was_looked_at_is_a_variable() {
    let set = |name: &str| json!({ "fn": "isSet", "argv": [{ "ref": name }] });
    let value = json!({
        "parameters": { "Region": { "type": "String", "builtIn": "AWS::Region" }, "X": { "type": "boolean" } },
        "rules": [
            { "conditions": [set("X")], "type": "error", "error": "no X" },
            { "conditions": [set("Region")], "type": "endpoint", "endpoint": { "url": "https://a.{Region}" } },
        ],
    });
    let parameter = |name: &str, field: &str, kind| Parameter {
        name: name.to_owned(),
        field: field.to_owned(),
        kind,
        built_in: None,
        setting: None,
        absence: Absence::Allowed,
        read: false,
    };
    let region = Parameter {
        built_in: Some("AWS::Region".to_owned()),
        setting: Some(Setting::Region),
        ..parameter("Region", "region", Kind::Text)
    };
    let field = |name: &str| Expr::Parameter(name.to_owned());
    let pieces = vec![Piece::Text("https://a.".to_owned()), Piece::Value(Expr::Local("region".to_owned()))];
    let endpoint = Endpoint { url: Expr::Format(pieces), auth_schemes: vec![], headers: vec![], properties: vec![] };
    let rules = vec![
        // Nothing reads X, so that looking is enough.
        Rule {
            steps: vec![Step::Test(Expr::IsSet(Box::new(field("x"))))],
            then: Then::Error(Expr::Text("no X".to_owned())),
        },
        Rule {
            steps: vec![Step::Bind("region".to_owned(), field("region"))],
            then: Then::Endpoint(Box::new(endpoint)),
        },
    ];
    assert_eq!(lower(&value), Ok(RuleSet { parameters: vec![region, parameter("X", "x", Kind::Boolean)], rules }));
}
