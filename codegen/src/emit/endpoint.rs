//! The compiled rule set: `src/endpoint.rs` of a generated crate.

mod expressions;
mod parameters;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

use crate::ir::endpoint::{AuthChange, AuthScheme, Endpoint, Expr, Property, Rule, RuleSet, Step, Then};
use expressions::expr;

/// The items of the module, one token stream each; `runtime` is the path of the runtime crate (`tinsmith_runtime`, or
/// `crate` inside of it).
pub fn emit(rule_set: &RuleSet, runtime: &TokenStream) -> Vec<TokenStream> {
    let parameters = &rule_set.parameters;
    vec![
        imports(rule_set, runtime),
        resolve(),
        parameters::structure(parameters),
        parameters::from_builtins(parameters),
        rules_method(rule_set),
    ]
}

/// What the module takes from the runtime, and nothing that it does not use.
fn imports(rule_set: &RuleSet, runtime: &TokenStream) -> TokenStream {
    let body = rules_method(rule_set);
    let used = |name| Some(ident(name)).filter(|name| mentions(&body, name)).into_iter();
    let (scheme, property, rules) = (used("AuthScheme"), used("Property"), used("rules"));
    quote!(use #runtime::endpoint::{#(#scheme,)* Builtins, Endpoint, EndpointError #(, #property)* #(, #rules)*};)
}

fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Literal(_) | TokenTree::Punct(_) => false,
    })
}

fn resolve() -> TokenStream {
    quote! {
        /// Where a call goes that has these settings and no parameters of its own.
        ///
        /// # Errors
        ///
        /// The service has no endpoint for them.
        pub fn resolve(builtins: &Builtins<'_>) -> Result<Endpoint, EndpointError> {
            Params::from(builtins).resolve()
        }
    }
}

fn rules_method(rule_set: &RuleSet) -> TokenStream {
    let lifetime = parameters::borrows(&rule_set.parameters).then(|| quote!(<'_>));
    let prelude = rule_set.parameters.iter().map(parameters::prelude);
    let body = rules(&rule_set.rules, true);
    quote! {
        impl Params #lifetime {
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
        let row = row.iter().map(step);
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
