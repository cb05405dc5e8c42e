//! `lib.rs` of a crate, `mod.rs` of a module: what there is, and the facts of the service.

use proc_macro2::TokenStream;
use quote::quote;

use super::example;
use super::operation::protocol;
use super::scope::{Scope, ident};
use crate::ir::{Http2, Service};
use crate::plan::Form;
use crate::render::{Item, Source};

/// The file.
pub(super) fn source(service: &Service, runtime: &str, form: &Form) -> Source {
    let is_module = *form == Form::Module;
    let mut scope = Scope::of_root(runtime);
    ["Client", "Config", "Error", "SERVICE"].iter().for_each(|name| scope.define(name));
    for (module, name) in [("client", "Client"), ("config", "Config"), ("error", "Error")] {
        scope.uses.export(module, name.to_owned());
    }
    let facts = facts(&mut scope, service);
    let mut docs = vec![format!("A thin client of {}.", service.title)];
    docs.extend(service.docs.clone());
    docs.extend(example::of(service, form));
    docs.extend(features(service));
    if service.http2 == Http2::Alone {
        let said = "The service speaks HTTP/2 alone: a transport without it, which is one without the feature `http2`, does not reach it.";
        docs.push(said.to_owned());
    }
    let modules = if service.deprecates {
        Item::Within(scope.call("deprecating"), modules(service))
    } else {
        Item::Lines(modules(service))
    };
    let items = if is_module { vec![modules, facts] } else { vec![modules, test_util(runtime), facts] };
    Source {
        path: if is_module { "mod.rs" } else { "lib.rs" }.to_owned(),
        docs,
        is_included: is_module,
        items,
        uses: scope.uses,
    }
}

/// The file within the runtime, which makes clients of the facts of the service.
pub(super) fn inside(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::of_root(runtime);
    scope.define("SERVICE");
    let modules = [
        (true, quote! { pub mod endpoint; }),
        (!service.enums.is_empty(), quote! { pub mod enums; }),
        (true, quote! { pub mod operation; }),
        (!service.shapes.is_empty(), quote! { pub mod types; }),
    ];
    let modules = modules.into_iter().filter_map(|(is_there, module)| is_there.then_some(module)).collect();
    Source {
        path: "mod.rs".to_owned(),
        docs: vec![format!("What is called of {}.", service.title)],
        is_included: true,
        items: vec![Item::Lines(modules), facts(&mut scope, service)],
        uses: scope.uses,
    }
}

/// How operations are chosen, where each is a feature; the example is one that is on by default, if any is.
fn features(service: &Service) -> Option<String> {
    let features = || service.operations.iter().filter_map(|operation| operation.feature.as_ref());
    let example = features().find(|feature| feature.is_default).or_else(|| features().next())?;
    Some(format!("Each operation is a feature of this crate, `{}` for one; `full` is all of them.", example.name))
}

/// `endpoint.rs`: the rules of the service, compiled.
pub(super) fn endpoint(service: &Service, runtime: &str) -> Source {
    let docs = format!("Where requests go: the endpoint rules of {}, compiled.", service.title);
    super::endpoint::source(&service.endpoint, docs, runtime)
}

fn modules(service: &Service) -> Vec<TokenStream> {
    let mut modules = vec![
        quote! { pub mod client; },
        quote! { pub mod config; },
        quote! { pub mod endpoint; },
        quote! { mod enums; },
        quote! { pub mod error; },
        quote! { pub mod meta; },
        quote! { pub mod operation; },
        quote! { pub mod primitives; },
        quote! { pub mod types; },
    ];
    modules.extend(super::waiters::are_there(service).then(|| {
        let gate = super::waiters::gate_of_all(service);
        quote! { #gate pub mod waiters; }
    }));
    modules
}

/// What the tests of a user need, so that they need no dependency of their own on the runtime.
fn test_util(runtime: &str) -> Item {
    let runtime = ident(runtime);
    Item::Lines(vec![quote! { #[cfg(feature = "test-util")] pub use #runtime::test_util; }])
}

fn facts(scope: &mut Scope<'_>, service: &Service) -> Item {
    let codec = protocol(scope, service.protocol);
    let meta = scope.runtime("operation", "ServiceMeta");
    // The trait of `error_metadata`.
    scope.runtime("operation", "Protocol");
    let headers = service.headers.iter().map(|(name, value)| quote! { (#name, #value) });
    let (id, version, signing_name) = (&service.id, &service.version, &service.signing_name);
    let public = scope.is_inside().then(|| quote! { pub });
    Item::Code(quote! {
        /// The facts of the service that all its operations share.
        #public static SERVICE: #meta = #meta {
            id: #id,
            version: #version,
            signing_name: #signing_name,
            headers: &[#(#headers),*],
            endpoint: endpoint::resolve,
            error_metadata: #codec::error_metadata,
        };
    })
}
