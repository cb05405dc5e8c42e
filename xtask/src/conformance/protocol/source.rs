//! The sources of the crate that runs protocol cases.

use std::fmt::Write;

use anyhow::Context;
use serde_json::Value;
use tinsmith_codegen::ir::{ErrorCase, Field, Operation, Type};
use tinsmith_codegen::smithy::ShapeId;

use super::known::Known;
use super::suite::{Case, Kind, Suite};
use super::values::{Set, Values};
use super::{data, events};

/// What compares messages and values with cases: a file of that crate, not of this one.
const CHECK: &str = include_str!("check.rs");
/// The part of it for event streams.
const CHECK_EVENTS: &str = include_str!("check/events.rs");
/// What failures of these are to be.
const CHECK_FAILURE: &str = include_str!("check/events/failure.rs");

/// Paths in the crate, and their texts.
pub(super) fn files(suites: &[Suite], known: &Known) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = vec![
        ("src/check.rs".to_owned(), CHECK.to_owned()),
        ("src/check/events.rs".to_owned(), CHECK_EVENTS.to_owned()),
        ("src/check/events/failure.rs".to_owned(), CHECK_FAILURE.to_owned()),
    ];
    let mut library =
        String::from("//! Clients of Smithy's test models, and the cases of these.\n\n#[cfg(test)]\nmod check;\n");
    for suite in suites.iter().filter(|suite| suite.service.is_some()) {
        let module = suite.module();
        writeln!(library, "pub mod {module};\n#[cfg(test)]\nmod cases_{module};")?;
        files.push((format!("src/cases_{module}.rs"), cases(suite, known)?));
        let client = suite.files()?.0.into_iter();
        files.extend(client.map(|(path, text)| (format!("src/{module}/{path}"), text)));
    }
    files.push(("src/lib.rs".to_owned(), library));
    Ok(files)
}

/// The tests of a suite: a module a kind, since ids of requests and responses may be the same.
fn cases(suite: &Suite, known: &Known) -> anyhow::Result<String> {
    let reason = "the suites name their cases so";
    let mut text =
        format!("//! The cases of {}, by their ids.\n#![allow(non_snake_case, reason = {reason:?})]\n", suite.name);
    for kind in [Kind::Request, Kind::Response, Kind::Error, Kind::Events] {
        let of_kind: Vec<_> = suite.cases.iter().filter(|case| case.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        writeln!(text, "\nmod {} {{\n    use crate::{{check, {}}};", kind.module(), suite.module())?;
        for case in of_kind {
            let body = test(suite, case).with_context(|| format!("{}: case {}", suite.name, case.id))?;
            // A case that is listed as failing must fail.
            let panics = known.failure(suite, case).map(|reason| format!("    // {reason}\n    #[should_panic]\n"));
            writeln!(text, "\n    #[test]\n{}    fn {}() {{\n{body}    }}", panics.unwrap_or_default(), case.id)?;
        }
        text.push_str("}\n");
    }
    Ok(text)
}

fn test(suite: &Suite, case: &Case) -> anyhow::Result<String> {
    let name = case.operation.name();
    let operation = suite.operations().iter().find(|operation| operation.model_name == name);
    let operation = operation.with_context(|| format!("the operation {name} was not generated"))?;
    match case.kind {
        Kind::Request => request(suite, operation, case),
        Kind::Response => response(suite, operation, case),
        Kind::Error => error(suite, operation, case),
        Kind::Events => events::test(suite, operation, case),
    }
}

fn request(suite: &Suite, operation: &Operation, case: &Case) -> anyhow::Result<String> {
    let values = Values::of(suite);
    let input = suite.model.get(&case.operation).and_then(|shape| shape.as_operation()).map(|of| &of.input);
    let (input, structure) = (input.context("it has no input")?, &operation.input);
    let set = values.fields(input, &structure.fields, params(case))?;
    let sent = format!("        check::request({}, |config| {});\n", literal(case), call(suite, operation, &set));
    let path = format!("{}::operation::{}::{}", suite.module(), operation.module, structure.name);
    Ok(sent + &read(suite, input, &path, case)? + &compared(&path, &structure.fields, &set, case))
}

fn response(suite: &Suite, operation: &Operation, case: &Case) -> anyhow::Result<String> {
    let values = Values::of(suite);
    let output = suite.model.get(&case.operation).and_then(|shape| shape.as_operation()).map(|of| &of.output);
    let structure = &operation.output.structure;
    let path = format!("{}::operation::{}::{}", suite.module(), operation.module, structure.name);
    let output = output.context("it has no output")?;
    let set = values.fields(output, &structure.fields, params(case))?;
    let call = call(suite, operation, &Values::labels(&operation.input.fields));
    let found = format!("        let found = check::response({}, |config| {call}).unwrap();\n", literal(case));
    let compared = compared(&path, &structure.fields, &set, case);
    Ok(found + &compared + &read(suite, output, &path, case)? + &compared)
}

fn error(suite: &Suite, operation: &Operation, case: &Case) -> anyhow::Result<String> {
    let values = Values::of(suite);
    let variant = variant(suite, operation, &case.shape)?;
    let shape = suite
        .service
        .iter()
        .flat_map(|service| &service.errors)
        .find(|shape| shape.structure.name == variant.error.name);
    let structure = &shape.with_context(|| format!("no error {}", variant.error.name))?.structure;
    let set = values.fields(&case.shape, &structure.fields, params(case))?;
    let call = call(suite, operation, &Values::labels(&operation.input.fields));
    let of = of_error(suite, operation);
    let found = format!(
        "        let error = check::response({}, |config| {call}).unwrap_err().into_service_error();\n        \
         let {of}::{}(found) = error else {{ panic!(\"{{error:?}}\") }};\n",
        literal(case),
        variant.error.name,
    );
    let path = values.path(&variant.error);
    let compared = compared(&path, &structure.fields, &set, case);
    Ok(found + &compared + &read(suite, &case.shape, &path, case)? + &compared)
}

/// What a case says of a structure, read as data.
fn read(suite: &Suite, id: &ShapeId, path: &str, case: &Case) -> anyhow::Result<String> {
    let data = data::of(&suite.model, id, params(case))?;
    Ok(format!("        let found = check::data::<{path}>({data});\n"))
}

/// The path of an operation's error enum.
pub(super) fn of_error(suite: &Suite, operation: &Operation) -> String {
    format!("{}::operation::{}::{}Error", suite.module(), operation.module, operation.name)
}

/// The variant of an operation's error enum.
pub(super) fn variant<'a>(suite: &Suite, operation: &'a Operation, error: &ShapeId) -> anyhow::Result<&'a ErrorCase> {
    // Errors go by the name of their shape, by one that the service gives them, or by a code of their own.
    let service = suite.model.service(None).ok().and_then(|(_, service)| service.rename.get(error).cloned());
    let name = service.unwrap_or_else(|| error.name().to_owned());
    let variant = operation
        .errors
        .iter()
        .find(|case| [name.as_str(), error.name()].iter().any(|name| case.code == *name || case.error.name == *name));
    variant.with_context(|| format!("{} has no error {error}", operation.name))
}

