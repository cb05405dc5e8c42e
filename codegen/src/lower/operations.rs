//! Operations: everything that is decided of one.

use std::collections::BTreeSet;

use super::endpoint::context;
use super::protocol::{self, Side};
use super::{
    Context, auth, deprecation, docs, errors, events, finish, fixups, names, pagination, shapes, types, unique, waiters,
};
use crate::ir::{Builder, Deprecated, Home, Operation, Output, Place, Sensitive, Structure};
use crate::smithy::{Operation as Model, Shape, ShapeId, ShapeKind};

/// The operations of the selection, by name.
pub(super) fn all(cx: &Context<'_>) -> Vec<Operation> {
    let shapes = cx.selection.operations.iter().filter_map(|id| cx.model.get(id));
    let mut operations: Vec<_> = shapes.filter_map(|shape| lower(cx, shape)).collect();
    operations.sort_by(|a, b| a.name.cmp(&b.name));
    operations
}

fn lower(cx: &Context<'_>, shape: &Shape) -> Option<Operation> {
    let operation = shape.as_operation()?;
    let (method, uri) = protocol::http(cx.protocol, shape)?;
    let refused = cx.model.errors(cx.service.as_service()?, operation);
    let name = names::type_name(shape.id.name());
    let module = cx.modules.get(&shape.id)?.clone();
    let input = input(cx, &name, &operation.input);
    let output = output(cx, &name, &operation.output);
    Some(Operation {
        model_name: shape.id.name().to_owned(),
        feature: cx.features.get(&shape.id).cloned(),
        docs: docs::of_operation(shape),
        reference: docs::reference(cx.service, shape),
        deprecated: deprecation::of(&shape.traits),
        protocol: cx.protocol,
        method,
        host_prefix: shape.traits.endpoint().map_or_else(String::new, |endpoint| endpoint.host_prefix.to_owned()),
        uri: fixups::uri(&cx.service.id, uri),
        // `support` has seen to it that it fits.
        endpoint: context::own(cx, shape, cx.parameters).unwrap_or_default(),
        finish: finish::of(shape),
        // `support` has seen to it that there is one.
        auth: auth::schemes(cx.model, cx.service, shape).unwrap_or_default(),
        errors: errors::cases(cx, &refused),
        retryable: errors::retryable(cx, &refused),
        http2: events::ask_for_http2(cx.service, [&input, &output.structure]),
        answer_seconds: fixups::answer_seconds(&shape.id),
        sensitive: sensitive(cx, operation, [&input, &output.structure], &refused),
        pages: pagination::pages(cx, shape, &input),
        waiters: waiters::waiters(cx, shape),
        shapes: own(cx, operation, &refused, &module, shapes::shape),
        enums: own(cx, operation, &refused, &module, shapes::open_enum),
        name,
        module,
        input,
        output,
    })
}

/// What a caller sends: a structure of the operation's own, whatever the model calls it.
fn input(cx: &Context<'_>, operation: &str, id: &ShapeId) -> Structure {
    let builder = Builder { name: format!("{operation}Builder"), fallible: false };
    let docs = format!("The input of [`{operation}`].");
    let fields = members(cx, id, Side::Request);
    shapes::assemble(format!("{operation}Input"), docs, deprecated(cx, id), fields, builder)
}

/// What the service answers: a structure of the operation's own, whatever the model calls it.
fn output(cx: &Context<'_>, operation: &str, id: &ShapeId) -> Output {
    let mut fields = members(cx, id, Side::Response);
    events::require(&mut fields);
    let is_taken = |name: &str| fields.iter().any(|field| field.name == name);
    let metadata =
        if is_taken("metadata") { unique::free("response_metadata", "_", is_taken) } else { "metadata".to_owned() };
    let docs = format!("The output of [`{operation}`].");
    let name = format!("{operation}Output");
    let builder = shapes::builder(cx, &name, &fields);
    let structure = shapes::assemble(name, docs, deprecated(cx, id), fields, builder);
    Output { structure, metadata }
}

fn deprecated(cx: &Context<'_>, id: &ShapeId) -> Option<Deprecated> {
    deprecation::of(&cx.model.get(id)?.traits)
}

fn members(cx: &Context<'_>, id: &ShapeId, side: Side) -> Vec<crate::ir::Field> {
    let Some(shape) = cx.model.get(id) else { return Vec::new() };
    let ShapeKind::Structure(members) = &shape.kind else { return Vec::new() };
    shapes::fields(cx, shape, members, side)
}

/// What never appears in logs: a member outside the bodies is one of input, output or an error themselves; in a body,
/// anything that they reach may be.
fn sensitive(cx: &Context<'_>, operation: &Model, ends: [&Structure; 2], errors: &[&Shape]) -> Sensitive {
    let in_body = |place| matches!(place, Place::Body | Place::Payload);
    let of_errors: Vec<_> = errors.iter().flat_map(|error| members(cx, &error.id, Side::Error)).collect();
    let mut fields = ends.into_iter().flat_map(|structure| &structure.fields).chain(&of_errors);
    if fields.any(|field| field.sensitive && !in_body(field.member.place)) {
        return Sensitive::All;
    }
    let ends = [&operation.input, &operation.output];
    let mut waiting: Vec<_> = ends.into_iter().chain(errors.iter().map(|error| &error.id)).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(shape) = cx.model.get(id).filter(|_| seen.insert(id)) else { continue };
        if types::is_secret(shape) || shape.members().into_iter().any(|member| types::is_sensitive(cx, member)) {
            return Sensitive::Bodies;
        }
        waiting.extend(shape.members().into_iter().map(|member| &member.target));
    }
    Sensitive::None
}

/// The shapes that live in the file of the operation, in the order in which one meets them in its output, then in its
/// input and its errors, each before what it holds.
fn own<T>(
    cx: &Context<'_>,
    operation: &Model,
    errors: &[&Shape],
    module: &str,
    make: fn(&Context<'_>, &Shape) -> Option<T>,
) -> Vec<T> {
    let home = Home::Operation(module.to_owned());
    let roots = errors.iter().rev().map(|error| &error.id).chain([&operation.input, &operation.output]);
    let mut waiting: Vec<&ShapeId> = roots.collect();
    let (mut seen, mut own) = (BTreeSet::new(), Vec::new());
    while let Some(id) = waiting.pop() {
        let Some(shape) = cx.model.get(id) else { continue };
        if !seen.insert(id) {
            continue;
        }
        if cx.homes.get(id) == Some(&home) {
            own.extend(make(cx, shape));
        }
        waiting.extend(shape.members().into_iter().rev().map(|member| &member.target));
    }
    own
}
