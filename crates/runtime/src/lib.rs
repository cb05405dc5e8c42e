//! Everything that an AWS call needs, for clients that Tinsmith generates: the call itself, wire codecs, signing,
//! endpoints, credentials, retries, settings and the hyper transport.
//!
//! Users meet this crate through a generated one, which re-exports what belongs to its surface.

pub mod config;
pub mod credentials;
pub mod environment;
pub mod future;
pub mod http;
pub mod primitives;
pub mod sign;
pub mod profile;
pub mod region;
pub mod time;
pub mod transport;
pub mod wire;
