//! What cannot be generated yet, said of every operation that needs it.

use std::collections::{BTreeMap, BTreeSet};

use super::endpoint::context;
use super::protocol::{self, Side};
use super::{
    Context, auth, bindings, endpoint, events, homes, patterns, presence, soundness, streams, tables, unique, waiters,
};
use crate::diagnostic::Diagnostic;
use crate::ir::Protocol;
use crate::ir::endpoint::{Parameter, RuleSet};
use crate::select::{self, Selection};
use crate::smithy::{HttpChecksum, Member, Model, Operation, Service, Shape, ShapeId, ShapeKind};

/// The faults of each operation that cannot be generated, by its id.
pub fn unsupported(model: &Model, selection: &Selection) -> BTreeMap<ShapeId, Vec<Diagnostic>> {
    let service = model.get(&selection.service).and_then(|shape| Some((shape, shape.as_service()?)));
    let Some((shape, service)) = service else { return BTreeMap::new() };
    let parameters = shape.traits.get(endpoint::RULE_SET).map(context::parameters);
    let sketch = protocol::choose(model, shape).ok().map(|of| Context::sketch(model, selection, shape, of));
    let check = |id: &ShapeId| {
        let operation = model.get(id)?;
        let mut faults = of_operation(model, shape, service, operation);
        // Paths are followed through types, of which shapes with faults may have none.
        if faults.is_empty() {
            let said = sketch.iter().zip(&parameters);
            faults.extend(said.flat_map(|(cx, parameters)| of_parameters(cx, operation, parameters)));
            faults.extend(sketch.iter().flat_map(|cx| of_waiters(cx, operation)));
        }
        Some((id.clone(), faults))
    };
    let mut found: BTreeMap<_, _> = selection.operations.iter().filter_map(check).collect();
    found.retain(|_, faults| !faults.is_empty());
    // What is left out stands in nobody's way: neither for what is wrong with it, nor for what stands in its own way.
    let mut left = selection.without(model, |id| found.contains_key(id));
    loop {
        let mut together = of_all(model, &left, shape, service);
        let Some((first, _)) = together.first().cloned() else { return found };
        together.retain(|(id, _)| *id == first);
        left = left.without(model, |id| *id == first);
        found.insert(first, together.into_iter().map(|(_, fault)| fault).collect());
    }
}

/// What cannot be beside the rest of the selection: of two things of one name, the shape costs the operations that use it and
/// the waiter its own; and so does a shape of which one table is not enough.
fn of_all(model: &Model, selection: &Selection, service: &Shape, data: &Service) -> Vec<(ShapeId, Diagnostic)> {
    let mut found = Vec::new();
    let mut say = |operation: &ShapeId, place: String, about: Option<&str>, reason: &str| {
        let Some(operation) = model.get(operation) else { return };
        let mut check = Check { model, operation, faults: Vec::new() };
        check.say(place, about, reason);
        found.extend(check.faults.into_iter().map(|fault| (operation.id.clone(), fault)));
    };
    for (id, reason) in unique::twins(model, service, homes::have_types(model, selection)) {
        for user in selection.shapes.get(&id).into_iter().flat_map(|selected| &selected.users) {
            say(user, id.to_string(), None, &reason);
        }
    }
    for (operation, reason) in waiters::twins(model, selection) {
        say(&operation, operation.to_string(), Some("smithy.waiters#waitable"), &reason);
    }
    // Elsewhere bindings count for nothing anywhere.
    if protocol::choose(model, service) == Ok(Protocol::RestJson1) {
        for (operation, member, about, reason) in tables::faults(model, data, selection) {
            say(operation, member, Some(about), &reason);
        }
    }
    found
}

/// Waiters whose expressions find nothing in the shapes, or have no form in Rust.
fn of_waiters(cx: &Context<'_>, operation: &Shape) -> Vec<Diagnostic> {
    let mut check = Check { model: cx.model, operation, faults: Vec::new() };
    for reason in waiters::faults(cx, operation) {
        check.say(&operation.id, Some("smithy.waiters#waitable"), &reason);
    }
    check.faults
}

