//! Every target exists, and is of a kind that fits its place.

use std::collections::BTreeMap;

use super::{Shape, ShapeId, ShapeKind};
use crate::diagnostic::Faults;

/// Checks every reference from a shape to another.
pub(super) fn check(shapes: &BTreeMap<ShapeId, Shape>, faults: &mut Faults) {
    let mut check = Check { shapes, faults };
    for shape in shapes.values() {
        for member in shape.members() {
            let place = shape.id.member(&member.name);
            check.target(&place, "targets", &member.target, "a data shape", |shape| shape.kind.is_data());
        }
        check.roles(shape);
    }
}

struct Check<'a> {
    shapes: &'a BTreeMap<ShapeId, Shape>,
    faults: &'a mut Faults,
}

impl Check<'_> {
    fn roles(&mut self, shape: &Shape) {
        let place = shape.id.as_str();
        match &shape.kind {
            ShapeKind::Map { key, .. } => {
                let text = |shape: &Shape| matches!(shape.kind, ShapeKind::String | ShapeKind::Enum(_));
                if self.shapes.contains_key(&key.target) {
                    self.target(&shape.id.member("key"), "targets", &key.target, "a string", text);
                }
            }
            ShapeKind::Operation(operation) => {
                self.target(place, "has the input", &operation.input, "a structure", is_structure);
                self.target(place, "has the output", &operation.output, "a structure", is_structure);
                self.errors(place, &operation.errors);
            }
            ShapeKind::Resource(resource) => self.children(place, &resource.operations, &resource.resources),
            ShapeKind::Service(service) => {
                self.children(place, &service.operations, &service.resources);
                self.errors(place, &service.errors);
            }
            _ => {}
        }
    }

    fn children(&mut self, place: &str, operations: &[ShapeId], resources: &[ShapeId]) {
        for id in operations {
            self.target(place, "lists the operation", id, "an operation", |shape| {
                matches!(shape.kind, ShapeKind::Operation(_))
            });
        }
        for id in resources {
            self.target(place, "lists the resource", id, "a resource", |shape| {
                matches!(shape.kind, ShapeKind::Resource(_))
            });
        }
    }

    fn errors(&mut self, place: &str, errors: &[ShapeId]) {
        for id in errors {
            self.target(place, "lists the error", id, "a structure with the trait smithy.api#error", |shape| {
                is_structure(shape) && shape.traits.error().is_some()
            });
        }
    }

    fn target(&mut self, place: &str, relation: &str, id: &ShapeId, expected: &str, fits: impl Fn(&Shape) -> bool) {
        match self.shapes.get(id) {
            None => self.faults.shape(place, format!("{relation} {id}, which is not in the model")),
            Some(shape) if !fits(shape) => {
                let kind = shape.kind.name();
                self.faults.shape(place, format!("{relation} {id} ({kind}): expected {expected}"));
            }
            Some(_) => {}
        }
    }
}

fn is_structure(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::Structure(_))
}
