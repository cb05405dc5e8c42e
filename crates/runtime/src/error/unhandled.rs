//! The variant for errors that the model does not list.

use std::fmt;

use super::{BoxError, ErrorMetadata, ProvideErrorMetadata};
use crate::http::Response;
use crate::operation::{OperationError, Protocol};

/// Makes the unhandled variant of an error enum.
pub trait CreateUnhandledError {
    /// From a cause, and from what the service said if it said anything.
    fn create_unhandled_error(source: BoxError, meta: Option<ErrorMetadata>) -> Self;
}

/// An error that the model does not list. Its code and message are told by `ProvideErrorMetadata`. It is all that the
/// operations fail with which the runtime itself calls.
#[derive(Debug)]
pub struct Unhandled {
    source: Option<BoxError>,
    meta: ErrorMetadata,
}

impl Unhandled {
    #[doc(hidden)]
    pub fn new(source: Option<BoxError>, meta: ErrorMetadata) -> Self {
        Self { source, meta }
    }

    #[doc(hidden)]
    pub fn meta(&self) -> &ErrorMetadata {
        &self.meta
    }

    /// Where the service said nothing, the line of `Display` is the cause's own, so that the causes go on below it.
    #[doc(hidden)]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_ref()?;
        if self.meta.is_empty() { source.source() } else { Some(&**source) }
    }
}

impl fmt::Display for Unhandled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            // The service said nothing: what there is to say is the cause.
            Some(source) if self.meta.is_empty() => source.fmt(f),
            _ => self.meta.fmt(f),
        }
    }
}

impl std::error::Error for Unhandled {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause()
    }
}

impl ProvideErrorMetadata for Unhandled {
    fn meta(&self) -> &ErrorMetadata {
        &self.meta
    }
}

impl CreateUnhandledError for Unhandled {
    fn create_unhandled_error(source: BoxError, meta: Option<ErrorMetadata>) -> Self {
        Self::new(Some(source), meta.unwrap_or_default())
    }
}

impl OperationError for Unhandled {
    fn read<P: Protocol>(_: &Response, meta: ErrorMetadata) -> Self {
        Self::new(None, meta)
    }
}
