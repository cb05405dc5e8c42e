//! Why an attempt ended, and whether another is worth it.

use std::fmt;
use std::time::Duration;

use crate::error::{BoxError, ErrorMetadata, Line, chain};
use crate::http::{BodyError, Response};
use crate::operation::Meta;
use crate::retry::{self, Failure};
use crate::transport::TransportError;

/// At which stage an attempt ended.
#[derive(Debug)]
pub(crate) enum Cause {
    /// Before anything was sent.
    Construction(BoxError),
    /// While waiting.
    Timeout(TimedOut),
    /// In the transport.
    Dispatch(TransportError),
    /// In a body that could not be read whole; another attempt may fare better with one that was broken off.
    Unreadable(BodyError, Response),
    /// With an error of the service, which may be one of the time that the request was signed at.
    Refused(ErrorMetadata, Response, Option<Failure>),
}

impl Cause {
    pub(super) fn classify(&self, meta: &Meta) -> Option<Failure> {
        match self {
            Self::Construction(_) | Self::Unreadable(BodyError::TooLong(_), _) => None,
            Self::Timeout(_) => Some(Failure::Unanswered),
            // The service answered all the same, so that its status counts.
            Self::Unreadable(_, response) => {
                retry::classify_response(response.status().as_u16(), None, &[]).or(Some(Failure::Unanswered))
            }
            Self::Dispatch(error) => retry::classify_transport(error.kind()),
            Self::Refused(error, response, by_date) => {
                retry::classify_response(response.status().as_u16(), error.code(), meta.retryable).or(*by_date)
            }
        }
    }

    pub(crate) fn response(&self) -> Option<&Response> {
        match self {
            Self::Refused(_, response, _) | Self::Unreadable(_, response) => Some(response),
            _ => None,
        }
    }
}

/// One line, with what lies below.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line(f);
        match self {
            Self::Construction(error) => chain(&**error, &mut line),
            Self::Timeout(error) => chain(error, &mut line),
            Self::Dispatch(error) => chain(error, &mut line),
            Self::Unreadable(error, _) => chain(error, &mut line),
            Self::Refused(error, _, _) => chain(error, &mut line),
        }
    }
}

/// Something took longer than it may.
#[derive(Debug)]
pub(crate) struct TimedOut {
    pub(super) what: &'static str,
    pub(super) limit: Duration,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} took longer than {:?}", self.what, self.limit)
    }
}

impl std::error::Error for TimedOut {}
