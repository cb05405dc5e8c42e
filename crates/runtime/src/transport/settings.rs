//! What the transport of a client that brings none is made by.

use std::time::Duration;

use super::tls::TlsContext;

/// How the hyper transport connects and what it keeps. Clients whose settings are equal here can share one transport.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HyperSettings {
    /// How long a connection may take, from the look-up of the name to the end of the TLS handshake; 3.1 s by default.
    pub connect_timeout: Duration,
    /// How long an idle connection is kept for the next request; 60 s by default.
    pub pool_idle_timeout: Duration,
    /// Whom TLS trusts, and the client certificate; by default the roots of the platform, and none.
    pub tls_context: TlsContext,
}

impl Default for HyperSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(3100),
            pool_idle_timeout: Duration::from_secs(60),
            tls_context: TlsContext::default(),
        }
    }
}
