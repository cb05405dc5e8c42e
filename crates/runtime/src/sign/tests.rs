//! Tests of signing as a caller sees it; the cases of the published suite are in `tests/sigv4_suite.rs`.

use super::*;
use std::time::UNIX_EPOCH;

const IDENTITY: Identity<'static> =
    Identity { access_key_id: "AKIDEXAMPLE", secret_access_key: "hush", session_token: Some("whisper") };

fn scope() -> Scope<'static> {
    Scope { region: "us-east-1", service: "lambda", time: UNIX_EPOCH + Duration::from_secs(1_440_938_160) }
}

fn request() -> Request {
    Request {
        method: "GET",
        origin: "https://lambda.us-east-1.amazonaws.com".to_owned(),
        path: "/2018-10-31/layers".to_owned(),
        query: "MaxItems=2".to_owned(),
        ..Request::default()
    }
}

fn signed(request: &mut Request, identity: &Identity<'_>, settings: &Settings) -> String {
    sign(request, identity, &scope(), settings, &KeyCache::new()).unwrap().canonical_request().to_owned()
}

#[test]
fn the_host_is_signed_without_being_set() {
    let mut request = request();
    let canonical = signed(&mut request, &IDENTITY, &Settings::STANDARD);
    assert!(canonical.contains("\nhost:lambda.us-east-1.amazonaws.com\n"), "{canonical}");
    assert_eq!(request.headers.get("host"), None);
}

#[test]
fn signing_again_replaces_the_earlier_signature() {
    let (mut once, mut twice) = (request(), request());
    signed(&mut once, &IDENTITY, &Settings::STANDARD);
    signed(&mut twice, &IDENTITY, &Settings { omit_session_token: true, ..Settings::STANDARD });
    signed(&mut twice, &Identity { access_key_id: "OTHER", ..IDENTITY }, &Settings::STANDARD);
    signed(&mut twice, &IDENTITY, &Settings::STANDARD);
    assert_eq!(once.headers, twice.headers);

    let without_token = Identity { session_token: None, ..IDENTITY };
    signed(&mut twice, &without_token, &Settings::STANDARD);
    assert_eq!(twice.headers.get(TOKEN_HEADER), None);
}

