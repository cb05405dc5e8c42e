//! Whether a field may be missing, and what it begins with.
//!
//! As in the official crates: everything in an operation's input may be missing. Elsewhere a member with a default is
//! always there, and so is one that is required, unless it is a structure or a union, which a service may leave out.

use serde_json::Value as Json;

use super::Context;
use crate::ir::{Presence, Type, Value};
use crate::smithy::{Member, ShapeKind};

/// Decides it for a member of any structure but an operation's input, given the type of its field.
pub(super) fn of(cx: &Context<'_>, member: &Member, of: &Type) -> Presence {
    if member.traits.client_optional() {
        return Presence::Optional;
    }
    if let Some(default) = member.traits.default().filter(|default| !default.is_null()) {
        return Presence::Defaulted(value(of, cx.kind(&member.target), default));
    }
    let may_be_left_out = matches!(cx.kind(&member.target), ShapeKind::Structure(_) | ShapeKind::Union(_));
    if member.traits.required() && !may_be_left_out { Presence::Required } else { Presence::Optional }
}

/// The value of a default, unless the type begins with it anyway.
fn value(of: &Type, kind: &ShapeKind, default: &Json) -> Option<Value> {
    match (of, default) {
        (Type::Boolean, Json::Bool(true)) => Some(Value::Boolean(true)),
        (Type::Byte | Type::Short | Type::Integer | Type::Long, Json::Number(number)) => {
            number.as_i64().filter(|number| *number != 0).map(Value::Integer)
        }
        (Type::Float | Type::Double, Json::Number(number)) => {
            number.as_f64().filter(|number| *number != 0.0).map(Value::Number)
        }
        (Type::Text, Json::String(text)) if !text.is_empty() => Some(Value::Text(text.clone())),
        (Type::Named(named), Json::String(text)) if matches!(kind, ShapeKind::Enum(_)) => {
            Some(Value::Enum(named.clone(), text.clone()))
        }
        _ => None,
    }
}

/// Whether a default can be said in Rust: those of scalars, and empty lists and maps.
pub(super) fn is_supported(kind: &ShapeKind, default: &Json) -> bool {
    match default {
        Json::Null => true,
        Json::Bool(_) => matches!(kind, ShapeKind::Boolean),
        Json::Number(number) => match kind {
            ShapeKind::Byte | ShapeKind::Short | ShapeKind::Integer | ShapeKind::Long => fits(kind, number.as_i64()),
            ShapeKind::Float => number.as_f64().is_some_and(|number| (number as f32).is_finite()),
            ShapeKind::Double => true,
            ShapeKind::Timestamp => number.as_f64() == Some(0.0),
            _ => false,
        },
        Json::String(text) => match kind {
            ShapeKind::String | ShapeKind::Enum(_) => true,
            ShapeKind::Blob => text.is_empty(),
            _ => false,
        },
        Json::Array(items) => items.is_empty() && matches!(kind, ShapeKind::List(_)),
        Json::Object(entries) => entries.is_empty() && matches!(kind, ShapeKind::Map { .. }),
    }
}

fn fits(kind: &ShapeKind, number: Option<i64>) -> bool {
    number.is_some_and(|number| match kind {
        ShapeKind::Byte => i8::try_from(number).is_ok(),
        ShapeKind::Short => i16::try_from(number).is_ok(),
        ShapeKind::Integer => i32::try_from(number).is_ok(),
        _ => true,
    })
}
