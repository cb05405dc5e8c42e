//! awsQuery: everything in the body, by names of XML; one method and path for all operations.

use super::{Side, timestamp};
use crate::ir::{self, Place};
use crate::lower::Context;
use crate::smithy::{Member, Shape, ShapeKind};

/// How a member of a structure or a union travels.
pub(in crate::lower) fn member(cx: &Context<'_>, side: Side, member: &Member) -> ir::Member {
    let name = member.traits.xml_name().unwrap_or(&member.name).to_owned();
    let (flattened, attribute) = (member.traits.xml_flattened(), member.traits.xml_attribute());
    let is_token = side == Side::Request && member.traits.idempotency_token();
    let is_host_label = side == Side::Request && member.traits.host_label();
    ir::Member { name, is_token, is_host_label, flattened, attribute, ..within(cx, member) }
}

/// The member as it is within a list or a map, where it has a name only if the model gives it one: the codec knows the
/// protocol's.
fn within(cx: &Context<'_>, member: &Member) -> ir::Member {
    ir::Member {
        place: Place::Body,
        name: member.traits.xml_name().unwrap_or_default().to_owned(),
        called: None,
        timestamp: timestamp(cx, member),
        media_type: None,
        is_token: false,
        is_host_label: false,
        flattened: false,
        attribute: false,
        is_required: false,
        inner: cx.model.target(member).map(|shape| inner(cx, shape)).unwrap_or_default(),
    }
}

/// Element, or key and value; none where nothing is to be said of them.
fn inner(cx: &Context<'_>, shape: &Shape) -> Vec<ir::Member> {
    if !matches!(shape.kind, ShapeKind::List(_) | ShapeKind::Map { .. }) {
        return Vec::new();
    }
    let inner: Vec<_> = shape.members().into_iter().map(|member| within(cx, member)).collect();
    let says_something =
        |member: &ir::Member| !member.name.is_empty() || member.timestamp.is_some() || !member.inner.is_empty();
    if inner.iter().any(says_something) { inner } else { Vec::new() }
}

/// What an error is called: by a trait of its own, or as its shape.
pub(in crate::lower) fn error_code(error: &Shape) -> String {
    error.traits.query_error().map_or(error.id.name(), |error| error.code).to_owned()
}

/// Bindings to HTTP count for nothing here: the operation is named in the body.
pub(in crate::lower) fn http() -> (String, String) {
    ("POST".to_owned(), "/".to_owned())
}
