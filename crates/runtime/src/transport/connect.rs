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
use super::{BoxFuture, TransportErrorKind};

/// Opens connections for the pool. Clones share their TLS set-up.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    timeout: Duration,
    #[cfg(feature = "rustls")]
    tls: super::tls::Tls,
}

impl Connector {
    pub(super) fn new(settings: &HyperSettings) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // Requests are written whole: to wait for more to send with them only delays.
        tcp.set_nodelay(true);
        Self {
            tcp,
            timeout: settings.connect_timeout,
            #[cfg(feature = "rustls")]
            tls: super::tls::Tls::new(settings.ca_bundle.clone()),
        }
    }

    async fn connect(mut self, address: Uri) -> Result<Stream, ConnectError> {
        #[cfg(feature = "rustls")]
        let host = (address.scheme_str() == Some("https")).then(|| address.host().unwrap_or_default().to_owned());
        let to = address.authority().map(ToString::to_string).unwrap_or_default();
        let tcp = self.tcp.call(address).await.map_err(|error| ConnectError::Tcp(to, error.into()))?;
        #[cfg(feature = "rustls")]
        if let Some(host) = host {
            return Ok(Stream::new(self.tls.connect(&host, tcp.into_inner()).await?));
        }
        Ok(Stream::new(tcp))
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
    /// There are no roots to trust.
    #[cfg(feature = "rustls")]
    Roots(String),
    /// The handshake with this host failed.
    #[cfg(feature = "rustls")]
    Tls(String, io::Error),
    /// The certificate of this host leads to no root that is trusted.
    #[cfg(feature = "rustls")]
    UnknownRoot(String, io::Error),
}

impl ConnectError {
    /// What a caller is told.
    pub(super) fn kind(&self) -> TransportErrorKind {
        match self {
            Self::Timeout(_) => TransportErrorKind::ConnectTimeout,
            // Trying again does not mend the set-up.
            #[cfg(feature = "rustls")]
            Self::Roots(_) => TransportErrorKind::User,
            _ => TransportErrorKind::Connect,
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(limit) => write!(f, "no connection within {limit:?}"),
            Self::Tcp(host, _) => write!(f, "no TCP connection to {host}"),
            #[cfg(feature = "rustls")]
            Self::Roots(problem) => f.write_str(problem),
            #[cfg(feature = "rustls")]
            Self::Tls(host, _) => write!(f, "the TLS handshake with {host} failed"),
            #[cfg(feature = "rustls")]
            Self::UnknownRoot(host, _) => write!(
                f,
                "the certificate of {host} leads to no trusted root: install its root, or set a CA bundle that holds it"
            ),
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Timeout(_) => None,
            Self::Tcp(_, cause) => Some(&**cause),
            #[cfg(feature = "rustls")]
            Self::Roots(_) => None,
            #[cfg(feature = "rustls")]
            Self::Tls(_, cause) | Self::UnknownRoot(_, cause) => Some(cause),
        }
    }
}

/// A connection, with or without TLS.
pub(super) struct Stream(Pin<Box<dyn Io>>);

trait Io: Read + Write + Send {}

impl<T: Read + Write + Send> Io for T {}

impl Stream {
    fn new(io: impl Read + Write + Send + 'static) -> Self {
        Self(Box::pin(io))
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_read(cx, buf)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write_vectored(cx, slices)
    }
}
