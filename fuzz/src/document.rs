//! Documents: drawn from bytes, and as `serde_json` has them.

use arbitrary::{Result, Unstructured};
use serde_json::Value;
use tinsmith_runtime::primitives::{Document, Number};

/// A document that is no deeper than this.
///
/// # Errors
///
/// The bytes are at their end.
pub fn draw(u: &mut Unstructured<'_>, depth: usize) -> Result<Document> {
    let kinds = if depth == 0 { 4 } else { 6 };
    Ok(match u.int_in_range(0..=kinds - 1)? {
        0 => Document::Null,
        1 => Document::Bool(u.arbitrary()?),
        2 => Document::String(u.arbitrary()?),
        3 => Document::Number(number(u)?),
        4 => Document::Array((0..u.int_in_range(0..=3)?).map(|_| draw(u, depth - 1)).collect::<Result<_>>()?),
        _ => {
            let entries = (0..u.int_in_range(0..=3)?).map(|_| Ok((u.arbitrary()?, draw(u, depth - 1)?)));
            Document::Object(entries.collect::<Result<_>>()?)
        }
    })
}

fn number(u: &mut Unstructured<'_>) -> Result<Number> {
    let (float, integer): (f64, i64) = (u.arbitrary()?, u.arbitrary()?);
    Ok(match u.int_in_range(0..=2)? {
        0 => Number::PosInt(u.arbitrary()?),
        1 if integer < 0 => Number::NegInt(integer),
        // JSON has no other numbers: they are written as their names, and read as text.
        _ if float.is_finite() => Number::Float(float),
        _ => Number::Float(0.5),
    })
}

/// What `serde_json` read, as a document.
pub fn of(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(value) => Document::Bool(*value),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(items) => Document::Array(items.iter().map(of).collect()),
        Value::Object(entries) => {
            Document::Object(entries.iter().map(|(key, value)| (key.clone(), of(value))).collect())
        }
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => Number::PosInt(number),
            (_, Some(number), _) => Number::NegInt(number),
            (.., Some(number)) => Number::Float(number),
            (None, None, None) => unreachable!("a number of serde_json is one of these"),
        }),
    }
}
