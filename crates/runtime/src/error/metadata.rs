//! Code, message and request id of an error, whether the model lists it or not.

use crate::http::Response;

/// What a service says of an error beyond the members of its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorMetadata {
    // Most of it is absent in most errors that are held, which therefore hold a pointer.
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inner {
    code: Option<String>,
    message: Option<String>,
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

    /// The beginning of a body that says neither code nor message, such as a page of HTML.
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

    /// What a protocol found in a response, completed with what every protocol has: status, request id, snippet.
    pub fn of(response: &Response, code: Option<String>, message: Option<String>) -> Self {
        let silent = code.is_none() && message.is_none() && !response.bytes().is_empty();
        let inner = Inner {
            code,
            message,
            request_id: response.request_id().map(str::to_owned),
            status: Some(response.status().as_u16()),
            snippet: silent.then(|| snippet(response.bytes())),
            extras: Vec::new(),
        };
        Self { inner: Some(Box::new(inner)) }
    }
}

/// The first bytes of a body on one line, cut at a character.
fn snippet(body: &[u8]) -> String {
    let head = &body[..body.len().min(ErrorMetadata::SNIPPET)];
    let text = String::from_utf8_lossy(head);
    let line: Vec<&str> = text.split_whitespace().collect();
    let mut line = line.join(" ");
    line.retain(|c| !c.is_control());
    if body.len() > head.len() {
        line.push('…');
    }
    line
}

impl std::fmt::Display for ErrorMetadata {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.code(), self.message()) {
            (Some(code), Some(message)) => write!(f, "{code}: {message}"),
            (Some(code), None) => f.write_str(code),
            (None, Some(message)) => write!(f, "an error without a code: {message}"),
            (None, None) => match self.snippet() {
                Some(snippet) => write!(f, "an error without a code, whose body begins: {snippet}"),
                None => f.write_str("an error without a code or a body"),
            },
        }
    }
}

impl std::error::Error for ErrorMetadata {}

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
        ErrorMetadata { inner: Some(Box::new(self.inner)) }
    }
}

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
