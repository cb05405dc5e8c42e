//! Why there are no credentials, or no token. The two errors differ in their names alone.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

type Source = Box<dyn Error + Send + Sync + 'static>;

/// What lies under an error.
#[derive(Clone, Debug)]
pub struct Cause(Option<Arc<dyn Error + Send + Sync + 'static>>);

impl Cause {
    /// Errors are made in many places, of many types.
    #[cold]
    #[inline(never)]
    fn of(source: Source) -> Self {
        Self(Some(source.into()))
    }
}

/// How long a source had.
#[derive(Clone, Debug)]
pub struct TimedOut(Duration);

impl TimedOut {
    /// How long it had.
    pub fn timeout_duration(&self) -> Duration {
        self.0
    }
}

/// What the errors of sources can say of any of them.
pub(crate) trait SourceError: Clone + fmt::Display + Send + Sync + Unpin + 'static {
    /// The source took longer than it may.
    fn timed_out(limit: Duration) -> Self;
    /// The source panicked.
    fn panicked() -> Self;
    /// No source is set up, for these reasons.
    fn none_set_up(reasons: String) -> Self;
    /// Why a source is not set up, if that is the error.
    fn absent(&self) -> Option<String>;
}

/// The error of sources: its name, that of its first variant, and what the sources give, in the plural.
macro_rules! source_error {
    ($name:ident, $not_loaded:ident, $given:literal) => {
        #[doc = concat!("Why a source gave no ", $given, ". Clones share the cause: many calls may wait for one source.")]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum $name {
            /// The source has none: nothing there is set. A chain asks the next one.
            $not_loaded(Cause),
            /// The source took longer than it may.
            ProviderTimedOut(TimedOut),
            /// The source is set up, and wrongly: a chain stops here.
            InvalidConfiguration(Cause),
            /// The source is set up, and failed: a chain stops here.
            ProviderError(Cause),
            /// Anything else.
            Unhandled(Cause),
        }

        impl $name {
            /// The source has none, and says why.
            pub fn not_loaded(source: impl Into<Source>) -> Self {
                Self::$not_loaded(Cause::of(source.into()))
            }

            /// The source took longer than it may.
            pub fn provider_timed_out(timeout_duration: Duration) -> Self {
                Self::ProviderTimedOut(TimedOut(timeout_duration))
            }

            /// The source is set up wrongly.
            pub fn invalid_configuration(source: impl Into<Source>) -> Self {
                Self::InvalidConfiguration(Cause::of(source.into()))
            }

            /// The source failed.
            pub fn provider_error(source: impl Into<Source>) -> Self {
                Self::ProviderError(Cause::of(source.into()))
            }

            /// Anything else.
            pub fn unhandled(source: impl Into<Source>) -> Self {
                Self::Unhandled(Cause::of(source.into()))
            }

            /// What the source itself said, as text.
            pub(crate) fn reason(&self) -> Option<String> {
                self.cause().map(ToString::to_string)
            }

            fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
                match self {
                    Self::$not_loaded(cause)
                    | Self::InvalidConfiguration(cause)
                    | Self::ProviderError(cause)
                    | Self::Unhandled(cause) => cause.0.as_deref(),
                    Self::ProviderTimedOut(_) => None,
                }
            }
        }

        impl SourceError for $name {
            fn timed_out(limit: Duration) -> Self {
                Self::provider_timed_out(limit)
            }

            fn panicked() -> Self {
                Self::unhandled("the provider panicked")
            }

            fn none_set_up(reasons: String) -> Self {
                Self::not_loaded(reasons)
            }

            fn absent(&self) -> Option<String> {
                let is_absent = matches!(self, Self::$not_loaded(_));
                is_absent.then(|| self.reason().unwrap_or_else(|| "it has none".to_owned()))
            }
        }

        /// One line with the cause in it; [`Error::source`] goes on below that.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::$not_loaded(_) => f.write_str(concat!("no ", $given))?,
                    Self::ProviderTimedOut(TimedOut(after)) => {
                        write!(f, concat!($given, " took longer than {:?}"), after)?;
                    }
                    Self::InvalidConfiguration(_) => {
                        f.write_str(concat!("the source of ", $given, " is set up wrongly"))?;
                    }
                    Self::ProviderError(_) => f.write_str(concat!("the source of ", $given, " failed"))?,
                    Self::Unhandled(_) => f.write_str(concat!($given, " could not be had"))?,
                }
                self.cause().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
        }

        impl Error for $name {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                self.cause().and_then(Error::source)
            }
        }
    };
}

source_error!(CredentialsError, CredentialsNotLoaded, "credentials");
source_error!(TokenError, TokenNotLoaded, "bearer tokens");

impl CredentialsError {
    /// The source has none.
    pub fn not_loaded_no_source() -> Self {
        Self::CredentialsNotLoaded(Cause(None))
    }
}
