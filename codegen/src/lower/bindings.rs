//! Whether the members of a message can travel where its model puts them.

use std::collections::BTreeSet;

use super::protocol::Side;
use crate::ir::Protocol;
use crate::smithy::{Member, Model, Shape, ShapeKind};

/// A member, the trait of it that is at fault, and why.
pub(super) type Fault<'a> = (&'a Member, &'static str, String);

/// Checks the members of an operation's input, of its output, of an error or of an event. The path of the operation may have
/// pairs of a query behind it.
pub(super) fn check<'a>(
    model: &'a Model,
    protocol: Protocol,
    side: Side,
    message: &'a Shape,
    uri: &str,
) -> Vec<Fault<'a>> {
    let mut check = Check { model, side, members: message.members(), faults: Vec::new() };
    check.each(Check::values);
    // Elsewhere bindings to HTTP count for nothing.
    if protocol == Protocol::RestJson1 {
        check.each(Check::one_place);
        check.each(Check::kinds);
        check.once();
        check.payload(PAYLOAD);
        check.payload(EVENT_PAYLOAD);
        if side != Side::Event {
            check.names(uri);
        }
    }
    check.faults
}

/// The traits that bind a member of a message to a place. The others have no effect there.
pub(super) fn binding(side: Side) -> &'static [&'static str] {
    match side {
        Side::Request => &[LABEL, QUERY, QUERY_PARAMS, HEADER, PREFIX_HEADERS, PAYLOAD],
        Side::Response => &[HEADER, PREFIX_HEADERS, PAYLOAD, RESPONSE_CODE],
        Side::Error => &[HEADER, PREFIX_HEADERS, PAYLOAD, RESPONSE_CODE, EVENT_HEADER, EVENT_PAYLOAD],
        Side::Event => &[EVENT_HEADER, EVENT_PAYLOAD],
        Side::Nested => &[],
    }
}

const LABEL: &str = "smithy.api#httpLabel";
const QUERY: &str = "smithy.api#httpQuery";
const QUERY_PARAMS: &str = "smithy.api#httpQueryParams";
const HEADER: &str = "smithy.api#httpHeader";
const PREFIX_HEADERS: &str = "smithy.api#httpPrefixHeaders";
const PAYLOAD: &str = "smithy.api#httpPayload";
const RESPONSE_CODE: &str = "smithy.api#httpResponseCode";
const EVENT_HEADER: &str = "smithy.api#eventHeader";
const EVENT_PAYLOAD: &str = "smithy.api#eventPayload";
const HOST_LABEL: &str = "smithy.api#hostLabel";
const TOKEN: &str = "smithy.api#idempotencyToken";

/// Collects the faults of one message.
struct Check<'a> {
    model: &'a Model,
    side: Side,
    members: Vec<&'a Member>,
    faults: Vec<Fault<'a>>,
}

