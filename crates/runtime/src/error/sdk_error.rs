//! The error of a call: at which stage it ended, after how many attempts, and with what.

use std::error::Error;
use std::fmt::{self, Write};

use super::display::{Beginning, Line, chain};
use super::{
    BoxError, BuildError, ConnectorError, CreateUnhandledError, ErrorMetadata, ProvideErrorMetadata, RequestId,
};
use crate::http::Response;
use crate::transport::TransportError;

/// Why a call failed. `E` is the error enum of the operation, `R` the raw response.
///
/// `Display` says all there is on one line: operation, code, message, status, request id, attempts and cause.
#[derive(Debug)]
#[non_exhaustive]
pub enum SdkError<E, R = Response> {
    /// The request could not be put together; nothing was sent.
    ConstructionFailure(ConstructionFailure),
    /// The answer took longer than it may.
    TimeoutError(TimeoutError),
    /// No answer came: the connection could not be made, or broke.
    DispatchFailure(DispatchFailure),
    /// An answer came that cannot be read.
    ResponseError(ResponseError<R>),
    /// The service answered with an error.
    ServiceError(ServiceError<E, R>),
}

/// Which call failed, and after how many attempts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
}

/// A request that could not be put together.
#[derive(Debug)]
pub struct ConstructionFailure {
    inner: Box<(BoxError, Context)>,
}

/// An answer that took too long.
#[derive(Debug)]
pub struct TimeoutError {
    inner: Box<(BoxError, Context)>,
}

/// An answer that did not come.
#[derive(Debug)]
pub struct DispatchFailure {
    inner: Box<(ConnectorError, Context)>,
}

/// An answer that cannot be read.
#[derive(Debug)]
pub struct ResponseError<R> {
    inner: Box<(BoxError, R, Answer)>,
}

/// An answer that is an error of the service.
#[derive(Debug)]
pub struct ServiceError<E, R> {
    inner: Box<(E, R, Answer)>,
}

/// What `Display` tells of an answer beside the error itself, whatever type the raw response has.
#[derive(Clone, Debug, Default)]
struct Answer {
    context: Context,
    status: Option<u16>,
    request_id: Option<String>,
}

/// On the line that the error of its call has.
impl fmt::Display for ConstructionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = &mut Line(f);
        let (reason, context) = &*self.inner;
        context.begin(line)?;
        chain(&**reason, line)?;
        context.notes(None, line)
    }
}

impl DispatchFailure {
    /// Whether the connection could not be made or broke.
    pub fn is_io(&self) -> bool {
        self.inner.0.is_io()
    }

    /// Whether connecting, or the beginning of the answer, took too long.
    pub fn is_timeout(&self) -> bool {
        self.inner.0.is_timeout()
    }

    /// Whether the request itself cannot be sent.
    pub fn is_user(&self) -> bool {
        self.inner.0.is_user()
    }

    /// Whether it is none of these.
    pub fn is_other(&self) -> bool {
        self.inner.0.is_other()
    }

    /// The failure of the transport.
    pub fn as_connector_error(&self) -> Option<&ConnectorError> {
        Some(&self.inner.0)
    }
}

impl<R> ResponseError<R> {
    /// The raw response.
    pub fn raw(&self) -> &R {
        &self.inner.1
    }

    /// Gives the raw response away.
    pub fn into_raw(self) -> R {
        self.inner.1
    }
}

impl<E, R> ServiceError<E, R> {
    /// The error of the operation.
    pub fn err(&self) -> &E {
        &self.inner.0
    }

    /// Gives the error of the operation away.
    pub fn into_err(self) -> E {
        self.inner.0
    }

    /// The raw response.
    pub fn raw(&self) -> &R {
        &self.inner.1
    }

    /// Gives the raw response away.
    pub fn into_raw(self) -> R {
        self.inner.1
    }
}

impl<E, R> SdkError<E, R> {
    /// A request that could not be put together.
    pub fn construction_failure(source: impl Into<BoxError>) -> Self {
        Self::construction(source.into(), Context::default())
    }

    /// An answer that took too long.
    pub fn timeout_error(source: impl Into<BoxError>) -> Self {
        Self::timeout(source.into(), Context::default())
    }

