//! Expressions that look into inputs and outputs.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::scope::{Scope, ident};
use crate::ir::path::{Expr, Operator, Pattern};

/// An expression.
pub(super) fn expression(scope: &mut Scope<'_>, value: &Expr) -> TokenStream {
    match value {
        Expr::Local(name) => {
            let name = ident(name);
            quote! { #name }
        }
        Expr::Text(text) => quote! { #text },
        Expr::Boolean(value) => quote! { #value },
        Expr::Integer(number) => {
            let number = Literal::i64_unsuffixed(*number);
            quote! { #number }
        }
        Expr::Number(number) => {
            let number = Literal::f64_unsuffixed(*number);
            quote! { #number }
        }
        Expr::Field(of, name) => {
            let (of, name) = (operand(scope, of), ident(name));
            quote! { #of.#name }
        }
        Expr::Method(of, name, arguments) => {
            let (of, name, arguments) = (operand(scope, of), ident(name), all(scope, arguments));
            quote! { #of.#name(#(#arguments),*) }
        }
        Expr::Closure(pattern, body) => {
            let is_used = pattern.names().iter().any(|name| body.looks_at(name));
            let body = expression(scope, body);
            match pattern {
                _ if !is_used => quote! { |_| #body },
                Pattern::At => quote! { |at| #body },
                Pattern::AtRef => quote! { |&at| #body },
                Pattern::It => quote! { |it| #body },
                Pattern::Them => quote! { |them| #body },
                Pattern::Both => quote! { |(a, b)| #body },
            }
        }
        Expr::Array(items) => {
            let items = all(scope, items);
            quote! { [#(#items),*] }
        }
        Expr::Some(of) => {
            let of = expression(scope, of);
            quote! { Some(#of) }
        }
        Expr::None => quote! { None },
        Expr::Not(of) => {
            let of = operand(scope, of);
            quote! { !#of }
        }
        Expr::Binary(operator, a, b) => {
            let (a, operator, b) = (operand(scope, a), spelt(*operator), operand(scope, b));
            quote! { #a #operator #b }
        }
        Expr::Choose(parts) => {
            let [condition, yes, no] = parts.each_ref().map(|part| expression(scope, part));
            quote! { if #condition { #yes } else { #no } }
        }
        Expr::Texts(name, parts) => {
            let [items, text] = parts.each_ref().map(|part| expression(scope, part));
            let name = scope.runtime("waiter", name);
            quote! { #name(#items, #text) }
        }
        Expr::As(of, kind) => {
            let (of, kind) = (operand(scope, of), ident(kind));
            quote! { #of as #kind }
        }
    }
}

fn all(scope: &mut Scope<'_>, values: &[Expr]) -> Vec<TokenStream> {
    values.iter().map(|value| expression(scope, value)).collect()
}

/// An expression beside an operator or before a dot.
fn operand(scope: &mut Scope<'_>, value: &Expr) -> TokenStream {
    let tokens = expression(scope, value);
    match value {
        Expr::Not(_) | Expr::Binary(..) | Expr::Choose(_) | Expr::As(..) | Expr::Closure(..) => quote! { (#tokens) },
        _ => tokens,
    }
}

fn spelt(operator: Operator) -> TokenStream {
    match operator {
        Operator::And => quote! { && },
        Operator::Or => quote! { || },
        Operator::Equal => quote! { == },
        Operator::NotEqual => quote! { != },
        Operator::Less => quote! { < },
        Operator::LessOrEqual => quote! { <= },
        Operator::Greater => quote! { > },
        Operator::GreaterOrEqual => quote! { >= },
    }
}
