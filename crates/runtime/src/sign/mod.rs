//! Signature Version 4: requests signed in their headers, or presigned in their query.
//!
//! Everything here is a function of its arguments: the time, the identity and the settings come from the caller, and
//! nothing is sent. The rules are those of "AWS Signature Version 4 for API requests" in the IAM User Guide.

mod canonical;
mod frames;
mod hash;
mod keys;
mod time;

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::http::Request;
use crate::http::percent::{Plain, push_encoded};
use canonical::SignedHeaders;
pub use frames::FrameSigner;
pub(crate) use hash::Hasher;
pub use keys::KeyCache;

/// Who signs.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    /// The id of the access key; it is sent in the clear.
    pub access_key_id: &'a str,
    /// The secret of the access key; it is never sent.
    pub secret_access_key: &'a str,
    /// The token that temporary credentials come with.
    pub session_token: Option<&'a str>,
}

impl fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// Where and when a signature holds.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The signing region: `us-east-1`.
    pub region: &'a str,
    /// The signing name of the service: `lambda`.
    pub service: &'a str,
    /// The time of signing; services refuse one that is more than a few minutes off.
    pub time: SystemTime,
}

/// What services differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether the path, percent-encoded as it is sent, is encoded once more to be signed. Object stores sign it as it is sent.
    pub double_encode_path: bool,
    /// Whether empty, `.` and `..` segments are resolved in the path that is signed; the path that is sent stays.
    pub normalize_path: bool,
    /// Whether the hash of the body is sent too, as the signed header `x-amz-content-sha256`. Has no effect on presigning.
    pub content_sha256: bool,
    /// What is said of the body.
    pub payload: Payload,
    /// Whether the session token is added after signing, for the services that expect it to be unsigned.
    pub omit_session_token: bool,
}

impl Settings {
    /// What nearly every service expects: the path encoded twice and normalized, the token signed.
    pub const STANDARD: Self = Self {
        double_encode_path: true,
        normalize_path: true,
        content_sha256: false,
        payload: Payload::Body,
        omit_session_token: false,
    };
}

/// What a signature says of the body of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payload {
    /// Its hash. A body that is a stream is left out, as by `Unsigned`: it is not here to be hashed.
    Body,
    /// This hash, which was made of it before.
    Digest([u8; 32]),
    /// That it is left out: `UNSIGNED-PAYLOAD`, which the signed header `x-amz-content-sha256` says too, or in an address
    /// the parameter `X-Amz-Content-Sha256`.
    Unsigned,
    /// That it consists of frames which are signed one by one, in words that stand at the same places.
    Frames,
}

impl Default for Settings {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// What a signature was made from: the first thing to compare when a service says `SignatureDoesNotMatch`.
///
/// The canonical request can hold a session token, so `Debug` shows nothing of it.
pub struct Signed {
    canonical_request: String,
    string_to_sign: String,
    signature: hash::Digest,
}

impl Signed {
    /// The canonical request, by lines. It holds the session token where that is signed.
    pub fn canonical_request(&self) -> &str {
        &self.canonical_request
    }

    /// The string to sign: algorithm, time, credential scope, hash of the canonical request.
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }

    /// The signature, as 64 digits of lower-case hex.
    pub fn signature(&self) -> String {
        let mut hex = String::with_capacity(64);
        hash::push_hex(&mut hex, &self.signature);
        hex
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").finish_non_exhaustive()
    }
}

/// Why a request cannot be signed. No value of an identity is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// The time lies outside the years 0 to 9999, the ones that a signature can name.
    Time,
    /// A presigned request cannot be valid for this long.
    Expires(Duration),
    /// This part of the identity or the scope is empty, or holds what a header cannot carry.
    Text(&'static str),
    /// The request has neither an origin nor a `host` header.
    Host,
    /// The body consists of frames that are signed as they are sent, which no address can hold.
    Frames,
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time => f.write_str("cannot sign: the time is outside the years 0 to 9999; check the clock"),
            Self::Expires(given) => write!(
                f,
                "cannot presign for {given:?}: a presigned request is valid for 1 second to 7 days (604800 seconds)"
            ),
            Self::Text(part) => write!(
                f,
                "cannot sign: the {part} is empty or holds a space, a control character or one outside ASCII; check where it was configured"
            ),
            Self::Frames => f.write_str(
                "cannot presign a request that sends events: each is signed after the one before, as it is sent",
            ),
            Self::Host => f.write_str("cannot sign: the request has no host; its endpoint must be resolved first"),
        }
    }
}

