//! Who may call an operation: what the authentication traits of a service and its operation come to.

use serde_json::{Value, json};
use tinsmith_codegen::ir::Auth::{self, HttpBearer, None, SigV4};
use tinsmith_codegen::{Plan, lower, select, smithy};

/// What an operation takes, or why it cannot be generated.
fn schemes(service: &Value, operation: &Value) -> Result<Vec<Auth>, String> {
    let rules = json!({ "version": "1.0", "parameters": {}, "rules": [
        { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://e.example" } }
    ] });
    let mut traits = json!({ "aws.protocols#restJson1": {}, "smithy.rules#endpointRuleSet": rules });
    let mut own = json!({ "smithy.api#http": { "method": "GET", "uri": "/" } });
    for (traits, more) in [(&mut traits, service), (&mut own, operation)] {
        for (id, value) in more.as_object().into_iter().flatten() {
            traits[id] = value.clone();
        }
    }
    let model = json!({ "smithy": "2.0", "shapes": {
        "e#S": { "type": "service", "version": "1", "operations": [{ "target": "e#O" }], "traits": traits },
        "e#O": { "type": "operation", "traits": own },
        "e#ownAuth": { "type": "structure", "traits": { "smithy.api#trait": {}, "smithy.api#authDefinition": {} } }
    } });
    let model = smithy::load("m.json", &model.to_string()).expect("the model is sound");
    let plan = Plan { operations: vec!["*".to_owned()], ..Plan::default() };
    let selection = select::select(&model, &plan).expect("there is an operation");
    match lower::lower(&model, &selection) {
        Ok(mut service) => Ok(service.operations.remove(0).auth),
        Err(faults) => Err(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

const SIG_V4: &str = "aws.auth#sigv4";
const SIG_V4A: &str = "aws.auth#sigv4a";
const BEARER: &str = "smithy.api#httpBearerAuth";
const LISTED: &str = "smithy.api#auth";
const OPTIONAL: &str = "smithy.api#optionalAuth";

#[test]
fn the_first_list_counts_and_else_all_in_the_order_of_their_ids() {
    let check = |service: Value, operation: Value, expected: &[Auth]| {
        assert_eq!(schemes(&service, &operation).as_deref(), Ok(expected), "{service} {operation}");
    };
    let name = json!({ "name": "e" });
    let both = json!({ BEARER: {}, SIG_V4A: name, SIG_V4: name });
    let listing = |list: Value| {
        let mut both = both.clone();
        both[LISTED] = list;
        both
    };
    check(both.clone(), json!({}), &[SigV4, HttpBearer]);
    check(json!({ BEARER: {} }), json!({}), &[HttpBearer]);
    check(json!({}), json!({}), &[None]);
    check(listing(json!([BEARER, SIG_V4])), json!({}), &[HttpBearer, SigV4]);
    check(listing(json!([SIG_V4A, SIG_V4])), json!({}), &[SigV4]);
    check(listing(json!([])), json!({}), &[None]);
    check(listing(json!([BEARER, SIG_V4])), json!({ LISTED: [SIG_V4] }), &[SigV4]);
    check(both.clone(), json!({ LISTED: [BEARER] }), &[HttpBearer]);
    check(both.clone(), json!({ LISTED: [BEARER, BEARER] }), &[HttpBearer]);
    check(both.clone(), json!({ LISTED: [] }), &[None]);
    check(both.clone(), json!({ LISTED: [SIG_V4, "smithy.api#noAuth"] }), &[SigV4, None]);
    check(json!({ SIG_V4: name }), json!({ LISTED: [BEARER, SIG_V4] }), &[SigV4]);
    check(json!({ SIG_V4: name, "e#ownAuth": {} }), json!({}), &[SigV4]);
    // Those who have an identity show it.
    check(json!({ SIG_V4: name }), json!({ OPTIONAL: {} }), &[SigV4, None]);
    check(both, json!({ LISTED: [], OPTIONAL: {} }), &[None]);
    check(json!({ SIG_V4A: name }), json!({ OPTIONAL: {} }), &[None]);
}

#[test]
fn an_operation_whose_schemes_nobody_speaks_is_named() {
    let check = |service: Value, operation: Value, named: &str| {
        let expected = format!(
            "m.json: e#O: @smithy.api#auth: none of its auth schemes is supported yet ({named}): only SigV4, bearer tokens \
             and no authentication are; O needs it, and can be left out with `skip`"
        );
        assert_eq!(schemes(&service, &operation), Err(expected), "{service} {operation}");
    };
    let name = json!({ "name": "e" });
    let (basic, key) = ("smithy.api#httpBasicAuth", "smithy.api#httpApiKeyAuth");
    check(json!({ SIG_V4: name, SIG_V4A: name }), json!({ LISTED: [SIG_V4A] }), SIG_V4A);
    check(json!({ basic: {}, key: { "name": "x", "in": "header" } }), json!({}), &format!("{key}, {basic}"));
    check(json!({ "e#ownAuth": {} }), json!({}), "e#ownAuth");
    let lost = schemes(&json!({ SIG_V4: name }), &json!({ LISTED: [BEARER] })).unwrap_err();
    assert!(lost.contains("lists auth schemes, of which its service has none"), "{lost}");
}
