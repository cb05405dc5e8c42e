//! Where a `Box` must stand, so that no structure holds itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::smithy::{Member, Model, ShapeId, ShapeKind};

/// The members that get a `Box`: container and name.
pub(super) type Boxed = BTreeSet<(ShapeId, String)>;

/// Finds them, in the order of ids and members: a member gets a `Box` if its container can be reached from its target,
/// and no member on the way has one yet. Lists and maps need none, for what they hold lies elsewhere.
pub(super) fn boxed<'a>(model: &Model, shapes: impl Iterator<Item = &'a ShapeId>) -> Boxed {
    let mut held: Held<'_> =
        shapes.filter_map(|id| model.get(id)).map(|shape| (&shape.id, holds(model, &shape.kind))).collect();
    leave_circles(&mut held);
    let mut boxed = Boxed::new();
    for id in held.keys().copied().collect::<Vec<_>>() {
        for member in held.get(id).cloned().unwrap_or_default() {
            if reaches(&held, &member.target, id) {
                boxed.insert((id.clone(), member.name.clone()));
                held.entry(id).or_default().retain(|held| held.name != member.name);
            }
        }
    }
    boxed
}

/// Shapes with the members whose targets lie within them.
type Held<'a> = BTreeMap<&'a ShapeId, Vec<&'a Member>>;

/// Takes away the members that lead into no circle: nearly all, and a search for one would walk through them each time.
fn leave_circles(held: &mut Held<'_>) {
    let mut holders: BTreeMap<&ShapeId, Vec<&ShapeId>> = BTreeMap::new();
    for (id, members) in held.iter() {
        members.iter().for_each(|member| holders.entry(&member.target).or_default().push(id));
    }
    let mut done: Vec<_> = held.iter().filter(|(_, members)| members.is_empty()).map(|(id, _)| *id).collect();
    while let Some(id) = done.pop() {
        for holder in holders.remove(id).unwrap_or_default() {
            let Some(members) = held.get_mut(holder) else { continue };
            members.retain(|member| member.target != *id);
            if members.is_empty() {
                done.push(holder);
            }
        }
    }
}

/// The members whose target lies within the shape.
fn holds<'a>(model: &Model, kind: &'a ShapeKind) -> Vec<&'a Member> {
    let (ShapeKind::Structure(members) | ShapeKind::Union(members)) = kind else { return Vec::new() };
    let is_within = |member: &&Member| {
        matches!(model.target(member).map(|shape| &shape.kind), Some(ShapeKind::Structure(_) | ShapeKind::Union(_)))
    };
    members.iter().filter(is_within).collect()
}

fn reaches(held: &Held<'_>, from: &ShapeId, to: &ShapeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(id) = waiting.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            waiting.extend(held.get(id).into_iter().flatten().map(|member| &member.target));
        }
    }
    false
}
