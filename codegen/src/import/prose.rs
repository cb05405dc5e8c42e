//! The project's own documentation, taken out of a model and put into another by the ids of shapes and members.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Documentation by its place: `namespace#Shape`, or `namespace#Shape$member`.
pub(super) type Documentation = BTreeMap<String, String>;

const TRAIT: &str = "smithy.api#documentation";

/// Takes the documentation of a model.
pub(super) fn collect(model: &Value) -> Documentation {
    let mut found = Documentation::new();
    let shapes = model.get("shapes").and_then(Value::as_object);
    for (id, shape) in shapes.into_iter().flatten() {
        let of_members = shape.get("members").and_then(Value::as_object).into_iter().flatten();
        let of_parts = parts().filter_map(|part| Some((part, shape.get(part)?)));
        let members = of_members.map(|(name, member)| (name.as_str(), member)).chain(of_parts);
        let places = members.map(|(name, member)| (format!("{id}${name}"), member)).chain([(id.clone(), shape)]);
        for (place, value) in places {
            if let Some(text) = value.get("traits").and_then(|traits| traits.get(TRAIT)).and_then(Value::as_str) {
                found.insert(place, text.to_owned());
            }
        }
    }
    found
}

/// Puts it into a model, and returns the places that the model does not have.
pub(super) fn restore(model: &mut Value, documentation: Documentation) -> Vec<String> {
    let mut homeless = Vec::new();
    for (place, text) in documentation {
        match find(model, &place) {
            Some(shape) => put(shape, text),
            None => homeless.push(place),
        }
    }
    homeless
}

fn find<'a>(model: &'a mut Value, place: &str) -> Option<&'a mut Map<String, Value>> {
    let (id, member) = place.split_once('$').map_or((place, None), |(id, member)| (id, Some(member)));
    let shape = model.get_mut("shapes")?.get_mut(id)?;
    let Some(name) = member else { return shape.as_object_mut() };
    let is_member = shape.get("members").is_some_and(|members| members.get(name).is_some());
    if is_member {
        return shape.get_mut("members")?.get_mut(name)?.as_object_mut();
    }
    let part = parts().find(|part| *part == name)?;
    shape.get_mut(part)?.as_object_mut()
}

fn put(place: &mut Map<String, Value>, text: String) {
    let traits = place.entry("traits").or_insert_with(|| Value::Object(Map::new()));
    if let Some(traits) = traits.as_object_mut() {
        traits.insert(TRAIT.to_owned(), Value::String(text));
        traits.sort_keys();
    }
}

/// What lists and maps have for members.
fn parts() -> impl Iterator<Item = &'static str> {
    ["member", "key", "value"].into_iter()
}
