//! Whether the one wire table that is made of a shape serves all places in which the shape stands.
//!
//! What binds a member of an error to a place counts in answers alone, or in streams alone, and what binds one of an event
//! in streams; elsewhere, the member is in the document. A table can say one of both.

use std::collections::BTreeSet;

use super::bindings::binding;
use super::events;
use super::protocol::Side;
use crate::select::{self, Selection};
use crate::smithy::{Member, Model, Operation, Service, Shape, ShapeId, ShapeKind};

/// The operation that needs the shape; the member of the shape, the trait that binds it, and why it cannot.
pub(super) type Fault<'a> = (&'a ShapeId, String, &'static str, String);

/// What binds members of shapes which operations use where it does not count.
pub(super) fn faults<'a>(model: &Model, service: &Service, selection: &'a Selection) -> Vec<Fault<'a>> {
    let events = events::structures(model, selection.shapes.keys());
    let mut faults = Vec::new();
    for id in &selection.operations {
        let Some(operation) = model.get(id).and_then(Shape::as_operation) else { continue };
        for (place, shape) in places(model, service, operation) {
            let said = bound(model, place, shape, &events);
            faults.extend(said.into_iter().map(|(member, about, reason)| (id, member, about, reason)));
        }
    }
    faults
}

/// Where a shape stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Answer,
    Stream,
    Shape,
}

impl Place {
    /// The structure that has all that is bound there.
    fn side(self) -> Side {
        match self {
            Self::Answer => Side::Response,
            Self::Stream => Side::Event,
            Self::Shape => Side::Nested,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Answer => "in an answer",
            Self::Stream => "in a stream of events",
            Self::Shape => "within another shape",
        }
    }
}

/// The errors of an operation, the events of its streams, and what other shapes hold.
fn places<'a>(model: &'a Model, service: &'a Service, operation: &'a Operation) -> BTreeSet<(Place, &'a ShapeId)> {
    let errors: Vec<_> = model.errors(service, operation).into_iter().map(|error| &error.id).collect();
    let ends = [&operation.input, &operation.output].into_iter().chain(errors.iter().copied());
    let reached = select::closure(model, ends);
    let events = events::members(model, reached.iter().copied()).map(|member| (Place::Stream, &member.target));
    let shapes = reached.iter().filter_map(|id| model.get(id)).filter(|shape| !events::is_stream(shape));
    let held = shapes.flat_map(Shape::members).map(|member| (Place::Shape, &member.target));
    let answers = errors.iter().map(|id| (Place::Answer, *id));
    answers.chain(events).chain(held).collect()
}

/// What the table of a shape says of a member that is not so in a place.
fn bound(model: &Model, place: Place, id: &ShapeId, events: &BTreeSet<ShapeId>) -> Vec<(String, &'static str, String)> {
    let Some(shape) = model.get(id) else { return Vec::new() };
    let ShapeKind::Structure(members) = &shape.kind else { return Vec::new() };
    let said: &[Place] = match shape.traits.error() {
        Some(_) => &[Place::Answer, Place::Stream],
        None if events.contains(id) => &[Place::Stream],
        None => &[],
    };
    let mut bound = Vec::new();
    let is_bound = |member: &Member, about: &str| member.traits.has(about) && !binding(place.side()).contains(&about);
    for (counts, about) in said.iter().flat_map(|counts| binding(counts.side()).iter().map(move |id| (counts, *id))) {
        for member in members.iter().filter(|member| is_bound(member, about)) {
            let reason = format!("counts {} alone, and {id} stands {} too", counts.name(), place.name());
            bound.push((id.member(&member.name), about, reason));
        }
    }
    bound
}
