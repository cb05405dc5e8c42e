//! Where each shape is defined: enums in one file, errors in another, what several operations use in `types.rs`, and
//! the rest beside its operation.
//!
//! Where operations are features, shapes that the same operations use stand together in a file of their own, so that one
//! gate stands before all of them, and none within: what a shape holds, all who use the shape use too.

use std::collections::{BTreeMap, BTreeSet};

use super::features::Features;
use super::names;
use crate::ir::Home;
use crate::select::{self, Selection};
use crate::smithy::{Model, Shape, ShapeId, ShapeKind};

/// The home of every shape that has a type of its own.
///
/// The structures that operations take and answer are types of those operations, and have no home of their own, unless
/// another shape holds one.
pub(super) fn assign(
    model: &Model,
    selection: &Selection,
    (names, modules): (&BTreeMap<ShapeId, String>, &BTreeMap<ShapeId, String>),
    features: &Features,
) -> BTreeMap<ShapeId, Home> {
    let mut homes = BTreeMap::new();
    let mut groups: BTreeMap<(bool, &BTreeSet<ShapeId>), Vec<&ShapeId>> = BTreeMap::new();
    for (id, name) in names {
        let (Some(shape), Some(selected)) = (model.get(id), selection.shapes.get(id)) else { continue };
        let is_error = shape.traits.error().is_some();
        let is_enum = matches!(shape.kind, ShapeKind::Enum(_));
        let is_gated = !features.gate(&selected.users).is_empty();
        let owner = selected.owner().filter(|owner| !is_error && !own_names(owner).contains(name));
        let home = match owner.and_then(|owner| modules.get(owner)) {
            _ if is_error && !is_gated => Home::Errors,
            _ if is_enum && !is_gated => Home::Enums,
            Some(module) => Home::Operation(module.clone()),
            None if is_gated => {
                groups.entry((is_error, &selected.users)).or_default().push(id);
                continue;
            }
            None => Home::Types,
        };
        homes.insert(id.clone(), home);
    }
    homes.extend(grouped(model, names, groups));
    homes
}

/// The homes of the shapes of groups.
fn grouped(
    model: &Model,
    names: &BTreeMap<ShapeId, String>,
    groups: BTreeMap<(bool, &BTreeSet<ShapeId>), Vec<&ShapeId>>,
) -> BTreeMap<ShapeId, Home> {
    let (mut taken, mut homes) = (BTreeSet::new(), BTreeMap::new());
    for ((is_error, users), shapes) in groups {
        let named = names_of_group(model, names, users, &shapes);
        // The modules that stand beside it, and those of other groups.
        let mut is_free =
            |name: &String| !["builders", "error"].contains(&name.as_str()) && taken.insert((is_error, name.clone()));
        let lengthened = (2..).map(|number| format!("group_{number}"));
        let Some(module) = named.into_iter().chain(lengthened).find(|name| is_free(name)) else { continue };
        for id in shapes {
            let home = if is_error { Home::ErrorGroup } else { Home::Group };
            homes.insert(id.clone(), home(module.clone()));
        }
    }
    homes
}

/// What a group may be called, best first: after the shape that holds most of it; but where none holds another, after the
/// words with which the names of all its operations begin, if there are such.
fn names_of_group(
    model: &Model,
    names: &BTreeMap<ShapeId, String>,
    users: &BTreeSet<ShapeId>,
    shapes: &[&ShapeId],
) -> Vec<String> {
    let holds = |id: &ShapeId| {
        let held = select::closure(model, [id].into_iter());
        shapes.iter().filter(|shape| held.contains(*shape)).count()
    };
    let named = shapes.iter().filter_map(|id| Some((std::cmp::Reverse(holds(id)), names.get(*id)?)));
    let first = named.min();
    let is_loose = shapes.len() > 1 && first.as_ref().is_some_and(|(held, _)| held.0 == 1) || users.len() == 1;
    let by_operations = common_words(users).filter(|_| is_loose);
    by_operations.into_iter().chain(first.map(|(_, name)| names::method(name))).collect()
}

/// The words with which the modules of all these operations begin.
fn common_words(operations: &BTreeSet<ShapeId>) -> Option<String> {
    let modules: Vec<_> = operations.iter().map(|id| names::method(id.name())).collect();
    let (first, others) = modules.split_first()?;
    let mut common: Vec<&str> = first.split('_').collect();
    for other in others {
        let same = common.iter().zip(other.split('_')).take_while(|(one, other)| **one == *other).count();
        common.truncate(same);
    }
    (!common.is_empty()).then(|| names::method(&common.join("_")))
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
