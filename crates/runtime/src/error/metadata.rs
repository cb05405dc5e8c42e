//! Code, message and request id of an error, whether the model lists it or not.

use super::display::{Beginning, is_unseen};
use super::quoted::without_secrets;
use crate::http::Response;

/// What a service says of an error beyond the members of its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorMetadata {
    // Most of it is absent in most errors that are held, which therefore hold a pointer. None is all of it absent.
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Inner {
    code: Option<String>,
    message: Option<String>,
    /// Whether the model says that the message never appears in logs.
    is_secret: bool,
    request_id: Option<String>,
    status: Option<u16>,
    snippet: Option<String>,
    extras: Vec<(&'static str, String)>,
}

impl ErrorMetadata {
    /// How many bytes of a body that is no error document are kept to be shown.
    pub const SNIPPET: usize = 512;

    /// Nothing known.
    pub(crate) const EMPTY: Self = Self { inner: None };

    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.inner.is_none()
    }

    /// Starts with nothing known.
    pub fn builder() -> ErrorMetadataBuilder {
        ErrorMetadataBuilder::default()
    }

    /// The error code, without namespace and address: `TooManyRequestsException`.
    pub fn code(&self) -> Option<&str> {
        self.inner.as_ref()?.code.as_deref()
    }

    /// The message of the service.
    pub fn message(&self) -> Option<&str> {
        self.inner.as_ref()?.message.as_deref()
    }

    /// The HTTP status of the response.
    pub fn status(&self) -> Option<u16> {
        self.inner.as_ref()?.status
    }

    /// The beginning of a body that says neither code nor message, such as a page of HTML: at most
    /// [`SNIPPET`](Self::SNIPPET) bytes on one line, and `…` where there is more.
    pub fn snippet(&self) -> Option<&str> {
        self.inner.as_ref()?.snippet.as_deref()
    }

    /// A further value that was kept under a name; the request id is kept as `aws_request_id`.
    pub fn extra(&self, name: &str) -> Option<&str> {
        let Inner { extras, request_id, .. } = &**self.inner.as_ref()?;
        match name {
            REQUEST_ID => request_id.as_deref(),
            _ => extras.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str()),
        }
    }

    /// Goes on from what is known.
    pub fn into_builder(self) -> ErrorMetadataBuilder {
        ErrorMetadataBuilder { inner: self.inner.map(|inner| *inner).unwrap_or_default() }
    }

    /// The same without the beginning of the body, where that may hold secrets.
    pub(crate) fn without_snippet(mut self) -> Self {
        if let Some(inner) = &mut self.inner {
            inner.snippet = None;
        }
        self
    }

    /// The same, whose message is never shown: the model says that it is sensitive. Whoever asks for it has it.
    pub fn with_secret_message(mut self) -> Self {
        if let Some(inner) = &mut self.inner {
            inner.is_secret = true;
        }
        self
    }

    /// The message, as it is shown.
    fn shown(&self) -> Option<&str> {
        let inner = self.inner.as_ref()?;
        inner.message.as_deref().map(|message| if inner.is_secret { REDACTED } else { message })
    }

    /// What a protocol found in a response, completed with what every protocol has: status, request id, snippet. Of a
    /// request that is quoted, the tokens are left out.
    pub fn of(response: &Response, code: Option<String>, message: Option<String>) -> Self {
        let silent = code.is_none() && message.is_none() && !response.bytes().is_empty();
        let inner = Inner {
            code,
            message: message.map(|message| without_secrets(&message).into_owned()),
            is_secret: false,
            request_id: response.request_id().map(str::to_owned),
            status: Some(response.status().as_u16()),
            snippet: silent.then(|| snippet(response.bytes())),
            extras: Vec::new(),
        };
        Self { inner: Some(Box::new(inner)) }
    }
}

/// The beginning of a body on one line, cut at a character; `…` says that there is more.
fn snippet(body: &[u8]) -> String {
    let head = body.get(..ErrorMetadata::SNIPPET).unwrap_or(body);
    let text = String::from_utf8_lossy(head);
    // The end of the head may be half a character, which is no fault of the body.
    let text = if head.len() < body.len() { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
    let mut line = without_secrets(text).split_whitespace().collect::<Vec<_>>().join(" ");
    line.retain(|c| !is_unseen(c));
    // Bytes that are no text are longer as text.
    let end = (0..=ErrorMetadata::SNIPPET).rev().find(|end| line.is_char_boundary(*end)).unwrap_or(0);
    if end < line.len() || head.len() < body.len() {
        line.truncate(end);
        line.push('…');
    }
    line
}

impl std::fmt::Display for ErrorMetadata {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.code().map(Beginning::of_name), self.shown().map(Beginning::of_message)) {
            (Some(code), Some(message)) => write!(f, "{code}: {message}"),
            (Some(code), None) => write!(f, "{code}"),
            (None, Some(message)) => write!(f, "an error without a code: {message}"),
            (None, None) => match self.snippet() {
                Some(snippet) => write!(f, "an error without a code, whose body begins: {snippet}"),
                None => f.write_str("an error without a code or a body"),
            },
        }
    }
}

impl std::error::Error for ErrorMetadata {}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, message, is_secret, request_id, status, snippet, extras } = self;
        let message = message.as_deref().map(|message| if *is_secret { REDACTED } else { message });
        f.debug_struct("Inner")
            .field("code", code)
            .field("message", &message)
            .field("request_id", request_id)
            .field("status", status)
            .field("snippet", snippet)
            .field("extras", extras)
            .finish()
    }
}

