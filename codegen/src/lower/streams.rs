//! Members that are streams: the body of a message, as it comes.

use super::protocol;
use crate::ir::{Protocol, Stream, Type};
use crate::smithy::{Member, Model, Operation, Shape, ShapeKind};

/// The type of a shape that is a stream.
pub(super) fn of(shape: &Shape) -> Option<Type> {
    let requires_length = shape.traits.has("smithy.api#requiresLength");
    is_of_bytes(shape).then_some(Type::Stream(Stream::Bytes { requires_length }))
}

/// Whether a shape is a stream of bytes.
pub(super) fn is_of_bytes(shape: &Shape) -> bool {
    shape.traits.has(STREAMING) && matches!(shape.kind, ShapeKind::Blob)
}

/// Whether a structure can have a stream as this member: it is the body of what an operation takes or answers.
pub(super) fn has_place(model: &Model, service: &Shape, operation: &Operation, shape: &Shape, member: &Member) -> bool {
    let is_end = shape.id == operation.input || shape.id == operation.output;
    let is_bound = protocol::choose(model, service).is_ok_and(|protocol| protocol == Protocol::RestJson1);
    is_end && is_bound && member.traits.http_payload()
}

pub(super) const STREAMING: &str = "smithy.api#streaming";