impl<'a> Check<'a> {
    fn each(&mut self, check: fn(&mut Self, &'a Member)) {
        self.members.clone().into_iter().for_each(|member| check(self, member));
    }

    fn say(&mut self, member: &'a Member, about: &'static str, reason: impl Into<String>) {
        self.faults.push((member, about, reason.into()));
    }

    /// What a request puts in by itself, or into the name of a host, is text whatever the protocol.
    fn values(&mut self, member: &'a Member) {
        let is_text = self.kind(member).is_some_and(is_text);
        for id in [TOKEN, HOST_LABEL] {
            if self.side == Side::Request && member.traits.has(id) && !is_text {
                self.say(member, id, "targets something else than a string");
            }
        }
    }

    fn one_place(&mut self, member: &'a Member) {
        let places: Vec<_> = binding(self.side).iter().filter(|id| member.traits.has(id)).collect();
        if let [first, second, ..] = places.as_slice() {
            self.say(member, second, format!("binds the member to a second place, beside {first}"));
        }
        if self.side == Side::Request && member.traits.http_label() && !member.traits.required() {
            self.say(member, LABEL, "is on a member that is not required: there is no path without it");
        }
    }

    fn kinds(&mut self, member: &'a Member) {
        let Some(kind) = self.kind(member) else { return };
        let held = |of: &Member| self.kind(of);
        let is_list = matches!(kind, ShapeKind::List(of) if held(of).is_some_and(is_scalar));
        let of_texts = |kind: &ShapeKind, lists: bool| match kind {
            ShapeKind::Map { value, .. } => match held(value) {
                Some(ShapeKind::List(of)) => lists && held(of).is_some_and(is_text),
                other => other.is_some_and(is_text),
            },
            _ => false,
        };
        let is_number = matches!(kind, ShapeKind::Integer | ShapeKind::IntEnum(_));
        let is_body = !is_scalar(kind) || is_text(kind);
        let is_decimal =
            matches!(kind, ShapeKind::Float | ShapeKind::Double | ShapeKind::BigInteger | ShapeKind::BigDecimal);
        let is_header = matches!(kind, ShapeKind::Blob) || is_scalar(kind) && !is_decimal;
        let is_whole = matches!(kind, ShapeKind::Blob | ShapeKind::Structure(_) | ShapeKind::Union(_)) || is_text(kind);
        let rules = [
            (LABEL, is_scalar(kind), "a string, a number, a boolean or a timestamp"),
            (QUERY, is_scalar(kind) || is_list, "a string, a number, a boolean, a timestamp or a list of these"),
            (HEADER, is_scalar(kind) || is_list, "a string, a number, a boolean, a timestamp or a list of these"),
            (QUERY_PARAMS, of_texts(kind, true), "a map of strings or of lists of strings"),
            (PREFIX_HEADERS, of_texts(kind, false), "a map of strings"),
            (PAYLOAD, is_body, "something that a body can be: no number, boolean or timestamp"),
            (RESPONSE_CODE, is_number, "an integer"),
            (EVENT_HEADER, is_header, "a boolean, an integer, a string, a blob or a timestamp"),
            (EVENT_PAYLOAD, is_whole, "a blob, a string, a structure or a union"),
        ];
        let wrong: Vec<_> = rules.into_iter().filter(|(id, fits, _)| member.traits.has(id) && !fits).collect();
        for (id, _, expected) in
            wrong.into_iter().filter(|(id, ..)| binding(self.side).contains(id)).collect::<Vec<_>>()
        {
            self.say(member, id, format!("targets {} ({}): expected {expected}", member.target, kind.name()));
        }
    }

    /// What can stand on one member of a message alone.
    fn once(&mut self) {
        let once = [QUERY_PARAMS, PREFIX_HEADERS, PAYLOAD, RESPONSE_CODE, EVENT_PAYLOAD];
        let bound = binding(self.side);
        for id in once.into_iter().filter(|id| bound.contains(id)) {
            let having: Vec<_> = self.members.iter().copied().filter(|member| member.traits.has(id)).collect();
            if let [first, others @ ..] = having.as_slice() {
                for other in others {
                    self.say(other, id, format!("is on `{}` already", first.name));
                }
            }
        }
    }

    /// Beside a member that is the body there is no document for others.
    fn payload(&mut self, about: &'static str) {
        let has_payload = |member: &&Member| binding(self.side).contains(&about) && member.traits.has(about);
        let Some(payload) = self.members.iter().copied().find(has_payload) else { return };
        let is_bound =
            |member: &&Member| binding(self.side).iter().any(|id| member.traits.has(id)) || member.traits.host_label();
        let homeless = self.members.iter().filter(|member| !is_bound(member));
        let names: Vec<_> = homeless.map(|member| format!("`{}`", member.name)).collect();
        if !names.is_empty() {
            let reason = format!("makes the member the whole body, in which {} would have to be too", names.join(", "));
            self.say(payload, about, reason);
        }
    }

    fn names(&mut self, uri: &str) {
        let mut headers = BTreeSet::new();
        let mut queries: BTreeSet<_> = constant_keys(uri).collect();
        for member in self.members.clone() {
            if let Some(name) = member.traits.http_header() {
                if !is_token(name) {
                    self.say(member, HEADER, format!("{name:?} is no name of a header"));
                } else if !headers.insert(name.to_ascii_lowercase()) {
                    self.say(member, HEADER, format!("another member is in the header {name} already"));
                }
            }
            if let Some(prefix) =
                member.traits.http_prefix_headers().filter(|prefix| !prefix.is_empty() && !is_token(prefix))
            {
                self.say(member, PREFIX_HEADERS, format!("{prefix:?} cannot begin the name of a header"));
            }
            if let Some(name) = member.traits.http_query().filter(|_| self.side == Side::Request)
                && !queries.insert(name)
            {
                self.say(member, QUERY, format!("the path or another member says {name} in the query already"));
            }
        }
    }

    fn kind(&self, member: &Member) -> Option<&'a ShapeKind> {
        self.model.target(member).map(|shape| &shape.kind)
    }
}

fn is_text(kind: &ShapeKind) -> bool {
    matches!(kind, ShapeKind::String | ShapeKind::Enum(_))
}

/// Whether a value is one word, so that it can stand outside a document.
fn is_scalar(kind: &ShapeKind) -> bool {
    let is_compound = matches!(
        kind,
        ShapeKind::Structure(_)
            | ShapeKind::Union(_)
            | ShapeKind::List(_)
            | ShapeKind::Map { .. }
            | ShapeKind::Document
            | ShapeKind::Blob
    );
    kind.is_data() && !is_compound
}

/// The keys of the pairs that stand in the path of an operation.
fn constant_keys(uri: &str) -> impl Iterator<Item = &str> {
    let query = uri.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split('=').next()).filter(|key| !key.is_empty())
}

/// Whether a text can name a header (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
