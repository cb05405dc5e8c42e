//! Why there are no credentials.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

type Source = Box<dyn Error + Send + Sync + 'static>;

/// Why a source gave no credentials. Clones share the cause: many calls may wait for one source.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CredentialsError {
    /// The source has none: nothing there is set. A chain asks the next one.
    CredentialsNotLoaded(Cause),
    /// The source took longer than it may.
    ProviderTimedOut(TimedOut),
    /// The source is set up, and wrongly: a chain stops here.
    InvalidConfiguration(Cause),
    /// The source is set up, and failed: a chain stops here.
    ProviderError(Cause),
    /// Anything else.
    Unhandled(Cause),
}

/// What lies under an error.
#[derive(Clone, Debug)]
pub struct Cause(Option<Arc<dyn Error + Send + Sync + 'static>>);

/// How long a source had.
#[derive(Clone, Debug)]
pub struct TimedOut(Duration);

impl TimedOut {
    /// How long it had.
    pub fn timeout_duration(&self) -> Duration {
        self.0
    }
}

impl Cause {
    fn of(source: impl Into<Source>) -> Self {
        Self(Some(source.into().into()))
    }
}

impl CredentialsError {
    /// The source has none, and says why.
    pub fn not_loaded(source: impl Into<Source>) -> Self {
        Self::CredentialsNotLoaded(Cause::of(source))
    }

    /// The source has none.
    pub fn not_loaded_no_source() -> Self {
        Self::CredentialsNotLoaded(Cause(None))
    }

    /// The source took longer than it may.
    pub fn provider_timed_out(timeout_duration: Duration) -> Self {
        Self::ProviderTimedOut(TimedOut(timeout_duration))
    }

    /// The source is set up wrongly.
    pub fn invalid_configuration(source: impl Into<Source>) -> Self {
        Self::InvalidConfiguration(Cause::of(source))
    }

    /// The source failed.
    pub fn provider_error(source: impl Into<Source>) -> Self {
        Self::ProviderError(Cause::of(source))
    }

    /// Anything else.
    pub fn unhandled(source: impl Into<Source>) -> Self {
        Self::Unhandled(Cause::of(source))
    }

    /// What the source itself said, as text.
    pub(super) fn reason(&self) -> Option<String> {
        self.cause().map(ToString::to_string)
    }

    fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match self {
            Self::CredentialsNotLoaded(cause)
            | Self::InvalidConfiguration(cause)
            | Self::ProviderError(cause)
            | Self::Unhandled(cause) => cause.0.as_deref(),
            Self::ProviderTimedOut(_) => None,
        }
    }
}

/// One line with the cause in it; [`Error::source`] goes on below that.
impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CredentialsNotLoaded(_) => f.write_str("no credentials")?,
            Self::ProviderTimedOut(TimedOut(after)) => write!(f, "credentials took longer than {after:?}")?,
            Self::InvalidConfiguration(_) => f.write_str("the source of credentials is set up wrongly")?,
            Self::ProviderError(_) => f.write_str("the source of credentials failed")?,
            Self::Unhandled(_) => f.write_str("credentials could not be had")?,
        }
        self.cause().map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

impl Error for CredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause().and_then(Error::source)
    }
}
