//! `error.rs` with the error of the whole service, and `types/error.rs` with the errors of the model.

use quote::quote;

use super::scope::{Scope, ident};
use super::structure::{self, Private};
use crate::ir::{ErrorShape, Home, Message, Named, Service};
use crate::render::{Definition, Item, Row, Source};

/// `error.rs`: any error of the service, and the types around errors.
pub(super) fn root(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::beside_root(runtime);
    scope.define("Error");
    scope.export_runtime(
        "error",
        &[
            "BoxError",
            "BuildError",
            "ConnectorError",
            "DisplayErrorContext",
            "ErrorMetadata",
            "ProvideErrorMetadata",
            "SdkError",
        ],
    );
    scope.export_runtime("wire", &["UnknownVariantError"]);
    let rows = service
        .errors
        .iter()
        .map(|error| {
            let variant = ident(&error.structure.name);
            let of = scope.named(&Named { name: error.structure.name.clone(), home: Home::Errors });
            Row { docs: None, attribute: None, tokens: quote! { #variant(#of) } }
        })
        .collect();
    let all = Definition {
        call: scope.call("error_enum"),
        attribute: None,
        docs: "Any error of the service's operations, for functions that call several of them.".to_owned(),
        head: quote! { pub enum Error },
        rows,
    };
    Source {
        path: "error.rs".to_owned(),
        docs: vec!["Any error of the service, and the types around errors.".to_owned()],
        items: vec![Item::Definition(all)],
        uses: scope.uses,
        ..Source::default()
    }
}

/// `types/error.rs`: the structures.
pub(super) fn shapes(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Errors);
    service.errors.iter().for_each(|error| scope.define(&error.structure.name));
    let items = service.errors.iter().flat_map(|error| shape(&mut scope, error)).collect();
    Source {
        path: "types/error.rs".to_owned(),
        docs: vec!["The errors that the service's model lists.".to_owned()],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

fn shape(scope: &mut Scope<'_>, error: &ErrorShape) -> Vec<Item> {
    let name = ident(&error.structure.name);
    let metadata = scope.runtime("error", "ErrorMetadata");
    let private = Private { name: "meta".to_owned(), of: quote! { #metadata } };
    let mut items = structure::structure(scope, &error.structure, Some(&private));
    let tokens = match error.message {
        None => quote! { #name },
        Some(Message::Optional) => quote! { #name, message },
        Some(Message::Always) => quote! { #name, required message },
    };
    items.push(Item::Call(scope.call("modeled_error"), tokens));
    items
}
