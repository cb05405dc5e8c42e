//! The sources of the tests that run cases of event streams.

use anyhow::Context;
use serde_json::Value;
use tinsmith_codegen::ir::{Field, Named, Operation, Stream, Type};
use tinsmith_codegen::smithy::{Member, ShapeId};

use super::source::{call, literal, of_error, variant};
use super::suite::{Case, Suite};
use super::values::{Set, Values, assigned};

/// The test of a case: events that are sent, or that come, or both, after what HTTP itself carries.
pub(super) fn test(suite: &Suite, operation: &Operation, case: &Case) -> anyhow::Result<String> {
    let of = suite.model.get(&case.operation).and_then(|shape| shape.as_operation()).context("it is no operation")?;
    let request = request(suite, &of.input, operation, case)?;
    let found = format!("check::events::call({}, |config| {request})", literal(case));
    let received = events(case, "response");
    if received.is_empty() && case.value.get("initialResponse").is_none() && failure(case).is_none() {
        return Ok(format!("        let _ = {found};\n"));
    }
    let stream = stream(suite, &of.output, &operation.output.structure.fields);
    match failure(case) {
        None => response(suite, &of.output, operation, case, &found),
        Some(Some(error)) if received.is_empty() => {
            let variant = variant(suite, operation, &error)?;
            let path = of_error(suite, operation);
            Ok(format!(
                "        let error = {found}.unwrap_err().into_service_error();\n{}",
                is_variant(&path, &variant.error.name)
            ))
        }
        Some(Some(error)) => exception(suite, stream.context("its output has no stream")?, &error, case, &found),
        Some(None) => {
            let (check, found) = match &stream {
                Some(stream) => ("fails", format!("{found}.map(|found| found.{})", stream.field.name)),
                None => ("refused", found),
            };
            // What the answer was to have before its events.
            let before = operation.output.structure.fields.len() > usize::from(stream.is_some());
            let lacks_it = before && case.value.get("initialResponse").is_none();
            let otherwise = lacks_it.then_some("which the model requires");
            Ok(format!("        check::events::{check}({}, {otherwise:?}, {found});\n", literal(case)))
        }
    }
}

/// Which error is expected, if any: one of the model, or whatever it is.
fn failure(case: &Case) -> Option<Option<ShapeId>> {
    let failure = case.value.get("expectation")?.get("failure")?;
    Some(failure.get("errorId").and_then(Value::as_str).and_then(ShapeId::parse))
}

fn events<'a>(case: &'a Case, of: &str) -> Vec<&'a Value> {
    let all = case.value.get("events").and_then(Value::as_array).into_iter().flatten();
    all.filter(|event| event["type"] == of).collect()
}

/// A field that is a stream of events.
struct Events<'a> {
    field: &'a Field,
    /// The union in the model.
    union: ShapeId,
    /// The types of the union, and of the exceptions in it.
    event: &'a Named,
    error: &'a Named,
}

/// The stream of an input or an output.
fn stream<'a>(suite: &Suite, id: &ShapeId, fields: &'a [Field]) -> Option<Events<'a>> {
    // Fields stand in the order of the model's members.
    let members = suite.model.get(id)?.members();
    members.into_iter().zip(fields).find_map(|(member, field)| match &field.of {
        Type::Stream(Stream::Events { event, error, .. }) => {
            Some(Events { field, union: member.target.clone(), event, error })
        }
        _ => None,
    })
}

/// The call, with what is sent.
fn request(suite: &Suite, input: &ShapeId, operation: &Operation, case: &Case) -> anyhow::Result<String> {
    let (values, fields) = (Values::of(suite), &operation.input.fields);
    let mut set = match case.value.get("initialRequestParams") {
        Some(params) => values.fields(input, fields, params)?,
        None => Values::labels(fields),
    };
    if let Some(stream) = stream(suite, input, fields) {
        let sent = events(case, "request").into_iter();
        let sent = sent.map(|event| item(suite, &stream, event)).collect::<anyhow::Result<Vec<_>>>()?;
        let value = format!("check::events::stream(vec![{}]).into()", sent.join(", "));
        set.push(Set { field: stream.field, value });
    }
    Ok(call(suite, operation, &set))
}

