//! `error.rs` with the error of the whole service, and `types/error.rs` with the errors of the model.

use quote::quote;

use super::scope::{Scope, ident};
use super::structure::{self, Private};
use super::{gates, types};
use crate::ir::{ErrorShape, Group, Home, Message, Service};
use crate::lower::names::bare;
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
    let always = service.errors.iter().map(|error| (&error.structure.name, None));
    let gated = service
        .error_groups
        .iter()
        .flat_map(|group| group.held.iter().map(|error| (&error.structure.name, gates::cfg(&group.gate))));
    let mut variants: Vec<_> = always.chain(gated).collect();
    variants.sort_by_key(|(name, _)| *name);
    let root = scope.root();
    let row = |(name, attribute): (&String, _)| {
        let variant = ident(name);
        Row { docs: None, attribute, tokens: quote! { #variant(#root::types::error::#variant) } }
    };
    let rows = variants.into_iter().map(row).collect();
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
    let mut items: Vec<_> = service.errors.iter().flat_map(|error| shape(&mut scope, error)).collect();
    let groups = service.error_groups.iter().map(|group| types::group(&group.module, &group.gate)).collect();
    items.extend(types::gated(&mut scope, groups));
    Source {
        path: "types/error.rs".to_owned(),
        docs: vec!["The errors that the service's model lists.".to_owned()],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

/// The file of a group of errors.
pub(super) fn group_source(group: &Group<Vec<ErrorShape>>, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::ErrorGroup(group.module.clone()));
    group.held.iter().for_each(|error| scope.define(&error.structure.name));
    let items = group.held.iter().flat_map(|error| shape(&mut scope, error)).collect();
    Source {
        path: format!("types/error/{}.rs", bare(&group.module)),
        docs: vec![types::users(&group.users)],
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
