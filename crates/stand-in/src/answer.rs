//! An answer before it is sent, and the shapes in which Lambda tells of errors.

use serde::Serialize;
use serde_json::{Value, json};

use crate::event_stream;
use crate::pace::Pace;

/// Errors of Lambda whose model writes `Message` with a capital.
const CAPITAL: [&str; 2] = ["ResourceNotFoundException", "ServiceException"];

/// A response: status, headers, body. Its length and date are added when it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Where the body is an event stream.
    pub(crate) events: Option<Events>,
}

/// The events of a body.
#[derive(Clone, Debug)]
pub(crate) struct Events {
    /// Where each of them ends, counted from the beginning of the body.
    pub(crate) ends: Vec<usize>,
    /// How fast they come.
    pub(crate) pace: Pace,
}

impl Events {
    /// Where the first so many events end.
    pub(crate) fn end(&self, count: usize) -> usize {
        let last = count.min(self.ends.len()).checked_sub(1);
        last.and_then(|last| self.ends.get(last)).copied().unwrap_or(0)
    }
}

/// Where an error comes from: the second half of `x-amzn-errortype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// Lambda itself; its errors say in `Type` whose fault it is.
    Lambda,
    /// The framework that checks constraints.
    Validation,
    /// The framework that authenticates and reads requests.
    Framework,
}

impl Namespace {
    fn uri(self) -> &'static str {
        match self {
            Self::Lambda => "http://internal.amazon.com/coral/com.amazonaws.awslambda/",
            Self::Validation => "http://internal.amazon.com/coral/com.amazon.coral.validate/",
            Self::Framework => "http://internal.amazon.com/coral/com.amazon.coral.service/",
        }
    }
}

impl Answer {
    /// A body of some content type.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".into(), content_type.into())];
        Self { status, headers, body: body.into(), events: None }
    }

    /// No body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), events: None }
    }

    /// A stream of events.
    pub(crate) fn events(events: &[Vec<u8>], pace: Pace) -> Self {
        let ends = events.iter().scan(0, |end, event| {
            *end += event.len();
            Some(*end)
        });
        let events_of_body = Events { ends: ends.collect(), pace };
        Self { events: Some(events_of_body), ..Self::new(200, event_stream::CONTENT_TYPE, events.concat()) }
    }

    /// A JSON document.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => Self::new(status, "application/json", json),
            // None of our types can fail to serialize; were one to, its client would see what the service does.
            Err(_) => Self::new(500, "application/json", *b"{}"),
        }
    }

    /// An error in the service's shape: the code in `x-amzn-errortype`, the message in the body.
    pub(crate) fn error(status: u16, code: &str, namespace: Namespace, message: &str) -> Self {
        let body = match namespace {
            Namespace::Lambda if CAPITAL.contains(&code) => json!({"Type": fault_of(status), "Message": message}),
            Namespace::Lambda => json!({"Type": fault_of(status), "message": message}),
            Namespace::Validation | Namespace::Framework => json!({"message": message}),
        };
        Self::json(status, &body).with("x-amzn-errortype", format!("{code}:{}", namespace.uri()))
    }

    /// The error of a caller who comes too often; a model lists `Reason`, `Type` and the header `Retry-After`.
    pub(crate) fn too_many_requests(reason: &str, retry_after: &str) -> Self {
        Self::json(429, &throttling_body(reason))
            .with("x-amzn-errortype", error_type("TooManyRequestsException"))
            .with("retry-after", retry_after)
    }

    /// The error of a request whose body is longer than this.
    pub(crate) fn request_too_large(limit: usize) -> Self {
        let message = format!("Request must be smaller than {limit} bytes for the InvokeFunction operation");
        Self::error(413, "RequestTooLargeException", Namespace::Lambda, &message)
    }

    /// What Lambda answers to a path or a method that it does not have: not JSON, no error type, and not 404.
    pub(crate) fn unknown_operation() -> Self {
        let message = "Unable to determine service/operation name to be authorized";
        let xml = format!("<AccessDeniedException>\n  <Message>{message}</Message>\n</AccessDeniedException>\n");
        Self::new(403, "application/xml", xml)
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// How Lambda writes one of its own error codes in `x-amzn-errortype`.
pub(crate) fn error_type(code: &str) -> String {
    format!("{code}:{}", Namespace::Lambda.uri())
}

/// The members of a throttling error.
pub(crate) fn throttling_body(reason: &str) -> Value {
    json!({"Reason": reason, "Type": "User", "message": "Rate exceeded"})
}

/// Whose fault a status is, in Lambda's words.
pub(crate) fn fault_of(status: u16) -> &'static str {
    if status >= 500 { "Service" } else { "User" }
}
