//! What stands in the place of TLS where none is compiled in: it refuses.

use hyper::Uri;

use super::{TlsContext, TlsError};

/// No TLS.
#[derive(Clone)]
pub(in crate::transport) struct Tls;

impl Tls {
    pub(in crate::transport) fn new(_: TlsContext) -> Self {
        Self
    }

    /// Refuses, as the transport has done before a connection was opened for this.
    pub(in crate::transport) async fn connect<T>(&self, _: &Uri, _: T) -> Result<T, TlsError> {
        Err(TlsError::setup(super::ABSENT))
    }

    /// Refuses a proxy that speaks TLS.
    pub(in crate::transport) async fn connect_to_proxy<T>(&self, _: String, _: &Uri, _: T) -> Result<T, TlsError> {
        Err(TlsError::setup(super::ABSENT))
    }
}

/// Whether both sides agreed on HTTP/2.
#[cfg(feature = "http2")]
pub(in crate::transport) fn is_http2<T>(_: &T) -> bool {
    false
}
