//! No two things of one place may have one name.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::protocol::Side;
use super::{Context, names};
use crate::diagnostic::Diagnostic;
use crate::ir::{Enum, Service, Shape as Lowered};
use crate::smithy::{Model, Shape, ShapeId};

/// Names the shapes that have a type of their own; what the service renames goes by its new name. Of several whose names
/// are one in Rust (`FooBar`, `Foo_Bar`) the later ones get a number. Errors have a module of their own.
pub(super) fn type_names(model: &Model, service: &Shape, shapes: BTreeSet<ShapeId>) -> BTreeMap<ShapeId, String> {
    let mut taken = BTreeSet::new();
    let name = |id: ShapeId| {
        let is_error = is_error(model, &id);
        let wanted = names::type_name(name_in(service, &id));
        let name = free(&wanted, "", |name| taken.contains(&(is_error, name.to_owned())));
        taken.insert((is_error, name.clone()));
        (id, name)
    };
    shapes.into_iter().map(name).collect()
}

/// Shapes that have the name of another one in the model already, but for its case: each, and why it cannot have it.
pub(super) fn twins(model: &Model, service: &Shape, shapes: BTreeSet<ShapeId>) -> Vec<(ShapeId, String)> {
    let mut seen = BTreeMap::new();
    let mut twins = Vec::new();
    for id in shapes {
        let name = name_in(service, &id);
        match seen.entry((is_error(model, &id), name.to_ascii_lowercase())) {
            Entry::Vacant(free) => drop(free.insert(id)),
            Entry::Occupied(taken) => {
                let reason = format!("would be called {} in Rust, as {} is", names::type_name(name), taken.get());
                twins.push((id, reason));
            }
        }
    }
    twins
}

/// The name of a shape in the service.
fn name_in<'a>(service: &'a Shape, id: &'a ShapeId) -> &'a str {
    let renamed = service.as_service().and_then(|service| service.rename.get(id));
    renamed.map_or_else(|| id.name(), String::as_str)
}

fn is_error(model: &Model, id: &ShapeId) -> bool {
    model.get(id).is_some_and(|shape| shape.traits.error().is_some())
}

/// The builder of a structure of this name, which no shape has.
pub(super) fn builder_name(cx: &Context<'_>, structure: &str) -> String {
    free(&format!("{structure}Builder"), "", |name| cx.taken.contains(name))
}

/// The names of the fields of a structure, by member. None is the name of another one, or of its setter: a member is
/// `set_x_2` where it stands beside `x`. The builder of an error has a setter of its own.
pub(super) fn field_names(cx: &Context<'_>, shape: &Shape, side: Side) -> Vec<String> {
    let is_waitable = side == Side::Request && cx.waited_with.contains(&shape.id);
    let name_of = if is_waitable { names::field_of_waitable } else { names::field };
    let fields: Vec<_> = shape.members().into_iter().map(|member| name_of(&member.name)).collect();
    let of_error = shape.traits.error().map(|_| SET_META.to_owned());
    let setters: BTreeSet<_> = fields.iter().map(|name| names::setter(name)).chain(of_error).collect();
    let mut taken = BTreeSet::new();
    let is_taken = |taken: &BTreeSet<String>, name: &str| {
        taken.contains(name) || setters.contains(name) || taken.contains(&names::setter(name))
    };
    let mut unique = Vec::new();
    for field in &fields {
        let name = free(field, "_", |name| is_taken(&taken, name));
        taken.extend([names::setter(&name), name.clone()]);
        unique.push(name);
    }
    unique
}

/// The setter of what a service said when it refused, which no member is; the other one, `meta`, no field is called.
const SET_META: &str = "set_meta";

/// The names of the variants of a union: none is that of another one, and neither are the methods that ask for them.
pub(super) fn variant_names<'a>(members: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut asked = BTreeSet::new();
    distinct(members, |name| asked.insert(names::of_variant(name).0))
}

/// The names of the values of an enum.
pub(super) fn value_names<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    distinct(values, |_| true)
}

/// Variants of these names, each of which is free of the others and may be taken.
fn distinct<'a>(members: impl Iterator<Item = &'a str>, mut may_be: impl FnMut(&str) -> bool) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let name = |member| {
        let mut name = names::variant(member);
        name = free(&name, "", |name| taken.contains(name) || !may_be(name));
        taken.insert(name.clone());
        name
    };
    members.map(name).collect()
}