/// The call of an operation, by the client's own methods.
pub(super) fn call(suite: &Suite, operation: &Operation, set: &[Set<'_>]) -> String {
    let setters: String =
        set.iter().map(|Set { field, value }| format!(".{}(Some({value}))", field.setter.set)).collect();
    format!("{}::Client::from_conf(config).{}(){setters}.send()", suite.module(), operation.module)
}

/// Compares what was found, field by field: what is known of the response beyond them is private.
fn compared(path: &str, fields: &[Field], set: &[Set<'_>], case: &Case) -> String {
    if fields.is_empty() {
        return "        let _ = found;\n".to_owned();
    }
    let expected = super::values::assigned(path, set);
    let mut text = format!("        let expected = {expected};\n");
    // No number is itself where it is none: such values are compared by their text.
    let has_nan = params(case).to_string().contains("\"NaN\"");
    for Field { name, of, .. } in fields {
        text.push_str(&match of {
            Type::Stream(_) => format!("        check::same_bytes({name:?}, found.{name}, expected.{name});\n"),
            _ => {
                let same = if has_nan && has_float(of) { "same_text" } else { "same" };
                format!("        check::{same}({name:?}, &found.{name}, &expected.{name});\n")
            }
        });
    }
    text
}

/// Whether a value of a type may hold one that is no number.
fn has_float(of: &Type) -> bool {
    match of {
        Type::Float | Type::Double | Type::Named(_) => true,
        Type::List(element) => has_float(&element.of),
        Type::Map(entry) => has_float(&entry.value.of),
        _ => false,
    }
}

fn params(case: &Case) -> &Value {
    static NONE: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| Value::Object(serde_json::Map::new()));
    case.value.get("params").unwrap_or(&NONE)
}

/// The case as text, in Rust.
pub(super) fn literal(case: &Case) -> String {
    format!("{:?}", case.value.to_string())
}
