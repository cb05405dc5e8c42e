//! Structures and unions: the type, its table, its builder.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::{Scope, ident};
use super::{errors, spell};
use crate::ir::{Field, Presence, Shape, Structure, Type, Union};
use crate::lower::names::bare;
use crate::render::{Definition, Item, Row, Table};

/// A private field behind those of the model.
pub(super) struct Private {
    /// Its name.
    pub name: String,
    /// Its type.
    pub of: TokenStream,
    /// Whether the builder sets it.
    pub settable: bool,
}

/// A shape that stands by itself.
pub(super) fn shape(scope: &mut Scope<'_>, shape: &Shape) -> Vec<Item> {
    match shape {
        Shape::Union(union) => self::union(scope, union),
        Shape::Structure(structure) => {
            let mut items = self::structure(scope, structure, None);
            if !scope.is_inside() {
                items.push(builder(scope, structure, None));
            }
            items
        }
    }
}

/// The names that a shape defines in its file.
pub(super) fn defines(scope: &mut Scope<'_>, shape: &Shape) {
    match shape {
        Shape::Union(union) => {
            scope.define(&union.name);
            union.events.iter().for_each(|events| scope.define(&events.error));
        }
        Shape::Structure(structure) => {
            scope.define(&structure.name);
            scope.define(&structure.builder.name);
        }
    }
}

