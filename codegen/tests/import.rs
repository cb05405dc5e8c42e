//! An official model becomes facts; prose of the project's own is carried over.

use serde_json::{Value, json};
use tinsmith_codegen::import::lock::{Entry, Lock};
use tinsmith_codegen::import::{facts, import, with_prose_of};

/// A model with something of everything that an import decides on.
const OFFICIAL: &str = include_str!("fixtures/official.json");

#[test]
fn facts_only() {
    let imported = import("official.json", OFFICIAL).unwrap();
    assert_eq!((imported.name.as_str(), imported.service.as_str()), ("fine-orders", "example.orders#Orders"));
    assert_eq!(imported.version, "2020-01-01");
    insta::assert_snapshot!(imported.facts);
}

#[test]
fn a_decision_diagram_alone_stays() {
    let mut model: Value = serde_json::from_str(OFFICIAL).unwrap();
    let traits = &mut model["shapes"]["example.orders#Orders"]["traits"];
    traits.as_object_mut().unwrap().shift_remove("smithy.rules#endpointRuleSet").unwrap();
    let facts = import("official.json", &model.to_string()).unwrap().facts;
    assert!(facts.contains("smithy.rules#endpointBdd"), "{facts}");
}

#[test]
fn prose_is_carried_over() {
    let new = import("official.json", OFFICIAL).unwrap().facts;
    let documented = |text: &str| json!({ "traits": { "smithy.api#documentation": text } });
    let old = json!({ "shapes": {
        "example.orders#Order": { "members": { "id": documented("Its number."), "gone": documented("Lost.") } },
        "example.orders#OrderList": { "member": documented("An order."), "traits": { "smithy.api#documentation": "Orders." } },
        "example.orders#Gone": documented("Lost too."),
    } });
    let (text, homeless) = with_prose_of("model/fine-orders.json", &old.to_string(), &new).unwrap();
    assert_eq!(homeless, ["example.orders#Gone", "example.orders#Order$gone"]);

    let model: Value = serde_json::from_str(&text).unwrap();
    let traits = |path: &str| model.pointer(&format!("/shapes/example.orders#{path}/traits")).unwrap().clone();
    let expected = json!({ "smithy.api#documentation": "Its number.", "smithy.api#required": {} });
    assert_eq!(traits("Order/members/id").to_string(), expected.to_string());
    assert_eq!(traits("OrderList/member"), json!({ "smithy.api#documentation": "An order." }));
    assert_eq!(traits("OrderList"), json!({ "smithy.api#documentation": "Orders." }));

    // A second import finds it again, and the facts under it are the same.
    assert_eq!(with_prose_of("model/fine-orders.json", &text, &new).unwrap(), (text.clone(), Vec::new()));
    assert_eq!(facts("model/fine-orders.json", &text).unwrap(), new);
}

#[test]
fn what_cannot_be_imported() {
    let service =
        |traits: Value| json!({ "smithy": "2.0", "shapes": { "e#S": { "type": "service", "traits": traits } } });
    let nameless = service(json!({})).to_string();
    let bad = service(json!({ "aws.api#service": {} })).to_string();
    for (text, expected) in [
        ("{", "m.json: is not JSON: EOF while parsing an object at line 1 column 1"),
        (r#"{"smithy": "2.0", "shapes": {}}"#, "m.json: has no service"),
        (&nameless, "m.json: e#S: has no trait aws.api#service, whose `sdkId` gives the name"),
        (&bad, "m.json: e#S: @aws.api#service: missing field `sdkId`"),
    ] {
        let faults: Vec<_> = import("m.json", text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(faults, [expected]);
    }
}

#[test]
fn locks() {
    let entry = |service: &str| Entry {
        service: service.to_owned(),
        version: "2020-01-01".to_owned(),
        date: "-".to_owned(),
        source: "ab".to_owned(),
        facts: "cd".to_owned(),
    };
    let entries = [("orders.json", entry("e#Orders")), ("a.json", entry("-"))];
    let lock = Lock(entries.into_iter().map(|(file, entry)| (file.to_owned(), entry)).collect());
    let text = "\
# file       service   version     date  source (sha256)  facts (sha256)
a.json       -         2020-01-01  -     ab               cd
orders.json  e#Orders  2020-01-01  -     ab               cd
";
    assert_eq!(lock.to_text(), text);
    assert_eq!(Lock::parse(text), Ok(lock.clone()));
    assert_eq!(lock.models().collect::<Vec<_>>(), ["orders.json"]);
    let message = "line 2 has 2 columns: expected file, service, version, date, source and facts";
    assert_eq!(Lock::parse("# none\na b\n"), Err(message.to_owned()));
}
