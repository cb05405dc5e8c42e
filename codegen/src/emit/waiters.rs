//! Waiters: what the model says of each, in the file of its operation; `waiters.rs`; and the methods of the client.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::scope::{Scope, ident};
use super::{gates, path, spell};
use crate::ir::waiter::{Acceptor, Condition, Matcher, State, Waiter};
use crate::ir::{Operation, Service};
use crate::render::{Definition, Item, Row, Source};

/// The names that the waiters of an operation define in its file.
pub(super) fn defines(scope: &mut Scope<'_>, operation: &Operation) {
    operation.waiters.iter().for_each(|waiter| scope.define(&waiter.constant));
}

/// What the model says of the waiters of an operation, and what makes its builder wait.
pub(super) fn of_operation(scope: &mut Scope<'_>, operation: &Operation) -> Vec<Item> {
    if operation.waiters.is_empty() {
        return Vec::new();
    }
    let name = ident(&operation.name);
    let (input, builder) = (format_ident!("{name}Input"), format_ident!("{name}Builder"));
    let mut items = vec![Item::Call(scope.call("waitable"), quote! { #builder => #name(#input) })];
    items.extend(operation.waiters.iter().map(|waiter| Item::Code(definition(scope, operation, waiter))));
    items
}

fn definition(scope: &mut Scope<'_>, operation: &Operation, waiter: &Waiter) -> TokenStream {
    let (docs, constant, name) = (spell::docs(&waiter.docs), ident(&waiter.constant), &waiter.name);
    let (of, asked) = (scope.runtime("waiter", "Waiter"), ident(&operation.name));
    let [min, max] = [waiter.min_delay, waiter.max_delay].map(Literal::u32_unsuffixed);
    let acceptors: Vec<_> = waiter.acceptors.iter().map(|of| acceptor(scope, operation, of)).collect();
    quote! {
        #docs
        pub(in super::super) static #constant: #of<#asked> = #of {
            name: #name,
            min_delay: #min,
            max_delay: #max,
            acceptors: &[#(#acceptors),*],
        };
    }
}

fn acceptor(scope: &mut Scope<'_>, operation: &Operation, acceptor: &Acceptor) -> TokenStream {
    let [input, output] = [&operation.input, &operation.output.structure].map(|structure| ident(&structure.name));
    let [of, states] = ["Acceptor", "State"].map(|name| scope.runtime("waiter", name));
    let state = ident(match acceptor.state {
        State::Success => "Success",
        State::Failure => "Failure",
        State::Retry => "Retry",
    });
    match &acceptor.matcher {
        Matcher::Succeeds(succeeds) => quote! { #of::succeeds(#states::#state, #succeeds) },
        Matcher::Error(code) => quote! { #of::error(#states::#state, #code) },
        Matcher::Output(condition) => {
            let (says, holds) = (&condition.says, path::expression(scope, &condition.holds));
            let seen = variable("output", condition);
            quote! { #of::output(#states::#state, #says, |#seen: &#output| #holds) }
        }
        Matcher::InputOutput(condition) => {
            let (says, holds) = (&condition.says, path::expression(scope, &condition.holds));
            let [given, seen] = ["input", "output"].map(|name| variable(name, condition));
            quote! { #of::input_output(#states::#state, #says, |#given: &#input, #seen: &#output| #holds) }
        }
    }
}

/// A variable that a condition is about, unless it does not look at it.
fn variable(name: &str, condition: &Condition) -> TokenStream {
    let ident = ident(name);
    if condition.holds.looks_at(name) {
        quote! { #ident }
    } else {
        quote! { _ }
    }
}

/// `waiters.rs`: a module a waiter, with the types that have to do with it.
pub(super) fn source(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::beside_root(runtime);
    let rows = waiters(service).map(|(operation, waiter)| {
        let (module, file, name) = (ident(&waiter.module), ident(&operation.module), ident(&operation.name));
        let builder = format_ident!("{name}Builder");
        let types = [&waiter.request, &waiter.final_poll, &waiter.error].map(|name| ident(name));
        let docs = Some(format!("What has to do with the waiter `{}`.", waiter.name));
        let cfg = gate(operation);
        let attribute = Some(quote! { #cfg #[of(#file::#name, #builder)] });
        Row { docs, attribute, tokens: quote! { pub mod #module: #(#types)* } }
    });
    let rows: Vec<_> = rows.collect();
    let call = scope.call("waiters");
    Source {
        path: "waiters.rs".to_owned(),
        docs: vec![
            "What can be waited for. The methods that wait come with the trait `Waiters` of `client`.".to_owned(),
        ],
        items: vec![Item::Rows(call, rows)],
        uses: scope.uses,
        ..Source::default()
    }
}

/// The trait with the methods of the client that wait.
pub(super) fn of_client(scope: &mut Scope<'_>, service: &Service) -> Option<Item> {
    let rows: Vec<_> = waiters(service).map(|(operation, waiter)| method(operation, waiter)).collect();
    (!rows.is_empty()).then(|| {
        Item::Definition(Definition {
            call: scope.call("client_waiters"),
            attribute: gate_of_all(service),
            docs: "The methods that wait: each gives a request, which asks again and again from its `wait` on."
                .to_owned(),
            head: quote! { pub trait Waiters for Client },
            rows,
        })
    })
}

/// A method, whose row imports nothing: where the operation is left out, so is the row, and that is all.
fn method(operation: &Operation, waiter: &Waiter) -> Row {
    let [method, module, request] = [&waiter.method, &waiter.module, &waiter.request].map(|name| ident(name));
    let (file, constant) = (ident(&operation.module), ident(&waiter.constant));
    let tokens = quote! { #method: #module::#request = #file::#constant };
    Row { docs: Some(waiter.docs.clone()), attribute: gate(operation), tokens }
}

/// The condition on which an operation is compiled.
fn gate(operation: &Operation) -> Option<TokenStream> {
    gates::cfg(&gates::of(operation))
}

/// All waiters, each with its operation, by name.
fn waiters(service: &Service) -> impl Iterator<Item = (&Operation, &Waiter)> {
    let all = service.operations.iter().flat_map(|operation| operation.waiters.iter().map(move |of| (operation, of)));
    let mut all: Vec<_> = all.collect();
    all.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    all.into_iter()
}

/// The condition on which anything can be waited for.
pub(super) fn gate_of_all(service: &Service) -> Option<TokenStream> {
    let of = |(operation, _): (&Operation, _)| Some(operation.feature.as_ref()?.name.clone());
    let features = waiters(service).map(of).collect::<Option<BTreeSet<_>>>()?;
    gates::cfg(&features.into_iter().collect::<Vec<_>>())
}

/// Whether anything can be waited for.
pub(super) fn are_there(service: &Service) -> bool {
    waiters(service).next().is_some()
}
