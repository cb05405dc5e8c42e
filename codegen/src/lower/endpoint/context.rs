//! What an operation and the members of its input say to the endpoint rules (Smithy rules engine, endpoint traits).

use serde_json::Value;

use super::Lowering;
use crate::ir::endpoint::{Default, Given, GivenValue, Kind, OwnEndpoint, Parameter};
use crate::lower::jmespath::{self, Root};
use crate::lower::protocol::Side;
use crate::lower::{Context, shapes};
use crate::smithy::{Model, Shape, ShapeId, ShapeKind};

/// What says a value once and for all, on an operation.
pub(crate) const STATIC: &str = "smithy.rules#staticContextParams";
/// What makes a member of an input a parameter.
pub(crate) const MEMBER: &str = "smithy.rules#contextParam";
/// What looks for values in an input.
pub(crate) const PATHS: &str = "smithy.rules#operationContextParams";

/// The parameters of a rule set alone: what is wrong with it is told with its rules.
pub(crate) fn parameters(rule_set: &Value) -> Vec<Parameter> {
    rule_set.get("parameters").map(|value| Lowering::default().parameters(value)).unwrap_or_default()
}

/// The parameters that an operation gives; nothing where it gives none. What it says itself stands before what a member
/// of its input says, and that before what is looked for in the input.
///
/// # Errors
///
/// Each trait that fits no parameter, or not its type: whose it is (of the operation where no member is named), which it
/// is, and why.
pub(in crate::lower) fn own(
    cx: &Context<'_>,
    operation: &Shape,
    rules: &[Parameter],
) -> Result<Option<OwnEndpoint>, Vec<Fault>> {
    let model = cx.model;
    let (mut given, mut faults) = (Vec::new(), Vec::new());
    let mut take =
        |name: &str, member: Option<&str>, about: &'static str, value: Result<(Kind, GivenValue), String>| {
            let fitting = value.and_then(|(kind, value)| fit(rules, name, kind, value));
            match fitting {
                Ok(fitting) if given.iter().any(|taken: &Given| taken.field == fitting.field) => {}
                Ok(fitting) => given.push(fitting),
                Err(reason) => faults.push(Fault { member: member.map(str::to_owned), about, reason }),
            }
        };
    for (name, value) in operation.traits.get(STATIC).and_then(Value::as_object).into_iter().flatten() {
        take(name, None, STATIC, constant(value));
    }
    let input = operation.as_operation().map(|of| &of.input);
    let members = input.and_then(|id| model.get(id)).map(|shape| (shape, shape.members()));
    for (shape, member) in members.into_iter().flat_map(|(shape, all)| all.into_iter().map(move |of| (shape, of))) {
        let Some(said) = member.traits.get(MEMBER) else { continue };
        let name = said.get("name").and_then(Value::as_str).unwrap_or_default();
        let field = shapes::field(cx, shape, member, Side::Request).map(|field| field.name);
        take(name, Some(&member.name), MEMBER, of_member(model, field.unwrap_or_default(), model.target(member)));
    }
    for (name, value) in operation.traits.get(PATHS).and_then(Value::as_object).into_iter().flatten() {
        let kind = rules.iter().find(|parameter| parameter.name == *name).map(|parameter| parameter.kind);
        take(name, None, PATHS, path(cx, input, value, kind));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let is_whole = given.len() == rules.len();
    Ok((!given.is_empty()).then_some(OwnEndpoint { given, is_whole }))
}

/// Why a trait gives no parameter.
pub(crate) struct Fault {
    /// The member of the input that has it; none where the operation has.
    pub(crate) member: Option<String>,
    /// The trait.
    pub(crate) about: &'static str,
    pub(crate) reason: String,
}

fn fit(rules: &[Parameter], name: &str, kind: Kind, value: GivenValue) -> Result<Given, String> {
    let parameter = rules.iter().find(|parameter| parameter.name == name);
    let parameter =
        parameter.ok_or_else(|| format!("gives the endpoint parameter `{name}`, which the rules do not have"))?;
    if parameter.kind != kind {
        return Err(format!("gives the endpoint parameter `{name}` a value of another type than the rules say"));
    }
    Ok(Given { field: parameter.field.clone(), value })
}

fn constant(value: &Value) -> Result<(Kind, GivenValue), String> {
    let refused = || "expected `value`: text, a boolean or a list of texts".to_owned();
    let (kind, value) = match value.get("value").ok_or_else(refused)? {
        Value::String(text) => (Kind::Text, Default::Text(text.clone())),
        Value::Bool(value) => (Kind::Boolean, Default::Boolean(*value)),
        Value::Array(items) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            (Kind::List, Default::List(texts.collect::<Option<_>>().ok_or_else(refused)?))
        }
        _ => return Err(refused()),
    };
    Ok((kind, GivenValue::Constant(value)))
}

fn of_member(model: &Model, field: String, target: Option<&Shape>) -> Result<(Kind, GivenValue), String> {
    match target.map(|shape| &shape.kind) {
        Some(ShapeKind::String) => Ok((Kind::Text, GivenValue::Text(field))),
        Some(ShapeKind::Enum(_)) => Ok((Kind::Text, GivenValue::Enum(field))),
        Some(ShapeKind::Boolean) => Ok((Kind::Boolean, GivenValue::Boolean(field))),
        Some(ShapeKind::List(item)) if is_text(model.target(item)) => Ok((Kind::List, GivenValue::Texts(field))),
        _ => Err("is an endpoint parameter, and neither text, a boolean nor a list of texts".to_owned()),
    }
}

/// What a path finds, as what the rules want to have; what they do not have is told by whoever looks for it there.
fn path(
    cx: &Context<'_>,
    input: Option<&ShapeId>,
    value: &Value,
    kind: Option<Kind>,
) -> Result<(Kind, GivenValue), String> {
    let text = value.get("path").and_then(Value::as_str).ok_or("expected `path`: a JMESPath")?;
    let found = jmespath::compile(cx, Root::Input(input.ok_or("only operations have inputs")?), text)?;
    let kind = kind.unwrap_or(Kind::Text);
    let found = match kind {
        Kind::Text => found.text(),
        Kind::Boolean => found.boolean(),
        Kind::List => found.texts(cx),
    };
    Ok((
        kind,
        GivenValue::Found(kind, found.map_err(|reason| format!("`{text}` does not fit its parameter: {reason}"))?),
    ))
}

fn is_text(target: Option<&Shape>) -> bool {
    matches!(target.map(|shape| &shape.kind), Some(ShapeKind::String))
}
