//! Event streams: unions whose members are sent, or come, one by one, each as a message of its own.

use std::collections::BTreeSet;

use super::protocol::{self, Side};
use super::{Context, names, streams, types, unique};
use crate::ir::{ErrorCase, Events, Field, Named, Operation, Place, Presence, Stream, Structure, Type};
use crate::smithy::{Member, Model, Shape, ShapeId, ShapeKind};

/// Whether the members of a shape are the events of a stream.
pub(super) fn is_stream(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::Union(_)) && shape.traits.has(streams::STREAMING)
}

/// Whether a member of such a union is an exception, after which nothing comes.
pub(super) fn is_exception(model: &Model, member: &Member) -> bool {
    model.target(member).is_some_and(|target| target.traits.error().is_some())
}

/// The structures that are events, of whose members some may travel outside the document.
pub(super) fn structures<'a>(model: &Model, shapes: impl Iterator<Item = &'a ShapeId>) -> BTreeSet<ShapeId> {
    let events = members(model, shapes).filter(|member| !is_exception(model, member));
    events.map(|member| member.target.clone()).collect()
}

/// The members of all streams among these shapes, exceptions too.
pub(super) fn members<'a>(model: &Model, shapes: impl Iterator<Item = &'a ShapeId>) -> impl Iterator<Item = &Member> {
    shapes.filter_map(|id| model.get(id)).filter(|shape| is_stream(shape)).flat_map(Shape::members)
}

/// The type of a member that is a stream of events.
pub(super) fn field(cx: &Context<'_>, member: &Member, side: Side) -> Option<Type> {
    let event = cx.model.target(member).filter(|target| is_stream(target)).and_then(|it| types::named(cx, &it.id))?;
    let error = Named { name: error_name(cx, &event.name), home: event.home.clone() };
    Some(Type::Stream(Stream::Events { event, error, sent: side == Side::Request }))
}

/// Whether an operation sends or receives events.
pub(super) fn are_in(operations: &[Operation]) -> bool {
    operations.iter().any(|operation| has_events(&operation.input) || has_events(&operation.output.structure))
}

/// Whether an operation with these ends is called by HTTP/2. It is if it sends events, as over HTTP/1.1 servers answer
/// when all of them have come; and if it receives some, where the service prefers that.
pub(super) fn ask_for_http2(service: &Shape, [input, output]: [&Structure; 2]) -> bool {
    has_events(input) || has_events(output) && protocol::streams_by_http2(service)
}

fn has_events(structure: &Structure) -> bool {
    structure.fields.iter().any(is_events)
}

fn is_events(field: &Field) -> bool {
    matches!(field.of, Type::Stream(Stream::Events { .. }))
}

/// Marks what must precede a stream: of an answer whose body is no document, headers are all that tells whether it is one.
pub(super) fn require(fields: &mut [Field]) {
    if fields.iter().any(is_events) {
        for field in fields.iter_mut().filter(|field| field.member.place == Place::Header) {
            field.member.is_required = field.presence == Presence::Required;
        }
    }
}

/// What a union has beside its events; none if it has no events.
pub(super) fn of_union(cx: &Context<'_>, shape: &Shape, name: &str) -> Option<Events> {
    let mut exceptions: Vec<ErrorCase> = Vec::new();
    for member in shape.members().into_iter().filter(|member| is_exception(cx.model, member)) {
        let Some(error) = types::named(cx, &member.target) else { continue };
        match exceptions.iter_mut().find(|case| case.error == error) {
            Some(case) => case.also.push(member.name.clone()),
            None => {
                let is = format!("is_{}", names::snake(&error.name));
                exceptions.push(ErrorCase { is, code: member.name.clone(), also: Vec::new(), error });
            }
        }
    }
    is_stream(shape).then(|| Events { error: error_name(cx, name), exceptions, protocol: cx.protocol })
}

/// The enum of exceptions beside a union, which no shape is called as.
fn error_name(cx: &Context<'_>, union: &str) -> String {
    unique::free(&format!("{union}Error"), "", |name| cx.taken.contains(name))
}