impl std::error::Error for SigningError {}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TOKEN_HEADER: &str = "x-amz-security-token";

/// Signs a request in its headers: sets `x-amz-date`, `authorization` and, with temporary credentials,
/// `x-amz-security-token`, in place of those that an earlier attempt left.
///
/// All headers that the request has by now are signed, but for those that proxies and transports may change; the
/// `host` is the one of the origin where no header says otherwise.
///
/// # Errors
///
/// [`SigningError`]; the request is unchanged then.
pub fn sign(
    request: &mut Request,
    identity: &Identity<'_>,
    scope: &Scope<'_>,
    settings: &Settings,
    keys: &KeyCache,
) -> Result<Signed, SigningError> {
    let signer = Signer::new(request, identity, scope, keys)?;
    let body = payload(request, settings.payload);
    request.headers.insert("x-amz-date", &signer.time);
    request.headers.remove(TOKEN_HEADER);
    if let Some(token) = identity.session_token.filter(|_| !settings.omit_session_token) {
        request.headers.insert(TOKEN_HEADER, token);
    }
    if settings.content_sha256 || matches!(body, Said::Word(_)) {
        let mut said = String::with_capacity(64);
        push_payload(&mut said, &body);
        request.headers.insert("x-amz-content-sha256", said);
    }

    let headers = SignedHeaders::of(request);
    let signed = signer.sign(canonical::request(request, &headers, &body, settings));
    let names = headers.names;
    request.headers.remove("authorization");
    request.headers.append_with("authorization", |value| {
        value.push_str(ALGORITHM);
        value.push_str(" Credential=");
        signer.push_credential(value);
        value.push_str(", SignedHeaders=");
        value.push_str(&names);
        value.push_str(", Signature=");
        hash::push_hex(value, &signed.signature);
    });
    if let Some(token) = identity.session_token.filter(|_| settings.omit_session_token) {
        request.headers.insert(TOKEN_HEADER, token);
    }
    Ok(signed)
}

/// Signs a request in its query, so that whoever holds its address can send it until it expires, counted from the
/// time of the scope in whole seconds. Headers of the request are signed as by [`sign`]: the sender must send the same.
///
/// # Errors
///
/// [`SigningError`], above all when `expires` is not 1 second to 7 days, or the body consists of events; the request is
/// unchanged then.
pub fn presign(
    request: &mut Request,
    identity: &Identity<'_>,
    scope: &Scope<'_>,
    settings: &Settings,
    expires: Duration,
    keys: &KeyCache,
) -> Result<Signed, SigningError> {
    const LONGEST: u64 = 7 * 24 * 60 * 60;
    if !(1..=LONGEST).contains(&expires.as_secs()) || expires > Duration::from_secs(LONGEST) {
        return Err(SigningError::Expires(expires));
    }
    let body = payload(request, settings.payload);
    if matches!(body, Said::Word(word) if word != UNSIGNED) {
        return Err(SigningError::Frames);
    }
    let signer = Signer::new(request, identity, scope, keys)?;
    let mut query = without_signature(&request.query);
    let mut credential = String::with_capacity(96);
    signer.push_credential(&mut credential);
    let names = SignedHeaders::of(request).names;
    push_pair(&mut query, "X-Amz-Algorithm", ALGORITHM);
    push_pair(&mut query, "X-Amz-Credential", &credential);
    push_pair(&mut query, "X-Amz-Date", &signer.time);
    push_pair(&mut query, "X-Amz-SignedHeaders", &names);
    push_pair(&mut query, "X-Amz-Expires", &expires.as_secs().to_string());
    // Whoever has the address alone is to know what its signature covers. The SDK for JavaScript has this parameter for
    // clients that apply checksums; botocore and aws-sigv4 leave the body out without a word.
    if let Said::Word(unsigned) = body
        && request.headers.get("x-amz-content-sha256").is_none()
    {
        push_pair(&mut query, "X-Amz-Content-Sha256", unsigned);
    }
    if let Some(token) = identity.session_token.filter(|_| !settings.omit_session_token) {
        push_pair(&mut query, "X-Amz-Security-Token", token);
    }
    request.query = query;

    let signed = signer.sign(canonical::request(request, &SignedHeaders::of(request), &body, settings));
    if let Some(token) = identity.session_token.filter(|_| settings.omit_session_token) {
        push_pair(&mut request.query, "X-Amz-Security-Token", token);
    }
    push_pair(&mut request.query, "X-Amz-Signature", &signed.signature());
    Ok(signed)
}