    /// An answer that did not come.
    pub fn dispatch_failure(source: ConnectorError) -> Self {
        Self::DispatchFailure(DispatchFailure { inner: Box::new((source, Context::default())) })
    }

    /// An answer that cannot be read.
    pub fn response_error(source: impl Into<BoxError>, raw: R) -> Self {
        Self::ResponseError(ResponseError { inner: Box::new((source.into(), raw, Answer::default())) })
    }

    /// An error of the service.
    pub fn service_error(source: E, raw: R) -> Self {
        Self::ServiceError(ServiceError { inner: Box::new((source, raw, Answer::default())) })
    }

    pub(crate) fn construction(source: BoxError, context: Context) -> Self {
        Self::ConstructionFailure(ConstructionFailure { inner: Box::new((source, context)) })
    }

    pub(crate) fn timeout(source: BoxError, context: Context) -> Self {
        Self::TimeoutError(TimeoutError { inner: Box::new((source, context)) })
    }

    pub(crate) fn dispatch(source: TransportError, context: Context) -> Self {
        Self::DispatchFailure(DispatchFailure { inner: Box::new((ConnectorError::from(source), context)) })
    }

    /// The raw response, where one came.
    pub fn raw_response(&self) -> Option<&R> {
        match self {
            Self::ServiceError(context) => Some(context.raw()),
            Self::ResponseError(context) => Some(context.raw()),
            _ => None,
        }
    }

    /// How many attempts were made: how often the request was handed to the transport.
    pub fn attempts(&self) -> u32 {
        self.context().attempts
    }

    /// The error of the operation, if the service answered with one.
    pub fn as_service_error(&self) -> Option<&E> {
        match self {
            Self::ServiceError(context) => Some(context.err()),
            _ => None,
        }
    }

    /// The error of the operation; whatever else went wrong becomes its unhandled variant.
    pub fn into_service_error(self) -> E
    where
        E: Error + Send + Sync + CreateUnhandledError + 'static,
        R: fmt::Debug + Send + Sync + 'static,
    {
        match self {
            Self::ServiceError(context) => context.into_err(),
            other => E::create_unhandled_error(other.into(), None),
        }
    }

    /// Changes the type of the error of the operation.
    pub fn map_service_error<F>(self, map: impl FnOnce(E) -> F) -> SdkError<F, R> {
        match self {
            Self::ConstructionFailure(context) => SdkError::ConstructionFailure(context),
            Self::TimeoutError(context) => SdkError::TimeoutError(context),
            Self::DispatchFailure(context) => SdkError::DispatchFailure(context),
            Self::ResponseError(context) => SdkError::ResponseError(context),
            Self::ServiceError(context) => {
                let (source, raw, answer) = *context.inner;
                SdkError::ServiceError(ServiceError { inner: Box::new((map(source), raw, answer)) })
            }
        }
    }

    /// What this error was made of, as the official crates give it.
    ///
    /// # Errors
    ///
    /// None today: the type leaves room for errors without a cause, which would be given back.
    pub fn into_source(self) -> Result<BoxError, Self>
    where
        E: Error + Send + Sync + 'static,
    {
        Ok(match self {
            Self::ConstructionFailure(context) => context.inner.0,
            Self::TimeoutError(context) => context.inner.0,
            Self::DispatchFailure(context) => context.inner.0.into(),
            Self::ResponseError(context) => context.inner.0,
            Self::ServiceError(context) => context.inner.0.into(),
        })
    }

    /// The same error, told of this operation, or of whatever else failed.
    pub(crate) fn within(mut self, operation: &'static str) -> Self {
        let context = match &mut self {
            Self::ConstructionFailure(context) => &mut context.inner.1,
            Self::TimeoutError(context) => &mut context.inner.1,
            Self::DispatchFailure(context) => &mut context.inner.1,
            Self::ResponseError(context) => &mut context.inner.2.context,
            Self::ServiceError(context) => &mut context.inner.2.context,
        };
        context.operation = operation;
        self
    }

