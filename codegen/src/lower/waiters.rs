//! What operations can be polled for.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::jmespath::{self, Root, Typed};
use super::{Context, docs, names, protocol};
use crate::ir::path::{Expr, Operator};
use crate::ir::waiter::{Acceptor, Condition, Matcher, State, Waiter};
use crate::select::Selection;
use crate::smithy::{self, Model, Operation, PathComparator, PathMatcher, Shape, ShapeId, WaiterState};

/// The waiters of an operation, by name. `support` has seen to it that each can be made.
pub(super) fn waiters(cx: &Context<'_>, shape: &Shape) -> Vec<Waiter> {
    all(cx, shape).into_iter().filter_map(Result::ok).collect()
}

/// Waiters that have the name of another one of the service already: the operation of each, and why it cannot have it.
pub(super) fn twins(model: &Model, selection: &Selection) -> Vec<(ShapeId, String)> {
    let mut seen: BTreeMap<String, (&ShapeId, &str)> = BTreeMap::new();
    let mut twins = Vec::new();
    for shape in selection.operations.iter().filter_map(|id| model.get(id)) {
        for name in shape.traits.waitable().unwrap_or_default().into_keys() {
            match seen.entry(names::snake(name)) {
                Entry::Vacant(free) => drop(free.insert((&shape.id, name))),
                Entry::Occupied(taken) => {
                    let (id, other) = taken.get();
                    let reason = format!("the waiter {name} would be called as the waiter {other} of {id} is");
                    twins.push((shape.id.clone(), reason));
                }
            }
        }
    }
    twins
}

/// The inputs of operations that can be polled: what sends them has methods that wait.
pub(super) fn inputs(model: &Model, selection: &Selection) -> BTreeSet<ShapeId> {
    let operations = selection.operations.iter().filter_map(|id| model.get(id));
    let waited = operations.filter(|shape| shape.traits.waitable().is_some());
    waited.filter_map(|shape| Some(shape.as_operation()?.input.clone())).collect()
}

/// Why waiters of an operation cannot be made.
pub(super) fn faults(cx: &Context<'_>, shape: &Shape) -> Vec<String> {
    all(cx, shape).into_iter().filter_map(Result::err).collect()
}

fn all(cx: &Context<'_>, shape: &Shape) -> Vec<Result<Waiter, String>> {
    let said = shape.traits.waitable().unwrap_or_default();
    said.iter().map(|(name, said)| waiter(cx, shape, name, said)).collect()
}

/// What Smithy takes where a model says nothing, in seconds.
const DELAYS: (u32, u32) = (2, 120);

fn waiter(cx: &Context<'_>, shape: &Shape, name: &str, said: &smithy::Waiter<'_>) -> Result<Waiter, String> {
    let operation = shape.as_operation().ok_or("only operations have waiters")?;
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(format!("expected the name of a waiter, a capital and then letters and digits, found {name:?}"));
    }
    let acceptor = |(index, said)| {
        let place = |reason| format!("{name}.acceptors[{index}]: {reason}");
        acceptor(cx, operation, said).map_err(place)
    };
    let acceptors = said.acceptors.iter().enumerate().map(acceptor).collect::<Result<Vec<_>, _>>()?;
    let (word, pascal) = (names::snake(name), names::type_name(name));
    let min_delay = said.min_delay.unwrap_or(DELAYS.0);
    let prose = docs::paragraph(said.documentation.as_deref());
    Ok(Waiter {
        docs: prose.unwrap_or_else(|| facts(shape.id.name(), &acceptors)),
        constant: constant(&word),
        method: format!("wait_until_{word}"),
        request: format!("{pascal}FluentBuilder"),
        final_poll: format!("{pascal}FinalPoll"),
        error: format!("WaitUntil{pascal}Error"),
        module: names::method(name),
        name: name.to_owned(),
        min_delay,
        max_delay: said.max_delay.unwrap_or(DELAYS.1).max(min_delay),
        acceptors,
    })
}

/// The name of a static. That of a type has no underscore, and may be in capitals alone, as `A` is.
fn constant(word: &str) -> String {
    let name = word.to_uppercase();
    if name.contains('_') { name } else { format!("{name}_WAITER") }
}

