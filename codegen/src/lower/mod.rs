//! Model and selection → IR: one file a decision.
//!
//! ```text
//! protocol   which one, and how members travel in it      recursion  where a `Box` must stand
//! support    what cannot be generated yet                  shapes     structures, unions, enums
//! names      identifiers                                   presence   what may be missing, and defaults
//! homes      which file defines a type                     errors     variants, codes, messages
//! types      Rust types, accessors, setters                pagination tokens, sizes, items
//! docs       prose                                         operations all of these, for one operation
//! endpoint   the rule set of the service                   partitions of the cloud, which all services share
//! fixups     faults of models, mended by name              auth       schemes that an operation takes
//! patterns   of paths and hosts                            unique     no two things of one name
//! features   what is compiled with which operation         deprecation what should no longer be used
//! bindings   whether members can travel where they should  soundness  whether shapes make sense by themselves
//! finish     what is done to a written request            events     unions that are sent and come one by one
//! jmespath   expressions that look into inputs and outputs waiters    what operations can be polled for
//! streams    members that are the body as it comes         tables     whether one serves all places of a shape
//! ```

mod auth;
mod base64;
mod bindings;
mod deprecation;
mod docs;
pub mod endpoint;
mod errors;
mod events;
mod features;
mod finish;
mod fixups;
mod homes;
mod instant;
mod jmespath;
pub(crate) mod names;
mod operations;
mod pagination;
pub mod partitions;
mod patterns;
mod presence;
mod protocol;
mod recursion;
mod shapes;
mod soundness;
mod streams;
mod support;
mod tables;
mod types;
mod unique;
mod waiters;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::ir;
use crate::select::Selection;
use crate::smithy::{Model, Shape, ShapeId, ShapeKind};

pub use protocol::choose as protocol;
pub use support::unsupported;

/// What every decision can look at.
pub struct Context<'a> {
    model: &'a Model,
    selection: &'a Selection,
    service: &'a Shape,
    protocol: ir::Protocol,
    /// The name of every shape that has a type of its own.
    names: BTreeMap<ShapeId, String>,
    /// All of these names.
    taken: BTreeSet<String>,
    /// The file of each of them.
    homes: BTreeMap<ShapeId, ir::Home>,
    boxed: recursion::Boxed,
    features: features::Features,
    /// What the endpoint rules of the service look at.
    parameters: &'a [ir::endpoint::Parameter],
    /// The structures that are events of a stream.
    events: BTreeSet<ShapeId>,
    /// The module of each operation.
    modules: BTreeMap<ShapeId, String>,
    /// The inputs of operations that can be waited with.
    waited_with: BTreeSet<ShapeId>,
}

/// Decides everything.
///
/// # Errors
///
/// All that keeps the service or one of its selected operations from being generated.
pub fn lower(model: &Model, selection: &Selection) -> Result<ir::Service, Vec<Diagnostic>> {
    let missing = || vec![model.fault(&selection.service, "is no service of this model")];
    let service = model.get(&selection.service).filter(|shape| shape.as_service().is_some()).ok_or_else(missing)?;
    let mut faults: Vec<_> = unsupported(model, selection).into_values().flatten().collect();
    faults.extend(fixups::without_effect(model, &selection.service));
    let protocol = protocol::choose(model, service).map_err(|fault| faults.push(fault)).ok();
    let rules = support::rules(model, service).map_err(|found| faults.extend(found)).ok();
    let (Some(protocol), Some(rules), true) = (protocol, rules, faults.is_empty()) else {
        return Err(faults);
    };
    let names = unique::type_names(model, service, homes::have_types(model, selection));
    let modules = unique::modules(&selection.operations);
    let features = features::Features::of(selection, &modules);
    let homes = homes::assign(model, selection, (&names, &modules), &features);
    let boxed = recursion::boxed(model, selection.shapes.keys());
    let parameters = &rules.parameters;
    let events = events::structures(model, selection.shapes.keys());
    let (taken, waited_with) = (names.values().cloned().collect(), waiters::inputs(model, selection));
    let cx = Context {
        model,
        selection,
        service,
        protocol,
        names,
        taken,
        homes,
        boxed,
        features,
        parameters,
        events,
        modules,
        waited_with,
    };
    let lowered = cx.service(rules.clone());
    unique::check(model, &lowered).map(|()| lowered)
}

