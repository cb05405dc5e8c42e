//! The IR as an outline that a person reads in a minute: a line a field.

use std::fmt::Write;

use tinsmith_codegen::ir::waiter::{Acceptor, Matcher, Waiter};
use tinsmith_codegen::ir::{
    Element, ErrorShape, Field, Home, Member, Named, Operation, Presence, Service, Shape, Stream, Structure, Type,
    Union, Way,
};

/// The service, without prose and endpoint rules.
pub(crate) fn of(service: &Service) -> String {
    let mut text = String::new();
    let Service { title, id, version, signing_name, protocol, .. } = service;
    let _ = writeln!(text, "service {title:?} id {id:?} version {version} signs as {signing_name}, {protocol:?}");
    service.operations.iter().for_each(|of| operation(&mut text, of));
    service.shapes.iter().for_each(|of| shape(&mut text, "", of));
    for of in &service.enums {
        let values = of.variants.iter().map(|variant| format!("{} {:?}", variant.name, variant.value));
        let sensitive = if of.sensitive { " (sensitive)" } else { "" };
        let _ = writeln!(text, "enum {}{sensitive}: {}", of.name, values.collect::<Vec<_>>().join(", "));
    }
    service.errors.iter().for_each(|of| error(&mut text, of));
    text
}

fn operation(text: &mut String, of: &Operation) {
    let Operation { name, model_name, module, method, host_prefix, uri, auth, .. } = of;
    let _ = writeln!(text, "operation {name} ({model_name}, {module}): {method} {host_prefix}{uri}, {auth:?}");
    if let Some(own) = &of.endpoint {
        for given in &own.given {
            let _ = writeln!(text, "  endpoint {} ← {:?}", given.field, given.value);
        }
    }
    if !of.finish.is_empty() {
        let _ = writeln!(text, "  finish {:?}", of.finish);
    }
    structure(text, "  input ", &of.input);
    structure(text, "  output ", &of.output.structure);
    let _ = writeln!(text, "  private {}", of.output.metadata);
    for case in &of.errors {
        let _ = writeln!(text, "  error {} {} {:?}", named(&case.error), case.is, case.code);
    }
    for of in &of.retryable {
        let _ = writeln!(text, "  retryable {:?} throttling {}", of.code, of.throttling);
    }
    if let Some(of) = &of.pages {
        let items = of.items.as_ref().map(|items| format!("{} of {}", way(&items.way), of_type(&items.of)));
        let (size, items) = (of.page_size.as_deref().unwrap_or("-"), items.unwrap_or("-".to_owned()));
        let next = way(&of.next_token);
        let _ = writeln!(text, "  pages {} {:?} ← {next}, size {size}, items {items}", of.token, of.token_name);
    }
    for Waiter { name, method, min_delay, max_delay, acceptors, .. } in &of.waiters {
        let _ = writeln!(text, "  waiter {name} {method}, {min_delay} to {max_delay} s");
        for Acceptor { state, matcher } in acceptors {
            let _ = match matcher {
                Matcher::Output(of) | Matcher::InputOutput(of) => writeln!(text, "    {state:?}: {}", of.says),
                other => writeln!(text, "    {state:?}: {other:?}"),
            };
        }
    }
    of.shapes.iter().for_each(|of| shape(text, "  ", of));
}

fn way(of: &Way) -> String {
    let stops = of.through.iter().chain([&of.to]).map(|stop| {
        let mark = if stop.optional { "?" } else { "" };
        format!("{}{mark}", stop.field)
    });
    stops.collect::<Vec<_>>().join(".")
}

fn error(text: &mut String, of: &ErrorShape) {
    structure(text, "error ", &of.structure);
    let _ = writeln!(text, "  message {:?}", of.message);
}

fn shape(text: &mut String, lead: &str, of: &Shape) {
    match of {
        Shape::Structure(of) => structure(text, &format!("{lead}structure "), of),
        Shape::Union(of) => union(text, lead, of),
    }
}

