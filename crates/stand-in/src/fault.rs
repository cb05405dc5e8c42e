//! What the stand-in can do wrong, on request.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::delivery::End;

mod replace;
mod schedule;

pub(crate) use schedule::Schedule;

/// A misbehaviour of one answer. Faults of the wire (from [`Fault::ResetBeforeRequest`] to [`Fault::Raw`], and
/// [`Fault::Respond`] where it says so) end the connection after the answer.
///
/// From text, by name: see [`Fault::names`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// None: in a queue, lets a request through.
    None,
    /// 429 `TooManyRequestsException`, however much of that it tells.
    Throttle {
        /// Where the code stands.
        code: CodePlace,
        /// When to come again.
        retry_after: RetryAfter,
    },
    /// Some error of the service.
    Error {
        /// The HTTP status.
        status: u16,
        /// The error code.
        code: String,
        /// Where the code stands.
        place: CodePlace,
        /// The message.
        message: String,
    },
    /// A page of HTML, as load balancers send it, with this status.
    Html(u16),
    /// This status, and no body.
    Empty(u16),
    /// 200, JSON by its content type, and a sentence by its body.
    NotJson,
    /// The first half of the JSON of the answer, with its length told rightly.
    TruncatedJson,
    /// The answer, padded with spaces behind its JSON to this many bytes.
    Oversized(usize),
    /// The clock moves by these seconds for this request: the `Date` header and what counts as expired.
    SkewedClock(i64),
    /// Exactly these status, headers and body. A length is added where no header frames the body; where one does, the
    /// headers are sent as they are, however false, and the connection is closed.
    Respond {
        /// The HTTP status.
        status: u16,
        /// The headers, in their order.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// The connection is reset before the request is read, so that it is not recorded. Where two requests come in one
    /// piece, the second is read with the first, and the reset comes after it.
    ResetBeforeRequest,
    /// The connection is reset after the request was read.
    ResetAfterRequest,
    /// The connection is closed, in order, after the request was read.
    CloseAfterRequest,
    /// The connection is reset after half of the body.
    ResetMidBody,
    /// The body is sent in chunks, and the connection closed before the last.
    CloseMidBody,
    /// The length is told rightly, and the connection closed after half of the body.
    TruncatedBody,
    /// The whole body is sent under a length that is wrong by so many bytes.
    WrongLength(i64),
    /// The answer begins after this time.
    SlowHeaders(Duration),
    /// The body comes in pieces of so many bytes, with a pause before each. The whole is broken off after a minute.
    SlowBody {
        /// Bytes in a piece.
        piece: usize,
        /// The pause before each.
        pause: Duration,
    },
    /// Half of the body comes, and then nothing for a minute, or until the client leaves.
    StalledBody,
    /// Nothing comes for a minute, or until the client leaves.
    NoAnswer,
    /// The answer is whole and right, and promises a connection that stays open; then it ends all the same. A client
    /// that keeps it for the next request finds out too late.
    EndAfterAnswer(End),
    /// So many events of an event stream come as they should, and then this. Without effect on other answers, and where
    /// it spoils an event that there is not; it is counted all the same.
    Events {
        /// How many events come.
        after: usize,
        /// What comes then.
        fault: EventFault,
    },
    /// These bytes, whatever they are, in place of an HTTP answer.
    Raw(Vec<u8>),
}

/// What a stream of events can do wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventFault {
    /// An event whose checksum is that of another, and the rest.
    Checksum,
    /// Half of an event, and the end of the body as HTTP has it.
    Cut,
    /// The end of the body as HTTP has it.
    End,
    /// An error that a model can list, and the end.
    Exception {
        /// The code.
        code: String,
        /// The message.
        message: String,
    },
    /// An error that no model lists, and the end.
    Error {
        /// The code.
        code: String,
        /// The message.
        message: String,
    },
    /// Nothing for a minute.
    Stall,
    /// The connection is reset.
    Reset,
}

/// Where an answer says what its error code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodePlace {
    /// In `x-amzn-errortype`, bare.
    Header,
    /// In `x-amzn-errortype`, before a colon and a URI, as live services write it.
    HeaderWithUri,
    /// In this member of the body: `code`, `__type` and `Code` are in use.
    Body(&'static str),
    /// In the member `__type` of the body, after a namespace and a `#`.
    BodyWithNamespace,
    /// Nowhere: the status says all.
    Nowhere,
}

