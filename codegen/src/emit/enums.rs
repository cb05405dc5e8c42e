//! `enums.rs`.

use quote::quote;

use super::scope::{Scope, ident};
use super::spell;
use crate::ir::{Enum, Home, Service};
use crate::render::{Definition, Item, Row, Source};

/// All enums of the service.
pub(super) fn source(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Enums);
    let items = service.enums.iter().map(|of| open_enum(&mut scope, of)).collect();
    let docs =
        "The enums of the service. They are open: a value that is not listed here is `Unknown`, and travels unchanged.";
    Source { path: "enums.rs".to_owned(), docs: vec![docs.to_owned()], items, uses: scope.uses, ..Source::default() }
}

/// One of them.
pub(super) fn open_enum(scope: &mut Scope<'_>, of: &Enum) -> Item {
    let rows = of.variants.iter().map(|variant| {
        let (name, value) = (ident(&variant.name), &variant.value);
        let attribute = spell::deprecated(variant.deprecated.as_ref());
        Row { docs: variant.docs.clone(), attribute, tokens: quote! { #name = #value } }
    });
    let name = ident(&of.name);
    let (sensitive, deprecated) =
        (of.sensitive.then(|| quote! { #[sensitive] }), spell::deprecated(of.deprecated.as_ref()));
    Item::Definition(Definition {
        call: scope.call("open_enum"),
        attribute: Some(quote! { #sensitive #deprecated }).filter(|tokens| !tokens.is_empty()),
        docs: of.docs.clone(),
        head: quote! { pub enum #name },
        rows: rows.collect(),
    })
}
