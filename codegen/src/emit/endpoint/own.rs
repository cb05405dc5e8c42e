//! The endpoint of an operation that gives the rules parameters of its own.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::emit::path;
use crate::emit::scope::{Scope, ident};
use crate::ir::endpoint::{Default, Given, GivenValue, Kind, OwnEndpoint};

/// The constant of the operation.
pub(in crate::emit) fn own(scope: &mut Scope<'_>, own: &OwnEndpoint) -> TokenStream {
    let (resolve, params) = (scope.runtime("endpoint", "ResolveFor"), scope.own("endpoint", "Params"));
    let (mut lists, mut fields, mut looks) = (Vec::new(), Vec::new(), false);
    for Given { field, value } in &own.given {
        let field = ident(field);
        looks |= !matches!(value, GivenValue::Constant(_));
        let value = match value {
            GivenValue::Constant(Default::Text(text)) => quote! { Some(#text) },
            GivenValue::Constant(Default::Boolean(value)) => quote! { Some(#value) },
            GivenValue::Constant(Default::List(items)) => quote! { Some(&[#(#items),*]) },
            GivenValue::Text(member) => member_as(member, quote! { .as_deref() }),
            GivenValue::Enum(member) => member_as(member, quote! { .as_ref().map(|value| value.as_str()) }),
            GivenValue::Boolean(member) => member_as(member, quote! {}),
            GivenValue::Found(Kind::List, found) => {
                let found = path::expression(scope, found);
                lists.push(quote! { let #field: Option<Vec<&str>> = #found; });
                quote! { #field.as_deref() }
            }
            GivenValue::Found(_, found) => path::expression(scope, found),
            GivenValue::Texts(member) => {
                let list = member_as(member, quote! { .as_ref() });
                lists.push(quote! {
                    let #field = #list.map(|items| items.iter().map(|item| item.as_str()).collect::<Vec<_>>());
                });
                quote! { #field.as_deref() }
            }
        };
        fields.push(quote! { #field: #value, });
    }
    let (input, builtins) = (arg("input", looks), arg("builtins", !own.is_whole));
    let rest = (!own.is_whole).then(|| quote! { ..#params::of(builtins) });
    quote! {
        const ENDPOINT: Option<#resolve<Self::Input>> = Some(|#input, #builtins| {
            #(#lists)*
            let params = #params { #(#fields)* #rest };
            params.resolve()
        });
    }
}

fn member_as(member: &str, how: TokenStream) -> TokenStream {
    let member = ident(member);
    quote! { input.#member #how }
}

/// The name of an argument that is used, or not.
fn arg(name: &str, is_used: bool) -> Ident {
    ident(if is_used { name } else { "_" })
}
