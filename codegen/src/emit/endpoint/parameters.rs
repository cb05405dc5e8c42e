//! The parameters of rules: their table, and what is settled of them before the first rule.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::ir::endpoint::{Absence, Default, Kind, Parameter, Setting};
use crate::render::Table;

/// The table of them, which makes `Params`, and `resolve` for settings alone.
pub(super) fn table(parameters: &[Parameter], call: &'static str) -> Table {
    let lifetime = borrows(parameters).then(|| quote!(<'a>));
    Table { call, of: quote!(Params #lifetime), rows: parameters.iter().map(row).collect() }
}

fn row(parameter: &Parameter) -> TokenStream {
    let (field, kind) = (ident(&parameter.field), kind(parameter.kind));
    let name = parameter.built_in.as_ref().unwrap_or(&parameter.name);
    let from = parameter.setting.map(|setting| {
        let setting = ident(match setting {
            Setting::Region => "region",
            Setting::Endpoint => "endpoint",
            Setting::UseFips => "use_fips",
            Setting::UseDualStack => "use_dual_stack",
        });
        quote!(from #setting)
    });
    quote!(#field: Option<#kind> = #name #from)
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

fn kind(kind: Kind) -> TokenStream {
    match kind {
        Kind::Text => quote!(&'a str),
        Kind::Boolean => quote!(bool),
        Kind::List => quote!(&'a [&'a str]),
    }
}