#[test]
fn what_is_said_of_the_body() {
    let of = |payload, body: crate::http::Body| {
        let settings = Settings { payload, ..Settings::STANDARD };
        let mut request = Request { body, ..request() };
        let canonical = signed(&mut request, &IDENTITY, &settings);
        let said = canonical.lines().last().map(str::to_owned);
        assert_eq!(canonical.contains("\nx-amz-content-sha256:"), said.as_deref() == Some(UNSIGNED));
        assert_eq!(request.headers.get("x-amz-content-sha256").is_some(), said.as_deref() == Some(UNSIGNED));
        request.headers = crate::http::Headers::new();
        let minute = Duration::from_secs(60);
        let presigned = presign(&mut request, &IDENTITY, &scope(), &settings, minute, &KeyCache::new()).unwrap();
        assert_eq!(presigned.canonical_request().lines().last(), said.as_deref());
        // The address says it, and the signature covers what it says.
        let is_unsigned = said.as_deref() == Some(UNSIGNED);
        for query in [request.query.as_str(), presigned.canonical_request()] {
            assert_eq!(query.contains("X-Amz-Content-Sha256=UNSIGNED-PAYLOAD"), is_unsigned, "{query}");
        }
        said.unwrap()
    };
    let mut hash = Hasher::new();
    hash.update(b"a");
    hash.update(b"bc");
    let digest = hash.finish();
    let whole = of(Payload::Body, "abc".into());
    assert_eq!(whole, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(of(Payload::Digest(digest), crate::http::Body::taken()), whole);
    assert_eq!(of(Payload::Unsigned, "abc".into()), UNSIGNED);
    assert_eq!(of(Payload::Body, crate::http::Body::taken()), UNSIGNED);
    assert_eq!(from_hex(&whole), Some(digest));
    for none in [UNSIGNED, "", &whole[..62], &whole.replace('b', "g"), &format!("+{}", &whole[1..])] {
        assert_eq!(from_hex(none), None, "{none}");
    }
}

#[test]
fn events_are_not_presigned() {
    let settings = Settings { payload: Payload::Frames, ..Settings::STANDARD };
    let mut request = request();
    let refused = presign(&mut request, &IDENTITY, &scope(), &settings, Duration::from_secs(60), &KeyCache::new());
    assert_eq!(refused.err(), Some(SigningError::Frames));
    assert_eq!(request.query, "MaxItems=2");
}

#[test]
fn presigning_again_replaces_the_earlier_signature() {
    let (mut once, mut twice) = (request(), request());
    let minute = Duration::from_secs(60);
    let keys = KeyCache::new();
    presign(&mut once, &IDENTITY, &scope(), &Settings::STANDARD, minute, &keys).unwrap();
    presign(&mut twice, &IDENTITY, &scope(), &Settings::STANDARD, 2 * minute, &keys).unwrap();
    presign(&mut twice, &IDENTITY, &scope(), &Settings::STANDARD, minute, &keys).unwrap();
    assert_eq!(once.query, twice.query);
    assert!(once.query.starts_with("MaxItems=2&X-Amz-Algorithm=AWS4-HMAC-SHA256&"), "{}", once.query);
}

#[test]
fn an_omitted_token_is_sent_but_not_signed() {
    let settings = Settings { omit_session_token: true, ..Settings::STANDARD };
    let mut in_headers = request();
    let canonical = signed(&mut in_headers, &IDENTITY, &settings);
    assert!(!canonical.contains("token"), "{canonical}");
    assert_eq!(in_headers.headers.get(TOKEN_HEADER), Some("whisper"));

    let mut in_query = request();
    let hour = Duration::from_secs(3600);
    let result = presign(&mut in_query, &IDENTITY, &scope(), &settings, hour, &KeyCache::new()).unwrap();
    assert!(!result.canonical_request().contains("Token"), "{}", result.canonical_request());
    assert!(in_query.query.contains("&X-Amz-Security-Token=whisper&"), "{}", in_query.query);
}

#[test]
fn presigned_requests_are_valid_for_a_second_to_a_week() {
    let week = Duration::from_secs(604_800);
    check_expires(Duration::from_secs(1), true);
    check_expires(week, true);
    check_expires(Duration::from_millis(999), false);
    check_expires(week + Duration::from_millis(1), false);
    check_expires(Duration::ZERO, false);
    check_expires(Duration::MAX, false);
}

fn check_expires(expires: Duration, valid: bool) {
    let mut request = request();
    let result = presign(&mut request, &IDENTITY, &scope(), &Settings::STANDARD, expires, &KeyCache::new());
    assert_eq!(result.is_ok(), valid, "{expires:?}");
    if let Err(error) = result {
        assert!(error.to_string().contains("1 second to 7 days"), "{error}");
        assert_eq!(request.query, "MaxItems=2");
    }
}

#[test]
fn what_cannot_be_signed_is_named_without_its_value() {
    let identity = |access_key_id, session_token| Identity { access_key_id, session_token, ..IDENTITY };
    check_error(identity("hush\n", None), scope(), request(), "the access key id is empty or holds");
    check_error(identity("AKID", Some("hush hush")), scope(), request(), "the session token is empty or holds");
    check_error(IDENTITY, Scope { region: "", ..scope() }, request(), "the region is empty or holds");
    check_error(IDENTITY, Scope { service: "a\r\nb", ..scope() }, request(), "the signing name is empty or holds");
    check_error(IDENTITY, scope(), Request { origin: String::new(), ..request() }, "no host");
    let after_9999 = Scope { time: UNIX_EPOCH + Duration::from_secs(253_402_300_800), ..scope() };
    check_error(IDENTITY, after_9999, request(), "the years 0 to 9999");
}

fn check_error(identity: Identity<'_>, scope: Scope<'_>, mut request: Request, expected: &str) {
    let error = sign(&mut request, &identity, &scope, &Settings::STANDARD, &KeyCache::new()).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains(expected) && !shown.contains("hush"), "{shown}");
    assert!(request.headers.is_empty(), "a failure leaves the request as it was");
}

#[test]
fn debug_shows_no_secret() {
    let mut request = request();
    let keys = KeyCache::new();
    let result = sign(&mut request, &IDENTITY, &scope(), &Settings::STANDARD, &keys).unwrap();
    check_hidden(&format!("{IDENTITY:?} {result:?} {keys:?} {request:?}"), &result);

    let hour = Duration::from_secs(3600);
    let result = presign(&mut request, &IDENTITY, &scope(), &Settings::STANDARD, hour, &keys).unwrap();
    check_hidden(&format!("{IDENTITY:?} {result:?} {request:?}"), &result);
}

fn check_hidden(shown: &str, result: &Signed) {
    assert!(shown.contains("AKIDEXAMPLE"), "{shown}");
    assert!(!shown.contains("hush") && !shown.contains("whisper") && !shown.contains(&result.signature()), "{shown}");
}
