//! Which way requests go to their server: straight, or through which proxy, and how.

use std::sync::Arc;

use hyper::Uri;

use super::proxy::{Proxy, ProxyConfig, ProxyError};

/// The ways to all servers. Clones share them.
#[derive(Clone)]
pub(super) struct Routes(Option<Arc<ProxyConfig>>);

/// The way to a server.
#[derive(Clone, Copy)]
pub(super) enum Route<'a> {
    /// Nobody stands between.
    Direct,
    /// This proxy is handed each request whole.
    Forward(&'a Proxy),
    /// This proxy is asked for a tunnel to the server, once a connection.
    Tunnel(&'a Proxy),
}

impl Routes {
    pub(super) fn new(config: &ProxyConfig) -> Self {
        Self((!config.is_disabled()).then(|| Arc::new(config.clone())))
    }

    /// The way to an address.
    pub(super) fn to(&self, address: &Uri) -> Result<Route<'_>, ProxyError> {
        let Some(proxies) = &self.0 else { return Ok(Route::Direct) };
        let (scheme, host) = (address.scheme_str().unwrap_or_default(), address.host().unwrap_or_default());
        Ok(match proxies.proxy_for(scheme, host, port(address))? {
            None => Route::Direct,
            Some(proxy) if is_https(address) => Route::Tunnel(proxy),
            Some(proxy) => Route::Forward(proxy),
        })
    }
}

impl<'a> Route<'a> {
    /// The proxy that is asked.
    pub(super) fn proxy(self) -> Option<&'a Proxy> {
        match self {
            Self::Direct => None,
            Self::Forward(proxy) | Self::Tunnel(proxy) => Some(proxy),
        }
    }
}

pub(super) fn is_https(address: &Uri) -> bool {
    address.scheme_str() == Some("https")
}

/// The host of an address: an IPv6 address has brackets there, and nowhere else.
pub(super) fn host(address: &Uri) -> &str {
    let host = address.host().unwrap_or_default();
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// The port of an address, or that of its scheme.
pub(super) fn port(address: &Uri) -> u16 {
    address.port_u16().unwrap_or(if is_https(address) { 443 } else { 80 })
}
