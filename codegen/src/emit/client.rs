//! `client.rs`.

use quote::quote;

use super::scope::Scope;
use crate::ir::Service;
use crate::render::{Definition, Item, Source};

/// The client. Its methods stand with their operations.
pub(super) fn source(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::beside_root(runtime);
    scope.define("Client");
    scope.export_runtime("client", &["customize"]);
    let facts = scope.own("", "SERVICE");
    if super::waiters::are_there(service) {
        scope.define("Waiters");
    }
    let client = Definition {
        call: scope.call("service_client"),
        attribute: Some(quote! { #[of(#facts)] }),
        docs: format!("A client of {}. Clones share its connections, credentials and retry quota.", service.title),
        head: quote! { pub struct Client },
        rows: Vec::new(),
    };
    let docs = "The client: settings and connections that all calls share. Each operation gives it a method.";
    Source {
        path: "client.rs".to_owned(),
        docs: vec![docs.to_owned()],
        items: [Some(Item::Definition(client)), super::waiters::of_client(&mut scope, service)]
            .into_iter()
            .flatten()
            .collect(),
        uses: scope.uses,
        ..Source::default()
    }
}
