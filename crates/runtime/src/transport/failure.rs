//! What it means that hyper has no answer, or no more of one.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use super::connect::ConnectError;
use super::patient::is_stall;
use super::tls::TlsError;
use super::{TransportError, TransportErrorKind};

/// Why a request has no answer.
pub(super) enum Failure {
    /// There is no connection.
    Connect(Arc<ConnectError>),
    /// The connection broke, or was broken off.
    Broken(hyper::Error),
    /// The same, where it had been kept since an earlier call, and nothing of this one's answer had come.
    Stale(hyper::Error),
}

impl Failure {
    /// A request was sent, and there is no answer. `is_silent` is whether the connection had been kept, and nothing of the
    /// answer had come.
    pub(super) fn broken(error: hyper::Error, is_silent: bool) -> Self {
        let is_stale = is_silent
            && tls_error(&error).is_none()
            && kind_of_hyper(&error) == TransportErrorKind::Io
            && !causes(&error).any(is_stall);
        if is_stale { Self::Stale(error) } else { Self::Broken(error) }
    }

    /// Whether a connection that had been kept ended before the answer began.
    pub(super) fn is_stale(&self) -> bool {
        matches!(self, Self::Stale(_))
    }

    /// What a caller is told.
    pub(super) fn into_error(self) -> TransportError {
        match self {
            Self::Connect(error) => error.into_error(),
            Self::Stale(error) => TransportError::new(TransportErrorKind::Io, Stale(error)),
            Self::Broken(error) => match tls_error(&error) {
                Some(refused) => TransportError::new(refused.kind(), refused.clone()),
                None => TransportError::new(kind_of_hyper(&error), error),
            },
        }
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Self::Connect(Arc::new(error))
    }
}

/// The failed handshake that a reader was told of later.
fn tls_error(error: &hyper::Error) -> Option<&TlsError> {
    causes(error).find_map(|error| error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref())
}

/// An error, and what lies below it.
fn causes(error: &hyper::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |&error| error.source())
}

/// A connection that was kept since an earlier call ended before anything of this one's answer came. Most likely it had
/// been idle for too long, and the request was not looked at.
#[derive(Debug)]
struct Stale(hyper::Error);

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server ended a connection that was kept since an earlier call, before it answered this one")
    }
}

impl Error for Stale {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// What kind of failure an error of hyper itself is.
pub(super) fn kind_of_hyper(error: &hyper::Error) -> TransportErrorKind {
    // A broken size of a chunk comes as an I/O error, of these kinds.
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    let is_malformed = matches!(cause, Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData));
    #[cfg(feature = "http2")]
    let is_malformed = is_malformed || super::http2::is_malformed(error);
    if error.is_parse() || is_malformed {
        TransportErrorKind::Protocol
    } else if error.is_user() {
        TransportErrorKind::User
    } else {
        TransportErrorKind::Io
    }
}
