//! Parts of a recorded request that are compared.

use super::recorder::Recorded;

/// The names and values of a query as they came, sorted by name: the order of names is free.
pub(super) fn pairs(query: &str) -> Vec<(&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    pairs.sort_by_key(|(name, _)| *name);
    pairs
}

/// The algorithm, the access key, and what the signature is good for, but for its day.
pub(super) fn scope(request: &Recorded) -> Option<(&str, &str, &str)> {
    let (algorithm, parameters) = request.header("authorization")?.split_once(' ')?;
    let credential = parameters.split_once("Credential=")?.1.split(',').next()?;
    let (key, scope) = credential.split_once('/')?;
    Some((algorithm, key, scope.split_once('/')?.1))
}

/// The names of the headers that the signature covers.
pub(super) fn signed_headers(request: &Recorded) -> Option<Vec<&str>> {
    let names = request.header("authorization")?.split_once("SignedHeaders=")?.1;
    Some(names.split(',').next()?.split(';').collect())
}

/// The signature.
pub(super) fn signature(request: &Recorded) -> Option<&str> {
    request.header("authorization")?.split_once("Signature=").map(|(_, signature)| signature)
}