    fn context(&self) -> Context {
        match self {
            Self::ConstructionFailure(context) => context.inner.1,
            Self::TimeoutError(context) => context.inner.1,
            Self::DispatchFailure(context) => context.inner.1,
            Self::ResponseError(context) => context.inner.2.context,
            Self::ServiceError(context) => context.inner.2.context,
        }
    }
}

impl<E> SdkError<E, Response> {
    pub(crate) fn unreadable(source: BoxError, raw: Response, context: Context) -> Self {
        let answer = Answer::of(&raw, context);
        Self::ResponseError(ResponseError { inner: Box::new((source, raw, answer)) })
    }

    pub(crate) fn service(source: E, raw: Response, context: Context) -> Self {
        let answer = Answer::of(&raw, context);
        Self::ServiceError(ServiceError { inner: Box::new((source, raw, answer)) })
    }
}

impl Answer {
    fn of(response: &Response, context: Context) -> Self {
        let request_id = response.request_id().map(str::to_owned);
        Self { context, status: Some(response.status().as_u16()), request_id }
    }
}

impl<E: fmt::Display, R> fmt::Display for SdkError<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cause, answer) = match self {
            Self::ConstructionFailure(context) => (Cause::Chain(&*context.inner.0), None),
            Self::TimeoutError(context) => (Cause::Chain(&*context.inner.0), None),
            Self::DispatchFailure(context) => (Cause::Chain(&context.inner.0), None),
            Self::ResponseError(context) => (Cause::Chain(&*context.inner.0), Some(&context.inner.2)),
            Self::ServiceError(context) => (Cause::Said(&context.inner.0), Some(&context.inner.2)),
        };
        cause.tell(self.context(), answer, &mut Line(f))
    }
}

/// What the line tells, whatever types the error has.
enum Cause<'a> {
    /// An error with all below it.
    Chain(&'a (dyn Error + 'static)),
    /// The error of the operation.
    Said(&'a dyn fmt::Display),
}

impl Cause<'_> {
    fn tell(self, context: Context, answer: Option<&Answer>, line: &mut dyn Write) -> fmt::Result {
        context.begin(line)?;
        match self {
            Self::Chain(error) => chain(error, line)?,
            Self::Said(error) => write!(line, "{error}")?,
        }
        context.notes(answer, line)
    }
}

impl Context {
    fn begin(self, line: &mut dyn Write) -> fmt::Result {
        match self.operation {
            "" => line.write_str("the call failed: "),
            operation => write!(line, "{operation} failed: "),
        }
    }

    /// What stands in parentheses behind the error: `(status 429, request id 1-2, 3 attempts)`.
    fn notes(self, answer: Option<&Answer>, line: &mut dyn Write) -> fmt::Result {
        let status = answer.and_then(|answer| answer.status).map(|status| format!("status {status}"));
        let id = answer
            .and_then(|answer| answer.request_id.as_deref())
            .map(|id| format!("request id {}", Beginning::of_name(id)));
        let attempts = match self.attempts {
            0 => None,
            1 => Some("1 attempt".to_owned()),
            n => Some(format!("{n} attempts")),
        };
        let notes: Vec<String> = [status, id, attempts].into_iter().flatten().collect();
        if notes.is_empty() { Ok(()) } else { write!(line, " ({})", notes.join(", ")) }
    }
}

/// The line above has said the whole chain of causes, so that there is no `source` left to be said twice; the cause
/// itself is given by [`SdkError::into_source`]. Only an error of the service goes on with its own.
impl<E: Error + 'static, R: fmt::Debug> Error for SdkError<E, R> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.as_service_error()?.source()
    }
}

impl<E: ProvideErrorMetadata, R> ProvideErrorMetadata for SdkError<E, R> {
    fn meta(&self) -> &ErrorMetadata {
        static NOTHING: ErrorMetadata = ErrorMetadata::EMPTY;
        self.as_service_error().map_or(&NOTHING, ProvideErrorMetadata::meta)
    }
}

impl<E, R: RequestId> RequestId for SdkError<E, R> {
    fn request_id(&self) -> Option<&str> {
        self.raw_response()?.request_id()
    }
}

impl<E, R> From<BuildError> for SdkError<E, R> {
    fn from(error: BuildError) -> Self {
        Self::construction_failure(error)
    }
}
