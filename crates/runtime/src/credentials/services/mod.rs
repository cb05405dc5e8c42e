//! The services that sources of credentials call, generated: the same call path, endpoint rules and retries as any other
//! call, and of their models no more than that.
//!
//! `[package.metadata.tinsmith]` of this crate says which operations they have. They are no part of its surface.

use crate::client::{Handle, Sent};
use crate::operation::Operation;
use crate::transport::BoxFuture;

#[rustfmt::skip]
pub mod sso;
#[rustfmt::skip]
pub mod sso_oidc;
#[rustfmt::skip]
pub mod sts;

/// Sends an input by a client. Boxed, so that a source of credentials holds a pointer, and no state of a call.
pub(super) fn ask<O: Operation>(client: &Handle, input: O::Input) -> BoxFuture<'static, Sent<O>> {
    let client = client.clone();
    Box::pin(async move { client.send::<O>(input).await })
}
