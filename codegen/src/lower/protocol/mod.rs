//! What differs from protocol to protocol: how members travel, and how errors are called.

mod aws_query;
mod rest_json;

use serde_json::Value;

use super::Context;
use crate::diagnostic::Diagnostic;
use crate::ir::{self, Http2};
use crate::smithy::{Member, Model, Shape, TimestampFormat, Traits};

/// The structure that a member belongs to, as far as bindings care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The input of an operation.
    Request,
    /// The output of an operation.
    Response,
    /// An error: of an answer, or an exception of a stream.
    Error,
    /// An event of a stream.
    Event,
    /// Any structure within those: all of it is in the document.
    Nested,
}

/// Whether a service has the trait of a protocol.
type Speaks = fn(&Traits) -> bool;

/// Every protocol trait, with the protocol where the runtime has a codec for it, first choice first.
const PROTOCOLS: [(&str, Speaks, Option<ir::Protocol>); 7] = [
    ("restJson1", Traits::rest_json_1, Some(ir::Protocol::RestJson1)),
    ("restXml", Traits::rest_xml, None),
    ("awsJson1_0", Traits::aws_json_1_0, None),
    ("awsJson1_1", Traits::aws_json_1_1, None),
    ("awsQuery", Traits::aws_query, Some(ir::Protocol::AwsQuery)),
    ("ec2Query", Traits::ec2_query, None),
    ("rpcv2Cbor", Traits::rpc_v2_cbor, None),
];

/// The protocol of a service.
///
/// # Errors
///
/// It speaks none that the runtime has a codec for.
pub fn choose(model: &Model, service: &Shape) -> Result<ir::Protocol, Diagnostic> {
    let spoken = || PROTOCOLS.iter().filter(|(_, speaks, _)| speaks(&service.traits));
    spoken().find_map(|(_, _, protocol)| *protocol).ok_or_else(|| {
        let names: Vec<_> = spoken().map(|(name, _, _)| *name).collect();
        let names = if names.is_empty() { "no protocol that is known".to_owned() } else { names.join(", ") };
        model.fault(&service.id, format!("speaks {names}, which is not supported yet: expected restJson1 or awsQuery"))
    })
}

/// How a member travels.
pub(super) fn member(cx: &Context<'_>, side: Side, member: &Member) -> ir::Member {
    let on_wire = match cx.protocol {
        ir::Protocol::RestJson1 => rest_json::member(cx, side, member),
        ir::Protocol::AwsQuery => aws_query::member(cx, side, member),
    };
    ir::Member { called: (on_wire.name != member.name).then(|| member.name.clone()), ..on_wire }
}

/// What a member is called in a document, and the trait that may say so.
pub(super) fn name_in_document(protocol: ir::Protocol, member: &Member) -> (&str, &'static str) {
    let (name, about) = match protocol {
        ir::Protocol::RestJson1 => (member.traits.json_name(), "smithy.api#jsonName"),
        ir::Protocol::AwsQuery => (member.traits.xml_name(), "smithy.api#xmlName"),
    };
    (name.unwrap_or(&member.name), about)
}

/// What an error is called on the wire.
pub(super) fn error_code(cx: &Context<'_>, error: &Shape) -> String {
    match cx.protocol {
        ir::Protocol::RestJson1 => error.id.name().to_owned(),
        ir::Protocol::AwsQuery => aws_query::error_code(error),
    }
}

/// The method and the URI pattern of an operation; none where the protocol wants a trait for it that is not there.
pub(super) fn http(protocol: ir::Protocol, operation: &Shape) -> Option<(String, String)> {
    match protocol {
        ir::Protocol::RestJson1 => operation.traits.http().map(|http| (http.method.to_owned(), http.uri.to_owned())),
        ir::Protocol::AwsQuery => Some(aws_query::http()),
    }
}

/// Whether a member of an input goes into the path.
pub(super) fn is_in_path(protocol: ir::Protocol, member: &Member) -> bool {
    match protocol {
        ir::Protocol::RestJson1 => member.traits.http_label(),
        ir::Protocol::AwsQuery => false,
    }
}

/// Whether the service is called by HTTP/2: it is preferred where it stands first among the versions that it speaks.
pub(super) fn http2(service: &Shape) -> Http2 {
    match versions(service, "http").as_slice() {
        ["h2"] => Http2::Alone,
        ["h2", ..] => Http2::Preferred,
        _ => Http2::Possible,
    }
}

/// Whether the service prefers HTTP/2 for streams of events.
pub(super) fn streams_by_http2(service: &Shape) -> bool {
    versions(service, "eventStreamHttp").first() == Some(&"h2")
}

/// The versions of HTTP that the service speaks, best first, by what its protocol calls the list.
fn versions<'a>(service: &'a Shape, list: &str) -> Vec<&'a str> {
    let said = service.traits.get("aws.protocols#restJson1").and_then(|said| said.get(list)?.as_array());
    said.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The format of a timestamp, where the member or its target says one.
fn timestamp(cx: &Context<'_>, member: &Member) -> Option<TimestampFormat> {
    let of_target = || cx.model.target(member)?.traits.timestamp_format();
    member.traits.timestamp_format().or_else(of_target)
}
