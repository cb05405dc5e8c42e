//! `error.rs` with the error of the whole service, and `types/error.rs` with the errors of the model.

use quote::quote;

use super::operation;
use super::scope::{Scope, ident};
use super::structure::{self, Private};
use super::{gates, types};
use crate::ir::feature::Gate;
use crate::ir::{ErrorShape, Events, Group, Home, Message, Named, Service, Shape, Structure, Union};
use crate::lower::names::bare;
use crate::render::{Definition, Gated, Item, Row, Source};

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
        call: scope.call("service_error"),
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
    service.errors.iter().for_each(|error| defines(&mut scope, error));
    let mut gated: Vec<_> = service.error_groups.iter().map(|group| types::group(&group.module, &group.gate)).collect();
    for (name, home, gate) in of_streams(service) {
        match gates::condition(&gate) {
            None => scope.export(&Named { name: name.to_owned(), home }),
            Some(condition) => gated.push(Gated { condition, items: vec![scope.reexport(name, &home)] }),
        }
    }
    let mut items: Vec<_> = service.errors.iter().flat_map(|error| shape(&mut scope, error)).collect();
    items.extend(types::gated(&mut scope, gated));
    items.extend(builders(&mut scope, service));
    Source {
        path: "types/error.rs".to_owned(),
        docs: vec!["The errors that the service's model lists.".to_owned()],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

/// The builders of the structures, under the path of the official crates.
fn builders(scope: &mut Scope<'_>, service: &Service) -> Option<Item> {
    fn structures(errors: &[ErrorShape]) -> Vec<&Structure> {
        errors.iter().map(|error| &error.structure).collect()
    }
    let always = (structures(&service.errors), Gate::new(), quote! { super });
    let of_groups = service.error_groups.iter().map(|group| {
        let module = ident(&group.module);
        (structures(&group.held), group.gate.clone(), quote! { super::#module })
    });
    types::builders_of(scope, [always].into_iter().chain(of_groups))
}

/// The file of a group of errors.
pub(super) fn group_source(group: &Group<Vec<ErrorShape>>, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::ErrorGroup(group.module.clone()));
    group.held.iter().for_each(|error| defines(&mut scope, error));
    let items = group.held.iter().flat_map(|error| shape(&mut scope, error)).collect();
    Source {
        path: format!("types/error/{}.rs", bare(&group.module)),
        docs: vec![types::users(&group.users)],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

fn defines(scope: &mut Scope<'_>, error: &ErrorShape) {
    scope.define(&error.structure.name);
    scope.define(&error.structure.builder.name);
}

fn shape(scope: &mut Scope<'_>, error: &ErrorShape) -> Vec<Item> {
    let name = ident(&error.structure.name);
    let metadata = scope.runtime("error", "ErrorMetadata");
    let private = Private { name: "meta".to_owned(), of: quote! { #metadata }, settable: true };
    let mut items = structure::structure(scope, &error.structure, Some(&private));
    items.push(structure::builder(scope, &error.structure, Some(&private)));
    let secret = error.is_secret.then(|| quote! { secret });
    let tokens = match error.message {
        None => quote! { #name },
        Some(Message::Optional) => quote! { #name, #secret message },
        Some(Message::Always) => quote! { #name, #secret required message },
    };
    items.push(Item::Call(scope.call("modeled_error"), tokens));
    items
}

/// The error enum of a stream of events, and what makes the union beside it one of events.
pub(super) fn of_stream(scope: &mut Scope<'_>, union: &str, events: &Events) -> [Item; 2] {
    let (name, of) = (ident(&events.error), ident(union));
    let all = scope.own("error", "Error");
    let protocol = operation::protocol(scope, events.protocol);
    let definition = Definition {
        call: scope.call("event_error"),
        attribute: Some(quote! { #[into(#all)] }),
        docs: format!("What a stream of [`{union}`] ends with where something goes wrong."),
        head: quote! { pub enum #name },
        rows: operation::cases(scope, &events.exceptions),
    };
    [Item::Definition(definition), Item::Call(scope.call("event_stream"), quote! { #of, #name, #protocol })]
}

/// The error enums of streams, which stand beside their unions: name, file, and when they are compiled.
fn of_streams(service: &Service) -> Vec<(&str, Home, Gate)> {
    let shared = service.shapes.iter().map(|shape| (shape, Home::Types, Gate::new()));
    let grouped = service.groups.iter().flat_map(|group| {
        let home = Home::Group(group.module.clone());
        group.held.shapes.iter().map(move |shape| (shape, home.clone(), group.gate.clone()))
    });
    let own = service.operations.iter().flat_map(|operation| {
        let gate = gates::of(operation);
        let home = Home::Operation(operation.module.clone());
        operation.shapes.iter().map(move |shape| (shape, home.clone(), gate.clone()))
    });
    let name = |shape| match shape {
        &Shape::Union(Union { events: Some(ref events), .. }) => Some(events.error.as_str()),
        _ => None,
    };
    shared.chain(grouped).chain(own).filter_map(|(shape, home, gate)| Some((name(shape)?, home, gate))).collect()
}
