//! Mixins flattened: members, traits and lists of ids copied into the shapes that use them, then `apply` statements.
//!
//! The order is that of the specification: members of the mixins in the order in which they are used, then the shape's
//! own; a member that a mixin has too keeps the mixin's place. Traits of the shape win over those of its mixins.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::ShapeId;
use super::ast::{Ast, Object, brief};
use crate::diagnostic::Faults;

/// Lists of ids and maps that a shape inherits whole, entry by entry.
const INHERITED: [&str; 7] =
    ["errors", "operations", "collectionOperations", "resources", "identifiers", "properties", "rename"];

/// Gives each shape what its mixins say.
pub(super) fn flatten(mut ast: Ast, faults: &mut Faults) -> BTreeMap<ShapeId, Object> {
    let mut flat = BTreeMap::new();
    for id in order(&ast, faults) {
        let Some(mut shape) = ast.shapes.remove(&id) else { continue };
        for mixin in mixins_of(&shape) {
            if let Some(mixin) = flat.get(&mixin) {
                inherit(&mut shape, mixin);
            }
        }
        for (member, traits) in ast.applied.remove(&id).unwrap_or_default() {
            apply(&id, &mut shape, member.as_deref(), traits, faults);
        }
        flat.insert(id, shape);
    }
    flat
}

/// The shapes, each after its mixins. Shapes in a circle of mixins are faults, and come without what the circle says.
fn order(ast: &Ast, faults: &mut Faults) -> Vec<ShapeId> {
    let mut waiting: BTreeMap<ShapeId, BTreeSet<ShapeId>> = BTreeMap::new();
    let mut users: BTreeMap<ShapeId, Vec<ShapeId>> = BTreeMap::new();
    let mut ready = Vec::new();
    for (id, shape) in &ast.shapes {
        let mixins: BTreeSet<_> = mixins_of(shape).into_iter().collect();
        for missing in mixins.iter().filter(|mixin| !ast.shapes.contains_key(mixin)) {
            faults.shape(id, format!("uses the mixin {missing}, which is not in the model"));
        }
        let known: BTreeSet<_> = mixins.into_iter().filter(|mixin| ast.shapes.contains_key(mixin)).collect();
        if known.is_empty() {
            ready.push(id.clone());
            continue;
        }
        for mixin in &known {
            users.entry(mixin.clone()).or_default().push(id.clone());
        }
        waiting.insert(id.clone(), known);
    }
    let mut next = 0;
    while let Some(done) = ready.get(next).cloned() {
        next += 1;
        for user in users.remove(&done).unwrap_or_default() {
            let Some(mixins) = waiting.get_mut(&user) else { continue };
            mixins.remove(&done);
            if mixins.is_empty() {
                waiting.remove(&user);
                ready.push(user);
            }
        }
    }
    for id in waiting.into_keys() {
        faults.shape(&id, "uses mixins in a circle");
        ready.push(id);
    }
    ready
}

fn mixins_of(shape: &Object) -> Vec<ShapeId> {
    let Some(Value::Array(mixins)) = shape.get("mixins") else { return Vec::new() };
    mixins.iter().filter_map(|mixin| ShapeId::parse(mixin.get("target")?.as_str()?)).collect()
}

fn inherit(shape: &mut Object, mixin: &Object) {
    let local = local_traits(mixin);
    let own = take_object(shape, "traits");
    let mut traits: Object = object(mixin, "traits").filter(|(id, _)| !local.contains(&id.as_str())).collect();
    traits.extend(own);
    shape.insert("traits".to_owned(), Value::Object(traits));

    if mixin.contains_key("members") {
        let own = take_object(shape, "members");
        let mut members: Object = object(mixin, "members").collect();
        for (name, member) in own {
            match members.get_mut(&name) {
                Some(Value::Object(inherited)) => redefine(inherited, member),
                _ => drop(members.insert(name, member)),
            }
        }
        shape.insert("members".to_owned(), Value::Object(members));
    }
    for key in INHERITED {
        match (mixin.get(key), shape.get_mut(key)) {
            (Some(inherited), None) => drop(shape.insert(key.to_owned(), inherited.clone())),
            (Some(Value::Array(inherited)), Some(Value::Array(own))) => {
                let new = own.iter().filter(|entry| !inherited.contains(entry)).cloned();
                *own = inherited.iter().cloned().chain(new).collect();
            }
            (Some(Value::Object(inherited)), Some(Value::Object(own))) => {
                *own = inherited.clone().into_iter().chain(std::mem::take(own)).collect();
            }
            _ => {}
        }
    }
}

/// The traits of a mixin that stay with it.
fn local_traits(mixin: &Object) -> Vec<&str> {
    let of_trait = mixin.get("traits").and_then(|traits| traits.get("smithy.api#mixin"));
    let named = of_trait.and_then(|of_trait| of_trait.get("localTraits")).and_then(Value::as_array);
    named.into_iter().flatten().filter_map(Value::as_str).chain(["smithy.api#mixin"]).collect()
}

/// A member that the mixin has too: its traits are added, its target is its own.
fn redefine(inherited: &mut Object, member: Value) {
    let Value::Object(mut member) = member else { return };
    let mut traits = take_object(inherited, "traits");
    traits.extend(take_object(&mut member, "traits"));
    inherited.extend(member);
    inherited.insert("traits".to_owned(), Value::Object(traits));
}

fn apply(id: &ShapeId, shape: &mut Object, member: Option<&str>, traits: Object, faults: &mut Faults) {
    let Some(name) = member else {
        let mut all = take_object(shape, "traits");
        all.extend(traits);
        shape.insert("traits".to_owned(), Value::Object(all));
        return;
    };
    let place = match shape.get_mut("members").and_then(|members| members.get_mut(name)) {
        None if ["member", "key", "value"].contains(&name) => shape.get_mut(name),
        place => place,
    };
    match place {
        Some(Value::Object(member)) => apply(id, member, None, traits, faults),
        _ => faults.shape(id.member(name), format!("has {} applied to it, but is not in the model", names(&traits))),
    }
}

fn names(traits: &Map<String, Value>) -> String {
    brief(&Value::from(traits.keys().cloned().collect::<Vec<_>>().join(", ")))
}

fn object(of: &Object, key: &str) -> impl Iterator<Item = (String, Value)> {
    of.get(key).and_then(Value::as_object).cloned().unwrap_or_default().into_iter()
}

/// Takes out an object; what is there and is none stays, for `shapes` to refuse.
fn take_object(of: &mut Object, key: &str) -> Object {
    match of.get_mut(key) {
        Some(Value::Object(found)) => std::mem::take(found),
        _ => Object::new(),
    }
}
