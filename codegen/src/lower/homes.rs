//! Where each shape is defined: enums in one file, errors in another, what several operations use in `types.rs`, and
//! the rest beside its operation.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::ir::Home;
use crate::select::{Owner, Selection};
use crate::smithy::{Model, Shape, ShapeId, ShapeKind};

/// The home of every shape that has a type of its own.
///
/// The structures that operations take and answer are types of those operations, and have no home of their own, unless
/// another shape holds one.
pub(super) fn assign(
    model: &Model,
    selection: &Selection,
    names: &BTreeMap<ShapeId, String>,
) -> BTreeMap<ShapeId, Home> {
    let home = |id: &ShapeId| {
        let shape = model.get(id)?;
        let home = match &shape.kind {
            ShapeKind::Enum(_) => Home::Enums,
            _ if shape.traits.error().is_some() => Home::Errors,
            _ => owner(selection, id, names.get(id)?),
        };
        Some((id.clone(), home))
    };
    names.keys().filter_map(home).collect()
}

fn owner(selection: &Selection, id: &ShapeId, name: &str) -> Home {
    match selection.shapes.get(id).map(|selected| &selected.owner) {
        Some(Owner::Operation(operation)) if !own_names(operation).contains(name) => {
            Home::Operation(names::method(operation.name()))
        }
        _ => Home::Types,
    }
}

/// The names that the file of an operation gives itself.
fn own_names(operation: &ShapeId) -> BTreeSet<String> {
    let name = names::type_name(operation.name());
    let suffixes = ["", "Input", "Output", "Error", "Builder", "InputBuilder", "FluentBuilder", "Paginator"];
    suffixes.iter().map(|suffix| format!("{name}{suffix}")).collect()
}

/// The shapes that have a type of their own: structures, unions and enums that a member targets, and errors.
pub(super) fn have_types(model: &Model, selection: &Selection) -> BTreeSet<ShapeId> {
    let all = || selection.shapes.keys().filter_map(|id| model.get(id));
    let targets: BTreeSet<&ShapeId> = all().flat_map(Shape::members).map(|member| &member.target).collect();
    let has_type = |shape: &&Shape| match shape.kind {
        // It stands for nothing, and nothing is made of it.
        _ if shape.id.is_unit() => false,
        ShapeKind::Structure(_) => targets.contains(&shape.id) || shape.traits.error().is_some(),
        ShapeKind::Union(_) | ShapeKind::Enum(_) => targets.contains(&shape.id),
        _ => false,
    };
    all().filter(has_type).map(|shape| shape.id.clone()).collect()
}
