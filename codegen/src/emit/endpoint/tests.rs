//! A rule set as a person reads it. What compiled rule sets answer is tested by `cargo xtask conformance endpoints`.

use quote::quote;
use serde_json::{Value, json};

use super::emit;
use crate::lower;

const REGIONAL: &str = include_str!("../../../tests/fixtures/endpoint/regional.json");
const VALUES: &str = include_str!("../../../tests/fixtures/endpoint/values.json");

#[test]
fn a_regional_service() {
    let document: Value = serde_json::from_str(REGIONAL).unwrap();
    let rule_set = lower::endpoint::lower(&document["ruleSet"]).unwrap();
    let items = emit(&rule_set, &quote!(tinsmith_runtime)).into_iter();
    let items: Vec<_> = items.map(|item| prettyplease::unparse(&syn::parse2(item).unwrap())).collect();
    insta::assert_snapshot!(items.join("\n"));
}

/// Every value of a rule set in turn becomes nonsense, of one kind or the next: it is refused, or Rust comes out.
#[test]
fn whatever_is_not_refused_is_rust() {
    let nonsense = [json!(null), json!(true), json!(-1), json!(""), json!("{x"), json!("1"), json!([]), json!({})];
    for document in [REGIONAL, VALUES] {
        let document: Value = serde_json::from_str(document).unwrap();
        let rule_set = &document["ruleSet"];
        let mut paths = Vec::new();
        pointers(rule_set, String::new(), &mut paths);
        let pairs = paths.iter().flat_map(|path| nonsense.iter().map(move |other| (path, other)));
        // All of them would take long, and five steps along eight kinds take each kind in turn.
        for (path, other) in pairs.step_by(5) {
            let mut changed = rule_set.clone();
            *changed.pointer_mut(path).unwrap() = other.clone();
            let Ok(lowered) = lower::endpoint::lower(&changed) else { continue };
            for item in emit(&lowered, &quote!(crate)) {
                syn::parse2::<syn::File>(item).unwrap_or_else(|error| panic!("{path} = {other}: {error}"));
            }
        }
    }
}

fn pointers(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| pointers(item, format!("{path}/{i}"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| pointers(member, format!("{path}/{name}"), found));
        }
        _ => {}
    }
    found.push(path);
}
