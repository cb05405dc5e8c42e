//! Any request, signed in its headers or in its query: the signature, and what it says it covers, are those of `aws-sigv4`.
//!
//! Requests are as clients make them, with whatever in their texts: paths and queries are percent-encoded. In a query that is not,
//! `+` is a space to `aws-sigv4`, which reads it as a form.
#![no_main]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arbitrary::{Arbitrary, Result, Unstructured};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode,
};
use aws_sigv4::sign::v4::SigningParams;
use libfuzzer_sys::fuzz_target;
use tinsmith_runtime::http::Request;
use tinsmith_runtime::sign::{self, Identity, KeyCache, Payload, Scope, Settings};

/// A request, who signs it, and how.
#[derive(Debug)]
struct Input {
    method: &'static str,
    origin: &'static str,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    region: String,
    service: String,
    time: SystemTime,
    settings: Settings,
    /// For how long, in the query; else it is signed in its headers.
    expires: Option<Duration>,
}

fuzz_target!(|input: Input| {
    let mut request = Request {
        method: input.method,
        origin: input.origin.to_owned(),
        path: input.path.clone(),
        query: input.query.clone(),
        headers: input.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        body: input.body.clone().into(),
        ..Request::default()
    };
    let Input { access_key_id, secret_access_key, session_token, region, service, time, settings, expires, .. } =
        &input;
    let session_token = session_token.as_deref();
    let identity = Identity { access_key_id, secret_access_key, session_token };
    let (scope, keys) = (Scope { region, service, time: *time }, KeyCache::new());
    let signed = match expires {
        None => sign::sign(&mut request, &identity, &scope, settings, &keys),
        Some(expires) => sign::presign(&mut request, &identity, &scope, settings, *expires, &keys),
    };
    let signed = signed.expect("what is drawn can be signed");
    let (authorization, signature) = theirs(&input);
    assert_eq!(signed.signature(), signature, "{input:#?}\n{}", signed.canonical_request());
    assert_eq!(request.headers.get("authorization"), authorization.as_deref());
});

/// The header and the signature that the official crate makes.
fn theirs(input: &Input) -> (Option<String>, String) {
    let credentials =
        Credentials::from_keys(&input.access_key_id, &input.secret_access_key, input.session_token.clone());
    let identity = credentials.into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(&input.region)
        .name(&input.service)
        .time(input.time)
        .settings(their_settings(input));
    let params = params.build().expect("nothing is missing").into();
    let mark = if input.query.is_empty() { "" } else { "?" };
    let uri = format!("{}{}{mark}{}", input.origin, input.path, input.query);
    let headers = input.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let body = match input.settings.payload {
        Payload::Unsigned => SignableBody::UnsignedPayload,
        _ => SignableBody::Bytes(&input.body),
    };
    let request = SignableRequest::new(input.method, uri, headers, body).expect("the address is one");
    let signed = aws_sigv4::http_request::sign(request, &params).expect("what is drawn can be signed");
    let (instructions, signature) = signed.into_parts();
    let authorization = instructions.headers().find(|(name, _)| *name == "authorization");
    (authorization.map(|(_, value)| value.to_owned()), signature)
}