/// How an answer says when to come again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Not at all.
    Never,
    /// `Retry-After` with seconds.
    Seconds(u64),
    /// `Retry-After` with a date, so many seconds ahead of the stand-in's clock.
    Date(i64),
    /// `Retry-After` with this text, which is neither.
    Text(String),
    /// `x-amz-retry-after` with milliseconds.
    Milliseconds(u64),
}

impl Fault {
    const NAMED: &[Named] = &[
        ("none", || Fault::None),
        ("throttle", || throttle(CodePlace::HeaderWithUri, RetryAfter::Seconds(1))),
        ("throttle-in-body", || throttle(CodePlace::Body("code"), RetryAfter::Never)),
        ("throttle-bare", || throttle(CodePlace::Nowhere, RetryAfter::Never)),
        ("throttle-date", || throttle(CodePlace::Header, RetryAfter::Date(1))),
        ("throttle-garbage", || throttle(CodePlace::Header, RetryAfter::Text("soon".into()))),
        ("throttle-ms", || throttle(CodePlace::Header, RetryAfter::Milliseconds(250))),
        ("service-error", || Fault::Error {
            status: 500,
            code: "ServiceException".into(),
            place: CodePlace::HeaderWithUri,
            message: "An internal error occurred".into(),
        }),
        ("html-503", || Fault::Html(503)),
        ("empty-500", || Fault::Empty(500)),
        ("not-json", || Fault::NotJson),
        ("truncated-json", || Fault::TruncatedJson),
        ("oversized", || Fault::Oversized(65 * 1024 * 1024)),
        ("skewed-clock", || Fault::SkewedClock(600)),
        ("reset-before-request", || Fault::ResetBeforeRequest),
        ("reset-after-request", || Fault::ResetAfterRequest),
        ("close-after-request", || Fault::CloseAfterRequest),
        ("reset-mid-body", || Fault::ResetMidBody),
        ("close-mid-body", || Fault::CloseMidBody),
        ("truncated-body", || Fault::TruncatedBody),
        ("length-too-long", || Fault::WrongLength(100)),
        ("length-too-short", || Fault::WrongLength(-10)),
        ("slow-headers", || Fault::SlowHeaders(Duration::from_secs(2))),
        ("slow-body", || Fault::SlowBody { piece: 64, pause: Duration::from_millis(50) }),
        ("stalled-body", || Fault::StalledBody),
        ("no-answer", || Fault::NoAnswer),
        ("close-after-answer", || Fault::EndAfterAnswer(End::Close)),
        ("reset-after-answer", || Fault::EndAfterAnswer(End::Reset)),
        ("event-checksum", || after_one(EventFault::Checksum)),
        ("event-cut", || after_one(EventFault::Cut)),
        ("event-end", || after_one(EventFault::End)),
        ("event-exception", || {
            let message = "An internal error occurred".into();
            after_one(EventFault::Exception { code: "ServiceException".into(), message })
        }),
        ("event-error", || {
            let message = "An internal server error occurred".into();
            after_one(EventFault::Error { code: "InternalError".into(), message })
        }),
        ("event-stall", || after_one(EventFault::Stall)),
        ("event-reset", || after_one(EventFault::Reset)),
        ("not-http", || Fault::Raw(b"220 mail.example.com ESMTP\r\n".to_vec())),
    ];

    /// The names that faults have on a command line.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMED.iter().map(|(name, _)| *name)
    }
}

/// A name, and the fault that it stands for.
type Named = (&'static str, fn() -> Fault);

fn throttle(code: CodePlace, retry_after: RetryAfter) -> Fault {
    Fault::Throttle { code, retry_after }
}

fn after_one(fault: EventFault) -> Fault {
    Fault::Events { after: 1, fault }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let known = Self::NAMED.iter().find(|(known, _)| *known == name);
        known.map(|(_, fault)| fault()).ok_or_else(|| UnknownFault { name: name.to_owned() })
    }
}

/// A name that no fault has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault {
    name: String,
}

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Fault::names().collect();
        write!(f, "`{}` is no fault; there are: {}", self.name, names.join(", "))
    }
}

impl Error for UnknownFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read() {
        for (name, fault) in Fault::NAMED {
            assert_eq!(name.parse(), Ok(fault()));
        }
        let error = "thottle".parse::<Fault>().unwrap_err().to_string();
        assert!(error.starts_with("`thottle` is no fault; there are: none, throttle, "), "{error}");
    }
}
