//! What it means that hyper has no answer, or no more of one.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::http::Extensions;
use hyper_util::client::legacy;
use tokio::task::JoinError;

use super::connect::{ConnectError, named};
use super::patient::is_stall;
use super::route::Route;
use super::stream::Past;
use super::tls::TlsError;
use super::{TransportError, TransportErrorKind};

/// Why a request has no answer.
#[cfg_attr(not(feature = "http2"), expect(dead_code, reason = "only over HTTP/2 do calls wait for each other"))]
pub(super) enum Failure {
    /// hyper-util's client says why.
    Client(ClientError),
    /// Others were connecting for so long.
    Late(Duration),
    /// The task that it was sent from ended.
    Task(JoinError),
}

/// An error of hyper-util's client, which itself says no more than "client error": this is what lies below. All that
/// waited for the same connection have it in common.
#[derive(Clone, Debug)]
pub(super) struct ClientError(Arc<legacy::Error>);

impl Failure {
    /// Whether a connection that had been kept ended before the answer began.
    pub(super) fn is_stale(&self) -> bool {
        matches!(self, Self::Client(error) if error.is_stale())
    }

    /// What a caller is told, whose request went to this host, this way.
    pub(super) fn into_error(self, to: &str, route: Option<Route<'_>>) -> TransportError {
        match self {
            Self::Client(error) => error.into_error(),
            Self::Late(limit) => {
                let error = ConnectError::Timeout(limit, to.to_owned(), route.and_then(Route::proxy).map(named));
                TransportError::new(error.kind(), error)
            }
            Self::Task(error) if error.is_panic() => TransportError::new(TransportErrorKind::Io, error),
            // Nobody else ends a task that is waited for.
            Self::Task(_) => TransportError::new(TransportErrorKind::Io, "the tokio runtime was shut down"),
        }
    }
}

impl From<legacy::Error> for Failure {
    fn from(error: legacy::Error) -> Self {
        Self::Client(error.into())
    }
}

impl From<legacy::Error> for ClientError {
    fn from(error: legacy::Error) -> Self {
        Self(Arc::new(error))
    }
}

impl ClientError {
    /// Whether there was no connection.
    #[cfg(feature = "http2")]
    pub(super) fn is_connect(&self) -> bool {
        self.0.is_connect()
    }

    fn into_error(self) -> TransportError {
        let kind = self.kind();
        if let Some(error) = self.tls_error() {
            TransportError::new(kind, error.clone())
        } else if self.is_stale() {
            TransportError::new(kind, Stale(self))
        } else {
            TransportError::new(kind, self)
        }
    }

    fn kind(&self) -> TransportErrorKind {
        if let Some(error) = self.tls_error() {
            error.kind()
        } else if let Some(error) = self.cause::<ConnectError>() {
            error.kind()
        } else if self.0.is_connect() {
            TransportErrorKind::Connect
        } else {
            self.cause().map_or(TransportErrorKind::Io, kind_of_hyper)
        }
    }

    fn is_stale(&self) -> bool {
        let is_stale = || self.past().is_some_and(|past| past.is_stale());
        self.kind() == TransportErrorKind::Io && is_stale() && !self.causes().any(is_stall)
    }

    /// The past of the connection on which the call failed.
    fn past(&self) -> Option<Past> {
        let mut extras = Extensions::new();
        self.0.connect_info()?.get_extras(&mut extras);
        extras.remove()
    }

    /// The failed handshake that this comes of, or that a reader was told of later.
    fn tls_error(&self) -> Option<&TlsError> {
        self.causes().find_map(|error| match error.downcast_ref() {
            Some(ConnectError::Tls(error)) => Some(error),
            _ => error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref(),
        })
    }

    fn cause<E: Error + 'static>(&self) -> Option<&E> {
        self.causes().find_map(|error| error.downcast_ref())
    }

    fn causes(&self) -> impl Iterator<Item = &(dyn Error + 'static)> {
        std::iter::successors(self.0.source(), |&error| error.source())
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.source() {
            Some(error) => fmt::Display::fmt(error, f),
            None => self.0.fmt(f),
        }
    }
}

impl Error for ClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()?.source()
    }
}

/// A connection that was kept since an earlier call ended before anything of this one's answer came. Most likely it had
/// been idle for too long, and the request was not looked at.
#[derive(Debug)]
struct Stale(ClientError);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_told_as_one() {
        let told = |ended: Result<(), JoinError>| {
            let error = Failure::Task(ended.expect_err("it ended")).into_error("", None);
            assert_eq!(error.kind(), TransportErrorKind::Io);
            error.source().map(ToString::to_string).unwrap_or_default()
        };
        let panicked = told(tokio::spawn(async { unreachable!("a bug") }).await);
        assert!(panicked.contains("panicked") && panicked.contains("a bug"), "{panicked}");
        let task = tokio::spawn(std::future::pending());
        task.abort();
        assert_eq!(told(task.await), "the tokio runtime was shut down");
    }
}