impl<'a> Context<'a> {
    /// What can be looked at before names and homes are decided: to see whether something can be made, not to make it.
    fn sketch(model: &'a Model, selection: &'a Selection, service: &'a Shape, protocol: ir::Protocol) -> Self {
        let names: BTreeMap<_, _> = model.shapes.keys().map(|id| (id.clone(), names::type_name(id.name()))).collect();
        let homes = names.keys().map(|id| (id.clone(), ir::Home::Types)).collect();
        let (boxed, features, events, modules, taken) = Default::default();
        let waited_with = waiters::inputs(model, selection);
        Self {
            model,
            selection,
            service,
            protocol,
            names,
            taken,
            homes,
            boxed,
            features,
            parameters: &[],
            events,
            modules,
            waited_with,
        }
    }
}

impl Context<'_> {
    fn service(&self, endpoint: ir::endpoint::RuleSet) -> ir::Service {
        let traits = &self.service.traits;
        let operations = operations::all(self);
        let id = traits.service_ids().map_or(self.service.id.name(), |ids| ids.sdk_id);
        ir::Service {
            title: docs::on_one_line(traits.title().unwrap_or(id)),
            docs: docs::paragraph(traits.documentation()),
            id: id.to_owned(),
            version: self.service.as_service().map(|service| service.version.clone()).unwrap_or_default(),
            signing_name: traits.sigv4().map_or_else(String::new, |signing| signing.name.to_owned()),
            headers: fixups::headers(&self.service.id),
            protocol: self.protocol,
            deprecates: deprecation::is_anywhere(self),
            has_events: events::are_in(&operations),
            http2: protocol::http2(self.service),
            endpoint,
            operations,
            shapes: self.at(&ir::Home::Types, shapes::shape),
            enums: self.at(&ir::Home::Enums, shapes::open_enum),
            errors: self.at(&ir::Home::Errors, errors::shape),
            groups: self.groups(ir::Home::Group, |home| ir::Shapes {
                shapes: self.at(home, shapes::shape),
                enums: self.at(home, shapes::open_enum),
            }),
            error_groups: self.groups(ir::Home::ErrorGroup, |home| self.at(home, errors::shape)),
        }
    }

    /// The groups whose homes are of one kind, by module.
    fn groups<T>(&self, kind: fn(String) -> ir::Home, make: impl Fn(&ir::Home) -> T) -> Vec<ir::Group<T>> {
        let mut groups = BTreeMap::new();
        for (id, home) in &self.homes {
            let (ir::Home::Group(module) | ir::Home::ErrorGroup(module)) = home else { continue };
            let Some(selected) = self.selection.shapes.get(id).filter(|_| *home == kind(module.clone())) else {
                continue;
            };
            groups.entry(module.clone()).or_insert_with(|| ir::Group {
                module: module.clone(),
                gate: self.features.gate(&selected.users),
                users: selected.users.iter().map(|id| id.name().to_owned()).collect(),
                held: make(home),
            });
        }
        groups.into_values().collect()
    }

    /// What is made of the shapes that live in this file, by name.
    fn at<T>(&self, home: &ir::Home, make: fn(&Self, &Shape) -> Option<T>) -> Vec<T> {
        let mut here: Vec<_> = self.names.iter().filter(|(id, _)| self.homes.get(*id) == Some(home)).collect();
        here.sort_by_key(|(_, name)| *name);
        here.into_iter().filter_map(|(id, _)| make(self, self.model.get(id)?)).collect()
    }

    /// What a shape is. `load` has seen that every target exists.
    fn kind(&self, id: &ShapeId) -> &ShapeKind {
        self.model.get(id).map_or(&ShapeKind::Document, |shape| &shape.kind)
    }
}
