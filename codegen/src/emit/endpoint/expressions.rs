//! Expressions of rules.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::ident;
use crate::ir::endpoint::{Expr, Function, Hold, Piece};

/// An expression, in any place but that of an operand.
pub(super) fn expr(value: &Expr) -> TokenStream {
    match value {
        Expr::Local(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Expr::Parameter(field) => {
            let field = ident(field);
            quote!(self.#field)
        }
        Expr::Text(text) => quote!(#text),
        Expr::Boolean(value) => quote!(#value),
        Expr::Count(count) => {
            let count = Literal::u32_unsuffixed(*count);
            quote!(#count)
        }
        Expr::List(items) => quote!([#(#items),*].as_slice()),
        Expr::Format(pieces) => format(pieces),
        Expr::Field(of, name) => {
            let (of, name) = (operand(of), ident(name));
            quote!(#of.#name)
        }
        Expr::At(list, index) => {
            let (list, index) = (expr(list), Literal::i32_unsuffixed(*index));
            quote!(rules::at(#list, #index))
        }
        Expr::Call(function, arguments) => {
            let (function, arguments) = (ident(name(*function)), arguments.iter().map(expr));
            quote!(rules::#function(#(#arguments),*))
        }
        Expr::Some(value) => {
            let value = expr(value);
            quote!(Some(#value))
        }
        Expr::Choose(parts) => {
            let [condition, yes, no] = parts.each_ref().map(expr);
            quote!(if #condition { #yes } else { #no })
        }
        Expr::As(hold, value) => convert(*hold, value),
        Expr::Any(tests) => {
            let tests = tests.iter().map(expr);
            quote!(#(#tests)||*)
        }
        Expr::Not(_) | Expr::Equal(..) | Expr::IsSet(_) | Expr::IsTrue(_) => test(value),
        Expr::Or(first, second) => or(first, second, "or"),
        Expr::UnwrapOr(first, second) => or(first, second, "unwrap_or"),
    }
}

/// An expression beside an operator or before a dot.
pub(super) fn operand(value: &Expr) -> TokenStream {
    let tokens = expr(value);
    match value {
        Expr::Any(_) | Expr::Not(_) | Expr::Equal(..) | Expr::IsTrue(_) | Expr::Choose(_) => quote!((#tokens)),
        _ => tokens,
    }
}

fn test(value: &Expr) -> TokenStream {
    match value {
        Expr::Equal(left, right) => equal(left, right, false),
        Expr::IsSet(option) => {
            let option = operand(option);
            quote!(#option.is_some())
        }
        Expr::IsTrue(option) => {
            let option = operand(option);
            quote!(#option == Some(true))
        }
        Expr::Not(inner) => not(inner),
        other => expr(other),
    }
}

fn not(inner: &Expr) -> TokenStream {
    match inner {
        Expr::Equal(left, right) => equal(left, right, true),
        Expr::IsSet(option) => {
            let option = operand(option);
            quote!(#option.is_none())
        }
        other => {
            let other = operand(other);
            quote!(!#other)
        }
    }
}

fn equal(left: &Expr, right: &Expr, negated: bool) -> TokenStream {
    let (left, value) = (operand(left), operand(right));
    match (right, negated) {
        (Expr::Text(text), false) if text.is_empty() => quote!(#left.is_empty()),
        (Expr::Text(text), true) if text.is_empty() => quote!(!#left.is_empty()),
        (_, false) => quote!(#left == #value),
        (_, true) => quote!(#left != #value),
    }
}

/// The second is made only where it is needed, unless making it costs nothing.
fn or(first: &Expr, second: &Expr, method: &str) -> TokenStream {
    let (first, tokens) = (operand(first), expr(second));
    if costs(second) {
        let method = ident(&format!("{method}_else"));
        quote!(#first.#method(|| #tokens))
    } else {
        let method = ident(method);
        quote!(#first.#method(#tokens))
    }
}

fn costs(value: &Expr) -> bool {
    match value {
        Expr::Local(_) | Expr::Parameter(_) | Expr::Text(_) | Expr::Boolean(_) | Expr::Count(_) | Expr::List(_) => {
            false
        }
        Expr::Format(_) | Expr::At(..) | Expr::Call(..) => true,
        Expr::As(Hold::Reference | Hold::Str | Hold::Slice, inner) => costs(inner),
        Expr::As(..) => true,
        Expr::Field(inner, _) | Expr::Not(inner) | Expr::IsSet(inner) => costs(inner),
        Expr::IsTrue(inner) | Expr::Some(inner) => costs(inner),
        Expr::Equal(first, second) | Expr::Or(first, second) | Expr::UnwrapOr(first, second) => {
            costs(first) || costs(second)
        }
        Expr::Choose(parts) => parts.iter().any(costs),
        Expr::Any(tests) => tests.iter().any(costs),
    }
}

fn convert(hold: Hold, value: &Expr) -> TokenStream {
    let tokens = operand(value);
    match hold {
        Hold::Reference => quote!(&#tokens),
        Hold::Str => quote!(#tokens.as_str()),
        Hold::Slice => quote!(#tokens.as_slice()),
        Hold::String => quote!(#tokens.to_owned()),
        Hold::Vec => quote!(#tokens.to_vec()),
        Hold::OptionalString => quote!(#tokens.map(str::to_owned)),
        Hold::OptionalVec => quote!(#tokens.map(<[&str]>::to_vec)),
        Hold::Clone => quote!(#tokens.clone()),
    }
}

/// `format!`, with variables inside of the text and everything else behind it.
fn format(pieces: &[Piece]) -> TokenStream {
    let mut text = String::new();
    let mut values = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(piece) => text.push_str(&piece.replace('{', "{{").replace('}', "}}")),
            Piece::Value(Expr::Local(name)) => text.push_str(&format!("{{{name}}}")),
            Piece::Value(value) => {
                text.push_str("{}");
                values.push(expr(value));
            }
        }
    }
    quote!(format!(#text #(, #values)*))
}

fn name(function: Function) -> &'static str {
    match function {
        Function::Partition => "partition",
        Function::ParseArn => "parse_arn",
        Function::IsVirtualHostableS3Bucket => "is_virtual_hostable_s3_bucket",
        Function::IsValidHostLabel => "is_valid_host_label",
        Function::ParseUrl => "parse_url",
        Function::Split => "split",
        Function::Substring => "substring",
        Function::UriEncode => "uri_encode",
    }
}
