//! What the transport of a client that brings none is made by.

use std::time::Duration;

#[cfg(feature = "rustls")]
use bytes::Bytes;

/// How the hyper transport connects and what it keeps. Clients whose settings are equal here can share one transport.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HyperSettings {
    /// How long a connection may take, from the look-up of the name to the end of the TLS handshake; 3.1 s by default.
    pub connect_timeout: Duration,
    /// How long an idle connection is kept for the next request; 60 s by default.
    pub pool_idle_timeout: Duration,
    /// The roots that are trusted in place of those of the platform, as PEM text: what `AWS_CA_BUNDLE` points to.
    #[cfg(feature = "rustls")]
    pub ca_bundle: Option<Bytes>,
}

impl Default for HyperSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(3100),
            pool_idle_timeout: Duration::from_secs(60),
            #[cfg(feature = "rustls")]
            ca_bundle: None,
        }
    }
}
