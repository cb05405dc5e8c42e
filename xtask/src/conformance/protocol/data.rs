//! Parameters of cases as data: expressions of Rust that give what the feature `serde` reads, under the names of the model.

use anyhow::{Context, bail};
use serde_json::Value;
use tinsmith_codegen::smithy::{Member, Model, ShapeId, ShapeKind};

use super::{digits, values};

/// A value of a shape. Bytes, times and numbers of any size are spelt by their types.
pub(super) fn of(model: &Model, id: &ShapeId, value: &Value) -> anyhow::Result<String> {
    let unexpected = || format!("{id}: found {value}");
    // What stands for no structure at all has no members, and is not in the model.
    let Some(shape) = model.get(id) else { return Ok("serde_json::json!({})".to_owned()) };
    let element = |member: &Member, value: &Value| match value {
        Value::Null => Ok("serde_json::Value::Null".to_owned()),
        value => of(model, &member.target, value),
    };
    Ok(match &shape.kind {
        ShapeKind::Structure(members) | ShapeKind::Union(members) => {
            let mut entries = Vec::new();
            for (name, value) in value.as_object().with_context(unexpected)? {
                let member = members.iter().find(|member| member.name == *name).with_context(unexpected)?;
                entries.push(format!("({name:?}, {})", element(member, value)?));
            }
            object(&entries)
        }
        ShapeKind::List(member) => {
            let items = value.as_array().with_context(unexpected)?.iter().map(|item| element(member, item));
            format!("serde_json::Value::Array(vec![{}])", items.collect::<anyhow::Result<Vec<_>>>()?.join(", "))
        }
        ShapeKind::Map { value: member, .. } => {
            let mut entries = Vec::new();
            for (key, value) in value.as_object().with_context(unexpected)? {
                entries.push(format!("({key:?}, {})", element(member, value)?));
            }
            object(&entries)
        }
        ShapeKind::Blob => {
            format!(
                "serde_json::json!({}::Blob::new({:?}))",
                values::PRIMITIVES,
                value.as_str().with_context(unexpected)?
            )
        }
        ShapeKind::Timestamp => {
            let number = digits::of(value).map(serde_json::from_str).transpose()?;
            let time = values::timestamp(number.as_ref().unwrap_or(value)).with_context(unexpected)?;
            format!("serde_json::json!({time})")
        }
        ShapeKind::BigInteger | ShapeKind::BigDecimal => {
            let number = value.as_number().map(ToString::to_string);
            let digits = digits::of(value).map(str::to_owned).or(number).with_context(unexpected)?;
            format!("serde_json::json!({digits:?})")
        }
        kind if kind.is_data() => literal(value),
        _ => bail!("{id} is no data"),
    })
}

/// An object. The macro `json!` takes a step of recursion for each of its tokens, and stops before the longest cases.
fn object(entries: &[String]) -> String {
    match entries {
        [] => "serde_json::json!({})".to_owned(),
        entries => format!("serde_json::Value::from_iter([{}])", entries.join(", ")),
    }
}

/// What JSON says, as text that is parsed where it is needed.
fn literal(value: &Value) -> String {
    let text = match digits::of(value) {
        Some(digits) => digits.to_owned(),
        None => value.to_string(),
    };
    format!("serde_json::from_str::<serde_json::Value>({text:?}).unwrap()")
}