/// Puts an [`ErrorMetadata`] together.
#[derive(Clone, Debug, Default)]
pub struct ErrorMetadataBuilder {
    inner: Inner,
}

impl ErrorMetadataBuilder {
    /// Sets the code.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.inner.code = Some(code.into());
        self
    }

    /// Sets the message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.inner.message = Some(message.into());
        self
    }

    /// Keeps a further value under a name; `aws_request_id` is the request id.
    pub fn custom(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if name == REQUEST_ID {
            self.inner.request_id = Some(value.into());
        } else {
            self.inner.extras.push((name, value.into()));
        }
        self
    }

    /// Finishes.
    pub fn build(self) -> ErrorMetadata {
        ErrorMetadata { inner: (self.inner != Inner::default()).then(|| Box::new(self.inner)) }
    }
}

/// What is shown in place of a secret.
#[doc(hidden)]
pub const REDACTED: &str = "** redacted **";

/// The name under which the official crates keep the request id.
const REQUEST_ID: &str = "aws_request_id";

/// An error that knows its code and message.
pub trait ProvideErrorMetadata {
    /// All that is known.
    fn meta(&self) -> &ErrorMetadata;

    /// The error code.
    fn code(&self) -> Option<&str> {
        self.meta().code()
    }

    /// The message.
    fn message(&self) -> Option<&str> {
        self.meta().message()
    }
}

impl ProvideErrorMetadata for ErrorMetadata {
    fn meta(&self) -> &ErrorMetadata {
        self
    }
}

/// An output or an error that knows the id which the service gave the request.
pub trait RequestId {
    /// The id, from the header `x-amzn-requestid`.
    fn request_id(&self) -> Option<&str>;
}

impl RequestId for ErrorMetadata {
    fn request_id(&self) -> Option<&str> {
        self.inner.as_ref()?.request_id.as_deref()
    }
}

impl RequestId for Response {
    fn request_id(&self) -> Option<&str> {
        self.headers().get("x-amzn-requestid").or_else(|| self.headers().get("x-amz-request-id"))
    }
}

impl<O: RequestId, E: RequestId> RequestId for Result<O, E> {
    fn request_id(&self) -> Option<&str> {
        match self {
            Ok(output) => output.request_id(),
            Err(error) => error.request_id(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Body, Headers, StatusCode};

    fn of(body: &[u8], message: Option<&str>) -> ErrorMetadata {
        let headers: Headers = [("x-amzn-requestid", "id-1")].into_iter().collect();
        let response = Response::new(StatusCode::new(503), headers, Body::whole(body.to_vec()));
        ErrorMetadata::of(&response, None, message.map(str::to_owned))
    }

    #[test]
    fn a_snippet_is_one_short_line_of_whole_characters() {
        let check = |body: &[u8], expected: &str| {
            let meta = of(body, None);
            assert_eq!(meta.snippet(), Some(expected), "{}", String::from_utf8_lossy(body));
            assert!(expected.trim_end_matches('…').len() <= ErrorMetadata::SNIPPET);
        };
        check(b"<html>\r\n\t<title>503</title>  </html>\n", "<html> <title>503</title> </html>");
        check(b"a\x1b[31mb\0c\xe2\x80\xaed", "a[31mbcd");
        check(b"\xff\xfe{", "\u{fffd}\u{fffd}{");
        let x = |n| "x".repeat(n);
        check(x(512).as_bytes(), &x(512));
        check(x(513).as_bytes(), &(x(512) + "…"));
        // A character of two bytes ends at the limit, or stands across it.
        check((x(510) + "é").as_bytes(), &(x(510) + "é"));
        check((x(510) + "éé").as_bytes(), &(x(510) + "é…"));
        check((x(511) + "é").as_bytes(), &(x(511) + "…"));
        check((x(509) + "😀😀").as_bytes(), &(x(509) + "…"));
        // What is no text is three bytes long where it was one.
        check(&[0xff; 171], &("\u{fffd}".repeat(170) + "…"));
        check(&[0xff; 2000], "…");
    }

    #[test]
    fn a_body_that_says_something_has_no_snippet() {
        assert_eq!(of(b"{}", Some("said")).snippet(), None);
        assert_eq!(of(b"", None).snippet(), None);
    }

    #[test]
    fn what_it_says() {
        let check = |meta: ErrorMetadata, expected: &str| assert_eq!(meta.to_string(), expected);
        let built = ErrorMetadata::builder;
        check(built().code("Busy").message("la\nter").build(), "Busy: la ter");
        check(built().code("Bu\u{1b}sy").build(), "Bu\\u{1b}sy");
        check(built().message("later").build(), "an error without a code: later");
        check(built().build(), "an error without a code or a body");
        check(of(b"<html>", None), "an error without a code, whose body begins: <html>");
    }

    #[test]
    fn what_is_put_in_comes_out() {
        let meta = of(b"", Some("said")).into_builder().code("Busy").custom("more", "1").build();
        assert_eq!((meta.code(), meta.message(), meta.status()), (Some("Busy"), Some("said"), Some(503)));
        assert_eq!((meta.request_id(), meta.extra("aws_request_id")), (Some("id-1"), Some("id-1")));
        assert_eq!((meta.extra("more"), meta.extra("less")), (Some("1"), None));
        assert_eq!(ErrorMetadata::builder().custom("aws_request_id", "id-2").build().request_id(), Some("id-2"));
        // Nothing known is nothing known, however it was come by.
        assert_eq!(ErrorMetadata::builder().build(), ErrorMetadata::default());
    }
}
