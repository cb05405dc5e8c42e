//! Opens connections: the name, TCP, the tunnel of a proxy and, for `https`, TLS, all within one time limit.

use std::error::Error;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use tokio::net::TcpStream;

use super::connection::{Connection, Http1};
use super::failure::kind_of_hyper;
use super::hyper::HyperSettings;
use super::patient::Patience;
use super::plain::Plain;
use super::proxy::{Proxy, ProxyError};
use super::route::{Route, Routes, is_https, port};
use super::stream::BoxedIo;
use super::tcp::Tcp;
use super::tls::{Tls, TlsError};
use super::tunnel::{self, TunnelError};
use super::watched::Watched;
use super::{BoxFuture, TransportError, TransportErrorKind};

/// A connection that is being opened.
pub(super) type Opening = BoxFuture<'static, Result<Connection, ConnectError>>;

/// Opens connections. Clones share their TLS set-up.
#[derive(Clone)]
pub(super) struct Connector(Arc<Means>);

struct Means {
    tcp: Tcp,
    timeout: Duration,
    stall_limit: Option<Duration>,
    tls: Tls,
    routes: Routes,
}

impl Connector {
    pub(super) fn new(settings: &HyperSettings) -> Self {
        Self(Arc::new(Means {
            tcp: Tcp::new(settings),
            timeout: settings.connect_timeout,
            stall_limit: settings.upload_stall_limit,
            tls: Tls::new(settings.tls_context.clone()),
            routes: Routes::new(&settings.proxy),
        }))
    }

    /// The ways to servers.
    pub(super) fn routes(&self) -> &Routes {
        &self.0.routes
    }

    /// Opens a connection to the host of an address, on which HTTP can be spoken.
    ///
    /// Behind a pointer, so that what it takes to connect, and to give that up, is compiled here and nowhere else.
    pub(super) fn open(&self, address: Uri) -> Opening {
        let connector = self.clone();
        Box::pin(async move {
            let opening: Pin<&mut (dyn Future<Output = _> + Send)> = pin!(connector.0.open(&address));
            let opened = tokio::time::timeout(connector.0.timeout, opening).await;
            opened.unwrap_or_else(|_| Err(connector.late(&address)))
        })
    }

    /// What is told where a connection to the host of an address takes too long.
    pub(super) fn late(&self, address: &Uri) -> ConnectError {
        let route = self.0.routes.to(address).ok();
        ConnectError::Timeout(self.0.timeout, host(address), route.and_then(Route::proxy).map(named))
    }

    /// How long a connection may take.
    #[cfg(feature = "http2")]
    pub(super) fn timeout(&self) -> Duration {
        self.0.timeout
    }
}

impl Means {
    async fn open(&self, address: &Uri) -> Result<Connection, ConnectError> {
        let route = self.routes.to(address).map_err(ConnectError::Settings)?;
        let mut io: BoxedIo = match route {
            Route::Direct => {
                let to = host(address);
                let tcp = self.tcp(address, &to).await?;
                if is_https(address) { Box::pin(tcp) } else { Box::pin(Watched::new(tcp, Plain::new(to))) }
            }
            Route::Forward(proxy) | Route::Tunnel(proxy) => self.reach(proxy).await?,
        };
        if let Route::Tunnel(proxy) = route {
            let to = format!("{}:{}", address.host().unwrap_or_default(), port(address));
            if let Err(error) = tunnel::open(&mut io, &to, proxy.authorization()).await {
                return Err(ConnectError::Tunnel { proxy: named(proxy), to, error });
            }
        }
        if is_https(address) {
            let secured = self.tls.connect(address, io).await.map_err(ConnectError::Tls)?;
            #[cfg(feature = "http2")]
            if super::tls::is_http2(&secured) {
                let connection = super::http2::Http2::open(Box::pin(secured)).await.map_err(ConnectError::Http)?;
                return Ok(Connection::Http2(connection));
            }
            io = Box::pin(secured);
        }
        Ok(Connection::Http1(Http1::open(io).await.map_err(ConnectError::Http)?))
    }

    /// Connects to a proxy.
    async fn reach(&self, proxy: &Proxy) -> Result<BoxedIo, ConnectError> {
        let name = named(proxy);
        let address =
            Uri::try_from(proxy.to_string()).map_err(|error| ConnectError::Tcp(name.clone(), error.into()))?;
        let tcp = self.tcp(&address, &name).await?;
        if !proxy.is_tls() {
            return Ok(Box::pin(tcp));
        }
        Ok(Box::pin(self.tls.connect_to_proxy(name, &address, Box::pin(tcp)).await.map_err(ConnectError::Tls)?))
    }

    async fn tcp(&self, address: &Uri, name: &str) -> Result<Watched<TcpStream, Patience>, ConnectError> {
        match self.tcp.connect(address).await {
            Ok(tcp) => Ok(Watched::new(tcp, Patience::new(self.stall_limit))),
            Err(cause) => Err(ConnectError::Tcp(name.to_owned(), cause.into())),
        }
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
    /// The server does not begin to speak HTTP as it agreed to.
    Http(hyper::Error),
}

impl ConnectError {
    fn kind(&self) -> TransportErrorKind {
        match self {
            Self::Settings(_) => TransportErrorKind::User,
            Self::Timeout(..) => TransportErrorKind::ConnectTimeout,
            Self::Tunnel { error, .. } if error.is_final() => TransportErrorKind::User,
            Self::Tcp(..) | Self::Tunnel { .. } => TransportErrorKind::Connect,
            Self::Tls(error) => error.kind(),
            Self::Http(error) => kind_of_hyper(error),
        }
    }

    /// What a caller is told. All that waited for the same connection have the error in common.
    pub(super) fn into_error(self: Arc<Self>) -> TransportError {
        match &*self {
            Self::Tls(error) => TransportError::new(error.kind(), error.clone()),
            _ => TransportError::new(self.kind(), self),
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
            Self::Http(error) => error.fmt(f),
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
            Self::Http(error) => error.source(),
        }
    }
}
