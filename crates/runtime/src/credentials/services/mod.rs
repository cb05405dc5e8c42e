//! The services that sources of credentials call, as generated clients: the same call path, endpoint rules and retries as
//! any other call.
//!
//! `[package.metadata.tinsmith]` of this crate says which operations they have. They are no part of its surface.

#[rustfmt::skip]
pub mod sso;
#[rustfmt::skip]
pub mod sso_oidc;
#[rustfmt::skip]
pub mod sts;
