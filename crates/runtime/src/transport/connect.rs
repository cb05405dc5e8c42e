//! Opens connections: the name, TCP, the tunnel of a proxy and, for `https`, TLS, all within one time limit.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tower_service::Service;

use super::hyper::HyperSettings;
use super::patient::Patient;
use super::plain::Plain;
use super::proxy::{Proxy, ProxyConfig, ProxyError};
use super::stream::Stream;
use super::tls::{Tls, TlsError};
use super::tunnel::{self, TunnelError};
use super::{BoxFuture, TransportErrorKind};

/// Opens connections for the pool. Clones share their TLS set-up.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    timeout: Duration,
    stall_limit: Option<Duration>,
    tls: Tls,
    proxies: Proxies,
}

/// The proxies, if there are any.
#[derive(Clone)]
pub(super) struct Proxies(Option<Arc<ProxyConfig>>);

impl Proxies {
    pub(super) fn new(config: &ProxyConfig) -> Self {
        Self((!config.is_disabled()).then(|| Arc::new(config.clone())))
    }

    /// The proxy for requests to an address.
    pub(super) fn of(&self, address: &Uri) -> Result<Option<&Proxy>, ProxyError> {
        let Some(proxies) = &self.0 else { return Ok(None) };
        let (scheme, host) = (address.scheme_str().unwrap_or_default(), address.host().unwrap_or_default());
        proxies.proxy_for(scheme, host, port(address))
    }
}

/// The port of an address, or that of its scheme.
pub(super) fn port(address: &Uri) -> u16 {
    address.port_u16().unwrap_or(if is_https(address) { 443 } else { 80 })
}

fn is_https(address: &Uri) -> bool {
    address.scheme_str() == Some("https")
}

impl Connector {
    pub(super) fn new(settings: &HyperSettings, proxies: Proxies) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(settings.tcp_nodelay);
        tcp.set_keepalive(settings.tcp_keepalive);
        Self {
            tcp,
            timeout: settings.connect_timeout,
            stall_limit: settings.upload_stall_limit,
            tls: Tls::new(settings.tls_context.clone()),
            proxies,
        }
    }

    async fn connect(&self, address: &Uri) -> Result<Stream, ConnectError> {
        if let Some(proxy) = self.proxies.of(address).map_err(ConnectError::Settings)? {
            let result = self.connect_through(proxy, address).await;
            return result.map_err(|fault| fault.of(proxy, address));
        }
        let to = address.authority().map(ToString::to_string).unwrap_or_default();
        let tcp = self.tcp(address.clone()).await.map_err(|cause| ConnectError::Tcp(to.clone(), cause))?;
        if !is_https(address) {
            return Ok(Stream::new(Plain::new(TokioIo::new(tcp), to)));
        }
        self.secure(address, tcp).await.map_err(ConnectError::Tls)
    }

    async fn connect_through(&self, proxy: &Proxy, address: &Uri) -> Result<Stream, ProxyFault> {
        let to = Uri::try_from(proxy.to_string()).map_err(|error| ProxyFault::Tcp(error.into()))?;
        let tcp = self.tcp(to.clone()).await.map_err(ProxyFault::Tcp)?;
        if proxy.is_tls() {
            let secured = self.tls.connect_to_proxy(&to, tcp).await.map_err(ProxyFault::Tls)?;
            self.connect_beyond(proxy, address, TokioIo::new(secured)).await
        } else {
            self.connect_beyond(proxy, address, tcp).await
        }
    }

    /// Makes a connection to a proxy one to the server; for `http` the proxy itself is who answers.
    async fn connect_beyond<T>(&self, proxy: &Proxy, address: &Uri, mut io: T) -> Result<Stream, ProxyFault>
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        if !is_https(address) {
            return Ok(Stream::to_proxy(TokioIo::new(io)));
        }
        tunnel::open(&mut io, proxy, address).await.map_err(ProxyFault::Tunnel)?;
        self.secure(address, io).await.map_err(ProxyFault::TlsBeyond)
    }

    async fn secure<T>(&self, address: &Uri, io: T) -> Result<Stream, TlsError>
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let secured = self.tls.connect(address, io).await?;
        #[cfg(feature = "http2")]
        if super::tls::is_http2(&secured) {
            return Ok(Stream::shared(secured));
        }
        Ok(Stream::new(secured))
    }

    async fn tcp(&self, address: Uri) -> Result<Patient<TcpStream>, Box<dyn Error + Send + Sync>> {
        let tcp = self.tcp.clone().call(address).await?;
        Ok(Patient::new(tcp.into_inner(), self.stall_limit))
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = ConnectError;
    type Future = BoxFuture<'static, Result<TokioIo<Stream>, ConnectError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let connected = tokio::time::timeout(this.timeout, this.connect(&address)).await;
            let stream = connected.unwrap_or_else(|_| {
                let proxy = this.proxies.of(&address).ok().flatten().map(told);
                Err(ConnectError::Timeout(this.timeout, proxy))
            })?;
            Ok(TokioIo::new(stream))
        })
    }
}

