//! The canonical form of a request, of which the hash is signed.

use sha2::{Digest, Sha256};

use super::claim::Claim;
use crate::query;
use crate::recorded::RecordedRequest;

/// What stands for the hash of a body that is not signed.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The canonical request: method, path, query, headers, names of the signed headers, hash of the body.
pub(super) fn request(request: &RecordedRequest, claim: &Claim, normalize_path: bool) -> String {
    let headers: String = claim.signed_headers.iter().map(|name| header(request, name)).collect();
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        request.method,
        path(&request.path, normalize_path),
        query_string(&request.query),
        claim.signed_headers.join(";"),
        payload(request),
    )
}

/// The hash of the body, unless the request says that its body is left out.
fn payload(request: &RecordedRequest) -> String {
    let said = request.header("x-amz-content-sha256").filter(|said| *said == UNSIGNED);
    said.map_or_else(|| query::hex(&Sha256::digest(&request.body)), str::to_owned)
}

/// Each segment is encoded once more than it is on the wire; all services but S3 sign it so.
fn path(path: &str, normalize: bool) -> String {
    let resolved = if normalize { resolve(path) } else { path.to_owned() };
    resolved.split('/').map(query::encode).collect::<Vec<_>>().join("/")
}

/// Resolves `.`, `..` and empty segments. A slash at the end stays.
fn resolve(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let end = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

/// Names and values, encoded anew and then sorted; the signature of a presigned request cannot sign itself.
fn query_string(text: &str) -> String {
    let encode = |text: &str| query::encode(&query::decode(text));
    let mut pairs: Vec<(String, String)> =
        query::pairs(text).map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.retain(|(name, _)| name != "X-Amz-Signature");
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// A line of a header: its values in the order sent, without outer white space, inner runs as one space.
fn header(request: &RecordedRequest, name: &str) -> String {
    let values = request.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
    let values: Vec<String> =
        values.map(|(_, value)| value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")).collect();
    format!("{name}:{}\n", values.join(","))
}
