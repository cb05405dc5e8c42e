//! What programs can name of a generated client, each with a function that uses it. So what differs between two models can be
//! told from what programs would notice, and be tried by compiling those functions. What is not looked at: the type of the items of
//! pages, what a stream carries, and which traits but `Clone` a type has.

use std::collections::BTreeMap;

use crate::ir::{
    Builder, Element, Enum, ErrorShape, Home, Named, Operation, Presence, Service, Shape, Stream, Structure, Type,
    Union,
};

/// What a client offers, by what it is called for people: `ListLayers`, `types::Layer.size`, `types::Runtime::Java25`.
pub type Surface = BTreeMap<String, Offer>;

/// Something that programs can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Whether programs could say it before it was there, as an enum takes any text.
    pub is_open: bool,
    /// What it is a part of: where that is new or gone, so is this.
    pub part_of: Option<String>,
    /// Parameters, result and body of a function that uses it; `c` is the crate.
    pub used: String,
}

/// All that the operations of a service offer.
pub fn surface(service: &Service) -> Surface {
    let mut surface = Surface::new();
    for operation in &service.operations {
        add_operation(&mut surface, operation);
    }
    let groups = service.groups.iter().map(|group| &group.held);
    let of_groups = groups.clone().flat_map(|held| &held.shapes);
    let of_operations = service.operations.iter().flat_map(|operation| &operation.shapes);
    for shape in service.shapes.iter().chain(of_groups).chain(of_operations) {
        match shape {
            Shape::Structure(structure) => add_structure(&mut surface, "types", None, structure),
            Shape::Union(union) => add_union(&mut surface, union),
        }
    }
    let of_operations = service.operations.iter().flat_map(|operation| &operation.enums);
    for of in service.enums.iter().chain(groups.flat_map(|held| &held.enums)).chain(of_operations) {
        add_enum(&mut surface, of);
    }
    for ErrorShape { structure, .. } in service.errors.iter().chain(service.error_groups.iter().flat_map(|it| &it.held))
    {
        add_structure(&mut surface, "types::error", None, structure);
    }
    surface
}

fn add(surface: &mut Surface, name: String, part_of: Option<&str>, used: String) {
    surface.insert(name, Offer { is_open: false, part_of: part_of.map(str::to_owned), used });
}

fn add_operation(surface: &mut Surface, operation: &Operation) {
    let Operation { name, module, .. } = operation;
    let asked = format!("(client: &c::Client) {{ let _ = client.{module}()");
    add(surface, name.clone(), None, format!("{asked}; }}"));
    let folder = format!("operation::{module}");
    // Whatever it needs, its builder may say that something is missing.
    let fallible = Builder { fallible: true, ..operation.input.builder.clone() };
    add_structure(surface, &folder, Some(name), &Structure { builder: fallible, ..operation.input.clone() });
    add_structure(surface, &folder, Some(name), &operation.output.structure);
    for error in &operation.errors {
        let used = format!("(error: &c::{folder}::{name}Error) -> bool {{ error.{}() }}", error.is);
        add(surface, format!("{name} fails with {}", error.error.name), Some(name), used);
    }
    if let Some(pages) = &operation.pages {
        let pager = format!("{asked}.into_paginator()");
        add(surface, format!("pages of {name}"), Some(name), format!("{pager}; }}"));
        if pages.items.is_some() {
            add(surface, format!("items of {name}"), Some(name), format!("{pager}.items(); }}"));
        }
    }
    for waiter in &operation.waiters {
        let used =
            format!("(client: &c::Client) {{ use c::client::Waiters as _; let _ = client.{}(); }}", waiter.method);
        add(surface, format!("waiter {} of {name}", waiter.name), Some(name), used);
    }
}

fn add_structure(surface: &mut Surface, folder: &str, part_of: Option<&str>, structure: &Structure) {
    let name = format!("{folder}::{}", structure.name);
    let own = format!("c::{name}");
    add(surface, name.clone(), part_of, format!("(_: {own}) {{}}"));
    if structure.derives_clone {
        let used = format!("(it: &{own}) -> {own} {{ it.clone() }}");
        add(surface, format!("{name}: Clone"), Some(&name), used);
    }
    let (result, built) = match structure.builder.fallible {
        true => (format!("Option<{own}>"), ".build().ok()"),
        false => (own.clone(), ".build()"),
    };
    let used = format!("() -> {result} {{ {own}::builder(){built} }}");
    add(surface, format!("{name}::builder"), Some(&name), used);
    for field in &structure.fields {
        let mut of = spelt(&field.of);
        if field.boxed {
            of = format!("Box<{of}>");
        }
        if field.presence == Presence::Optional {
            of = format!("Option<{of}>");
        }
        // A stream is known by its name alone: how it is held differs by direction.
        let used = match &field.of {
            Type::Stream(_) => format!("(it: &{own}) {{ let _ = &it.{}; }}", field.name),
            _ => format!("(it: &{own}) -> &{of} {{ &it.{} }}", field.name),
        };
        add(surface, format!("{name}.{}", field.name), Some(&name), used);
    }
}

fn add_union(surface: &mut Surface, union: &Union) {
    let name = format!("types::{}", union.name);
    add(surface, name.clone(), None, format!("(_: c::{name}) {{}}"));
    for variant in &union.variants {
        let made = format!("c::{name}::{}", variant.name);
        let used = match &variant.of {
            None => format!("() -> c::{name} {{ {made} }}"),
            Some(of) => {
                let of = if variant.boxed { format!("Box<{}>", spelt(of)) } else { spelt(of) };
                format!("(held: {of}) -> c::{name} {{ {made}(held) }}")
            }
        };
        add(surface, format!("{name}::{}", variant.name), Some(&name), used);
    }
}

fn add_enum(surface: &mut Surface, of: &Enum) {
    let name = format!("types::{}", of.name);
    add(surface, name.clone(), None, format!("(text: &str) -> c::{name} {{ text.into() }}"));
    for variant in &of.variants {
        let used = format!("() -> c::{name} {{ c::{name}::{} }}", variant.name);
        surface.insert(format!("{name}::{}", variant.name), Offer { is_open: true, part_of: Some(name.clone()), used });
    }
}

/// A type, as programs name it.
fn spelt(of: &Type) -> String {
    let simple = match of {
        Type::Text => "String",
        Type::Boolean => "bool",
        Type::Byte => "i8",
        Type::Short => "i16",
        Type::Integer => "i32",
        Type::Long => "i64",
        Type::Float => "f32",
        Type::Double => "f64",
        Type::BigInteger => "c::primitives::BigInteger",
        Type::BigDecimal => "c::primitives::BigDecimal",
        Type::Blob => "c::primitives::Blob",
        Type::Timestamp => "c::primitives::DateTime",
        Type::Document => "c::primitives::Document",
        Type::Stream(Stream::Bytes { .. }) => "c::primitives::ByteStream",
        Type::Stream(Stream::Events { event, .. }) => return named(event),
        Type::List(element) => return format!("Vec<{}>", held(element)),
        Type::Map(entry) => {
            return format!("std::collections::HashMap<{}, {}>", spelt(&entry.key), held(&entry.value));
        }
        Type::Named(of) => return named(of),
    };
    simple.to_owned()
}

fn held(element: &Element) -> String {
    let of = spelt(&element.of);
    if element.sparse { format!("Option<{of}>") } else { of }
}

/// The official paths lead to all shapes, whichever file defines them.
fn named(named: &Named) -> String {
    match named.home {
        Home::Errors | Home::ErrorGroup(_) => format!("c::types::error::{}", named.name),
        _ => format!("c::types::{}", named.name),
    }
}