/// An event that is sent: itself, or an exception as an error.
fn item(suite: &Suite, stream: &Events<'_>, sent: &Value) -> anyhow::Result<String> {
    let values = Values::of(suite);
    let (member, value) = chosen(suite, stream, sent)?;
    match values.exception(stream.event, member) {
        None => Ok(format!("Ok({})", values.named(&stream.union, stream.event, &sent["params"])?)),
        Some(case) => {
            let held = values.error(&member.target, &case.error, value)?;
            Ok(format!("Err({}::{}({held}))", values.path_of_error(stream.error), case.error.name))
        }
    }
}

/// The member of the union that an event is, and its value.
fn chosen<'a>(suite: &'a Suite, stream: &Events<'_>, event: &'a Value) -> anyhow::Result<(&'a Member, &'a Value)> {
    let given = event.get("params").and_then(Value::as_object).and_then(|params| params.iter().next());
    let (name, value) = given.context("the event has no params")?;
    let members = suite.model.get(&stream.union).map(|shape| shape.members()).unwrap_or_default();
    let member = members.into_iter().find(|member| member.name == *name);
    Ok((member.with_context(|| format!("{} has no member {name}", stream.union))?, value))
}

fn response(
    suite: &Suite,
    output: &ShapeId,
    operation: &Operation,
    case: &Case,
    found: &str,
) -> anyhow::Result<String> {
    let (values, structure) = (Values::of(suite), &operation.output.structure);
    let received = events(case, "response");
    let stream = stream(suite, output, &structure.fields);
    let is_mutable = if stream.is_some() { "mut " } else { "" };
    let mut text = format!("        let {is_mutable}found = {found}.unwrap();\n");
    if let Some(params) = case.value.get("initialResponseParams") {
        let path = format!("{}::operation::{}::{}", suite.module(), operation.module, structure.name);
        let set = values.fields(output, &structure.fields, params)?;
        text.push_str(&format!("        let expected = {};\n", assigned(&path, &set)));
        for Set { field, .. } in &set {
            text.push_str(&format!("        check::same({0:?}, &found.{0}, &expected.{0});\n", field.name));
        }
    }
    let Some(stream) = stream else { return Ok(text + "        let _ = found;\n") };
    let field = stream.field;
    for message in received {
        let expected = values.named(&stream.union, stream.event, &message["params"])?;
        text.push_str(&format!(
            "        check::same(\"event\", &check::events::next(&mut found.{}), &{expected});\n",
            field.name
        ));
    }
    Ok(text + &format!("        check::events::end(&mut found.{});\n", field.name))
}

/// The exception that ends a stream, with its members.
fn exception(
    suite: &Suite,
    stream: Events<'_>,
    expected: &ShapeId,
    case: &Case,
    found: &str,
) -> anyhow::Result<String> {
    let values = Values::of(suite);
    let received = events(case, "response");
    let (member, value) = chosen(suite, &stream, received.last().context("nothing comes")?)?;
    let exception = values.exception(stream.event, member).filter(|_| member.target == *expected);
    let exception = exception.with_context(|| format!("the event is no {expected}"))?;
    let held = values.error(expected, &exception.error, value)?;
    let field = &stream.field.name;
    let mut text = format!(
        "        let mut found = {found}.unwrap();\n        let error = check::events::exception(&mut found.{field});\n"
    );
    text.push_str(&is_variant(&values.path_of_error(stream.error), &exception.error.name));
    text.push_str(&format!("        let expected = {held};\n"));
    for Field { name, .. } in values.error_fields(&exception.error)? {
        text.push_str(&format!("        check::same({name:?}, &found.{name}, &expected.{name});\n"));
    }
    Ok(text)
}

/// Makes sure that `error` is this variant, and shows it as `found`.
fn is_variant(path: &str, variant: &str) -> String {
    format!(
        "        let {path}::{variant}(found) = error else {{ panic!(\"{{error:?}}\") }};\n        let _ = &found;\n"
    )
}
