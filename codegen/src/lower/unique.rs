//! No two things of one place may have one name.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, names};
use crate::diagnostic::Diagnostic;
use crate::ir::{Enum, Field, Service, Shape as Lowered};
use crate::smithy::{Model, Shape, ShapeId};

/// Names the shapes that have a type of their own; what the service renames goes by its new name. Of two whose names are
/// one in Rust alone (`FooBar`, `Foo_Bar`) the later one gets a number.
///
/// # Errors
///
/// The shapes that have one name in the model, but for their case. Errors have a module of their own.
pub(super) fn type_names(
    model: &Model,
    service: &Shape,
    shapes: BTreeSet<ShapeId>,
) -> Result<BTreeMap<ShapeId, String>, Vec<Diagnostic>> {
    let rename = service.as_service().map(|service| &service.rename);
    let mut taken: BTreeMap<(bool, String), (ShapeId, String)> = BTreeMap::new();
    let (mut all, mut faults) = (BTreeMap::new(), Vec::new());
    for id in shapes {
        let is_error = model.get(&id).is_some_and(|shape| shape.traits.error().is_some());
        let renamed = rename.and_then(|rename| rename.get(&id)).map(String::as_str);
        let own = renamed.unwrap_or(id.name()).to_ascii_lowercase();
        let wanted = names::type_name(renamed.unwrap_or(id.name()));
        let name = free(&wanted, "", |name| taken.contains_key(&(is_error, name.to_owned())));
        if let Some((other, _)) = taken.get(&(is_error, wanted.clone())).filter(|(_, of_other)| *of_other == own) {
            faults.push(model.fault(&id, format!("would be called {wanted} in Rust, as {other} is")));
        }
        taken.insert((is_error, name.clone()), (id.clone(), own));
        all.insert(id, name);
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

/// The builder of a structure of this name, which no shape has.
pub(super) fn builder_name(cx: &Context<'_>, structure: &str) -> String {
    free(&format!("{structure}Builder"), "", |name| cx.names.values().any(|taken| taken == name))
}

/// Gives each field a name that no other one has, and that is not the setter of another one: it is `set_x_2` where it
/// stands beside `x`.
pub(super) fn name_fields(fields: &mut [Field]) {
    let wanted: BTreeSet<_> = fields.iter().map(|field| names::setter(&field.name)).collect();
    let mut taken = BTreeSet::new();
    for field in fields {
        let name = free(&field.name, "_", |name| taken.contains(name) || wanted.contains(name));
        if let Some(setter) = &mut field.setter {
            setter.set = names::setter(&name);
        }
        taken.insert(name.clone());
        field.name = name;
    }
}

/// Gives each variant a name that no other one has.
pub(super) fn name_variants<T>(variants: &mut [T], name_of: fn(&mut T) -> &mut String) {
    let mut taken = BTreeSet::new();
    for variant in variants {
        let name = name_of(variant);
        *name = free(name, "", |name| taken.contains(name));
        taken.insert(name.clone());
    }
}

/// The name, or the first of it with a number behind it that is not taken.
pub(super) fn free(name: &str, between: &str, is_taken: impl Fn(&str) -> bool) -> String {
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
        Lowered::Structure(structure) => {
            [Some(&structure.name), structure.builder.as_ref().map(|builder| &builder.name)]
        }
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
    let setters = structure.fields.iter().filter_map(|field| field.setter.as_ref()).map(|setter| setter.set.as_str());
    structure.fields.iter().map(|field| field.name.as_str()).chain(setters).collect()
}
