//! What stands before code that is compiled with some features alone.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Operation;
use crate::ir::feature::Gate;

/// `#[cfg(any(feature = "a", feature = "b"))]`, and nothing where no feature has to be on.
pub(super) fn cfg(gate: &Gate) -> Option<TokenStream> {
    let condition = condition(gate)?;
    Some(quote! { #[cfg(#condition)] })
}

/// What stands in it.
pub(super) fn condition(gate: &Gate) -> Option<TokenStream> {
    match gate.as_slice() {
        [] => None,
        [feature] => Some(quote! { feature = #feature }),
        several => Some(quote! { any(#(feature = #several),*) }),
    }
}

/// The gate of an operation.
pub(super) fn of(operation: &Operation) -> Gate {
    operation.feature.iter().map(|feature| feature.name.clone()).collect()
}