const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// What is said of a body.
enum Said {
    /// Its hash.
    Digest(hash::Digest),
    /// Why there is none.
    Word(&'static str),
}

fn payload(request: &Request, payload: Payload) -> Said {
    match (payload, request.body.bytes()) {
        (Payload::Body, Some([])) => Said::Digest(hash::OF_NOTHING),
        (Payload::Body, Some(bytes)) => Said::Digest(hash::sha256(bytes)),
        (Payload::Digest(digest), _) => Said::Digest(digest),
        (Payload::Body, None) | (Payload::Unsigned, _) => Said::Word(UNSIGNED),
        (Payload::Frames, _) => Said::Word("STREAMING-AWS4-HMAC-SHA256-EVENTS"),
    }
}

/// The SHA-256 hash of a message.
pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    hash::sha256(message)
}

/// A hash in hex digits of lower case.
pub(crate) fn hex(digest: &[u8; 32]) -> String {
    let mut hex = String::with_capacity(64);
    hash::push_hex(&mut hex, digest);
    hex
}

/// A hash from its 64 hex digits.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(digits.chunks(2)) {
        for digit in pair {
            *byte = *byte << 4 | u8::try_from(char::from(*digit).to_digit(16)?).ok()?;
        }
    }
    Some(digest)
}

fn push_payload(out: &mut String, said: &Said) {
    match said {
        Said::Digest(digest) => hash::push_hex(out, digest),
        Said::Word(word) => out.push_str(word),
    }
}

/// The parts of a call that both places of a signature have in common, checked.
struct Signer<'a> {
    access_key_id: &'a str,
    region: &'a str,
    service: &'a str,
    /// `YYYYMMDD'T'HHMMSS'Z'`.
    time: String,
    key: hash::HmacKey,
}

impl<'a> Signer<'a> {
    fn new(
        request: &Request,
        identity: &Identity<'a>,
        scope: &Scope<'a>,
        keys: &KeyCache,
    ) -> Result<Self, SigningError> {
        let texts = [
            ("access key id", identity.access_key_id),
            ("region", scope.region),
            ("signing name", scope.service),
            ("session token", identity.session_token.unwrap_or("none")),
        ];
        if let Some((part, _)) = texts.iter().find(|(_, text)| !is_visible(text)) {
            return Err(SigningError::Text(part));
        }
        if canonical::host(request).is_empty() {
            return Err(SigningError::Host);
        }
        let time = time::timestamp(scope.time).ok_or(SigningError::Time)?;
        let key = keys.signing_key(identity.secret_access_key, time::date(&time), scope.region, scope.service);
        Ok(Self { access_key_id: identity.access_key_id, region: scope.region, service: scope.service, time, key })
    }

    /// The signature of a canonical request.
    fn sign(&self, canonical_request: String) -> Signed {
        let mut string_to_sign = String::with_capacity(192);
        string_to_sign.push_str(ALGORITHM);
        string_to_sign.push('\n');
        string_to_sign.push_str(&self.time);
        string_to_sign.push('\n');
        self.push_scope(&mut string_to_sign);
        string_to_sign.push('\n');
        hash::push_hex(&mut string_to_sign, &hash::sha256(canonical_request.as_bytes()));
        let signature = self.key.sign(string_to_sign.as_bytes());
        Signed { canonical_request, string_to_sign, signature }
    }

    fn push_credential(&self, out: &mut String) {
        out.push_str(self.access_key_id);
        out.push('/');
        self.push_scope(out);
    }

    fn push_scope(&self, out: &mut String) {
        for part in [time::date(&self.time), self.region, self.service] {
            out.push_str(part);
            out.push('/');
        }
        out.push_str(keys::TERMINATOR);
    }
}

/// Whether a text can stand in a header and in the lists there: visible ASCII.
fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Adds a pair to a query.
fn push_pair(query: &mut String, key: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(key);
    query.push('=');
    push_encoded(query, value, Plain::Unreserved);
}

/// A query without the pairs of an earlier presigning, whose signature would be one of two.
fn without_signature(query: &str) -> String {
    const OURS: [&str; 8] = [
        "X-Amz-Algorithm",
        "X-Amz-Content-Sha256",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-SignedHeaders",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
    ];
    let mut kept = String::with_capacity(query.len().saturating_add(512));
    let is_ours = |pair: &str| OURS.contains(&pair.split_once('=').map_or(pair, |(key, _)| key));
    for pair in query.split('&').filter(|pair| !pair.is_empty() && !is_ours(pair)) {
        if !kept.is_empty() {
            kept.push('&');
        }
        kept.push_str(pair);
    }
    kept
}

#[cfg(test)]
mod tests;
