//! JSON text → the raw objects of its shapes, and its `apply` statements.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::ShapeId;
use crate::diagnostic::Faults;

/// An object of the file.
pub(super) type Object = Map<String, Value>;

/// A file, taken apart.
#[derive(Debug)]
pub(super) struct Ast {
    /// The shapes, as they stand in the file.
    pub shapes: BTreeMap<ShapeId, Object>,
    /// Traits said elsewhere: of a shape (`None`) or of a member, by the id of the shape.
    pub applied: BTreeMap<ShapeId, Vec<(Option<String>, Object)>>,
}

/// Reads the file; `None` if there is nothing to go on with.
pub(super) fn read(text: &str, faults: &mut Faults) -> Option<Ast> {
    let file: Value = match serde_json::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            faults.file(format!("is not JSON: {error}"));
            return None;
        }
    };
    let Value::Object(mut file) = file else {
        faults.file("is not a Smithy model: expected an object with `smithy` and `shapes`");
        return None;
    };
    version(file.get("smithy"), faults)?;
    match file.remove("shapes") {
        Some(Value::Object(shapes)) => Some(sort(shapes, faults)),
        _ => {
            faults.file("has no `shapes`: expected an object of shapes by their ids");
            None
        }
    }
}

fn version(version: Option<&Value>, faults: &mut Faults) -> Option<()> {
    match version {
        Some(Value::String(version)) if version == "2" || version.starts_with("2.") => Some(()),
        Some(version) => {
            faults.file(format!("is of Smithy {version}: expected \"2.0\" (`smithy ast` of the Smithy CLI converts)"));
            None
        }
        None => {
            faults.file("is not a Smithy model: it has no `smithy` version, expected \"2.0\"");
            None
        }
    }
}

fn sort(shapes: Object, faults: &mut Faults) -> Ast {
    let mut ast = Ast { shapes: BTreeMap::new(), applied: BTreeMap::new() };
    for (text, shape) in shapes {
        let (shape_id, member) = match text.split_once('$') {
            Some((shape_id, member)) => (ShapeId::parse(shape_id), Some(member.to_owned())),
            None => (ShapeId::parse(&text), None),
        };
        let Some(id) = shape_id else {
            faults.shape(&text, "is not a shape id: expected `namespace#Name`");
            continue;
        };
        let Value::Object(mut shape) = shape else {
            faults.shape(&text, format!("is not a shape: expected an object, found {}", brief(&shape)));
            continue;
        };
        if shape.get("type").and_then(Value::as_str) == Some("apply") {
            match shape.remove("traits") {
                Some(Value::Object(traits)) => ast.applied.entry(id).or_default().push((member, traits)),
                _ => faults.shape(&text, "applies nothing: expected `traits`"),
            }
        } else if member.is_some() {
            faults.shape(&text, "is the id of a member: only an `apply` can have one");
        } else {
            ast.shapes.insert(id, shape);
        }
    }
    for id in ast.applied.keys().filter(|id| !ast.shapes.contains_key(id)) {
        faults.shape(id, "has traits applied to it, but is not in the model");
    }
    ast
}

/// A value in at most 60 characters, for a message.
pub(super) fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
