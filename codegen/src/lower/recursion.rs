//! Where a `Box` must stand, so that no structure holds itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::smithy::{Member, Model, ShapeId, ShapeKind};

/// The members that get a `Box`: container and name.
pub(super) type Boxed = BTreeSet<(ShapeId, String)>;

/// Finds them, in the order of ids and members: a member gets a `Box` if its container can be reached from its target,
/// and no member on the way has one yet. Lists and maps need none, for what they hold lies elsewhere.
pub(super) fn boxed<'a>(model: &'a Model, shapes: impl Iterator<Item = &'a ShapeId>) -> Boxed {
    let mut circles = Circles::of(model, shapes);
    let mut boxed = Boxed::new();
    for id in circles.held.keys().copied().collect::<Vec<_>>() {
        for member in circles.held.get(id).cloned().unwrap_or_default() {
            if circles.reaches(&member.target, id) {
                boxed.insert((id.clone(), member.name.clone()));
                circles.leave(id, member);
            }
        }
    }
    boxed
}

/// The members that lead from one circle of shapes into one: few of all, so that each can be followed.
#[derive(Default)]
struct Circles<'a> {
    /// Shapes, with those of their members whose targets lie within them.
    held: BTreeMap<&'a ShapeId, Vec<&'a Member>>,
    /// Shapes, with those that hold them by such members.
    holders: BTreeMap<&'a ShapeId, BTreeSet<&'a ShapeId>>,
}

impl<'a> Circles<'a> {
    fn of(model: &'a Model, shapes: impl Iterator<Item = &'a ShapeId>) -> Self {
        let mut circles = Self::default();
        for shape in shapes.filter_map(|id| model.get(id)) {
            let members = holds(model, &shape.kind);
            for member in &members {
                circles.holders.entry(&member.target).or_default().insert(&shape.id);
            }
            circles.held.insert(&shape.id, members);
        }
        circles.trim(circles.held.keys().copied().collect());
        circles
    }

    /// Takes away a member, and what is in no circle without it.
    fn leave(&mut self, id: &'a ShapeId, member: &'a Member) {
        let Some(members) = self.held.get_mut(id) else { return };
        members.retain(|held| held.name != member.name);
        if !members.iter().any(|held| held.target == member.target) {
            self.let_go(&member.target, id);
        }
        self.trim(vec![id, &member.target]);
    }

    /// Takes away what leads into no circle and what no circle leads to, beginning with these shapes.
    fn trim(&mut self, mut waiting: Vec<&'a ShapeId>) {
        while let Some(id) = waiting.pop() {
            let members = self.held.get(id).map(Vec::as_slice).unwrap_or_default();
            if members.is_empty() {
                for holder in self.holders.remove(id).unwrap_or_default() {
                    self.held.entry(holder).or_default().retain(|member| member.target != *id);
                    waiting.push(holder);
                }
            } else if self.holders.get(id).is_none_or(BTreeSet::is_empty) {
                for member in self.held.remove(id).unwrap_or_default() {
                    self.let_go(&member.target, id);
                    waiting.push(&member.target);
                }
            }
        }
    }

    fn let_go(&mut self, target: &ShapeId, holder: &ShapeId) {
        if let Some(holders) = self.holders.get_mut(target) {
            holders.remove(holder);
        }
    }

    fn reaches(&self, from: &ShapeId, to: &ShapeId) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(id) = waiting.pop() {
            if id == to {
                return true;
            }
            if seen.insert(id) {
                waiting.extend(self.held.get(id).into_iter().flatten().map(|member| &member.target));
            }
        }
        false
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

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::boxed;

    /// The members that get a `Box`, of structures that hold these others: each as `container.target`.
    fn check(held: &[(&str, &[&str])], expected: &[&str]) {
        let structures = held.iter().map(|(name, held)| {
            let members = held.iter().map(|target| ((*target).to_owned(), json!({ "target": format!("e#{target}") })));
            (format!("e#{name}"), json!({ "type": "structure", "members": members.collect::<Map<_, _>>() }))
        });
        assert_eq!(of(structures.collect()), expected, "{held:?}");
    }

    fn of(shapes: Map<String, Value>) -> Vec<String> {
        let text = json!({ "smithy": "2.0", "shapes": shapes }).to_string();
        let model = crate::smithy::load("m.json", &text).expect("the model holds");
        let boxed = boxed(&model, model.shapes.keys());
        boxed.iter().map(|(id, name)| format!("{}.{name}", id.name())).collect()
    }

    #[test]
    fn the_first_member_of_each_circle() {
        check(&[("A", &["B"]), ("B", &["C"]), ("C", &[])], &[]);
        check(&[("A", &["A"])], &["A.A"]);
        check(&[("A", &["B"]), ("B", &["A"])], &["A.B"]);
        check(&[("A", &["A", "B"]), ("B", &["A", "B"])], &["A.A", "A.B", "B.B"]);
        // Two circles with a way between them, one leading in, one leading out.
        check(
            &[("A", &["B"]), ("B", &["C"]), ("C", &["B", "D"]), ("D", &["E"]), ("E", &["D", "F"]), ("F", &[])],
            &["B.C", "D.E"],
        );
        check(&[("A", &["B", "C"]), ("B", &["D"]), ("C", &["D"]), ("D", &["A"])], &["A.B", "A.C"]);
    }

    /// A model decides how large its circles are, and how much stands around them.
    #[test]
    fn large_circles_take_no_time() {
        let structure = |next: &str| json!({ "type": "structure", "members": { "next": { "target": next } } });
        let id = |i: usize| format!("e#S{i:05}");
        let circle: Map<_, _> = (0..20_000).map(|i| (id(i), structure(&id((i + 1) % 20_000)))).collect();
        assert_eq!(of(circle), ["S00000.next"]);
        let into: Map<_, _> = (0..20_000).map(|i| (id(i), structure(&id((i + 1).min(19_999))))).collect();
        assert_eq!(of(into), ["S19999.next"]);
    }
}