/// A proxy in an error: where it is, and who said so.
pub(super) fn told(proxy: &Proxy) -> String {
    format!("the proxy {proxy} (from {})", proxy.origin())
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// It took longer than this, through this proxy.
    Timeout(Duration, Option<String>),
    /// The name of this host is unknown, or TCP failed.
    Tcp(String, Box<dyn Error + Send + Sync>),
    /// The TLS handshake failed.
    Tls(TlsError),
    /// The proxies that are set cannot be understood.
    Settings(ProxyError),
    /// This proxy did not lead to this host.
    Proxy(String, String, ProxyFault),
}

/// What failed on the way through a proxy.
#[derive(Debug)]
pub(super) enum ProxyFault {
    /// Its name is unknown, or TCP failed.
    Tcp(Box<dyn Error + Send + Sync>),
    /// The TLS handshake with the proxy itself failed.
    Tls(TlsError),
    /// It gave no tunnel.
    Tunnel(TunnelError),
    /// The TLS handshake with the server failed, through the tunnel.
    TlsBeyond(TlsError),
}

impl ProxyFault {
    fn of(self, proxy: &Proxy, address: &Uri) -> ConnectError {
        match self {
            // The proxy did its part.
            Self::TlsBeyond(error) => ConnectError::Tls(error),
            fault => ConnectError::Proxy(
                told(proxy),
                format!("{}:{}", address.host().unwrap_or_default(), port(address)),
                fault,
            ),
        }
    }
}

impl ConnectError {
    /// What a caller is told.
    pub(super) fn kind(&self) -> TransportErrorKind {
        match self {
            Self::Timeout(..) => TransportErrorKind::ConnectTimeout,
            Self::Settings(_) => TransportErrorKind::User,
            Self::Proxy(_, _, ProxyFault::Tunnel(error)) if error.is_final() => TransportErrorKind::User,
            Self::Tls(error) | Self::Proxy(_, _, ProxyFault::Tls(error)) => error.kind(),
            Self::Tcp(..) | Self::Proxy(..) => TransportErrorKind::Connect,
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(limit, None) => write!(f, "no connection within {limit:?}"),
            Self::Timeout(limit, Some(proxy)) => write!(f, "no connection within {limit:?} through {proxy}"),
            Self::Tcp(host, _) => write!(f, "no TCP connection to {host}"),
            Self::Tls(error) => error.fmt(f),
            Self::Settings(error) => error.fmt(f),
            Self::Proxy(proxy, _, ProxyFault::Tcp(_)) => write!(f, "no TCP connection to {proxy}"),
            Self::Proxy(proxy, _, ProxyFault::Tls(error) | ProxyFault::TlsBeyond(error)) => {
                write!(f, "{proxy}: {error}")
            }
            Self::Proxy(proxy, host, ProxyFault::Tunnel(error)) => {
                write!(f, "{proxy}, asked for a connection to {host}, {error}")
            }
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Timeout(..) | Self::Settings(_) => None,
            Self::Tcp(_, cause) | Self::Proxy(_, _, ProxyFault::Tcp(cause)) => Some(&**cause),
            Self::Tls(error) | Self::Proxy(_, _, ProxyFault::Tls(error) | ProxyFault::TlsBeyond(error)) => {
                error.source()
            }
            Self::Proxy(_, _, ProxyFault::Tunnel(error)) => error.source(),
        }
    }
}
