//! What this crate is.

/// The version of this crate.
pub static PKG_VERSION: &str = env!("CARGO_PKG_VERSION");
