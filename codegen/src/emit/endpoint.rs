//! The compiled rule set: `src/endpoint.rs` of a generated crate.
//!
//! The rules of most services are alike, and yet become code of each: about fifty lines a service, however many
//! operations it has. They differ in details (exceptions for a partition, regions with an address of their own) that a
//! function for "the usual rules" would have to take as parameters; and a table that the runtime walks would say the same
//! in another language, which nobody's compiler checks. Rust reads as the rule set does.

mod expressions;
mod own;
mod parameters;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

use super::scope::Scope;
use crate::ir::endpoint::{AuthChange, AuthScheme, Endpoint, Expr, Property, Rule, RuleSet, Step, Then};
use crate::render::{Item, Source};
use expressions::{expr, operand};
pub(super) use own::own;

/// The module of a rule set; `runtime` is the path of the runtime crate (`tinsmith_runtime`, or `crate` inside of it).
pub fn source(rule_set: &RuleSet, docs: String, runtime: &str) -> Source {
    let method = resolve(rule_set);
    let mut scope = Scope::beside_root(runtime);
    // No name of the rules is one of these, and none is imported that they do not use.
    for name in ["AuthScheme", "Endpoint", "EndpointError", "Property", "rules"] {
        if mentions(&method, &ident(name)) {
            scope.runtime("endpoint", name);
        }
    }
    let lifetime = parameters::borrows(&rule_set.parameters).then(|| quote!(<'_>));
    let table = parameters::table(&rule_set.parameters, scope.call("endpoint_parameters"));
    let items = vec![Item::Table(table), Item::Braced(quote!(impl Params #lifetime), vec![method])];
    Source { path: "endpoint.rs".to_owned(), docs: vec![docs], items, uses: scope.uses, ..Source::default() }
}

fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Literal(_) | TokenTree::Punct(_) => false,
    })
}

fn resolve(rule_set: &RuleSet) -> TokenStream {
    let prelude = rule_set.parameters.iter().map(parameters::prelude);
    let body = rules(&rule_set.rules, true);
    quote! {
        /// The first rule of the service that matches.
        ///
        /// # Errors
        ///
        /// The rule is an error, or none matches, or a parameter is missing.
        pub fn resolve(&self) -> Result<Endpoint, EndpointError> {
            #(#prelude)*
            #body
        }
    }
}

/// Rules in order; `tail` where the value of the last one is that of the function.
fn rules(rules: &[Rule], tail: bool) -> TokenStream {
    let ends = rules.last().is_some_and(|rule| rule.steps.iter().all(|step| matches!(step, Step::Let(..))));
    let last = rules.len().saturating_sub(1);
    let tokens = rules.iter().enumerate().map(|(i, rule)| steps(&rule.steps, &rule.then, tail && ends && i == last));
    let exhausted = (!ends).then(|| answer(quote!(Err(EndpointError::exhausted())), tail));
    quote!(#(#tokens)* #exhausted)
}

/// Steps, and the answer inside of them. What can fail in a row makes one `if`.
fn steps(list: &[Step], then: &Then, tail: bool) -> TokenStream {
    let row = list.iter().take_while(|step| !matches!(step, Step::Let(..))).count();
    let (row, rest) = list.split_at(row);
    if !row.is_empty() {
        let row = row.iter().map(|one| match one {
            Step::Test(test @ Expr::Any(_)) if row.len() > 1 => operand(test),
            one => step(one),
        });
        let inner = steps(rest, then, false);
        return quote!(if #(#row)&&* { #inner });
    }
    match rest.split_first() {
        Some((first, rest)) => {
            let (first, rest) = (step(first), steps(rest, then, tail));
            quote!(#first #rest)
        }
        None => self::then(then, tail),
    }
}

fn step(step: &Step) -> TokenStream {
    match step {
        Step::Test(test) => expr(test),
        Step::Bind(name, value) => {
            let (name, value) = (ident(name), expr(value));
            quote!(let Some(#name) = #value)
        }
        Step::Let(name, value) => {
            let (name, value) = (ident(name), expr(value));
            quote!(let #name = #value;)
        }
    }
}

fn then(then: &Then, tail: bool) -> TokenStream {
    match then {
        Then::Tree(list) => rules(list, tail),
        Then::Endpoint(value) => endpoint(value, tail),
        Then::Error(text @ Expr::Format(_)) => {
            let (text, answer) = (expr(text), answer(quote!(Err(message.into())), tail));
            quote!(let message = #text; #answer)
        }
        Then::Error(text) => {
            let text = expr(text);
            answer(quote!(Err(#text.into())), tail)
        }
    }
}

fn answer(value: TokenStream, tail: bool) -> TokenStream {
    if tail { value } else { quote!(return #value;) }
}

fn endpoint(endpoint: &Endpoint, tail: bool) -> TokenStream {
    let url = expr(&endpoint.url);
    let schemes = endpoint.auth_schemes.iter().map(auth_scheme);
    let headers = endpoint.headers.iter().map(|(name, value)| {
        let value = expr(value);
        quote!(.header(#name, #value))
    });
    let properties = endpoint.properties.iter().map(|(name, value)| with_property(name, value));
    let changes = quote!(#(.auth_scheme(#schemes))* #(#headers)* #(#properties)*);
    // A line of its own, unless that would hide a variable.
    if matches!(endpoint.url, Expr::Format(_)) && !mentions(&changes, &ident("url")) {
        let answer = answer(quote!(Ok(Endpoint::new(url) #changes)), tail);
        return quote!(let url = #url; #answer);
    }
    answer(quote!(Ok(Endpoint::new(#url) #changes)), tail)
}

fn auth_scheme(scheme: &AuthScheme) -> TokenStream {
    let name = expr(&scheme.name);
    let changes = scheme.changes.iter().map(auth_change);
    quote!(AuthScheme::new(#name) #(#changes)*)
}

fn auth_change(change: &AuthChange) -> TokenStream {
    let (method, text) = match change {
        AuthChange::SigningName(text) => ("signing_name", text),
        AuthChange::SigningRegion(text) => ("signing_region", text),
        AuthChange::SigningRegionOfSet(text) => ("signing_region_of_set", text),
        AuthChange::DisableDoubleEncoding => return quote!(.disable_double_encoding()),
        AuthChange::DisableNormalizePath => return quote!(.disable_normalize_path()),
        AuthChange::Property(name, value) => return with_property(name, value),
    };
    let (method, text) = (ident(method), expr(text));
    quote!(.#method(#text))
}

fn with_property(name: &str, value: &Property) -> TokenStream {
    let value = match value {
        Property::Text(text) => expr(text),
        Property::Boolean(value) => quote!(#value),
        other => property(other),
    };
    quote!(.property(#name, #value))
}

fn property(value: &Property) -> TokenStream {
    match value {
        Property::Text(text) => {
            let text = expr(text);
            quote!(Property::from(#text))
        }
        Property::Boolean(value) => quote!(Property::Bool(#value)),
        Property::Integer(value) => {
            let value = Literal::i64_unsuffixed(*value);
            quote!(Property::Integer(#value))
        }
        Property::List(items) => {
            let items = items.iter().map(property);
            quote!(Property::List(vec![#(#items),*]))
        }
        Property::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = property(value);
                quote!((#key, #value))
            });
            quote!(Property::Map([#(#entries),*].into()))
        }
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

#[cfg(test)]
mod tests;
