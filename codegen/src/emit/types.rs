//! `types.rs`: the shapes that several operations use, and the way to all others.

use quote::quote;

use super::scope::{Scope, ident};
use super::structure;
use crate::ir::{Builder, Home, Named, Service, Shape};
use crate::render::{Item, Source};

/// The file.
pub(super) fn source(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Types);
    service.shapes.iter().for_each(|shape| structure::defines(&mut scope, shape));
    for of in &service.enums {
        scope.export(&Named { name: of.name.clone(), home: Home::Enums });
    }
    for operation in &service.operations {
        for shape in &operation.shapes {
            scope.export(&Named { name: name(shape).to_owned(), home: Home::Operation(operation.module.clone()) });
        }
    }
    let mut items: Vec<_> = service.shapes.iter().flat_map(|shape| structure::shape(&mut scope, shape)).collect();
    items.extend(builders(service));
    items.push(Item::Code(quote! { pub mod error; }));
    Source {
        path: "types.rs".to_owned(),
        docs: vec!["The shapes of the service, wherever they are defined.".to_owned()],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

/// The builders of all structures that have one, under the path of the official crates.
fn builders(service: &Service) -> Option<Item> {
    let here = service.shapes.iter().filter_map(builder).map(|builder| {
        let name = ident(&builder.name);
        quote! { pub use super::#name; }
    });
    let elsewhere = service.operations.iter().flat_map(|operation| {
        let module = ident(&operation.module);
        operation.shapes.iter().filter_map(builder).map(move |builder| {
            let name = ident(&builder.name);
            quote! { pub use super::super::operation::#module::#name; }
        })
    });
    let all: Vec<_> = here.chain(elsewhere).collect();
    let module = quote! {
        /// What builds the shapes.
        pub mod builders { #(#all)* }
    };
    (!all.is_empty()).then_some(Item::Code(module))
}

fn builder(shape: &Shape) -> Option<&Builder> {
    match shape {
        Shape::Structure(structure) => structure.builder.as_ref(),
        Shape::Union(_) => None,
    }
}

fn name(shape: &Shape) -> &str {
    match shape {
        Shape::Structure(structure) => &structure.name,
        Shape::Union(union) => &union.name,
    }
}
