//! Whether a field may be missing, and what it begins with.
//!
//! As in the official crates: everything in an operation's input may be missing. Elsewhere a member with a default is
//! always there, and so is one that is required, unless it is a structure or a union, which a service may leave out.

use serde_json::Value as Json;

use super::{Context, base64, instant};
use crate::ir::{DocumentValue, Presence, Type, Value};
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
        (Type::BigInteger | Type::BigDecimal, Json::Number(number)) => {
            Some(number).filter(|number| number.as_f64() != Some(0.0)).map(|number| Value::Digits(number.to_string()))
        }
        (Type::Document, default) => document(default).map(Value::Document),
        (Type::Timestamp, default) => {
            let instant = instant::of(default).filter(|instant| *instant != (0, 0));
            instant.map(|(seconds, nanos)| Value::Timestamp(seconds, nanos))
        }
        (Type::Blob, Json::String(text)) => base64::decode(text).filter(|bytes| !bytes.is_empty()).map(Value::Blob),
        (Type::Text, Json::String(text)) if !text.is_empty() => Some(Value::Text(text.clone())),
        (Type::Named(named), Json::String(text)) if matches!(kind, ShapeKind::Enum(_)) => {
            Some(Value::Enum(named.clone(), text.clone()))
        }
        _ => None,
    }
}

/// What a document says, other than nothing.
fn document(default: &Json) -> Option<DocumentValue> {
    match default {
        Json::Null => None,
        Json::Bool(value) => Some(DocumentValue::Boolean(*value)),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Some(DocumentValue::Integer(integer)),
            None => number.as_f64().map(DocumentValue::Number),
        },
        Json::String(text) => Some(DocumentValue::Text(text.clone())),
        Json::Array(_) => Some(DocumentValue::List),
        Json::Object(_) => Some(DocumentValue::Map),
    }
}

/// Whether a default can be said in Rust: those of scalars, and empty lists and maps. Bytes are in base64.
pub(super) fn is_supported(kind: &ShapeKind, default: &Json) -> bool {
    match default {
        Json::Null => true,
        Json::Bool(_) => matches!(kind, ShapeKind::Boolean | ShapeKind::Document),
        Json::Number(number) => match kind {
            ShapeKind::Byte | ShapeKind::Short | ShapeKind::Integer | ShapeKind::IntEnum(_) | ShapeKind::Long => {
                fits(kind, number.as_i64())
            }
            // A larger one is a float by now, and its digits are lost.
            ShapeKind::BigInteger => number.is_i64() || number.is_u64(),
            ShapeKind::Float => number.as_f64().is_some_and(|number| (number as f32).is_finite()),
            ShapeKind::BigDecimal | ShapeKind::Double | ShapeKind::Document => true,
            ShapeKind::Timestamp => instant::of(default).is_some(),
            _ => false,
        },
        Json::String(text) => match kind {
            ShapeKind::String | ShapeKind::Enum(_) | ShapeKind::Document => true,
            ShapeKind::Blob => base64::decode(text).is_some(),
            ShapeKind::Timestamp => instant::of(default).is_some(),
            _ => false,
        },
        Json::Array(items) => items.is_empty() && matches!(kind, ShapeKind::List(_) | ShapeKind::Document),
        Json::Object(entries) => entries.is_empty() && matches!(kind, ShapeKind::Map { .. } | ShapeKind::Document),
    }
}

fn fits(kind: &ShapeKind, number: Option<i64>) -> bool {
    number.is_some_and(|number| match kind {
        ShapeKind::Byte => i8::try_from(number).is_ok(),
        ShapeKind::Short => i16::try_from(number).is_ok(),
        ShapeKind::Integer | ShapeKind::IntEnum(_) => i32::try_from(number).is_ok(),
        _ => true,
    })
}
