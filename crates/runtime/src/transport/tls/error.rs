//! What is told where there is no TLS connection.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use crate::transport::TransportErrorKind;

/// Why there is no TLS connection: a sentence, and what it was said by.
#[derive(Clone, Debug)]
pub(in crate::transport) struct TlsError {
    kind: TransportErrorKind,
    told: Arc<str>,
    cause: Option<Arc<io::Error>>,
}

impl TlsError {
    /// The set-up cannot be used, whoever is at the other end.
    pub(super) fn setup(told: impl Into<Arc<str>>) -> Self {
        Self { kind: TransportErrorKind::User, told: told.into(), cause: None }
    }

    /// The other end speaks TLS, and was spoken to in HTTP.
    pub(in crate::transport) fn unexpected(peer: &str) -> Self {
        let told = format!("{peer} speaks TLS on this port: its endpoint URL has to begin with `https://`");
        Self { kind: TransportErrorKind::Protocol, told: told.into(), cause: None }
    }

    /// The connection below broke.
    #[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
    pub(super) fn broken(told: impl Into<Arc<str>>, cause: io::Error) -> Self {
        Self { kind: TransportErrorKind::Connect, told: told.into(), cause: Some(Arc::new(cause)) }
    }

    /// One of both sides refuses the other.
    #[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
    pub(super) fn refused(told: impl Into<Arc<str>>, cause: io::Error) -> Self {
        Self { kind: TransportErrorKind::Tls, told: told.into(), cause: Some(Arc::new(cause)) }
    }

    /// What a caller is told.
    pub(in crate::transport) fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told)
    }
}

impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as _)
    }
}
