//! Members that cannot travel where their model puts them, and shapes that make no sense: each is said with its place.

use serde_json::{Value, json};
use tinsmith_codegen::{Diagnostic, Plan, generate, smithy};

/// A model with one operation, which takes and answers structures of these members.
fn model(input: Value, output: Value, shapes: Value) -> Value {
    let rules = json!({ "version": "1.0", "parameters": {}, "rules": [
        { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://e.example" } }
    ] });
    let mut model = json!({ "smithy": "2.0", "shapes": {
        "e#S": { "type": "service", "version": "1", "operations": [{ "target": "e#O" }], "traits": {
            "aws.auth#sigv4": { "name": "e" }, "aws.protocols#restJson1": {}, "smithy.rules#endpointRuleSet": rules
        } },
        "e#O": {
            "type": "operation", "input": { "target": "e#I" }, "output": { "target": "e#Out" },
            "errors": [{ "target": "e#Refused" }],
            "traits": { "smithy.api#http": { "method": "POST", "uri": "/o?fixed&more=1" } }
        },
        "e#I": { "type": "structure", "members": input },
        "e#Out": { "type": "structure", "members": output },
        "e#Refused": { "type": "structure", "traits": { "smithy.api#error": "client" } },
        "e#Text": { "type": "string" },
        "e#Texts": { "type": "list", "member": { "target": "e#Text" } },
        "e#Blobs": { "type": "list", "member": { "target": "smithy.api#Blob" } },
        "e#Map": { "type": "map", "key": { "target": "e#Text" }, "value": { "target": "e#Text" } },
        "e#Multi": { "type": "map", "key": { "target": "e#Text" }, "value": { "target": "e#Texts" } },
        "e#Numbers": { "type": "map", "key": { "target": "e#Text" }, "value": { "target": "smithy.api#Long" } },
        "e#Part": { "type": "structure" }
    } });
    for (id, shape) in shapes.as_object().into_iter().flatten() {
        model["shapes"][id] = shape.clone();
    }
    model
}

fn check(model: &Value, expected: &[&str]) {
    let loaded = smithy::load("m.json", &model.to_string()).expect("the model is sound as far as references go");
    let plan = Plan { operations: vec!["*".to_owned()], ..Plan::default() };
    let faults = generate(&loaded, &plan).err().unwrap_or_default();
    let said: Vec<_> = faults.iter().map(Diagnostic::to_string).collect();
    let after = "; O needs it, and can be left out with `skip`";
    assert_eq!(said, expected.iter().map(|line| format!("m.json: {line}{after}")).collect::<Vec<_>>(), "{model}");
}

/// A member with traits of `smithy.api`.
fn member(target: &str, traits: Value) -> Value {
    let traits =
        traits.as_object().into_iter().flatten().map(|(id, value)| (format!("smithy.api#{id}"), value.clone()));
    json!({ "target": target, "traits": traits.collect::<serde_json::Map<_, _>>() })
}

#[test]
fn bindings_of_requests() {
    let kinds = "a string, a number, a boolean, a timestamp or a list of these";
    for (members, expected) in [
        (
            json!({ "a": member("e#Text", json!({ "httpQuery": "a", "httpHeader": "A" })) }),
            vec![
                "e#I$a: @smithy.api#httpHeader: binds the member to a second place, beside smithy.api#httpQuery".to_owned(),
            ],
        ),
        (
            json!({ "a": member("e#Map", json!({ "httpQuery": "a" })), "b": member("e#Blobs", json!({ "httpHeader": "B" })) }),
            vec![
                format!("e#I$a: @smithy.api#httpQuery: targets e#Map (map): expected {kinds}"),
                format!("e#I$b: @smithy.api#httpHeader: targets e#Blobs (list): expected {kinds}"),
            ],
        ),
        (
            json!({ "a": member("e#Part", json!({ "httpHeader": "A" })) }),
            vec![format!("e#I$a: @smithy.api#httpHeader: targets e#Part (structure): expected {kinds}")],
        ),
        (
            json!({
                "a": member("e#Numbers", json!({ "httpQueryParams": {} })),
                "b": member("e#Multi", json!({ "httpPrefixHeaders": "b-" })),
                "c": member("smithy.api#Long", json!({ "httpPayload": {} }))
            }),
            vec![
                "e#I$a: @smithy.api#httpQueryParams: targets e#Numbers (map): expected a map of strings or of lists of strings".to_owned(),
                "e#I$b: @smithy.api#httpPrefixHeaders: targets e#Multi (map): expected a map of strings".to_owned(),
                "e#I$c: @smithy.api#httpPayload: targets smithy.api#Long (long): expected something that a body can be: no number, boolean or timestamp".to_owned(),
            ],
        ),
        (
            json!({
                "a": member("e#Part", json!({ "httpPayload": {} })), "b": member("e#Part", json!({ "httpPayload": {} })),
                "c": member("e#Map", json!({ "httpQueryParams": {} })), "d": member("e#Map", json!({ "httpQueryParams": {} })),
                "e": member("e#Text", json!({}))
            }),
            vec![
                "e#I$d: @smithy.api#httpQueryParams: is on `c` already".to_owned(),
                "e#I$b: @smithy.api#httpPayload: is on `a` already".to_owned(),
                "e#I$a: @smithy.api#httpPayload: makes the member the whole body, in which `e` would have to be too".to_owned(),
            ],
        ),
        (
            json!({
                "a": member("e#Text", json!({ "httpHeader": "X-A" })), "b": member("e#Text", json!({ "httpHeader": "x-a" })),
                "c": member("e#Text", json!({ "httpHeader": "a b" })), "d": member("e#Map", json!({ "httpPrefixHeaders": "d:" })),
                "e": member("e#Text", json!({ "httpQuery": "fixed" })), "f": member("e#Text", json!({ "httpQuery": "q" })),
                "g": member("e#Texts", json!({ "httpQuery": "q" }))
            }),
            vec![
                "e#I$b: @smithy.api#httpHeader: another member is in the header x-a already".to_owned(),
                "e#I$c: @smithy.api#httpHeader: \"a b\" is no name of a header".to_owned(),
                "e#I$d: @smithy.api#httpPrefixHeaders: \"d:\" cannot begin the name of a header".to_owned(),
                "e#I$e: @smithy.api#httpQuery: the path or another member says fixed in the query already".to_owned(),
                "e#I$g: @smithy.api#httpQuery: the path or another member says q in the query already".to_owned(),
            ],
        ),
        (
            json!({ "a": member("smithy.api#Long", json!({ "idempotencyToken": {} })) }),
            vec!["e#I$a: @smithy.api#idempotencyToken: targets something else than a string".to_owned()],
        ),
        // A status code is bound in answers alone, a prefix may be empty, and all of these have a place.
        (
            json!({
                "a": member("e#Text", json!({ "httpResponseCode": {} })), "b": member("e#Map", json!({ "httpPrefixHeaders": "" })),
                "c": member("e#Multi", json!({ "httpQueryParams": {} })), "d": member("smithy.api#BigInteger", json!({ "httpHeader": "D" }))
            }),
            vec![],
        ),
    ] {
        check(&model(members, json!({}), json!({})), &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn bindings_of_events() {
    let stream = |event: Value| {
        let payload = member("e#Events", json!({ "httpPayload": {} }));
        let events = json!({ "type": "union", "members": { "e": { "target": "e#Event" } }, "traits": { "smithy.api#streaming": {} } });
        let event = json!({ "type": "structure", "members": event });
        model(json!({}), json!({ "s": payload }), json!({ "e#Events": events, "e#Event": event }))
    };
    let header = "a boolean, an integer, a string, a blob or a timestamp";
    for (event, expected) in [
        (
            json!({
                "a": member("smithy.api#Integer", json!({ "eventHeader": {} })), "b": member("smithy.api#Blob", json!({ "eventHeader": {} })),
                "c": member("e#Text", json!({ "eventHeader": {} })), "d": member("e#Part", json!({ "eventPayload": {} }))
            }),
            vec![],
        ),
        (
            json!({ "a": member("e#Texts", json!({ "eventHeader": {} })), "b": member("smithy.api#Double", json!({ "eventHeader": {} })) }),
            vec![
                format!("e#Event$a: @smithy.api#eventHeader: targets e#Texts (list): expected {header}"),
                format!("e#Event$b: @smithy.api#eventHeader: targets smithy.api#Double (double): expected {header}"),
            ],
        ),
        (
            json!({ "a": member("e#Map", json!({ "eventPayload": {} })) }),
            vec!["e#Event$a: @smithy.api#eventPayload: targets e#Map (map): expected a blob, a string, a structure or a union".to_owned()],
        ),
        (
            json!({ "a": member("e#Text", json!({ "eventPayload": {}, "eventHeader": {} })) }),
            vec!["e#Event$a: @smithy.api#eventPayload: binds the member to a second place, beside smithy.api#eventHeader".to_owned()],
        ),
        (
            json!({ "a": member("e#Text", json!({ "eventPayload": {} })), "b": member("e#Part", json!({ "eventPayload": {} })), "c": member("e#Text", json!({})) }),
            vec![
                "e#Event$b: @smithy.api#eventPayload: is on `a` already".to_owned(),
                "e#Event$a: @smithy.api#eventPayload: makes the member the whole body, in which `c` would have to be too".to_owned(),
            ],
        ),
    ] {
        check(&stream(event), &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let mut model = stream(json!({}));
    model["shapes"]["e#Events"]["members"]["t"] = member("e#Text", json!({}));
    check(&model, &["e#Events$t: @smithy.api#streaming: the events of a stream can only be structures"]);
    check(
        &stream(json!({ "whole": { "target": "e#Out" } })),
        &[
            "e#Out$s: @smithy.api#streaming: a stream can only be what `httpPayload` binds in the input or output of an operation, \
           which nothing else holds",
        ],
    );
}

/// One table is made of a shape, wherever it stands.
#[test]
fn bindings_that_count_in_one_place_alone() {
    let bound = |traits: Value| json!({ "a": member("e#Text", traits) });
    let union =
        |members: Value| json!({ "type": "union", "members": members, "traits": { "smithy.api#streaming": {} } });
    let error =
        |members: Value| json!({ "type": "structure", "members": members, "traits": { "smithy.api#error": "client" } });
    let event = |members: Value| json!({ "type": "structure", "members": members });
    let streamed = |held: Value, shapes: Value| {
        let stream = json!({ "s": member("e#Events", json!({ "httpPayload": {} })) });
        model(held, stream, shapes)
    };
    let (in_header, in_event) = (bound(json!({ "httpHeader": "Retry-After" })), bound(json!({ "eventHeader": {} })));
    let refused = json!({ "r": { "target": "e#Refused" } });
    let other = json!({ "r": { "target": "e#Other" } });
    let events = json!({ "e": { "target": "e#Event" } });
    let held = json!({ "h": { "target": "e#Texts" }, "e": { "target": "e#Event" } });
    let of_answer = "@smithy.api#httpHeader: counts in an answer alone, and";
    let of_stream = "@smithy.api#eventHeader: counts in a stream of events alone, and";
    for (model, expected) in [
        (
            streamed(json!({}), json!({ "e#Events": union(refused.clone()), "e#Refused": error(in_header.clone()) })),
            vec![format!("e#Refused$a: {of_answer} e#Refused stands in a stream of events too")],
        ),
        (
            streamed(json!({}), json!({ "e#Events": union(refused.clone()), "e#Refused": error(in_event.clone()) })),
            vec![format!("e#Refused$a: {of_stream} e#Refused stands in an answer too")],
        ),
        (
            model(refused, json!({}), json!({ "e#Refused": error(in_header.clone()) })),
            vec![format!("e#Refused$a: {of_answer} e#Refused stands within another shape too")],
        ),
        (
            streamed(held, json!({ "e#Events": union(events.clone()), "e#Event": event(in_event.clone()) })),
            vec![format!("e#Event$a: {of_stream} e#Event stands within another shape too")],
        ),
        // Each in its own place, and what binds nothing in any of several.
        (streamed(json!({}), json!({ "e#Events": union(other), "e#Other": error(in_event.clone()) })), vec![]),
        (streamed(json!({}), json!({ "e#Events": union(events.clone()), "e#Event": event(in_event) })), vec![]),
        (streamed(events.clone(), json!({ "e#Events": union(events), "e#Event": event(in_header) })), vec![]),
    ] {
        check(&model, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn labels() {
    let with_label = |target: &str, traits: Value| {
        let mut model = model(json!({ "a": member(target, traits) }), json!({}), json!({}));
        model["shapes"]["e#O"]["traits"]["smithy.api#http"]["uri"] = "/{a}".into();
        model
    };
    check(&with_label("e#Text", json!({ "httpLabel": {}, "required": {} })), &[]);
    check(
        &with_label("e#Text", json!({ "httpLabel": {} })),
        &["e#I$a: @smithy.api#httpLabel: is on a member that is not required: there is no path without it"],
    );
    check(
        &with_label("e#Texts", json!({ "httpLabel": {}, "required": {} })),
        &[
            "e#I$a: @smithy.api#httpLabel: targets e#Texts (list): expected a string, a number, a boolean or a timestamp",
        ],
    );
}

#[test]
fn bindings_of_answers() {
    check(
        &model(
            json!({}),
            json!({
                "a": member("smithy.api#Integer", json!({ "httpResponseCode": {} })),
                "b": member("e#Text", json!({ "httpResponseCode": {} })),
                "c": member("e#Part", json!({ "httpPayload": {} })),
                "d": member("e#Text", json!({ "httpQuery": "d" }))
            }),
            json!({
                "e#Refused": {
                    "type": "structure",
                    "members": { "e": member("e#Map", json!({ "httpHeader": "E" })) },
                    "traits": { "smithy.api#error": "client" }
                }
            }),
        ),
        &[
            "e#Out$b: @smithy.api#httpResponseCode: targets e#Text (string): expected an integer",
            "e#Out$b: @smithy.api#httpResponseCode: is on `a` already",
            "e#Out$c: @smithy.api#httpPayload: makes the member the whole body, in which `d` would have to be too",
            "e#Refused$e: @smithy.api#httpHeader: targets e#Map (map): expected a string, a number, a boolean, a timestamp or a list of these",
        ],
    );
}

#[test]
fn shapes() {
    let hold =
        |shape: Value| model(json!({ "held": member("e#Held", json!({})) }), json!({}), json!({ "e#Held": shape }));
    for (shape, expected) in [
        (
            json!({ "type": "structure", "members": {
                "a": member("e#Text", json!({ "jsonName": "x" })), "x": member("e#Text", json!({}))
            } }),
            &["e#Held$x: @smithy.api#jsonName: goes by the name \"x\", as `a` does"][..],
        ),
        (
            json!({ "type": "union", "members": {
                "a": member("e#Text", json!({})), "b": member("e#Text", json!({ "jsonName": "a" }))
            } }),
            &["e#Held$b: @smithy.api#jsonName: goes by the name \"a\", as `a` does"],
        ),
        (json!({ "type": "union", "members": {} }), &["e#Held: is a union without members"]),
        (
            json!({ "type": "structure", "members": { "a": member("smithy.api#Unit", json!({})) } }),
            &["e#Held$a: targets smithy.api#Unit, which only members of unions can"],
        ),
        (
            json!({ "type": "list", "member": { "target": "smithy.api#Unit" } }),
            &["e#Held$member: targets smithy.api#Unit, which only members of unions can"],
        ),
        (
            json!({ "type": "enum", "members": {
                "A": member("smithy.api#Unit", json!({ "enumValue": "a" })), "B": member("smithy.api#Unit", json!({ "enumValue": "a" }))
            } }),
            &["e#Held$B: @smithy.api#enumValue: has the value \"a\", as `A` does"],
        ),
        (
            json!({ "type": "string", "traits": { "smithy.api#enum": [{ "value": "a", "name": "A" }, { "value": "a", "name": "B" }] } }),
            &["e#Held$B: @smithy.api#enumValue: has the value \"a\", as `A` does"],
        ),
        // Two members may have one name where one of them is not in the document; nothing is bound within a structure.
        (
            json!({ "type": "structure", "members": {
                "a": member("e#Text", json!({ "httpHeader": "X" })), "b": member("e#Map", json!({ "httpQuery": "X" }))
            } }),
            &[],
        ),
        (
            json!({ "type": "structure", "members": {
                "a": member("e#Text", json!({ "eventHeader": {}, "jsonName": "x" })), "x": member("e#Text", json!({}))
            } }),
            &["e#Held$x: @smithy.api#jsonName: goes by the name \"x\", as `a` does"],
        ),
    ] {
        check(&hold(shape), expected);
    }
}
