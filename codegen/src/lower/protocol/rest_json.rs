//! restJson1: HTTP bindings where the traits of a member say so, JSON for the rest.

use super::{Side, timestamp};
use crate::ir::{self, Place};
use crate::lower::Context;
use crate::smithy::{Member, Shape, ShapeKind, Traits};

/// How a member of a structure or a union travels.
pub(in crate::lower) fn member(cx: &Context<'_>, side: Side, member: &Member) -> ir::Member {
    let (place, name) = place(side, member);
    let is_token = side == Side::Request && member.traits.idempotency_token();
    let is_host_label = side == Side::Request && member.traits.host_label();
    ir::Member { name, is_token, is_host_label, ..within(cx, place, member) }
}

/// Place and name. Bindings count at the top of a message only.
fn place(side: Side, member: &Member) -> (Place, String) {
    let traits = &member.traits;
    let bound = match side {
        Side::Request => request(traits, &member.name),
        Side::Response => response(traits),
        Side::Error => response(traits).or_else(|| event(traits, &member.name)),
        Side::Event => event(traits, &member.name),
        Side::Nested => None,
    };
    bound.unwrap_or_else(|| (Place::Body, traits.json_name().unwrap_or(&member.name).to_owned()))
}

fn request(traits: &Traits, name: &str) -> Option<(Place, String)> {
    if traits.http_label() {
        return Some((Place::Label, name.to_owned()));
    }
    if traits.http_query_params() {
        return Some((Place::QueryParams, String::new()));
    }
    let query = traits.http_query().map(|name| (Place::Query, name.to_owned()));
    query.or_else(|| either(traits))
}

fn response(traits: &Traits) -> Option<(Place, String)> {
    if traits.http_response_code() {
        return Some((Place::ResponseCode, String::new()));
    }
    either(traits)
}

fn event(traits: &Traits, name: &str) -> Option<(Place, String)> {
    if traits.event_header() {
        return Some((Place::EventHeader, name.to_owned()));
    }
    traits.event_payload().then(|| (Place::EventPayload, name.to_owned()))
}

/// What a request and a response can bind alike.
fn either(traits: &Traits) -> Option<(Place, String)> {
    if traits.http_payload() {
        return Some((Place::Payload, String::new()));
    }
    let header = traits.http_header().map(|name| (Place::Header, name.to_owned()));
    header.or_else(|| traits.http_prefix_headers().map(|prefix| (Place::PrefixHeaders, prefix.to_owned())))
}

/// The member as it is at a place, or within a list or a map there, where it has no name: its format, and what it holds.
fn within(cx: &Context<'_>, place: Place, member: &Member) -> ir::Member {
    let target = cx.model.target(member);
    let media_type = member.traits.media_type().or_else(|| target.and_then(|shape| shape.traits.media_type()));
    // In documents it says what text holds, and changes nothing.
    let media_type = media_type.filter(|_| matches!(place, Place::Header | Place::Payload | Place::EventPayload));
    ir::Member {
        place,
        name: String::new(),
        called: None,
        timestamp: timestamp(cx, member),
        media_type: media_type.map(str::to_owned),
        is_token: false,
        is_host_label: false,
        flattened: false,
        attribute: false,
        is_required: false,
        inner: target.map(|shape| inner(cx, place, shape)).unwrap_or_default(),
    }
}

/// Element, or key and value; none where nothing is to be said of them.
fn inner(cx: &Context<'_>, place: Place, shape: &Shape) -> Vec<ir::Member> {
    if !matches!(shape.kind, ShapeKind::List(_) | ShapeKind::Map { .. }) {
        return Vec::new();
    }
    let inner: Vec<_> = shape
        .members()
        .into_iter()
        .map(|member| ir::Member { place: Place::Body, ..within(cx, place, member) })
        .collect();
    let says_something =
        |member: &ir::Member| member.timestamp.is_some() || member.media_type.is_some() || !member.inner.is_empty();
    if inner.iter().any(says_something) { inner } else { Vec::new() }
}
