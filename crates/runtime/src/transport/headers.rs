//! The headers of a request as hyper takes them, and those of an answer as they are kept.

use std::borrow::Cow;

use hyper::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, MaxSizeReached,
    USER_AGENT,
};

use super::hyper::user_error;
use super::{TransportError, TransportErrorKind};
use crate::http::{Body, Headers, Request};

/// How many headers an answer may have.
const MAX: usize = 100;

/// Room for what is added to the headers of a request: its host, its length or how it is sent without, and who it is to a
/// proxy.
const ADDED: usize = 4;

/// How many bytes the names and values of an answer's headers may have.
pub(super) const MAX_LENGTH: usize = 64 * 1024;

/// The names that most requests have. Any other is looked at letter by letter, and copied unless it is one of HTTP's own.
static USUAL: [HeaderName; 9] = [
    HeaderName::from_static("x-amz-date"),
    AUTHORIZATION,
    USER_AGENT,
    HeaderName::from_static("amz-sdk-invocation-id"),
    HeaderName::from_static("amz-sdk-request"),
    HeaderName::from_static("x-amz-security-token"),
    CONTENT_TYPE,
    HeaderName::from_static("x-amz-target"),
    ACCEPT,
];

/// The headers of a request, with its host and the length of a body that its method leads servers to expect.
pub(super) fn outgoing(request: &Request, body: &Body) -> Result<HeaderMap, TransportError> {
    let mut headers = HeaderMap::try_with_capacity(request.headers.len().saturating_add(ADDED)).map_err(too_many)?;
    for (name, value) in request.headers.iter_shared() {
        // A value can be a secret; it is not shown.
        let invalid = |what: &str| user_error(format!("the {what} of its header {name:?} is not valid"));
        let value = HeaderValue::from_maybe_shared(value).map_err(|_| invalid("value"))?;
        let usual = USUAL.iter().find(|usual| usual.as_str() == name).cloned();
        let name = match usual {
            Some(name) => name,
            None => HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("name"))?,
        };
        headers.try_append(name, value).map_err(too_many)?;
    }
    if request.headers.get("host").is_none() {
        let host = HeaderValue::from_str(request.authority()).map_err(|_| user_error("its host is not valid"))?;
        insert(&mut headers, HOST, host)?;
    }
    // hyper says the length of any other body itself.
    let has_length = !body.is_empty() || headers.contains_key(CONTENT_LENGTH);
    if !has_length && matches!(request.method, "POST" | "PUT" | "PATCH") {
        insert(&mut headers, CONTENT_LENGTH, HeaderValue::from_static("0"))?;
    }
    Ok(headers)
}

/// Adds a header to a request, in the place of others of its name.
pub(super) fn insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) -> Result<(), TransportError> {
    headers.try_insert(name, value).map(drop).map_err(too_many)
}

/// What is told where `HeaderMap` cannot hold all headers.
fn too_many(_: MaxSizeReached) -> TransportError {
    user_error("it has too many headers: about 24,000 can be sent")
}

/// The headers of an answer. hyper bounds what it buffers, but only roughly: a head that comes in one piece may be longer,
/// and in HTTP/2 of more parts.
pub(super) fn incoming(headers: &HeaderMap) -> Result<Headers, TransportError> {
    let count = headers.len();
    if count > MAX {
        let message = format!("the answer has {count} headers, more than {MAX}");
        return Err(TransportError::new(TransportErrorKind::Protocol, message));
    }
    let lengths = headers.iter().flat_map(|(name, value)| [name.as_str().len(), value.len()]);
    let length = lengths.fold(0, usize::saturating_add);
    if length > MAX_LENGTH {
        let message = format!("the headers of the answer take {length} bytes, more than {MAX_LENGTH}");
        return Err(TransportError::new(TransportErrorKind::Protocol, message));
    }
    let mut kept = Headers::new();
    kept.reserve(count, length);
    headers.iter().for_each(|(name, value)| kept.append(name.as_str(), text(value.as_bytes())));
    Ok(kept)
}

/// The text of a value. Nearly all are ASCII, which is found out many bytes at a time.
fn text(value: &[u8]) -> Cow<'_, str> {
    str::from_utf8(value).map_or_else(|_| String::from_utf8_lossy(value), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_carried_both_ways() {
        let pairs = [("X-Amz-Date", "d"), ("x-amz-date", "e"), ("accept", "a/b"), ("x-other", "\u{fc} \t"), ("x", "")];
        let request =
            Request { origin: "http://h:1".to_owned(), headers: pairs.into_iter().collect(), ..Request::default() };
        let headers = outgoing(&request, &Body::empty()).unwrap();
        assert_eq!(headers.get_all("x-amz-date").iter().collect::<Vec<_>>(), ["d", "e"]);
        assert_eq!(headers.get(HOST).unwrap(), "h:1");
        let back = incoming(&headers).unwrap();
        assert_eq!(back.get_all("X-Amz-Date").collect::<Vec<_>>(), ["d", "e"]);
        assert_eq!(
            (back.get("accept"), back.get("x-other"), back.get("x")),
            (Some("a/b"), Some("\u{fc} \t"), Some(""))
        );
    }

    #[test]
    fn what_is_no_header_is_refused_and_its_value_not_shown() {
        for (name, value) in [("a b", "hush"), ("a", "hush\r\nb: c"), ("\u{fc}", "hush")] {
            let headers = [(name, value)].into_iter().collect();
            let error = outgoing(&Request { headers, ..Request::default() }, &Body::empty()).unwrap_err();
            assert!(!format!("{error:?}").contains("hush"), "{error:?}");
        }
    }

    #[test]
    fn more_headers_than_can_be_sent_are_refused() {
        // A proxy's and hyper's own are added besides.
        for (count, is_sent) in [(24_572, true), (24_573, false), (100_000, false)] {
            let headers = (0..count).map(|number| (format!("x-{number}"), String::new())).collect();
            let request = Request { method: "POST", headers, ..Request::default() };
            match outgoing(&request, &Body::empty()) {
                Ok(mut headers) => {
                    assert!(is_sent && headers.capacity() >= headers.len() + 2, "{count}");
                    insert(&mut headers, AUTHORIZATION, HeaderValue::from_static("")).unwrap();
                }
                Err(error) => assert!(!is_sent && error.kind() == TransportErrorKind::User, "{count} {error:?}"),
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_bytes(b"a\xff").unwrap());
        assert_eq!(incoming(&headers).unwrap().get("accept"), Some("a\u{fffd}"));
    }
}
