//! Opens connections: the name, TCP, the tunnel of a proxy and, for `https`, TLS, all within one time limit.

use std::error::Error;
use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::hyper::HyperSettings;
use super::patient::Patience;
use super::plain::Plain;
use super::proxy::{Proxy, ProxyError};
use super::route::{Route, Routes, is_https, port};
use super::stream::{BoxedIo, Io, Past, Role, Stream};
use super::tls::{Tls, TlsError};
use super::tunnel::{self, TunnelError};
use super::watched::Watched;
use super::{BoxFuture, TransportErrorKind};

/// Opens connections for the pool. Clones share their TLS set-up.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    timeout: Duration,
    stall_limit: Option<Duration>,
    tls: Tls,
    routes: Routes,
}

impl Connector {
    pub(super) fn new(settings: &HyperSettings, routes: Routes) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(settings.tcp_nodelay);
        tcp.set_keepalive(settings.tcp_keepalive);
        Self {
            tcp,
            timeout: settings.connect_timeout,
            stall_limit: settings.upload_stall_limit,
            tls: Tls::new(settings.tls_context.clone()),
            routes,
        }
    }

    async fn connect(&self, address: &Uri, route: Route<'_>) -> Result<Stream, ConnectError> {
        match route {
            Route::Direct => {
                let to = host(address);
                let tcp = self.tcp(address.clone(), &to).await?;
                if is_https(address) {
                    return self.secure(address, tcp).await;
                }
                Ok(Stream::new(Box::pin(Watched::new(tcp, Plain::new(to))), Role::Server(Past::default())))
            }
            Route::Forward(proxy) => Ok(Stream::new(self.reach(proxy).await?, Role::Proxy(Past::default()))),
            Route::Tunnel(proxy) => {
                let mut io = self.reach(proxy).await?;
                let to = format!("{}:{}", address.host().unwrap_or_default(), port(address));
                if let Err(error) = tunnel::open(&mut io, &to, proxy.authorization()).await {
                    return Err(ConnectError::Tunnel { proxy: named(proxy), to, error });
                }
                self.secure(address, io).await
            }
        }
    }

    /// Connects to a proxy.
    async fn reach(&self, proxy: &Proxy) -> Result<BoxedIo, ConnectError> {
        let name = named(proxy);
        let address =
            Uri::try_from(proxy.to_string()).map_err(|error| ConnectError::Tcp(name.clone(), error.into()))?;
        let tcp = self.tcp(address.clone(), &name).await?;
        if !proxy.is_tls() {
            return Ok(Box::pin(tcp));
        }
        Ok(Box::pin(self.tls.connect_to_proxy(name, &address, tcp).await.map_err(ConnectError::Tls)?))
    }

    async fn secure(&self, address: &Uri, io: impl Io + Unpin + 'static) -> Result<Stream, ConnectError> {
        let secured = self.tls.connect(address, io).await.map_err(ConnectError::Tls)?;
        #[cfg(feature = "http2")]
        if super::tls::is_http2(&secured) {
            return Ok(Stream::new(Box::pin(secured), Role::Http2(Default::default())));
        }
        Ok(Stream::new(Box::pin(secured), Role::Server(Past::default())))
    }

    async fn tcp(&self, address: Uri, name: &str) -> Result<Watched<TcpStream, Patience>, ConnectError> {
        match self.tcp.clone().call(address).await {
            Ok(tcp) => Ok(Watched::new(tcp.into_inner(), Patience::new(self.stall_limit))),
            Err(cause) => Err(ConnectError::Tcp(name.to_owned(), cause.into())),
        }
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
            let route = this.routes.to(&address).map_err(ConnectError::Settings)?;
            let connected = tokio::time::timeout(this.timeout, this.connect(&address, route)).await;
            let timeout = |_| Err(ConnectError::Timeout(this.timeout, host(&address), route.proxy().map(named)));
            connected.unwrap_or_else(timeout).map(TokioIo::new)
        })
    }
}

/// A host in an error, with its port where the address has one.
fn host(address: &Uri) -> String {
    address.authority().map(ToString::to_string).unwrap_or_default()
}

/// A proxy in an error: where it is, and who said so.
pub(super) fn named(proxy: &Proxy) -> String {
    format!("the proxy {proxy} (from {})", proxy.origin())
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// The proxies that are set cannot be understood.
    Settings(ProxyError),
    /// It took longer than this to this host, through this proxy.
    Timeout(Duration, String, Option<String>),
    /// The name of this host, or of this proxy, is unknown, or TCP failed.
    Tcp(String, Box<dyn Error + Send + Sync>),
    /// The TLS handshake failed.
    Tls(TlsError),
    /// A proxy gave no tunnel to a server.
    Tunnel { proxy: String, to: String, error: TunnelError },
}

impl ConnectError {
    /// What a caller is told.
    pub(super) fn kind(&self) -> TransportErrorKind {
        match self {
            Self::Settings(_) => TransportErrorKind::User,
            Self::Timeout(..) => TransportErrorKind::ConnectTimeout,
            Self::Tunnel { error, .. } if error.is_final() => TransportErrorKind::User,
            Self::Tcp(..) | Self::Tunnel { .. } => TransportErrorKind::Connect,
            Self::Tls(error) => error.kind(),
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Timeout(limit, to, None) => write!(f, "no connection to {to} within {limit:?}"),
            Self::Timeout(limit, to, Some(proxy)) => {
                write!(f, "no connection to {to} within {limit:?} through {proxy}")
            }
            Self::Tcp(name, _) => write!(f, "no TCP connection to {name}"),
            Self::Tls(error) => error.fmt(f),
            Self::Tunnel { proxy, to, error } => write!(f, "{proxy}, asked for a connection to {to}, {error}"),
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Settings(_) | Self::Timeout(..) => None,
            Self::Tcp(_, cause) => Some(&**cause),
            Self::Tls(error) => error.source(),
            Self::Tunnel { error, .. } => error.source(),
        }
    }
}
