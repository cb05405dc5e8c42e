//! `client.rs`.

use quote::{format_ident, quote};

use super::scope::{Scope, ident};
use crate::ir::{Operation, Service};
use crate::render::{Definition, Item, Row, Source};

/// The client, a method an operation.
pub(super) fn source(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::beside_root(runtime);
    scope.define("Client");
    scope.export_runtime("client", &["customize"]);
    let facts = scope.own("", "SERVICE");
    let client = Definition {
        call: scope.call("service_client"),
        attribute: Some(quote! { #[of(#facts)] }),
        docs: format!("A client of {}. Clones share its connections, credentials and retry quota.", service.title),
        head: quote! { pub struct Client },
        rows: service.operations.iter().map(|operation| method(&mut scope, operation)).collect(),
    };
    Source {
        path: "client.rs".to_owned(),
        docs: vec!["The client: settings and connections that all calls share, and a method an operation.".to_owned()],
        items: vec![Item::Definition(client)],
        uses: scope.uses,
        ..Source::default()
    }
}

/// The method of an operation, and the request that it begins.
fn method(scope: &mut Scope<'_>, operation: &Operation) -> Row {
    let name = ident(&operation.module);
    let request = format_ident!("{}FluentBuilder", ident(&operation.name));
    let request = scope.own(&format!("operation::{}::builders", operation.module), &request.to_string());
    Row { docs: Some(operation.docs.clone()), attribute: None, tokens: quote! { #name: #request } }
}