fn of_operation(model: &Model, service_shape: &Shape, service: &Service, shape: &Shape) -> Vec<Diagnostic> {
    let Some(operation) = shape.as_operation() else { return Vec::new() };
    let mut check = Check { model, operation: shape, faults: Vec::new() };
    check.operation(service_shape);
    check.patterns(service_shape, operation);
    let errors: Vec<_> = model.errors(service, operation).into_iter().map(|error| &error.id).collect();
    let ends = [&operation.input, &operation.output].into_iter().chain(errors.iter().copied());
    let reached = select::closure(model, ends);
    let held: BTreeSet<_> =
        reached.iter().filter_map(|id| model.get(id)).flat_map(Shape::members).map(|member| &member.target).collect();
    let (exceptions, events): (Vec<_>, Vec<_>) =
        events::members(model, reached.into_iter()).partition(|member| events::is_exception(model, member));
    // Exceptions that come in streams alone are errors, too.
    let failures: BTreeSet<_> = exceptions.iter().map(|member| &member.target).chain(errors.iter().copied()).collect();
    let events: BTreeSet<_> = events.iter().map(|member| &member.target).collect();
    let ends = [(Side::Request, &operation.input), (Side::Response, &operation.output)];
    let failures = failures.into_iter().map(|id| (Side::Error, id));
    let events = events.into_iter().map(|id| (Side::Event, id));
    let messages: Vec<_> = ends.into_iter().chain(failures).chain(events).collect();
    check.messages(service_shape, &messages);
    let mut seen = BTreeSet::new();
    let roots = [&operation.input, &operation.output].into_iter().chain(errors);
    // Each shape, and whether a list or a map led there.
    let mut waiting: Vec<(&ShapeId, bool)> = roots.map(|id| (id, false)).collect();
    while let Some((id, is_held)) = waiting.pop() {
        let Some(shape) = model.get(id).filter(|_| seen.insert(id)) else { continue };
        check.shape(shape, is_held);
        let holds = matches!(shape.kind, ShapeKind::List(_) | ShapeKind::Map { .. });
        waiting.extend(shape.members().into_iter().map(|member| (&member.target, holds)));
        let side = messages.iter().find(|(_, message)| *message == id).map_or(Side::Nested, |(side, _)| *side);
        check.soundness(service_shape, side, shape);
        check.streams(service_shape, operation, shape, held.contains(id));
    }
    check.faults
}

/// What an operation says to endpoint rules that do not understand it.
fn of_parameters(cx: &Context<'_>, operation: &Shape, parameters: &[Parameter]) -> Vec<Diagnostic> {
    let mut check = Check { model: cx.model, operation, faults: Vec::new() };
    let input = operation.as_operation().map_or(&operation.id, |of| &of.input);
    for fault in context::own(cx, operation, parameters).err().into_iter().flatten() {
        let place =
            fault.member.as_ref().map_or_else(|| operation.id.to_string(), |name| input.member(name).to_string());
        check.say(place, Some(fault.about), &fault.reason);
    }
    check.faults
}

/// Collects the faults of one operation.
struct Check<'a> {
    model: &'a Model,
    operation: &'a Shape,
    faults: Vec<Diagnostic>,
}

