//! `types.rs`: the shapes that several operations use, and the way to all others; and a file for each group of shapes that
//! the same operations use.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::gates;
use super::scope::{Scope, ident};
use super::{enums, structure};
use crate::ir::feature::Gate;
use crate::ir::{Group, Home, Named, Operation, Service, Shape, Shapes, Structure};
use crate::lower::names::bare;
use crate::render::{Gated, Item, Source};

/// The file.
pub(super) fn source(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Types);
    service.shapes.iter().for_each(|shape| structure::defines(&mut scope, shape));
    for of in &service.enums {
        scope.export(&Named { name: of.name.clone(), home: Home::Enums });
    }
    for operation in service.operations.iter().filter(|operation| operation.feature.is_none()) {
        for shape in &operation.shapes {
            scope.export(&Named { name: name(shape).to_owned(), home: Home::Operation(operation.module.clone()) });
        }
    }
    let mut items: Vec<_> = service.shapes.iter().flat_map(|shape| structure::shape(&mut scope, shape)).collect();
    let shared = service.groups.iter().map(|group| self::group(&group.module, &group.gate));
    items.extend(gated(&mut scope, shared.chain(service.operations.iter().filter_map(exports)).collect()));
    items.extend(builders(&mut scope, service));
    items.push(Item::Code(quote! { pub mod error; }));
    Source {
        path: "types.rs".to_owned(),
        docs: vec!["The shapes of the service, wherever they are defined.".to_owned()],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

/// The file within the runtime, which looks for the shapes of an operation where they are.
pub(super) fn inside(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Types);
    service.shapes.iter().for_each(|shape| structure::defines(&mut scope, shape));
    let items = service.shapes.iter().flat_map(|shape| structure::shape(&mut scope, shape)).collect();
    Source {
        path: "types.rs".to_owned(),
        docs: vec!["The shapes that several operations use.".to_owned()],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

/// The file of a group.
pub(super) fn group_source(group: &Group<Shapes>, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Group(group.module.clone()));
    let Shapes { shapes, enums } = &group.held;
    shapes.iter().for_each(|shape| structure::defines(&mut scope, shape));
    enums.iter().for_each(|of| scope.define(&of.name));
    let mut items: Vec<_> = shapes.iter().flat_map(|shape| structure::shape(&mut scope, shape)).collect();
    items.extend(enums.iter().map(|of| enums::open_enum(&mut scope, of)));
    Source {
        path: format!("types/{}.rs", bare(&group.module)),
        docs: vec![users(&group.users)],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

/// How many operations are named where a group says who uses it.
const NAMED: usize = 6;

/// Who uses a group.
pub(super) fn users(users: &[String]) -> String {
    let quoted: Vec<_> = users.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let named = match quoted.as_slice() {
        [one] => return format!("What {one} alone uses."),
        [some @ .., last] if users.len() <= NAMED => format!("{} and {last}", some.join(", ")),
        some => format!("{} and {} other operations", some.join(", "), users.len() - NAMED),
    };
    format!("What {named} share, and no other operation uses.")
}

/// A group in the module that holds it.
pub(super) fn group(module: &str, gate: &Gate) -> Gated {
    let module = ident(module);
    Gated {
        condition: gates::condition(gate).unwrap_or_default(),
        items: vec![quote! { mod #module; }, quote! { pub use #module::*; }],
    }
}

/// The shapes of an operation with a feature.
fn exports(operation: &Operation) -> Option<Gated> {
    let condition = gates::condition(&gates::of(operation))?;
    let module = ident(&operation.module);
    let shapes = operation.shapes.iter().map(name);
    let names: Vec<_> = shapes.chain(operation.enums.iter().map(|of| of.name.as_str())).map(ident).collect();
    let shown = reexport(&quote! { super::operation::#module }, &names)?;
    Some(Gated { condition, items: vec![shown] })
}

/// The macro that takes what is gated, if anything is.
pub(super) fn gated(scope: &mut Scope<'_>, all: Vec<Gated>) -> Option<Item> {
    (!all.is_empty()).then(|| Item::Gated(scope.call("gated"), all))
}

/// The builders of all structures, under the path of the official crates.
fn builders(scope: &mut Scope<'_>, service: &Service) -> Option<Item> {
    let always = (structures(&service.shapes), Gate::new(), quote! { super });
    let of_groups = service.groups.iter().map(|group| {
        let module = ident(&group.module);
        (structures(&group.held.shapes), group.gate.clone(), quote! { super::#module })
    });
    let of_operations = service.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        (structures(&operation.shapes), gates::of(operation), quote! { super::super::operation::#module })
    });
    builders_of(scope, [always].into_iter().chain(of_groups).chain(of_operations))
}

/// The structures among some shapes.
fn structures(shapes: &[Shape]) -> Vec<&Structure> {
    let structures = shapes.iter().filter_map(|shape| match shape {
        Shape::Structure(structure) => Some(structure),
        Shape::Union(_) => None,
    });
    structures.collect()
}

/// The module `builders`: those of some structures, with when they are compiled, and the module that they are in.
pub(super) fn builders_of<'a>(
    scope: &mut Scope<'_>,
    all: impl Iterator<Item = (Vec<&'a Structure>, Gate, TokenStream)>,
) -> Option<Item> {
    let (mut always, mut sometimes) = (Vec::new(), Vec::new());
    for (structures, gate, module) in all {
        let names: Vec<_> = structures.into_iter().map(|structure| ident(&structure.builder.name)).collect();
        let Some(shown) = reexport(&module, &names) else { continue };
        match gates::condition(&gate) {
            Some(condition) => sometimes.push(Gated { condition, items: vec![shown] }),
            None => always.push(shown),
        }
    }
    let mut items = Vec::new();
    if !sometimes.is_empty() {
        let call = ident(scope.call("gated"));
        items.push(Item::Lines(vec![quote! { use super::#call; }]));
    }
    if !always.is_empty() {
        items.push(Item::Lines(always));
    }
    items.extend(gated(scope, sometimes));
    (!items.is_empty()).then(|| Item::Module { docs: "What builds the shapes.".to_owned(), name: "builders", items })
}

/// `pub use` of some names of a module.
fn reexport(module: &TokenStream, names: &[Ident]) -> Option<TokenStream> {
    match names {
        [] => None,
        [name] => Some(quote! { pub use #module::#name; }),
        names => Some(quote! { pub use #module::{#(#names),*}; }),
    }
}

fn name(shape: &Shape) -> &str {
    match shape {
        Shape::Structure(structure) => &structure.name,
        Shape::Union(union) => &union.name,
    }
}
