//! What a model says of its service: its operations, their errors and pages; and how its shapes are looked up.

use std::collections::{BTreeMap, BTreeSet};

use super::{Member, Model, Operation, Paginated, Service, Shape, ShapeId, ShapeKind, Traits};
use crate::diagnostic::Diagnostic;

impl Model {
    /// A shape by its id.
    pub fn get(&self, id: &ShapeId) -> Option<&Shape> {
        self.shapes.get(id)
    }

    /// The shape that a member targets. `load` has seen that it exists.
    pub fn target(&self, member: &Member) -> Option<&Shape> {
        self.get(&member.target)
    }

    /// The service: the one of that name (or id), or the only one.
    ///
    /// # Errors
    ///
    /// There is none, there are several and none was named, or none goes by that name.
    pub fn service(&self, name: Option<&str>) -> Result<(&Shape, &Service), Diagnostic> {
        let all: Vec<_> = self.shapes.values().filter_map(|shape| Some((shape, shape.as_service()?))).collect();
        let names = || all.iter().map(|(shape, _)| shape.id.as_str()).collect::<Vec<_>>().join(", ");
        let named = |shape: &Shape| name.is_none_or(|name| shape.id.name() == name || shape.id.as_str() == name);
        let chosen: Vec<_> = all.iter().filter(|(shape, _)| named(shape)).collect();
        match (chosen.as_slice(), name) {
            ([service], _) => Ok(**service),
            _ if all.is_empty() => Err(Diagnostic::new(&self.file, "has no service")),
            ([], Some(name)) => Err(Diagnostic::new(&self.file, format!("has no service {name}, but {}", names()))),
            _ => Err(Diagnostic::new(&self.file, format!("has several services, name one of them: {}", names()))),
        }
    }

    /// Every operation of a service, sorted by id: those it lists, and those of the resources below it.
    pub fn operations(&self, service: &Service) -> Vec<(&Shape, &Operation)> {
        let mut operations: BTreeSet<&ShapeId> = service.operations.iter().collect();
        let mut resources: Vec<&ShapeId> = service.resources.iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = resources.pop() {
            if !seen.insert(id) {
                continue;
            }
            if let Some(ShapeKind::Resource(resource)) = self.get(id).map(|shape| &shape.kind) {
                operations.extend(&resource.operations);
                resources.extend(&resource.resources);
            }
        }
        operations.into_iter().filter_map(|id| self.get(id)).filter_map(|s| Some((s, s.as_operation()?))).collect()
    }

    /// The errors of an operation, then those of its service, each once.
    pub fn errors<'a>(&'a self, service: &'a Service, operation: &'a Operation) -> Vec<&'a Shape> {
        let mut seen = BTreeSet::new();
        let all = operation.errors.iter().chain(&service.errors);
        all.filter(|id| seen.insert(*id)).filter_map(|id| self.get(id)).collect()
    }

    /// The pages of an operation: what it says itself, and for the rest what its service says.
    pub fn paginated<'a>(&self, service: &'a Shape, operation: &'a Shape) -> Option<Paginated<'a>> {
        let own = operation.traits.paginated()?;
        let common = service.traits.paginated().unwrap_or_default();
        Some(Paginated {
            input_token: own.input_token.or(common.input_token),
            output_token: own.output_token.or(common.output_token),
            items: own.items.or(common.items),
            page_size: own.page_size.or(common.page_size),
        })
    }

    /// How often each trait stands in the model that the generator does not know, by id.
    pub fn unknown_traits(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for shape in self.shapes.values() {
            let of_members = shape.members().into_iter().map(|member| &member.traits);
            for (id, _) in of_members.chain([&shape.traits]).flat_map(Traits::iter) {
                if !Traits::is_known(id) {
                    *counts.entry(id).or_default() += 1;
                }
            }
        }
        counts
    }

    /// A fault at a shape of this model, or at a member of one ([`ShapeId::member`]).
    pub fn fault(&self, shape: impl std::fmt::Display, reason: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&self.file, reason).at(shape)
    }
}

impl Shape {
    /// The operation that it is.
    pub fn as_operation(&self) -> Option<&Operation> {
        match &self.kind {
            ShapeKind::Operation(operation) => Some(operation),
            _ => None,
        }
    }

    /// The service that it is.
    pub fn as_service(&self) -> Option<&Service> {
        match &self.kind {
            ShapeKind::Service(service) => Some(service),
            _ => None,
        }
    }
}