impl Check<'_> {
    fn operation(&mut self, service: &Shape) {
        let operation = self.operation;
        let place = operation.id.to_string();
        let traits = &operation.traits;
        // Where the protocol is not supported, that is said, and enough.
        let protocol = protocol::choose(self.model, service);
        if protocol.is_ok_and(|protocol| protocol::http(protocol, operation).is_none()) {
            self.say(&place, Some("smithy.api#http"), "the operation has no HTTP binding");
        }
        let checksum = traits.http_checksum();
        let needs = |of: HttpChecksum<'_>| of.request_checksum_required || of.request_algorithm_member.is_some();
        if checksum.is_some_and(needs) {
            self.say(&place, Some("aws.protocols#httpChecksum"), "checksums of requests are not supported yet");
        }
        if let Err(reason) = auth::schemes(self.model, service, operation) {
            self.say(&place, Some("smithy.api#auth"), &reason);
        }
    }

    /// Path and host, whose labels are members of the input.
    fn patterns(&mut self, service: &Shape, operation: &Operation) {
        let Ok(protocol) = protocol::choose(self.model, service) else { return };
        let members = self.model.get(&operation.input).map(Shape::members).unwrap_or_default();
        let named = |is_it: &dyn Fn(&Member) -> bool| {
            members.iter().filter(|member| is_it(member)).map(|member| member.name.as_str()).collect()
        };
        let shape = self.operation;
        let path = protocol::http(protocol, shape).map(|(method, uri)| {
            patterns::path(&method, &uri, named(&|member| protocol::is_in_path(protocol, member)))
        });
        let host = shape.traits.endpoint();
        let host = host.map(|host| patterns::host(host.host_prefix, named(&|member| member.traits.host_label())));
        for (id, checked) in [("smithy.api#http", path), ("smithy.api#endpoint", host)] {
            if let Some(Err(reason)) = checked {
                self.say(&shape.id, Some(id), &reason);
            }
        }
    }

    /// What a message binds to places.
    fn messages(&mut self, service: &Shape, messages: &[(Side, &ShapeId)]) {
        let Ok(protocol) = protocol::choose(self.model, service) else { return };
        let uri = protocol::http(protocol, self.operation).map(|(_, uri)| uri).unwrap_or_default();
        for (side, id) in messages {
            let Some(message) = self.model.get(id) else { continue };
            for (member, about, reason) in bindings::check(self.model, protocol, *side, message, &uri) {
                self.say(message.id.member(&member.name), Some(about), &reason);
            }
        }
    }

    fn soundness(&mut self, service: &Shape, side: Side, shape: &Shape) {
        let Ok(protocol) = protocol::choose(self.model, service) else { return };
        for (member, about, reason) in soundness::check(protocol, side, shape) {
            match member {
                Some(member) => self.say(shape.id.member(member), about, &reason),
                None => self.say(&shape.id, about, &reason),
            }
        }
    }

    /// Streams where there can be none, as in a shape that a member of another one holds.
    fn streams(&mut self, service: &Shape, operation: &Operation, shape: &Shape, is_held: bool) {
        for member in shape.members() {
            let target = self.model.target(member);
            if events::is_stream(shape) && !target.is_some_and(|it| matches!(it.kind, ShapeKind::Structure(_))) {
                let reason = "the events of a stream can only be structures";
                self.say(shape.id.member(&member.name), Some(streams::STREAMING), reason);
            }
            let is_stream = target.is_some_and(is_stream);
            if is_stream && (is_held || !streams::has_place(self.model, service, operation, shape, member)) {
                let reason = "a stream can only be what `httpPayload` binds in the input or output of an operation, which nothing \
                              else holds";
                self.say(shape.id.member(&member.name), Some(streams::STREAMING), reason);
            }
        }
    }

    fn shape(&mut self, shape: &Shape, is_held: bool) {
        if shape.traits.has(streams::STREAMING) && !is_stream(shape) {
            self.say(&shape.id, Some(streams::STREAMING), OF_SHAPES);
        }
        let kind = match shape.kind {
            // Lists within lists are told by the outermost.
            ShapeKind::List(_) | ShapeKind::Map { .. } if !is_held => self.nesting(shape),
            _ => "",
        };
        if !kind.is_empty() {
            self.say(&shape.id, None, kind);
        }
        for member in shape.members() {
            self.member(shape, member);
        }
    }

    fn member(&mut self, shape: &Shape, member: &Member) {
        let place = shape.id.member(&member.name);
        if member.traits.has(streams::STREAMING) {
            self.say(&place, Some(streams::STREAMING), OF_SHAPES);
        }
        let Some(target) = self.model.target(member) else { return };
        let default = member.traits.default();
        if default.is_some_and(|default| !presence::is_supported(&target.kind, default)) {
            self.say(&place, Some("smithy.api#default"), "this default cannot be said in Rust yet");
        }
    }

    /// Why no type can be made of a list or a map: what it holds, by lists and maps alone, has no end, or is too far in.
    fn nesting(&self, shape: &Shape) -> &'static str {
        let mut seen = BTreeSet::new();
        let mut at = Some(shape);
        while let Some(ShapeKind::List(member) | ShapeKind::Map { value: member, .. }) = at.map(|shape| &shape.kind) {
            if !seen.insert(&member.target) {
                return "holds itself with no structure in between, so that no type can be made of it";
            }
            if seen.len() > DEEPEST {
                return "nests more than 32 lists and maps with no structure in between";
            }
            at = self.model.target(member);
        }
        ""
    }

    fn say(&mut self, place: impl std::fmt::Display, about: Option<&str>, reason: &str) {
        let name = self.operation.id.name();
        let fault = self.model.fault(place, format!("{reason}; {name} needs it, and can be left out with `skip`"));
        self.faults.push(match about {
            Some(id) => fault.about(id),
            None => fault,
        });
    }
}

fn is_stream(shape: &Shape) -> bool {
    streams::is_of_bytes(shape) || events::is_stream(shape)
}

/// How many lists and maps may lie within one another: types are read and printed level by level, on the stack.
const DEEPEST: usize = 32;

/// Where streams are said.
const OF_SHAPES: &str = "can only be said of a blob or a union";

/// The endpoint rules of a service.
///
/// # Errors
///
/// It has none that can be compiled.
pub(super) fn rules(model: &Model, service: &Shape) -> Result<RuleSet, Vec<Diagnostic>> {
    let fault = |reason: String| model.fault(&service.id, reason).about(endpoint::RULE_SET);
    let found = endpoint::of_service(service.traits.get(endpoint::RULE_SET), service.traits.get(endpoint::BDD));
    match found {
        Ok(Some(rules)) => Ok(rules),
        Ok(None) => Err(vec![fault("has no endpoint rules, so that nobody knows where requests go".to_owned())]),
        Err(faults) => Err(faults.iter().map(|found| fault(found.to_string())).collect()),
    }
}
