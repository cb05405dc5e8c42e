//! The parameters of rules: `Params`, how the built-ins fill it, and what is settled before the first rule.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::ir::endpoint::{Absence, Default, Kind, Parameter, Setting};

/// `pub struct Params`
pub(super) fn structure(parameters: &[Parameter]) -> TokenStream {
    let lifetime = lifetime(parameters);
    let fields = parameters.iter().map(|parameter| {
        let (field, kind, doc) = (ident(&parameter.field), kind(parameter.kind), doc(parameter));
        quote!(#[doc = #doc] pub #field: Option<#kind>)
    });
    quote! {
        /// What the endpoint rules of the service look at.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Params #lifetime {
            #(#fields,)*
        }
    }
}

/// `impl From<&Builtins> for Params`
pub(super) fn from_builtins(parameters: &[Parameter]) -> TokenStream {
    let set: Vec<TokenStream> = parameters.iter().filter_map(from_builtin).collect();
    let rest = (set.len() < parameters.len()).then(|| quote!(..Self::default()));
    let (name, body) = match set.as_slice() {
        [] => (quote!(_), quote!(Self::default())),
        set => (quote!(builtins), quote!(Self { #(#set,)* #rest })),
    };
    let lifetime = lifetime(parameters);
    let of = if borrows(parameters) { quote!(<'a>) } else { quote!(<'_>) };
    quote! {
        impl #lifetime From<&Builtins #of> for Params #lifetime {
            fn from(#name: &Builtins #of) -> Self {
                #body
            }
        }
    }
}

/// What is settled of a parameter before the first rule.
pub(super) fn prelude(parameter: &Parameter) -> TokenStream {
    let (field, name) = (ident(&parameter.field), &parameter.name);
    match (&parameter.absence, parameter.read) {
        (Absence::Allowed, _) | (Absence::Default(_), false) => quote!(),
        (Absence::Error, true) => {
            quote!(let Some(#field) = self.#field else { return Err(EndpointError::missing(#name)); };)
        }
        (Absence::Error, false) => quote!(if self.#field.is_none() { return Err(EndpointError::missing(#name)); }),
        (Absence::Default(value), true) => {
            let value = match value {
                Default::Text(text) => quote!(#text),
                Default::Boolean(value) => quote!(#value),
                Default::List(items) => quote!(&[#(#items),*]),
            };
            quote!(let #field = self.#field.unwrap_or(#value);)
        }
    }
}

/// Whether `Params` borrows from anything, so that it has a lifetime.
pub(super) fn borrows(parameters: &[Parameter]) -> bool {
    parameters.iter().any(|parameter| parameter.kind != Kind::Boolean)
}

fn lifetime(parameters: &[Parameter]) -> Option<TokenStream> {
    borrows(parameters).then(|| quote!(<'a>))
}

fn from_builtin(parameter: &Parameter) -> Option<TokenStream> {
    let field = ident(&parameter.field);
    let value = match parameter.setting? {
        Setting::Region => quote!(builtins.region),
        Setting::Endpoint => quote!(builtins.endpoint),
        Setting::UseFips => quote!(Some(builtins.use_fips)),
        Setting::UseDualStack => quote!(Some(builtins.use_dual_stack)),
    };
    Some(quote!(#field: #value))
}

fn kind(kind: Kind) -> TokenStream {
    match kind {
        Kind::Text => quote!(&'a str),
        Kind::Boolean => quote!(bool),
        Kind::List => quote!(&'a [&'a str]),
    }
}

fn doc(parameter: &Parameter) -> String {
    let name = parameter.built_in.as_ref().unwrap_or(&parameter.name);
    let absence = match &parameter.absence {
        Absence::Allowed => String::new(),
        Absence::Error => "; required".to_owned(),
        Absence::Default(Default::Text(text)) => format!("; `{text}` by default"),
        Absence::Default(Default::Boolean(value)) => format!("; `{value}` by default"),
        Absence::Default(Default::List(items)) => format!("; `{}` by default", items.join("`, `")),
    };
    format!(" `{name}`{absence}.")
}
