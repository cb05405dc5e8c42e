//! `client.rs`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::scope::{Scope, ident};
use super::spell;
use crate::ir::{Operation, Service};
use crate::render::{Item, Source};

/// The client, a method an operation.
pub(super) fn source(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::beside_root(runtime);
    scope.define("Client");
    scope.export_runtime("client", &["customize"]);
    let docs = spell::docs(&format!(
        "A client of {}. Clones share its connections, credentials and retry quota.",
        service.title
    ));
    let handle = scope.runtime("client", "Handle");
    let definition = quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct Client {
            handle: #handle,
        }
    };
    let mut methods = common(&mut scope, &handle);
    methods.extend(service.operations.iter().map(|operation| method(&mut scope, operation)));
    let access = quote! {
        impl AsRef<#handle> for Client {
            fn as_ref(&self) -> &#handle {
                &self.handle
            }
        }
    };
    Source {
        path: "client.rs".to_owned(),
        docs: vec!["The client: settings and connections that all calls share, and a method an operation.".to_owned()],
        items: vec![Item::Code(definition), Item::Braced(quote! { impl Client }, methods), Item::Code(access)],
        uses: scope.uses,
        ..Source::default()
    }
}

/// What every client can do.
fn common(scope: &mut Scope<'_>, handle: &Ident) -> Vec<TokenStream> {
    let [config, sdk_config, error] = ["Config", "SdkConfig", "SettingError"].map(|name| scope.runtime("config", name));
    let (sent, input) = (scope.runtime("client", "Sent"), scope.runtime("operation", "OperationInput"));
    let service = scope.own("", "SERVICE");
    vec![
        quote! {
            /// A client with the settings that all services share.
            pub fn new(config: &#sdk_config) -> Self {
                Self::from_conf(#config::new(config))
            }
        },
        quote! {
            /// A client with settings of its own.
            pub fn from_conf(config: #config) -> Self {
                Self { handle: #handle::new(config, &#service) }
            }
        },
        quote! {
            /// A client with the settings of environment and profile.
            ///
            /// # Errors
            ///
            /// A setting is malformed, or region or credentials are missing: the error says where they were looked for.
            pub async fn from_env() -> Result<Self, #error> {
                Ok(Self { handle: #handle::from_env(&#service).await? })
            }
        },
        quote! {
            /// The settings.
            pub fn config(&self) -> &#config {
                self.handle.config()
            }
        },
        quote! {
            /// Sends an input that was built by itself.
            pub async fn send<I: #input>(&self, input: I) -> #sent<I::Operation> {
                self.handle.send::<I::Operation>(&input).await
            }
        },
    ]
}

fn method(scope: &mut Scope<'_>, operation: &Operation) -> TokenStream {
    let (docs, name) = (spell::docs(&operation.docs), ident(&operation.module));
    let builder = format_ident!("{}FluentBuilder", ident(&operation.name));
    let builder = scope.own(&format!("operation::{}::builders", operation.module), &builder.to_string());
    quote! {
        #docs
        pub fn #name(&self) -> #builder {
            #builder::new(self.handle.clone())
        }
    }
}
