//! The failure of a transport, under the name and with the questions of the official crates.

use std::error::Error;
use std::fmt;

use super::BoxError;
use crate::transport::{TransportError, TransportErrorKind};

/// A failure of the transport, as the official crates name it.
#[derive(Debug)]
pub struct ConnectorError(TransportError);

impl ConnectorError {
    /// A connection that could not be made, or broke.
    pub fn io(source: BoxError) -> Self {
        Self(TransportError::new(TransportErrorKind::Io, source))
    }

    /// A connection that took too long.
    pub fn timeout(source: BoxError) -> Self {
        Self(TransportError::new(TransportErrorKind::ConnectTimeout, source))
    }

    /// A request that cannot be sent.
    pub fn user(source: BoxError) -> Self {
        Self(TransportError::new(TransportErrorKind::User, source))
    }

    /// Whether the connection could not be made or broke.
    pub fn is_io(&self) -> bool {
        matches!(self.0.kind(), TransportErrorKind::Connect | TransportErrorKind::Tls | TransportErrorKind::Io)
    }

    /// Whether connecting, or the beginning of the answer, took too long.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind(), TransportErrorKind::ConnectTimeout | TransportErrorKind::ReadTimeout)
    }

    /// Whether the request itself cannot be sent.
    pub fn is_user(&self) -> bool {
        matches!(self.0.kind(), TransportErrorKind::User | TransportErrorKind::Body)
    }

    /// Whether it is none of these.
    pub fn is_other(&self) -> bool {
        !self.is_io() && !self.is_timeout() && !self.is_user()
    }
}

impl From<TransportError> for ConnectorError {
    fn from(error: TransportError) -> Self {
        Self(error)
    }
}

impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for ConnectorError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
