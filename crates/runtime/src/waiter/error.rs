//! Why a wait ended without what was waited for.

use std::error::Error;
use std::fmt::{self, Write};
use std::time::Duration;

use super::FinalPoll;
use crate::error::{BoxError, ConstructionFailure, ErrorMetadata, Line, ProvideErrorMetadata, SdkError};

/// Why a wait ended without what was waited for. `O` is the output of the operation, `E` its error enum.
///
/// `Display` says all there is on one line: which waiter, what the last answer was, after how many polls and how long.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaiterError<O, E> {
    /// A request could not be put together; it was not sent.
    ConstructionFailure(ConstructionFailure),
    /// The time was over before.
    ExceededMaxWait(ExceededMaxWait),
    /// An answer said that it will not come.
    FailureState(FailureState<O, E>),
    /// A request failed in a way that the waiter does not know.
    OperationFailed(OperationFailed<E>),
}

/// How a wait went.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) waiter: &'static str,
    pub(super) operation: &'static str,
    pub(super) polls: u32,
    pub(super) elapsed: Duration,
    /// What is to be said of the last answer.
    pub(super) last: Option<String>,
}

/// A wait that took as long as it may.
#[derive(Debug)]
pub struct ExceededMaxWait {
    max_wait: Duration,
    told: Told,
}

impl ExceededMaxWait {
    /// A wait that may take so long, took so long, and asked so often.
    pub fn new(max_wait: Duration, elapsed: Duration, poll_count: u32) -> Self {
        Self { max_wait, told: Told { elapsed, polls: poll_count, ..Told::default() } }
    }

    /// How long the wait might have taken.
    pub fn max_wait(&self) -> Duration {
        self.max_wait
    }

    /// How long it took until its last answer.
    pub fn elapsed(&self) -> Duration {
        self.told.elapsed
    }

    /// How many requests were answered.
    pub fn poll_count(&self) -> u32 {
        self.told.polls
    }
}

/// An answer that says that what was waited for will not come.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailureState<O, E> {
    inner: Box<(FinalPoll<O, E>, Told)>,
}

impl<O, E> FailureState<O, E> {
    /// With this answer.
    pub fn new(final_poll: FinalPoll<O, E>) -> Self {
        Self { inner: Box::new((final_poll, Told::default())) }
    }

    /// The answer.
    pub fn final_poll(&self) -> &FinalPoll<O, E> {
        &self.inner.0
    }

    /// Gives the answer away.
    pub fn into_final_poll(self) -> FinalPoll<O, E> {
        self.inner.0
    }
}

/// A request that failed in a way that the waiter does not know. It was tried again as the settings say.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationFailed<E> {
    inner: Box<(SdkError<E>, Told)>,
}

impl<E> OperationFailed<E> {
    /// With this error.
    pub fn new(source: SdkError<E>) -> Self {
        Self { inner: Box::new((source, Told::default())) }
    }

    /// The error of the request.
    pub fn error(&self) -> &SdkError<E> {
        &self.inner.0
    }

    /// Gives the error of the request away.
    pub fn into_error(self) -> SdkError<E> {
        self.inner.0
    }
}

impl<O, E> WaiterError<O, E> {
    /// A request that could not be put together.
    pub fn construction_failure(source: impl Into<BoxError>) -> Self {
        match SdkError::<E>::construction_failure(source) {
            SdkError::ConstructionFailure(failure) => Self::ConstructionFailure(failure),
            other => Self::OperationFailed(OperationFailed::new(other)),
        }
    }

    pub(super) fn exceeded(max_wait: Duration, told: Told) -> Self {
        Self::ExceededMaxWait(ExceededMaxWait { max_wait, told })
    }

    pub(super) fn failure(result: Result<O, E>, told: Told) -> Self {
        Self::FailureState(FailureState { inner: Box::new((FinalPoll::new(result), told)) })
    }

    pub(super) fn failed(error: SdkError<E>, told: Told) -> Self {
        match error {
            SdkError::ConstructionFailure(failure) => Self::ConstructionFailure(failure),
            error => Self::OperationFailed(OperationFailed { inner: Box::new((error, told)) }),
        }
    }
}

impl<O, E: fmt::Display> fmt::Display for WaiterError<O, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = &mut Line(f);
        match self {
            Self::ConstructionFailure(failure) => write!(line, "waiting failed: {failure}"),
            Self::ExceededMaxWait(ExceededMaxWait { max_wait, told }) => {
                write!(line, "{} took longer than {max_wait:?}{}", told.begin(), told.end())?;
                told.last.as_ref().map_or(Ok(()), |last| write!(line, "; the last answer {last}"))
            }
            Self::FailureState(failure) => {
                let (poll, told) = &*failure.inner;
                write!(line, "{} failed", told.begin())?;
                told.last.as_ref().map_or(Ok(()), |last| write!(line, ": {last}"))?;
                poll.as_result().err().map_or(Ok(()), |error| write!(line, ": {error}"))?;
                write!(line, "{}", told.end())
            }
            Self::OperationFailed(failure) => {
                let (error, told) = &*failure.inner;
                write!(line, "{} failed: {error}{}", told.begin(), told.end())
            }
        }
    }
}

impl Told {
    fn begin(&self) -> String {
        if self.waiter.is_empty() { "waiting".to_owned() } else { format!("waiting for {}", self.waiter) }
    }

    /// What stands in parentheses: ` (3 polls of GetFunction in 12s)`.
    fn end(&self) -> String {
        let of = if self.operation.is_empty() { String::new() } else { format!(" of {}", self.operation) };
        match self.polls {
            0 => String::new(),
            1 => format!(" (1 poll{of} in {:?})", self.elapsed),
            polls => format!(" ({polls} polls{of} in {:?})", self.elapsed),
        }
    }
}

/// The line above has said what happened; what is below it are the causes of an error of the service.
impl<O: fmt::Debug, E: Error + 'static> Error for WaiterError<O, E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::ConstructionFailure(_) | Self::ExceededMaxWait(_) => None,
            Self::FailureState(failure) => failure.final_poll().as_result().err().and_then(Error::source),
            Self::OperationFailed(failure) => failure.error().source(),
        }
    }
}

impl<O, E: ProvideErrorMetadata> ProvideErrorMetadata for WaiterError<O, E> {
    fn meta(&self) -> &ErrorMetadata {
        static NOTHING: ErrorMetadata = ErrorMetadata::EMPTY;
        match self {
            Self::ConstructionFailure(_) | Self::ExceededMaxWait(_) => &NOTHING,
            Self::FailureState(failure) => {
                failure.final_poll().as_result().err().map_or(&NOTHING, ProvideErrorMetadata::meta)
            }
            Self::OperationFailed(failure) => failure.error().meta(),
        }
    }
}
