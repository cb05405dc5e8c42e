//! What of a model is a fact of its API, and what is not.

use serde_json::{Map, Value};

/// Traits that go: prose and examples, notes for other tools, and what is said to IAM and to tagging.
const DROPPED: [&str; 11] = [
    "smithy.api#changelog",
    "smithy.api#documentation",
    "smithy.api#examples",
    "smithy.api#externalDocumentation",
    "smithy.api#suppress",
    "smithy.api#tags",
    "smithy.test#smokeTests",
    "aws.api#arn",
    "aws.api#data",
    "aws.api#tagEnabled",
    "aws.api#taggable",
];

/// Namespaces that go whole.
const DROPPED_NAMESPACES: [&str; 2] = ["aws.iam", "aws.cloudformation"];

/// Parts of traits that go: prose, and names for other tools.
const DROPPED_PARTS: [(&str, &[&str]); 2] =
    [("aws.api#service", &["cloudFormationName", "cloudTrailEventSource"]), ("smithy.api#deprecated", &["message"])];

/// Traits whose value holds `documentation` somewhere within.
const WITH_PROSE: [&str; 6] = [
    "smithy.api#enum",
    "smithy.rules#clientContextParams",
    "smithy.rules#endpointBdd",
    "smithy.rules#endpointRuleSet",
    "smithy.rules#endpointTests",
    "smithy.waiters#waitable",
];

/// Keeps the facts of a model. What is no model is left as it is, for `smithy::load` to refuse.
pub(super) fn keep(model: &mut Value) {
    let Some(model) = model.as_object_mut() else { return };
    // Metadata configures the validators of those who wrote the model.
    model.retain(|key, _| key == "smithy" || key == "shapes");
    let Some(shapes) = model.get_mut("shapes").and_then(Value::as_object_mut) else { return };
    shapes.sort_keys();
    for shape in shapes.values_mut().filter_map(Value::as_object_mut) {
        keep_traits(shape);
        for key in ["member", "key", "value"] {
            if let Some(member) = shape.get_mut(key).and_then(Value::as_object_mut) {
                keep_traits(member);
            }
        }
        let members = shape.get_mut("members").and_then(Value::as_object_mut);
        for member in members.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
            keep_traits(member);
        }
    }
}

fn keep_traits(place: &mut Map<String, Value>) {
    let Some(Value::Object(traits)) = place.get_mut("traits") else { return };
    // A rule set and a decision diagram say the same; rule sets are what the generator compiles.
    let has_rules = traits.contains_key("smithy.rules#endpointRuleSet");
    traits.retain(|id, _| is_fact(id) && !(has_rules && id == "smithy.rules#endpointBdd"));
    for (id, parts) in DROPPED_PARTS {
        if let Some(Value::Object(value)) = traits.get_mut(id) {
            value.retain(|key, _| !parts.contains(&key.as_str()));
        }
    }
    for id in WITH_PROSE {
        if let Some(value) = traits.get_mut(id) {
            *value = without_prose(std::mem::take(value));
        }
    }
    traits.sort_keys();
    if traits.is_empty() {
        place.shift_remove("traits");
    }
}

fn is_fact(id: &str) -> bool {
    let namespace = id.split_once('#').map_or("", |(namespace, _)| namespace);
    !DROPPED.contains(&id) && !DROPPED_NAMESPACES.contains(&namespace)
}

/// The value without the texts called `documentation`; an input of a case may be called so, and stays.
fn without_prose(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let is_prose = |key: &str, value: &Value| key == "documentation" && value.is_string();
            let kept = object.into_iter().filter(|(key, value)| !is_prose(key, value));
            kept.map(|(key, value)| if is_input(&key) { (key, value) } else { (key, without_prose(value)) }).collect()
        }
        Value::Array(items) => items.into_iter().map(without_prose).collect(),
        other => other,
    }
}

fn is_input(key: &str) -> bool {
    matches!(key, "params" | "operationParams" | "builtInParams")
}
