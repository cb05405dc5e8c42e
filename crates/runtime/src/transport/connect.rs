//! Opens connections: the name, TCP and, for `https`, TLS, all within one time limit.

use std::error::Error;
use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use tower_service::Service;

use super::hyper::HyperSettings;
use super::plain::Plain;
use super::tls::{Tls, TlsError};
use super::{BoxFuture, TransportErrorKind};

/// Opens connections for the pool. Clones share their TLS set-up.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    timeout: Duration,
    tls: Tls,
}

impl Connector {
    pub(super) fn new(settings: &HyperSettings) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // Requests are written whole: to wait for more to send with them only delays.
        tcp.set_nodelay(true);
        Self { tcp, timeout: settings.connect_timeout, tls: Tls::new(settings.tls_context.clone()) }
    }

    async fn connect(mut self, address: Uri) -> Result<Stream, ConnectError> {
        let to = address.authority().map(ToString::to_string).unwrap_or_default();
        let tcp = self.tcp.call(address.clone()).await;
        let tcp = tcp.map_err(|error| ConnectError::Tcp(to.clone(), error.into()))?;
        if address.scheme_str() != Some("https") {
            return Ok(Stream::new(Plain::new(tcp, to)));
        }
        let secured = self.tls.connect(&address, tcp.into_inner()).await.map_err(ConnectError::Tls)?;
        #[cfg(all(feature = "http2", any(feature = "rustls", feature = "aws-lc-rs")))]
        if secured.is_http2() {
            return Ok(Stream { shared: Some(Default::default()), ..Stream::new(secured) });
        }
        Ok(Stream::new(secured))
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = ConnectError;
    type Future = BoxFuture<'static, Result<Stream, ConnectError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let (timeout, connection) = (self.timeout, self.clone().connect(address));
        Box::pin(async move {
            tokio::time::timeout(timeout, connection).await.unwrap_or(Err(ConnectError::Timeout(timeout)))
        })
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// It took longer than this.
    Timeout(Duration),
    /// The name of this host is unknown, or TCP failed.
    Tcp(String, Box<dyn Error + Send + Sync>),
    /// The TLS handshake failed.
    Tls(TlsError),
}

impl ConnectError {
    /// What a caller is told.
    pub(super) fn kind(&self) -> TransportErrorKind {
        match self {
            Self::Timeout(_) => TransportErrorKind::ConnectTimeout,
            Self::Tcp(..) => TransportErrorKind::Connect,
            Self::Tls(error) => error.kind(),
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(limit) => write!(f, "no connection within {limit:?}"),
            Self::Tcp(host, _) => write!(f, "no TCP connection to {host}"),
            Self::Tls(error) => error.fmt(f),
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Timeout(_) => None,
            Self::Tcp(_, cause) => Some(&**cause),
            Self::Tls(error) => error.source(),
        }
    }
}

/// A connection, with or without TLS.
pub(super) struct Stream {
    io: Pin<Box<dyn Io>>,
    /// Lives as long as the connection, where it is one of HTTP/2, which all calls share.
    #[cfg(feature = "http2")]
    shared: Option<std::sync::Arc<()>>,
}

trait Io: Read + Write + Send {}

impl<T: Read + Write + Send> Io for T {}

impl Stream {
    fn new(io: impl Read + Write + Send + 'static) -> Self {
        Self {
            io: Box::pin(io),
            #[cfg(feature = "http2")]
            shared: None,
        }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        #[cfg(feature = "http2")]
        if let Some(stream) = &self.shared {
            return super::http2::shared(stream);
        }
        Connected::new()
    }
}

impl Read for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_read(cx, buf)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.io.as_mut().poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.io.as_mut().poll_write_vectored(cx, slices)
    }
}
