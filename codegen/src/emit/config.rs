//! The files that are the same for every service: `config.rs`, `meta.rs` and `primitives.rs`.

use quote::quote;

use super::scope::{Scope, ident};
use crate::ir::Service;
use crate::plan::Form;
use crate::render::{Item, Source};

/// `config.rs`.
pub(super) fn config(runtime: &str) -> Source {
    let mut scope = Scope::beside_root(runtime);
    scope.export_runtime(
        "config",
        &[
            "AppName",
            "BehaviorVersion",
            "Builder",
            "Config",
            "SettingError",
            "StalledStreamProtectionConfig",
            "retry",
            "timeout",
        ],
    );
    scope.export_runtime("credentials", &["Credentials", "ProvideCredentials", "SharedCredentialsProvider"]);
    scope.export_runtime("hook", &["Attempt", "Hook", "Outcome"]);
    scope.export_runtime("region", &["Region"]);
    let head = quote! {
        /// HTTP messages, as hooks and errors show them.
        pub mod http
    };
    let runtime = ident(runtime);
    let messages = quote! { pub use #runtime::http::{Request as HttpRequest, Response as HttpResponse}; };
    source("config.rs", "Settings of the client.", scope, vec![Item::Braced(head, vec![messages])])
}

/// `meta.rs`.
pub(super) fn meta() -> Source {
    let version = quote! {
        /// The version of this crate.
        pub static PKG_VERSION: &str = env!("CARGO_PKG_VERSION");
    };
    source("meta.rs", "What this crate is.", Scope::beside_root(""), vec![Item::Code(version)])
}

/// `primitives.rs`.
pub(super) fn primitives(service: &Service, runtime: &str, form: &Form) -> Source {
    let mut scope = Scope::beside_root(runtime);
    let names = [
        "AggregatedBytes",
        "BigDecimal",
        "BigInteger",
        "Blob",
        "ByteStream",
        "ByteStreamError",
        "DateTime",
        "DateTimeFormat",
        "Document",
        "Number",
        "SdkBody",
    ];
    scope.export_runtime("primitives", &names);
    let runtime = ident(runtime);
    // A module is in a crate that need not have the feature.
    let files = match form {
        Form::Module | Form::RuntimeModule => Vec::new(),
        Form::Crate { .. } | Form::NewCrate { .. } => {
            let files = quote! { #[cfg(feature = "rt-tokio")] pub use #runtime::primitives::{FsBuilder, Length}; };
            vec![Item::Lines(vec![files])]
        }
    };
    let events = service.has_events.then(|| {
        let module = quote! {
            /// What streams of events are made of.
            pub mod event_stream {
                pub use #runtime::event_stream::{
                    EventReceiver, EventStreamSender, Header, HeaderValue, Message, RawMessage, StrBytes,
                };
            }
        };
        Item::Code(module)
    });
    let items = files.into_iter().chain(events).collect();
    source("primitives.rs", "Values that have no type in Rust's standard library.", scope, items)
}

fn source(path: &str, docs: &str, scope: Scope<'_>, items: Vec<Item>) -> Source {
    Source { path: path.to_owned(), docs: vec![docs.to_owned()], items, uses: scope.uses, ..Source::default() }
}
