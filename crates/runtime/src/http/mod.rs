//! HTTP messages, as plain data: what codecs write, signing reads and a transport carries.
//!
//! Header names are ASCII and compared without regard to case; the order of headers and of query pairs is kept.

mod body;
mod headers;
pub(crate) mod percent;
mod sent;
mod stall;
mod whole;

pub(crate) use body::failed;
pub use body::{Body, Chunks};
pub use headers::Headers;
pub(crate) use headers::check_header;
#[cfg(any(test, feature = "test-util"))]
pub(crate) use headers::is_secret_header;
pub(crate) use sent::Progress;
pub(crate) use stall::Silence;
pub(crate) use whole::BodyError;

/// A request before it has a host: the endpoint and the signature come later.
#[derive(Default)]
pub struct Request {
    /// The method, in upper case: `GET`.
    pub method: &'static str,
    /// `https://` or `http://` and the authority, without a trailing slash. Until the endpoint is resolved, what the
    /// operation puts before the host of any endpoint, which is nothing for nearly all.
    pub origin: String,
    /// The path, percent-encoded, with its leading slash.
    pub path: String,
    /// The query, percent-encoded by RFC 3986, without `?`; empty when there is none.
    pub query: String,
    /// The headers to send. `host` and `content-length` are set by the transport where they are absent.
    pub headers: Headers,
    /// The body; empty when there is none.
    pub body: Body,
}

impl Request {
    /// The whole address: origin, path and query.
    pub fn uri(&self) -> String {
        let question = if self.query.is_empty() { "" } else { "?" };
        [&self.origin, &self.path, question, &self.query].concat()
    }

    /// The method.
    pub fn method(&self) -> &str {
        self.method
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, to be changed.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The body, to be replaced.
    pub fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }

    /// The bytes of a body that is whole; empty otherwise.
    pub fn bytes(&self) -> &[u8] {
        self.body.bytes().unwrap_or_default()
    }

    /// The same request once more. None where its body cannot be begun again.
    pub fn try_clone(&self) -> Option<Self> {
        Some(self.with_body(self.body.try_clone()?))
    }

    /// The request of an attempt. Where the body cannot be begun again, it is the last one.
    pub(crate) fn next(&mut self) -> Self {
        let body = self.body.next();
        self.with_body(body)
    }

    fn with_body(&self, body: Body) -> Self {
        let Self { method, origin, path, query, headers, .. } = self;
        Self {
            method,
            origin: origin.clone(),
            path: path.clone(),
            query: query.clone(),
            headers: headers.clone(),
            body,
        }
    }

    /// Makes sure that this is sent as one request, whatever transport sends it.
    ///
    /// # Errors
    ///
    /// What would not be, and what to do.
    pub(crate) fn check(&self) -> Result<(), String> {
        let is_broken = |byte: u8| byte.is_ascii_control() || byte == b' ';
        if [&self.origin, &self.path, &self.query].into_iter().any(|part| part.bytes().any(is_broken)) {
            return Err("the address has a space or a control character: percent-encode it".to_owned());
        }
        self.headers.iter().try_for_each(|(name, value)| {
            check_header(name, value).map_err(|reason| format!("{} {reason}", name.escape_debug()))
        })
    }

    /// Host and port of the origin, as the `host` header carries them.
    pub fn authority(&self) -> &str {
        // It is asked for several times a call. To search so few bytes one by one takes the fewest instructions.
        let colon = self.origin.bytes().position(|byte| byte == b':');
        colon.and_then(|colon| self.origin.get(colon..)?.strip_prefix("://")).unwrap_or_default()
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("origin", &self.origin)
            .field("path", &self.path)
            .field("query", &shown_query(&self.query))
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish()
    }
}

/// A query with the pairs hidden that make a presigned request as good as credentials.
pub(crate) fn shown_query(query: &str) -> String {
    const SECRET: [&str; 2] = ["X-Amz-Security-Token", "X-Amz-Signature"];
    let shown = |pair| match str::split_once(pair, '=') {
        Some((key, _)) if SECRET.contains(&key) => format!("{key}=** redacted **"),
        _ => pair.to_owned(),
    };
    query.split('&').map(shown).collect::<Vec<_>>().join("&")
}

/// The status code of a response (RFC 9110, section 15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusCode(u16);

impl StatusCode {
    /// Wraps a code as it came; it is not checked against any list.
    pub const fn new(code: u16) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn as_u16(self) -> u16 {
        self.0
    }

    /// Whether this is a 2xx.
    pub const fn is_success(self) -> bool {
        self.0 / 100 == 2
    }

    /// Whether this is a 4xx.
    pub const fn is_client_error(self) -> bool {
        self.0 / 100 == 4
    }

    /// Whether this is a 5xx.
    pub const fn is_server_error(self) -> bool {
        self.0 / 100 == 5
    }
}

impl From<StatusCode> for u16 {
    fn from(status: StatusCode) -> Self {
        status.0
    }
}

impl std::fmt::Display for StatusCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A response; its body is whole once a call has read it, and a stream until then.
#[derive(Debug, Default)]
pub struct Response {
    status: StatusCode,
    headers: Headers,
    body: Body,
}

impl Response {
    /// Puts a response together, as a transport does.
    pub fn new(status: StatusCode, headers: Headers, body: Body) -> Self {
        Self { status, headers, body }
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The body, to be read or replaced.
    pub fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }

    /// The bytes of a body that has been read whole; empty otherwise.
    pub fn bytes(&self) -> &[u8] {
        self.body.bytes().unwrap_or_default()
    }
}