/// A structure with its table of members; within the runtime, where nobody looks at it, with no accessors and derives.
pub(super) fn structure(scope: &mut Scope<'_>, structure: &Structure, private: Option<&Private>) -> Vec<Item> {
    let name = ident(&structure.name);
    let mut items = vec![Item::Code(definition(scope, structure, private))];
    if !structure.derives_debug && !scope.is_inside() {
        items.push(Item::Code(debug(structure, private)));
    }
    if !structure.derives_default {
        items.push(Item::Code(default(scope, structure, private)));
    }
    if structure.fields.is_empty() {
        items.push(Item::Call(scope.call("members"), quote! { #name }));
        return items;
    }
    let (streams, others): (Vec<_>, Vec<_>) = structure.fields.iter().partition(|field| is_stream(field));
    let stream: Vec<_> = streams.into_iter().map(|field| spell::stream(scope, field)).collect();
    let (call, row): (_, fn(&mut _, _) -> _) = match scope.is_inside() && stream.is_empty() {
        true => ("table", bare_row),
        false => ("members", row),
    };
    let rows = others.into_iter().map(|field| row(scope, field)).collect();
    items.push(Item::Table(Table { call: scope.call(call), of: quote! { #name #(#stream)* }, rows }));
    items
}

fn definition(scope: &mut Scope<'_>, structure: &Structure, private: Option<&Private>) -> TokenStream {
    let name = ident(&structure.name);
    let docs = spell::docs(&structure.docs);
    let fields = structure.fields.iter().map(|field| {
        let (docs, name, of) = (spell::docs(&field.docs), ident(&field.name), spell::field(scope, field));
        let deprecated = spell::deprecated(field.deprecated.as_ref());
        quote! { #docs #deprecated pub #name: #of, }
    });
    let fields: Vec<_> = fields.collect();
    let private = private.map(|Private { name, of, .. }| {
        let name = ident(name);
        quote! { #name: #of, }
    });
    let default = structure.derives_default.then(|| quote! { Default, });
    let deprecated = spell::deprecated(structure.deprecated.as_ref());
    if scope.is_inside() {
        let default = default.map(|_| quote! { #[derive(Default)] });
        return quote! { #docs #deprecated #default pub struct #name { #(#fields)* #private } };
    }
    let (clone, same) = match structure.derives_clone {
        true => (quote! { Clone, }, quote! { PartialEq }),
        false => (quote! {}, quote! {}),
    };
    let debug = structure.derives_debug.then(|| quote! { Debug, });
    quote! {
        #docs
        #deprecated
        #[derive(#clone #debug #default #same)]
        #[non_exhaustive]
        pub struct #name { #(#fields)* #private }
    }
}

/// `Debug` without what is sensitive.
fn debug(structure: &Structure, private: Option<&Private>) -> TokenStream {
    let name = ident(&structure.name);
    let text = &structure.name;
    let fields = structure.fields.iter().map(|field| {
        let (name, text) = (ident(&field.name), bare(&field.name));
        if field.sensitive {
            quote! { .field(#text, &"** redacted **") }
        } else {
            quote! { .field(#text, &self.#name) }
        }
    });
    let private = private.map(|Private { name: text, .. }| {
        let name = ident(text);
        quote! { .field(#text, &self.#name) }
    });
    quote! {
        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text) #(#fields)* #private .finish()
            }
        }
    }
}

/// `Default` with the values that the model gives.
fn default(scope: &mut Scope<'_>, structure: &Structure, private: Option<&Private>) -> TokenStream {
    let name = ident(&structure.name);
    let fields: Vec<_> = structure.fields.iter().map(|field| begin(scope, field)).collect();
    let private = private.map(|Private { name, .. }| {
        let name = ident(name);
        quote! { #name: Default::default(), }
    });
    quote! {
        impl Default for #name {
            fn default() -> Self {
                Self { #(#fields)* #private }
            }
        }
    }
}

fn begin(scope: &mut Scope<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    match &field.presence {
        Presence::Defaulted(Some(value)) => {
            let value = spell::value(scope, value);
            quote! { #name: #value, }
        }
        Presence::Optional => quote! { #name: None, },
        Presence::Required | Presence::Defaulted(None) => quote! { #name: Default::default(), },
    }
}

fn is_stream(field: &Field) -> bool {
    matches!(field.of, Type::Stream(_))
}

fn row(scope: &mut Scope<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let (shown, member) = (spell::shown(scope, field), spell::member(scope, &field.member));
    let deprecated = spell::deprecated(field.deprecated.as_ref());
    quote! { #deprecated #name: #shown = #member }
}

fn bare_row(scope: &mut Scope<'_>, field: &Field) -> TokenStream {
    let (name, member) = (ident(&field.name), spell::member(scope, &field.member));
    quote! { #name = #member }
}

/// The setters of a structure, for its builder.
pub(super) fn setters(scope: &mut Scope<'_>, structure: &Structure) -> Vec<TokenStream> {
    structure.fields.iter().map(|field| spell::setters(scope, field, &field.setter)).collect()
}

/// The builder of a structure; of an operation's input it is another one, which is the request too.
pub(super) fn builder(scope: &mut Scope<'_>, structure: &Structure, private: Option<&Private>) -> Item {
    let (name, of) = (ident(&structure.builder.name), ident(&structure.name));
    let built = if structure.builder.fallible {
        quote! { Result<#of> }
    } else {
        quote! { #of }
    };
    let stream = (!structure.derives_clone).then(|| quote! { with stream });
    let meta = private.filter(|private| private.settable).map(|_| quote! { with meta });
    let rows = setters(scope, structure);
    Item::Table(Table { call: scope.call("nested_builder"), of: quote! { #name => #built #stream #meta }, rows })
}

fn union(scope: &mut Scope<'_>, union: &Union) -> Vec<Item> {
    let rows = union.variants.iter().map(|variant| {
        let (name, is, shown) = (ident(&variant.name), ident(&variant.is), ident(&variant.shown));
        let of = variant.of.as_ref().map(|of| {
            let of = spell::boxed(spell::of(scope, of), variant.boxed);
            quote! { (#of) }
        });
        let member = spell::member(scope, &variant.member);
        let redacted = variant.sensitive.then(|| quote! { , sensitive });
        let deprecated = spell::deprecated(variant.deprecated.as_ref());
        let attribute = Some(quote! { #[methods(#is, #shown #redacted)] #deprecated });
        Row { docs: Some(variant.docs.clone()), attribute, tokens: quote! { #name #of = #member } }
    });
    let rows = rows.collect();
    let (docs, name) = (union.docs.clone(), ident(&union.name));
    let attribute = spell::deprecated(union.deprecated.as_ref());
    let call = scope.call("union");
    let mut items = vec![Item::Definition(Definition { call, attribute, docs, head: quote! { pub enum #name }, rows })];
    items.extend(union.events.iter().flat_map(|events| errors::of_stream(scope, &union.name, events)));
    items
}
