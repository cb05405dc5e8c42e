//! Shapes for a JSON value, so that it can be the output of an operation.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The shapes of an object, the first under this name; none where its names cannot be those of members, or its items are
/// of several kinds. `numbers` says of which type the numbers below a name are, where `Long` and `Double` are not meant.
pub(super) fn of(name: &str, given: &Value, numbers: &Value) -> Option<Map<String, Value>> {
    let mut shapes = Shapes { shapes: Map::new(), numbers, number: None };
    given.as_object()?;
    shapes.shape(name, &[given])?;
    Some(shapes.shapes)
}

struct Shapes<'a> {
    shapes: Map<String, Value>,
    numbers: &'a Value,
    /// The type of the numbers at hand.
    number: Option<&'a str>,
}

impl Shapes<'_> {
    /// The shape of all these values; those that are null say nothing of it.
    fn shape(&mut self, name: &str, values: &[&Value]) -> Option<String> {
        let known: Vec<&Value> = values.iter().copied().filter(|value| !value.is_null()).collect();
        let every = |is: fn(&Value) -> bool| known.iter().all(|value| is(value));
        let prelude = if every(Value::is_string) {
            "String"
        } else if every(Value::is_boolean) {
            "Boolean"
        } else if every(Value::is_number) {
            self.number.unwrap_or(if every(Value::is_i64) { "Long" } else { "Double" })
        } else {
            return if every(Value::is_array) { self.list(name, &known) } else { self.structure(name, &known) };
        };
        Some(format!("smithy.api#{prelude}"))
    }

    fn list(&mut self, name: &str, values: &[&Value]) -> Option<String> {
        let items: Vec<&Value> = values.iter().flat_map(|value| value.as_array().into_iter().flatten()).collect();
        let is_sparse = items.iter().any(|item| item.is_null());
        let target = self.shape(&format!("{name}Item"), &items)?;
        let traits = if is_sparse { json!({ "smithy.api#sparse": {} }) } else { json!({}) };
        Some(self.add(name, json!({ "type": "list", "member": { "target": target }, "traits": traits })))
    }

    fn structure(&mut self, name: &str, values: &[&Value]) -> Option<String> {
        let objects: Vec<&Map<String, Value>> = values.iter().map(|value| value.as_object()).collect::<Option<_>>()?;
        let keys: BTreeSet<&String> = objects.iter().flat_map(|object| object.keys()).collect();
        let words: BTreeSet<String> = keys.iter().map(|key| key.replace('_', "").to_lowercase()).collect();
        let is_name = |key: &&String| {
            key.starts_with(|c: char| c.is_ascii_alphabetic())
                && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if words.len() < keys.len() || !keys.iter().all(is_name) {
            return None;
        }
        let mut members = Map::new();
        for (index, key) in keys.into_iter().enumerate() {
            let held: Vec<&Value> = objects.iter().filter_map(|object| object.get(key)).collect();
            let outer = self.number;
            self.number = self.numbers.get(key).and_then(Value::as_str).or(outer);
            let target = self.shape(&format!("{name}M{index}"), &held)?;
            self.number = outer;
            members.insert(key.clone(), json!({ "target": target }));
        }
        Some(self.add(name, json!({ "type": "structure", "members": members })))
    }

    fn add(&mut self, name: &str, shape: Value) -> String {
        let id = format!("com.example#{name}");
        self.shapes.insert(id.clone(), shape);
        id
    }
}
