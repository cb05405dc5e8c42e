//! A rule set as a person reads it. What compiled rule sets answer is tested by `cargo xtask conformance endpoints`.

use serde_json::{Value, json};

use super::source;
use crate::ir::endpoint::RuleSet;
use crate::{lower, render};

const REGIONAL: &str = include_str!("../../../tests/fixtures/endpoint/regional.json");
const VALUES: &str = include_str!("../../../tests/fixtures/endpoint/values.json");

#[test]
fn a_regional_service() {
    let document: Value = serde_json::from_str(REGIONAL).unwrap();
    let rule_set = lower::endpoint::lower(&document["ruleSet"]).unwrap();
    insta::assert_snapshot!(text(&rule_set).unwrap());
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
            text(&lowered).unwrap_or_else(|error| panic!("{path} = {other}: {error}"));
        }
    }
}

fn text(rule_set: &RuleSet) -> Result<String, crate::Diagnostic> {
    render::text(&source(rule_set, "Where requests go.".to_owned(), "tinsmith_runtime"), ", in a test.")
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
