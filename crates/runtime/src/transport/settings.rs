//! What the transport of a client that brings none is made by.

use std::time::Duration;

use super::proxy::ProxyConfig;
use super::tls::TlsContext;
use crate::config::StalledStreamProtectionConfig;

/// Beyond this, a limit on time is none: the end of a longer one may be no time that there is.
#[cfg(feature = "default-https-client")]
pub(super) const A_YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How the hyper transport connects and what it keeps. Clients whose settings are equal here can share one transport.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HyperSettings {
    /// How long a connection may take, from the look-up of the name to the end of the TLS handshake; 3.1 s by default.
    pub connect_timeout: Duration,
    /// The proxies that requests go through; none by default.
    pub proxy: ProxyConfig,
    /// How long an idle connection is kept for the next request; 60 s by default.
    pub pool_idle_timeout: Duration,
    /// Whom TLS trusts, and the client certificate; by default the roots of the platform, and none.
    pub tls_context: TlsContext,
    /// How many idle connections to one host are kept; 100 by default. How many there are at the same time is not bounded:
    /// each request that finds none idle opens one. In HTTP/2 requests share one, which is kept unless this is 0.
    pub pool_max_idle_per_host: usize,
    /// How long a server may take nothing of a request that is being sent; 20 s by default, `None` for ever. A client sets
    /// it by [`stalled_stream_protection`](crate::config::Builder::stalled_stream_protection).
    pub upload_stall_limit: Option<Duration>,
    /// How long nothing may come or go before the system asks a peer by TCP whether it is still there; it does not by
    /// default, as in the official SDK.
    pub tcp_keepalive: Option<Duration>,
    /// Whether what is written is sent at once, rather than held back for more to come with it; true by default.
    pub tcp_nodelay: bool,
}

impl Default for HyperSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(3100),
            proxy: ProxyConfig::default(),
            pool_idle_timeout: Duration::from_secs(60),
            tls_context: TlsContext::default(),
            pool_max_idle_per_host: 100,
            upload_stall_limit: StalledStreamProtectionConfig::default().upload_limit(),
            tcp_keepalive: None,
            tcp_nodelay: true,
        }
    }
}
