//! The shapes that every model has without saying so (Smithy's prelude, `smithy.api`).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Shape, ShapeId, ShapeKind, Traits};

/// Adds them; a model that brings one itself keeps its own.
pub(super) fn add(shapes: &mut BTreeMap<ShapeId, Shape>) {
    for (name, kind, zero) in all() {
        let id = ShapeId::prelude(name);
        let traits = zero.map(|zero| Map::from_iter([("smithy.api#default".to_owned(), zero)])).unwrap_or_default();
        let shape = Shape { id: id.clone(), kind, traits: Traits::checked(traits).0 };
        shapes.entry(id).or_insert(shape);
    }
}

/// Name, kind and default; the `Primitive` ones have their zero as a default.
fn all() -> [(&'static str, ShapeKind, Option<Value>); 21] {
    use ShapeKind::*;
    [
        ("BigDecimal", BigDecimal, None),
        ("BigInteger", BigInteger, None),
        ("Blob", Blob, None),
        ("Boolean", Boolean, None),
        ("Byte", Byte, None),
        ("Document", Document, None),
        ("Double", Double, None),
        ("Float", Float, None),
        ("Integer", Integer, None),
        ("Long", Long, None),
        ("PrimitiveBoolean", Boolean, Some(json!(false))),
        ("PrimitiveByte", Byte, Some(json!(0))),
        ("PrimitiveDouble", Double, Some(json!(0))),
        ("PrimitiveFloat", Float, Some(json!(0))),
        ("PrimitiveInteger", Integer, Some(json!(0))),
        ("PrimitiveLong", Long, Some(json!(0))),
        ("PrimitiveShort", Short, Some(json!(0))),
        ("Short", Short, None),
        ("String", String, None),
        ("Timestamp", Timestamp, None),
        ("Unit", Structure(Vec::new()), None),
    ]
}
