//! TLS of the hyper transport: whom it trusts, who it says it is, and what is told where a handshake fails.

#[cfg(all(feature = "default-https-client", not(any(feature = "rustls", feature = "aws-lc-rs"))))]
mod absent;
mod context;
#[cfg(feature = "default-https-client")]
mod error;
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
mod explain;
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
mod handshake;
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
mod roots;

pub(crate) use self::context::holds_certificate;
pub use self::context::{TlsContext, TlsContextBuilder, TlsContextError, TrustStore};

#[cfg(all(feature = "default-https-client", not(any(feature = "rustls", feature = "aws-lc-rs"))))]
pub(super) use self::absent::Tls;
#[cfg(feature = "default-https-client")]
pub(super) use self::error::TlsError;
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
pub(super) use self::handshake::Tls;

/// Whether this build can speak TLS.
#[cfg(feature = "default-https-client")]
pub(super) const IS_COMPILED_IN: bool = cfg!(any(feature = "rustls", feature = "aws-lc-rs"));

/// What is told where it cannot.
#[cfg(feature = "default-https-client")]
pub(super) const ABSENT: &str = "this build has no TLS for https: turn on the feature `rustls` or `aws-lc-rs`";
