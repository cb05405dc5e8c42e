//! Types, docs and members of the wire table, as tokens.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::{Scope, ident};
use crate::ir::{
    Deprecated, DocumentValue, Element, Field, Given, Member, Place, Presence, Setter, Shown, Stream, TimestampFormat,
    Type, Value,
};
use crate::lower::names::bare;
use crate::render;

/// Prose, a line an attribute.
pub(super) fn docs(prose: &str) -> TokenStream {
    let lines = render::wrap(prose).into_iter().map(|line| format!(" {line}"));
    quote! { #(#[doc = #lines])* }
}

/// The attribute of what should no longer be used.
pub(super) fn deprecated(of: Option<&Deprecated>) -> Option<TokenStream> {
    let Deprecated { note, since } = of?;
    let said = [("note", note), ("since", since)].into_iter().filter_map(|(name, text)| {
        let (name, text) = (ident(name), text.as_ref()?);
        Some(quote! { #name = #text })
    });
    let said: Vec<_> = said.collect();
    Some(if said.is_empty() {
        quote! { #[deprecated] }
    } else {
        quote! { #[deprecated(#(#said),*)] }
    })
}

/// A type by itself.
pub(super) fn of(scope: &mut Scope<'_>, of: &Type) -> TokenStream {
    match of {
        Type::Text => quote! { String },
        Type::Boolean => quote! { bool },
        Type::Byte => quote! { i8 },
        Type::Short => quote! { i16 },
        Type::Integer => quote! { i32 },
        Type::Long => quote! { i64 },
        Type::Float => quote! { f32 },
        Type::Double => quote! { f64 },
        Type::BigInteger => name(scope.runtime("primitives", "BigInteger")),
        Type::BigDecimal => name(scope.runtime("primitives", "BigDecimal")),
        Type::Blob => name(scope.runtime("primitives", "Blob")),
        Type::Timestamp => name(scope.runtime("primitives", "DateTime")),
        Type::Document => name(scope.runtime("primitives", "Document")),
        Type::List(held) => {
            let held = element(scope, held);
            quote! { Vec<#held> }
        }
        Type::Map(entry) => {
            let map = scope.std("collections", "HashMap");
            let (key, value) = (self::of(scope, &entry.key), element(scope, &entry.value));
            quote! { #map<#key, #value> }
        }
        Type::Named(named) => name(scope.named(named)),
        Type::Stream(Stream::Bytes { .. }) => name(scope.runtime("primitives", "ByteStream")),
        Type::Stream(Stream::Events { event, error, sent }) => {
            let of = scope.runtime("event_stream", if *sent { "EventStreamSender" } else { "EventReceiver" });
            let (event, error) = (scope.named(event), scope.named(error));
            quote! { #of<#event, #error> }
        }
    }
}

fn name(ident: proc_macro2::Ident) -> TokenStream {
    quote! { #ident }
}

/// What a list or a map holds.
pub(super) fn element(scope: &mut Scope<'_>, element: &Element) -> TokenStream {
    let of = of(scope, &element.of);
    if element.sparse {
        quote! { Option<#of> }
    } else {
        of
    }
}

/// The type of a field.
pub(super) fn field(scope: &mut Scope<'_>, field: &Field) -> TokenStream {
    let of = boxed(of(scope, &field.of), field.boxed);
    optional(of, field)
}

/// A type, in a `Box` if it needs one.
pub(super) fn boxed(of: TokenStream, boxed: bool) -> TokenStream {
    if boxed {
        quote! { Box<#of> }
    } else {
        of
    }
}

fn optional(of: TokenStream, field: &Field) -> TokenStream {
    match field.presence {
        Presence::Optional => quote! { Option<#of> },
        Presence::Required | Presence::Defaulted(_) => of,
    }
}

/// What the accessor of a field shows.
pub(super) fn shown(scope: &mut Scope<'_>, field: &Field) -> TokenStream {
    let shown = match &field.shown {
        Shown::Slice(held) => {
            let held = element(scope, held);
            return quote! { &[#held] };
        }
        Shown::Text => quote! { &str },
        Shown::Copied => of(scope, &field.of),
        Shown::Borrowed => {
            let of = of(scope, &field.of);
            quote! { &#of }
        }
    };
    optional(shown, field)
}

/// The row of a builder: both setters, with what they take.
pub(super) fn setters(scope: &mut Scope<'_>, field: &Field, setter: &Setter) -> TokenStream {
    let (name, set, deprecated) = (ident(&field.name), ident(&setter.set), deprecated(field.deprecated.as_ref()));
    let whole = boxed(of(scope, &field.of), field.boxed);
    let given = match &setter.given {
        Given::Value => argument(scope, &field.of, field.boxed),
        Given::Element(element) => {
            let item = item(scope, element);
            quote! { push #item }
        }
        Given::Entry(entry) => {
            let (key, value) = (argument(scope, &entry.key, false), item(scope, &entry.value));
            quote! { insert #key, #value }
        }
    };
    let presence = match field.presence {
        Presence::Required if matches!(field.of, Type::Stream(_)) => quote! { required stream },
        _ if matches!(field.of, Type::Stream(_)) => quote! { stream },
        Presence::Optional => quote! {},
        Presence::Required => quote! { required },
        Presence::Defaulted(_) => quote! { defaulted },
    };
    quote! { #deprecated #name(#presence #given) #set(Option<#whole>) }
}

/// What a setter takes for a value of this type.
fn argument(scope: &mut Scope<'_>, of_value: &Type, is_boxed: bool) -> TokenStream {
    match of_value {
        Type::Text => quote! { impl Into<String> },
        _ if is_boxed => {
            let of = of(scope, of_value);
            quote! { impl Into<Box<#of>> }
        }
        _ => of(scope, of_value),
    }
}

fn item(scope: &mut Scope<'_>, held: &Element) -> TokenStream {
    if held.sparse { element(scope, held) } else { argument(scope, &held.of, false) }
}

/// A value that a field begins with.
pub(super) fn value(scope: &mut Scope<'_>, value: &Value) -> TokenStream {
    match value {
        Value::Boolean(value) => quote! { #value },
        Value::Integer(number) => {
            let number = proc_macro2::Literal::i64_unsuffixed(*number);
            quote! { #number }
        }
        Value::Number(number) => {
            let number = proc_macro2::Literal::f64_unsuffixed(*number);
            quote! { #number }
        }
        Value::Text(text) => quote! { #text.to_owned() },
        Value::Enum(named, text) => {
            let named = scope.named(named);
            quote! { #named::from(#text) }
        }
        Value::Blob(bytes) => {
            let (blob, bytes) = (scope.runtime("primitives", "Blob"), proc_macro2::Literal::byte_string(bytes));
            quote! { #blob::new(#bytes) }
        }
        // `lower` has seen that they are digits.
        Value::Digits(digits) => quote! { #digits.parse().unwrap_or_default() },
        Value::Timestamp(seconds, nanos) => {
            let time = scope.runtime("primitives", "DateTime");
            let seconds = proc_macro2::Literal::i64_unsuffixed(*seconds);
            let nanos = proc_macro2::Literal::u32_unsuffixed(*nanos);
            quote! { #time::from_secs_and_nanos(#seconds, #nanos) }
        }
        Value::Document(value) => document(scope, value),
    }
}

fn document(scope: &mut Scope<'_>, value: &DocumentValue) -> TokenStream {
    let of = scope.runtime("primitives", "Document");
    match value {
        DocumentValue::Boolean(value) => quote! { #of::from(#value) },
        DocumentValue::Integer(number) => quote! { #of::from(#number) },
        DocumentValue::Number(number) => {
            let number = proc_macro2::Literal::f64_unsuffixed(*number);
            quote! { #of::from(#number) }
        }
        DocumentValue::Text(text) => quote! { #of::from(#text) },
        DocumentValue::List => quote! { #of::Array(Vec::new()) },
        DocumentValue::Map => quote! { #of::Object(Default::default()) },
    }
}

/// A member of a wire table.
pub(super) fn member(scope: &mut Scope<'_>, member: &Member) -> TokenStream {
    let of = scope.runtime("wire", "Member");
    let name = &member.name;
    let mut tokens = match member.place {
        Place::Body => quote! { #of::body(#name) },
        Place::Query => quote! { #of::query(#name) },
        Place::Header => quote! { #of::header(#name) },
        Place::Label => quote! { #of::label(#name) },
        _ => {
            let place = scope.runtime("wire", "Place");
            let at = ident(match member.place {
                Place::QueryParams => "QueryParams",
                Place::PrefixHeaders => "PrefixHeaders",
                Place::Payload => "Payload",
                Place::EventHeader => "EventHeader",
                Place::EventPayload => "EventPayload",
                _ => "ResponseCode",
            });
            quote! { #of::at(#place::#at, #name) }
        }
    };
    if let Some(called) = &member.called {
        tokens.extend(quote! { .called(#called) });
    }
    let is_plain = member.media_type.is_none() && !member.is_token && !member.is_host_label;
    if !is_plain || member.flattened || member.attribute || member.is_required {
        let facets = facets(scope, member);
        tokens.extend(quote! { .with(&#facets) });
    }
    if let Some(format) = member.timestamp {
        let formats = scope.runtime("wire", "TimestampFormat");
        let format = ident(match format {
            TimestampFormat::EpochSeconds => "EpochSeconds",
            TimestampFormat::DateTime => "DateTime",
            TimestampFormat::HttpDate => "HttpDate",
        });
        tokens.extend(quote! { .timestamp(#formats::#format) });
    }
    if !member.inner.is_empty() {
        let inner: Vec<_> = member.inner.iter().map(|inner| self::member(scope, inner)).collect();
        tokens.extend(quote! { .of(&[#(#inner),*]) });
    }
    tokens
}

/// What stands behind the name of a structure that has a stream.
pub(super) fn stream(scope: &mut Scope<'_>, field: &Field) -> TokenStream {
    let (name, of) = (ident(&field.name), of(scope, &field.of));
    let (member, text) = (scope.runtime("wire", "StreamMember"), bare(&field.name));
    let called = field.member.called.as_ref().map(|called| quote! { .called(#called) });
    let media_type = field.member.media_type.as_ref().map(|media_type| quote! { .media_type(#media_type) });
    let made = match field.of {
        Type::Stream(Stream::Events { .. }) => quote! { events(#text)#called },
        Type::Stream(Stream::Bytes { requires_length: true }) => {
            quote! { new(#text)#called #media_type.requires_length() }
        }
        _ => quote! { new(#text)#called #media_type },
    };
    quote! { with #name: #of = #member::#made; }
}

/// What few members say.
fn facets(scope: &mut Scope<'_>, member: &Member) -> TokenStream {
    let facets = scope.runtime("wire", "Facets");
    let media_type = member.media_type.as_ref().map(|media_type| quote! { media_type: Some(#media_type), });
    let token = member.is_token.then(|| quote! { idempotency_token: true, });
    let host_label = member.is_host_label.then(|| quote! { host_label: true, });
    let flattened = member.flattened.then(|| quote! { flattened: true, });
    let attribute = member.attribute.then(|| quote! { attribute: true, });
    let required = member.is_required.then(|| quote! { required: true, });
    quote! { #facets { #media_type #token #host_label #flattened #attribute #required ..#facets::NONE } }
}
