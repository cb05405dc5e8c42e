//! What stands before code that is compiled with some features alone.

use proc_macro2::TokenStream;
use quote::quote;

/// `#[cfg(any(feature = "a", feature = "b"))]`, and nothing where no feature has to be on.
pub(super) fn cfg(features: &[String]) -> Option<TokenStream> {
    let condition = condition(features)?;
    Some(quote! { #[cfg(#condition)] })
}

/// What stands in it.
pub(super) fn condition(features: &[String]) -> Option<TokenStream> {
    match features {
        [] => None,
        [feature] => Some(quote! { feature = #feature }),
        several => Some(quote! { any(#(feature = #several),*) }),
    }
}