fn their_settings(input: &Input) -> SigningSettings {
    let settings = &input.settings;
    let mut theirs = SigningSettings::default();
    if !settings.double_encode_path {
        theirs.percent_encoding_mode = PercentEncodingMode::Single;
    }
    if !settings.normalize_path {
        theirs.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    // That a body is left out is said in a header of ours always.
    if settings.content_sha256 || settings.payload == Payload::Unsigned {
        theirs.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    if settings.omit_session_token {
        theirs.session_token_mode = SessionTokenMode::Exclude;
    }
    if let Some(expires) = input.expires {
        theirs.signature_location = SignatureLocation::QueryParams;
        theirs.expires_in = Some(expires);
    }
    theirs
}

/// Headers that one or the other leaves unsigned: those of a connection by us, the last two by the official crate in a query.
const UNSIGNED: [&str; 11] = [
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
    "x-amz-user-agent",
    "x-amz-checksum-mode",
];

/// Headers that signing sets.
const SET: [&str; 4] = ["host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"];

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let expires = if u.arbitrary()? { Some(Duration::from_secs(u.int_in_range(1..=604_800)?)) } else { None };
        // What is left out of a signature in a query is said in a parameter by us alone.
        let payload = if expires.is_none() && u.arbitrary()? { Payload::Unsigned } else { Payload::Body };
        let settings = Settings {
            double_encode_path: u.arbitrary()?,
            normalize_path: u.arbitrary()?,
            content_sha256: u.arbitrary()?,
            payload,
            omit_session_token: u.arbitrary()?,
        };
        Ok(Self {
            method: u.choose(&["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"])?,
            origin: u.choose(&[
                "https://lambda.us-east-2.amazonaws.com",
                "http://localhost:8443",
                "https://[::1]:8443",
            ])?,
            path: path(u)?,
            query: query(u)?,
            headers: headers(u)?,
            access_key_id: visible(u)?,
            secret_access_key: u.arbitrary()?,
            session_token: if u.arbitrary()? { Some(visible(u)?) } else { None },
            region: visible(u)?,
            service: visible(u)?,
            time: UNIX_EPOCH + Duration::from_secs(u.int_in_range(0..=253_402_300_799)?),
            settings,
            expires,
            body: u.arbitrary()?,
        })
    }
}

fn path(u: &mut Unstructured<'_>) -> Result<String> {
    let mut path = String::new();
    for _ in 0..u.int_in_range(1..=6)? {
        path.push('/');
        match u.int_in_range(0..=4)? {
            0 => {}
            1 => path.push('.'),
            2 => path.push_str(".."),
            _ => path.push_str(&encoded(u)?),
        }
    }
    Ok(path)
}

fn query(u: &mut Unstructured<'_>) -> Result<String> {
    let mut pairs = Vec::new();
    for _ in 0..u.int_in_range(0..=5)? {
        pairs.push(match u.int_in_range(0..=5)? {
            0 => String::new(),
            1 => encoded(u)?,
            _ => format!("{}={}", encoded(u)?, encoded(u)?),
        });
    }
    Ok(pairs.join("&"))
}

/// Some text, in which all but unreserved characters are percent-encoded (RFC 3986, section 2.3).
fn encoded(u: &mut Unstructured<'_>) -> Result<String> {
    let text =
        tinsmith_fuzz::text(u, &["a", "B", "-", ".", "_", "~", " ", "+", "%", "%2F", "/", "=", "&", "é", "X-Amz-"])?;
    let encoded = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    Ok(text.bytes().map(encoded).collect())
}

fn headers(u: &mut Unstructured<'_>) -> Result<Vec<(String, String)>> {
    const NAMES: [&str; 8] = ["X-A", "x-a", "x-a-b", "X-Amz-Meta-A", "content-type", "Content-Length", "range", "a"];
    let mut headers = Vec::new();
    for _ in 0..u.int_in_range(0..=6)? {
        let name = if u.ratio(3, 4)? { (*u.choose(&NAMES)?).to_owned() } else { token(u)? };
        let lower = name.to_ascii_lowercase();
        let value = tinsmith_fuzz::text(u, &["a", " ", "  ", ",", "\"", "=", "b c"])?;
        // Of other characters there are none in the headers of a request; a tab is white space to us, as to botocore, and to
        // `aws-sigv4` it is none.
        let value: String = value.chars().filter(|sign| matches!(sign, ' '..='~')).collect();
        if !UNSIGNED.contains(&lower.as_str()) && !SET.contains(&lower.as_str()) {
            headers.push((name, value));
        }
    }
    Ok(headers)
}

/// A name of a header (RFC 9110, section 5.6.2).
fn token(u: &mut Unstructured<'_>) -> Result<String> {
    let sign = |byte: u8| char::from(b"!#$%&'*+-.^_`|~0189abyzABYZ"[usize::from(byte) % 27]);
    Ok((0..u.int_in_range(1..=8)?).map(|_| u.arbitrary().map(sign)).collect::<Result<String>>()?)
}

/// Visible ASCII, which keys, regions and names of services consist of.
fn visible(u: &mut Unstructured<'_>) -> Result<String> {
    let sign = |byte: u8| char::from(b'!' + byte % 94);
    Ok((0..u.int_in_range(1..=20)?).map(|_| u.arbitrary().map(sign)).collect::<Result<String>>()?)
}
