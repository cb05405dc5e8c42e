//! Who may call an operation: the auth schemes that its model offers, of which those are kept that the runtime speaks.

use crate::ir::Auth;
use crate::smithy::{Model, Shape, ShapeId};

/// The schemes of an operation that the runtime speaks, first choice first.
///
/// # Errors
///
/// It speaks none of those that the model offers: the reason names them.
pub(super) fn schemes(model: &Model, service: &Shape, operation: &Shape) -> Result<Vec<Auth>, String> {
    let offered = effective(model, service, operation);
    let mut spoken: Vec<Auth> = Vec::new();
    let is_unsigned = operation.traits.has("aws.auth#unsignedPayload");
    for scheme in offered.iter().filter_map(|id| spoken_as(id, is_unsigned)) {
        if !spoken.contains(&scheme) {
            spoken.push(scheme);
        }
    }
    if !spoken.is_empty() {
        return Ok(spoken);
    }
    let only = "only SigV4, bearer tokens and no authentication are";
    Err(match offered.as_slice() {
        [] => "lists auth schemes, of which its service has none".to_owned(),
        offered => format!("none of its auth schemes is supported yet ({}): {only}", offered.join(", ")),
    })
}

/// The ids of the schemes of an operation, as the authentication traits of Smithy 2.0 have it: those that `auth` of the
/// operation lists, or else `auth` of the service; where neither does, all that the service has, by their ids. Of those
/// listed, the ones count that the service has. Where the list is empty, or the service has none, anybody may call; and
/// so they may, as the last choice, where authentication is optional.
fn effective<'a>(model: &Model, service: &'a Shape, operation: &'a Shape) -> Vec<&'a str> {
    let mut has: Vec<&str> = service.traits.iter().map(|(id, _)| id).filter(|id| is_scheme(model, id)).collect();
    has.sort_unstable();
    let is_open = operation.traits.optional_auth();
    let (mut ids, is_open) = match operation.traits.auth().or_else(|| service.traits.auth()) {
        Some(listed) if listed.is_empty() => (Vec::new(), true),
        Some(listed) => (listed.into_iter().filter(|id| *id == NO_AUTH || has.contains(id)).collect(), is_open),
        None => (has.clone(), is_open || has.is_empty()),
    };
    if is_open {
        ids.push(NO_AUTH);
    }
    ids
}

/// The scheme of those who have no identity. `auth` lists it in models that were transformed.
const NO_AUTH: &str = "smithy.api#noAuth";

/// The auth schemes of Smithy and of AWS. Models bring the definitions of their own.
const SCHEMES: [&str; 7] = [
    "aws.auth#cognitoUserPools",
    "aws.auth#sigv4",
    "aws.auth#sigv4a",
    "smithy.api#httpApiKeyAuth",
    "smithy.api#httpBasicAuth",
    "smithy.api#httpBearerAuth",
    "smithy.api#httpDigestAuth",
];

fn is_scheme(model: &Model, id: &str) -> bool {
    let definition = || ShapeId::parse(id).and_then(|id| model.get(&id));
    SCHEMES.contains(&id) || definition().is_some_and(|shape| shape.traits.has("smithy.api#authDefinition"))
}

/// The scheme of an id, for an operation whose signatures may leave the body out.
fn spoken_as(id: &str, is_unsigned: bool) -> Option<Auth> {
    match id {
        "aws.auth#sigv4" if is_unsigned => Some(Auth::SigV4Unsigned),
        "aws.auth#sigv4" => Some(Auth::SigV4),
        "smithy.api#httpBearerAuth" => Some(Auth::HttpBearer),
        NO_AUTH => Some(Auth::None),
        _ => None,
    }
}