/// What is waited for, where no prose says it.
fn facts(operation: &str, acceptors: &[Acceptor]) -> String {
    let success = acceptors.iter().filter(|acceptor| acceptor.state == State::Success);
    let told = success.map(|acceptor| match &acceptor.matcher {
        Matcher::Succeeds(true) => "succeeds".to_owned(),
        Matcher::Succeeds(false) => "fails".to_owned(),
        Matcher::Error(code) => format!("fails with `{code}`"),
        Matcher::Output(condition) | Matcher::InputOutput(condition) => {
            format!("answers that `{}`", docs::on_one_line(&condition.says).replace('`', "'"))
        }
    });
    match told.collect::<Vec<_>>() {
        told if told.is_empty() => format!("Waits as long as it may, unless `{operation}` fails."),
        told => format!("Waits until `{operation}` {}.", told.join(", or ")),
    }
}

fn acceptor(cx: &Context<'_>, operation: &Operation, said: &smithy::Acceptor<'_>) -> Result<Acceptor, String> {
    let state = match said.state {
        WaiterState::Success => State::Success,
        WaiterState::Failure => State::Failure,
        WaiterState::Retry => State::Retry,
    };
    let (input, output) = (&operation.input, &operation.output);
    let matcher = match &said.matcher {
        smithy::Matcher::Success(succeeds) => Matcher::Succeeds(*succeeds),
        smithy::Matcher::ErrorType(name) => Matcher::Error(code(cx, operation, name)),
        smithy::Matcher::Output(path) => Matcher::Output(condition(cx, Root::Output(output), path)?),
        smithy::Matcher::InputOutput(path) => Matcher::InputOutput(condition(cx, Root::Both { input, output }, path)?),
    };
    Ok(Acceptor { state, matcher })
}

/// The code of an error that an acceptor names: by its shape, or, where the model has none of it, by the code itself.
fn code(cx: &Context<'_>, operation: &Operation, name: &str) -> String {
    let name = name.split_once('#').map_or(name, |(_, name)| name);
    let listed = cx.service.as_service().map(|service| cx.model.errors(service, operation)).unwrap_or_default();
    let shape = listed.into_iter().find(|shape| shape.id.name() == name);
    shape.map_or_else(|| name.to_owned(), |shape| protocol::error_code(cx, shape))
}

fn condition(cx: &Context<'_>, root: Root<'_>, said: &PathMatcher<'_>) -> Result<Condition, String> {
    let PathMatcher { path, expected, comparator } = said;
    let found = jmespath::compile(cx, root, path)?;
    let reason = |reason| format!("`{path}` does not fit what is to be done with it: {reason}");
    let text = || Expr::Text(expected.to_string());
    let texts = |name, text| {
        let ask = |items: Expr| Expr::Texts(name, Box::new([items, text]));
        found.clone().over_texts(cx, ask).map(Typed::holds)
    };
    let (says, holds) = match comparator {
        PathComparator::StringEquals => ("is", same(found.clone().text().map_err(reason)?, text())),
        PathComparator::BooleanEquals => {
            let expected = match expected.as_ref() {
                "true" => true,
                "false" => false,
                _ => return Err(format!("`booleanEquals` wants `true` or `false`, found `{expected}`")),
            };
            ("is", same_boolean(found.clone(), expected).map_err(reason)?)
        }
        PathComparator::AllStringEquals => ("are all", texts("all", text()).map_err(reason)?),
        PathComparator::AnyStringEquals => ("has", texts("any", text()).map_err(reason)?),
    };
    Ok(Condition { says: format!("{path} {says} {expected}"), holds })
}

/// Whether an option holds this text.
fn same(found: Expr, text: Expr) -> Expr {
    match found {
        Expr::Some(found) => found.binary(Operator::Equal, text),
        found => found.binary(Operator::Equal, Expr::Some(Box::new(text))),
    }
}

fn same_boolean(found: Typed, expected: bool) -> Result<Expr, String> {
    let holds = found.clone().holds();
    Ok(match found.boolean()? {
        _ if expected => holds,
        Expr::Some(found) => jmespath::negated(*found),
        found => same(found, Expr::Boolean(false)),
    })
}
