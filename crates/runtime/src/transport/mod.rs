//! The door to the network: a transport carries one signed request and brings back its response.

#[cfg(feature = "default-https-client")]
mod cleaner;
#[cfg(feature = "default-https-client")]
mod connect;
#[cfg(feature = "default-https-client")]
mod connection;
#[cfg(feature = "default-https-client")]
mod failure;
#[cfg(feature = "default-https-client")]
mod headers;
#[cfg(all(feature = "default-https-client", feature = "http2"))]
mod http2;
#[cfg(feature = "default-https-client")]
pub mod hyper;
#[cfg(feature = "default-https-client")]
mod patient;
#[cfg(feature = "default-https-client")]
mod plain;
#[cfg(feature = "default-https-client")]
mod pool;
pub mod proxy;
#[cfg(feature = "default-https-client")]
mod route;
mod settings;
#[cfg(feature = "default-https-client")]
mod stream;
#[cfg(feature = "default-https-client")]
mod tcp;
pub mod tls;
#[cfg(feature = "default-https-client")]
mod tunnel;
#[cfg(feature = "default-https-client")]
mod watched;

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use self::settings::HyperSettings;
use self::tls::TlsContext;
use crate::config::SettingError;
use crate::http::{Request, Response};

/// A boxed future, as the doors return them.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Carries requests. Implementations pool connections; one is shared by all clones of a client.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends a request and returns the response once its headers are here. Dropping the future cancels it.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// A transport behind a shared pointer.
#[derive(Clone, Debug)]
pub struct SharedTransport(Arc<dyn Transport>);

impl SharedTransport {
    /// Shares a transport.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }

    /// Whether both share the same transport.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The transport of a client whose settings bring none: hyper.
#[cfg(feature = "default-https-client")]
pub(crate) fn default(settings: Result<HyperSettings, SettingError>) -> SharedTransport {
    match settings {
        Ok(settings) => SharedTransport::new(hyper::HyperTransport::new(settings)),
        Err(problem) => SharedTransport::new(NoTransport(problem.to_string())),
    }
}

/// The transport of a client whose settings bring none, where none is compiled in: it says so.
#[cfg(not(feature = "default-https-client"))]
pub(crate) fn default(_settings: Result<HyperSettings, SettingError>) -> SharedTransport {
    let why = "no transport: turn on the feature `default-https-client`, or set `http_client`";
    SharedTransport::new(NoTransport(why.to_owned()))
}

/// The transport to an address close by, which is reached directly, whatever proxies are set.
pub(crate) fn direct(connect_timeout: Duration, tls: Result<Option<TlsContext>, SettingError>) -> SharedTransport {
    default(tls.map(|tls| {
        let tls_context = tls.unwrap_or_default();
        HyperSettings { connect_timeout, tls_context, ..HyperSettings::default() }
    }))
}

/// Refuses every request, and says why.
#[derive(Debug)]
struct NoTransport(String);

impl Transport for NoTransport {
    fn send(&self, _request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(std::future::ready(Err(TransportError::new(TransportErrorKind::User, self.0.clone()))))
    }
}

impl Transport for SharedTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.0.send(request)
    }
}

/// What went wrong below HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection came about: name, route, refusal or TLS. Nothing was sent.
    Connect,
    /// No connection came about in TLS: one side does not trust or understand the other, and will not do so the next
    /// time. Nothing was answered.
    Tls,
    /// A connection took longer than it may.
    ConnectTimeout,
    /// The answer did not begin in the time it has.
    ReadTimeout,
    /// A connection broke, or was broken off, after the request was begun.
    Io,
    /// The peer does not speak HTTP as we know it, or passed a limit on headers.
    Protocol,
    /// The request itself cannot be sent: its address or a header is not valid. Nothing was sent.
    User,
    /// The stream that is the body of the request failed, or is not as long as was announced. What was sent of it is no
    /// request.
    Body,
}

/// A failure of the transport, with its cause.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Box<dyn Error + Send + Sync>,
}

impl TransportError {
    /// Wraps a cause.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: source.into() }
    }

    /// The cause.
    pub(crate) fn into_source(self) -> Box<dyn Error + Send + Sync> {
        self.source
    }

    /// What went wrong.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::Tls => "no secure connection",
            TransportErrorKind::ConnectTimeout => "connecting took too long",
            TransportErrorKind::ReadTimeout => "the answer took too long to begin",
            TransportErrorKind::Io => "the connection broke",
            TransportErrorKind::Protocol => "the answer is not HTTP as it should be",
            TransportErrorKind::User => "the request cannot be sent",
            TransportErrorKind::Body => "the body of the request failed",
        })
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
