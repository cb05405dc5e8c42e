//! The door to the network: a transport carries one signed request and brings back its response.

#[cfg(feature = "default-https-client")]
mod connect;
#[cfg(feature = "default-https-client")]
pub mod hyper;
#[cfg(feature = "rustls")]
mod tls;

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

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
    /// A connection took longer than it may.
    ConnectTimeout,
    /// A connection broke, or was broken off, after the request was begun.
    Io,
    /// The peer does not speak HTTP as we know it, or passed a limit on headers.
    Protocol,
    /// The request itself cannot be sent: its address or a header is not valid. Nothing was sent.
    User,
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

    /// What went wrong.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::ConnectTimeout => "connecting took too long",
            TransportErrorKind::Io => "the connection broke",
            TransportErrorKind::Protocol => "the answer is not HTTP as it should be",
            TransportErrorKind::User => "the request cannot be sent",
        })
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