/// The modules of operations, which are the methods of the client too. Of several that would have one name, the later ones
/// have a number.
pub(super) fn modules(operations: &[ShapeId]) -> BTreeMap<ShapeId, String> {
    let mut taken = BTreeSet::new();
    let module = |id: &ShapeId| {
        let name = free(&names::method(id.name()), "_", |name| taken.contains(name));
        taken.insert(name.clone());
        (id.clone(), name)
    };
    operations.iter().map(module).collect()
}

/// The name, or the first of it with a number behind it that is not taken.
pub(super) fn free(name: &str, between: &str, mut is_taken: impl FnMut(&str) -> bool) -> String {
    let mut free = name.to_owned();
    let mut number = 1;
    while is_taken(&free) {
        number += 1;
        free = format!("{}{between}{number}", names::bare(name).trim_end_matches('_'));
    }
    free
}

/// Checks the members of every type and the modules of operations.
///
/// # Errors
///
/// Every name that stands twice in one place.
pub(super) fn check(model: &Model, service: &Service) -> Result<(), Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut look = |place: &str, all: Vec<&str>| {
        let mut seen = BTreeSet::new();
        for name in all.into_iter().filter(|name| !seen.insert(*name)) {
            let reason = format!("{place} would have two of the name {name} in Rust");
            faults.push(Diagnostic::new(&model.file, reason));
        }
    };
    look("the client", service.operations.iter().map(|operation| operation.module.as_str()).collect());
    let waiters = service.operations.iter().flat_map(|operation| &operation.waiters);
    look("`waiters`", waiters.map(|waiter| waiter.module.as_str()).collect());
    look("`types`", type_paths(service));
    let of_operations = service.operations.iter().flat_map(|operation| &operation.shapes);
    let of_groups = service.groups.iter().flat_map(|group| &group.held.shapes);
    for shape in service.shapes.iter().chain(of_operations).chain(of_groups) {
        match shape {
            Lowered::Structure(structure) => look(&structure.name, methods(structure)),
            Lowered::Union(union) => {
                look(&union.name, union.variants.iter().map(|variant| variant.name.as_str()).collect());
                look(&union.name, union.variants.iter().map(|variant| variant.is.as_str()).collect());
            }
        }
    }
    let outputs = service.operations.iter().map(|operation| &operation.output.structure);
    let inputs = service.operations.iter().map(|operation| &operation.input);
    let grouped = service.error_groups.iter().flat_map(|group| &group.held);
    let errors = service.errors.iter().chain(grouped).map(|error| &error.structure);
    for structure in outputs.chain(inputs).chain(errors) {
        look(&structure.name, methods(structure));
    }
    for of in enums(service) {
        look(&of.name, of.variants.iter().map(|variant| variant.name.as_str()).collect());
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The shapes, wherever they are defined, and their builders. Errors have a module of their own.
fn type_paths(service: &Service) -> Vec<&str> {
    let of_operations = service.operations.iter().flat_map(|operation| &operation.shapes);
    let of_groups = service.groups.iter().flat_map(|group| &group.held.shapes);
    let shapes = service.shapes.iter().chain(of_operations).chain(of_groups).flat_map(|shape| match shape {
        Lowered::Structure(structure) => [Some(&structure.name), Some(&structure.builder.name)],
        Lowered::Union(union) => [Some(&union.name), union.events.as_ref().map(|events| &events.error)],
    });
    shapes.flatten().chain(enums(service).map(|of| &of.name)).map(String::as_str).collect()
}

/// The enums, wherever they are defined.
fn enums(service: &Service) -> impl Iterator<Item = &Enum> {
    let of_operations = service.operations.iter().flat_map(|operation| &operation.enums);
    let of_groups = service.groups.iter().flat_map(|group| &group.held.enums);
    service.enums.iter().chain(of_operations).chain(of_groups)
}

/// What fields and setters are called, which are methods of one type.
fn methods(structure: &crate::ir::Structure) -> Vec<&str> {
    let setters = structure.fields.iter().map(|field| field.setter.set.as_str());
    structure.fields.iter().map(|field| field.name.as_str()).chain(setters).collect()
}