fn union(text: &mut String, lead: &str, of: &Union) {
    let _ = writeln!(text, "{lead}union {}", of.name);
    for of in &of.variants {
        let boxed = if of.boxed { "boxed " } else { "" };
        let (name, is, shown) = (&of.name, &of.is, &of.shown);
        let held = of.of.as_ref().map_or_else(|| "nothing".to_owned(), of_type);
        let sensitive = if of.sensitive { ", sensitive" } else { "" };
        let _ = writeln!(text, "{lead}  {name} ({is}, {shown}): {boxed}{held} @ {}{sensitive}", member(&of.member));
    }
    if let Some(events) = &of.events {
        let all: Vec<_> =
            events.exceptions.iter().map(|case| format!("{} {:?}", named(&case.error), case.code)).collect();
        let _ = writeln!(text, "{lead}  exceptions {}: {}", events.error, all.join(", "));
    }
}

fn structure(text: &mut String, lead: &str, of: &Structure) {
    let mut notes = String::new();
    let built = if of.builder.fallible { "maybe built" } else { "built" };
    let _ = write!(notes, ", {built} by {}", of.builder.name);
    for (derives, name) in [(of.derives_debug, "Debug"), (of.derives_default, "Default")] {
        if !derives {
            let _ = write!(notes, ", own {name}");
        }
    }
    let _ = writeln!(text, "{lead}{}{notes}", of.name);
    let indent = " ".repeat(lead.len() - lead.trim_start().len() + 2);
    for of in &of.fields {
        let _ = writeln!(text, "{indent}{}", field(of));
    }
}

fn field(of: &Field) -> String {
    let boxed = if of.boxed { "boxed " } else { "" };
    let presence = match &of.presence {
        Presence::Optional => "?".to_owned(),
        Presence::Required => "!".to_owned(),
        Presence::Defaulted(None) => " = zero".to_owned(),
        Presence::Defaulted(Some(value)) => format!(" = {value:?}"),
    };
    let sensitive = if of.sensitive { ", sensitive" } else { "" };
    let deprecated = if of.deprecated.is_some() { ", deprecated" } else { "" };
    let setter = &of.setter.set;
    format!(
        "{}: {boxed}{}{presence} @ {}, {setter}{sensitive}{deprecated}",
        of.name,
        of_type(&of.of),
        member(&of.member)
    )
}

fn member(of: &Member) -> String {
    let timestamp = of.timestamp.map(|format| format!(" {format:?}")).unwrap_or_default();
    let flattened = if of.flattened { " flattened" } else { "" };
    let attribute = if of.attribute { " attribute" } else { "" };
    let media_type = of.media_type.as_ref().map(|media_type| format!(" {media_type}")).unwrap_or_default();
    let token = if of.is_token { " token" } else { "" };
    let host_label = if of.is_host_label { " in host" } else { "" };
    let required = if of.is_required { " required" } else { "" };
    let inner: Vec<_> = of.inner.iter().map(member).collect();
    let inner = if inner.is_empty() { String::new() } else { format!(" of ({})", inner.join("; ")) };
    format!(
        "{:?} {:?}{timestamp}{media_type}{token}{host_label}{flattened}{attribute}{required}{inner}",
        of.place, of.name
    )
}

fn of_type(of: &Type) -> String {
    match of {
        Type::List(held) => format!("[{}]", element(held)),
        Type::Map(entry) if entry.key == Type::Text => format!("{{{}}}", element(&entry.value)),
        Type::Map(entry) => format!("{{{}: {}}}", of_type(&entry.key), element(&entry.value)),
        Type::Named(of) => named(of),
        Type::Stream(Stream::Events { event, error, sent }) => {
            format!("{} {} or {}", if *sent { "sent" } else { "received" }, named(event), named(error))
        }
        scalar => format!("{scalar:?}"),
    }
}

fn element(of: &Element) -> String {
    format!("{}{}", of_type(&of.of), if of.sparse { "?" } else { "" })
}

fn named(of: &Named) -> String {
    let home = match &of.home {
        Home::Enums => "enums",
        Home::Types => "types",
        Home::Errors => "errors",
        Home::Operation(module) | Home::Group(module) | Home::ErrorGroup(module) => module,
    };
    format!("{home}::{}", of.name)
}
