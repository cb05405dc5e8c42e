//! What a call can fail with: [`SdkError`] around the error enum of the operation, and what both say of themselves.

mod connector;
mod display;
mod metadata;
mod modeled;
mod quoted;
mod sdk_error;
mod streamed;
#[cfg(test)]
mod tests;
mod unhandled;

pub use connector::ConnectorError;
pub use display::{Beginning, DisplayErrorContext, OneLine};
pub(crate) use display::{Line, chain};
#[doc(hidden)]
pub use metadata::REDACTED;
pub use metadata::{ErrorMetadata, ErrorMetadataBuilder, ProvideErrorMetadata, RequestId};
#[doc(hidden)]
pub use modeled::{found_message, show_modeled};
pub(crate) use quoted::without_secrets;
pub(crate) use sdk_error::Context;
pub use sdk_error::{ConstructionFailure, DispatchFailure, ResponseError, SdkError, ServiceError, TimeoutError};
pub use unhandled::{CreateUnhandledError, Unhandled};

/// Any error, boxed.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A value that could not be put together: a required member is missing, or a text does not fit.
#[derive(Debug)]
pub struct BuildError {
    reason: String,
}

impl BuildError {
    /// An error with this reason, a whole sentence.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for BuildError {}
