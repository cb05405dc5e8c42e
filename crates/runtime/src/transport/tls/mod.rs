//! TLS of the hyper transport: whom it trusts, who it says it is, and what is told where a handshake fails.
//!
//! It is rustls, in TLS 1.2 or 1.3: with ring (feature `rustls`), or with aws-lc-rs (feature `aws-lc-rs`), which is taken
//! where both are on. A program that has to use cryptography validated by FIPS 140 turns on `aws-lc-rs` here, and names
//! `rustls` in its own manifest with the feature `fips`; building that needs CMake and Go.
//!
//! Trusted are the roots of the platform, or in their place those of the file that `AWS_CA_BUNDLE` or `ca_bundle` of the
//! profile names, or what code says in a [`TrustStore`]. With the feature `webpki-roots`, Mozilla's roots stand in where
//! the platform has none at all; so the feature takes nothing away, and adds nothing that a platform does not trust.

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
use self::absent as speaker;
#[cfg(feature = "default-https-client")]
pub(super) use self::error::TlsError;
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
use self::handshake as speaker;
#[cfg(feature = "default-https-client")]
pub(super) use self::speaker::Tls;
#[cfg(all(feature = "default-https-client", feature = "http2"))]
pub(super) use self::speaker::is_http2;

/// Whether this build can speak TLS.
#[cfg(feature = "default-https-client")]
pub(super) const IS_COMPILED_IN: bool = cfg!(any(feature = "rustls", feature = "aws-lc-rs"));

/// What is told where it cannot.
#[cfg(feature = "default-https-client")]
pub(super) const ABSENT: &str = "this build has no TLS for https: turn on the feature `rustls` or `aws-lc-rs`";
