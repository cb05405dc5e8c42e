//! Why a stream of bytes is no whole one.

use std::fmt;
use std::io;

use crate::error::BoxError;
use crate::transport::{TransportError, TransportErrorKind};

/// A stream that broke off, or a file of which none can be made.
#[derive(Debug)]
pub struct Error {
    what: &'static str,
    source: BoxError,
}

impl Error {
    /// A file that cannot be used.
    #[cfg(feature = "rt-tokio")]
    pub(super) fn of_file(source: impl Into<BoxError>) -> Self {
        Self { what: "no stream can be made of the file", source: source.into() }
    }

    /// A body that broke off. What a program's own stream says stands for itself.
    pub(super) fn of_body(error: TransportError) -> Self {
        let source = match error.kind() {
            TransportErrorKind::Body => error.into_source(),
            _ => error.into(),
        };
        Self { what: "the stream broke off", source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}
