//! Everything that an AWS call needs, for clients that Tinsmith generates: the call itself, wire codecs, signing,
//! endpoints, credentials, retries, settings and the hyper transport.
//!
//! Users meet this crate through a generated one, which re-exports what belongs to its surface. A program names it
//! itself to bring a [`transport`] of its own.

// Nothing that comes from outside can make it panic: what reckons with it says for each sum why it ends. Tests are not asked.
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects, clippy::string_slice, clippy::unreachable))]

#[cfg(feature = "aws-config")]
mod aws_config;
mod call;
pub mod client;
pub mod codec;
pub mod config;
pub mod credentials;
pub mod endpoint;
pub mod environment;
pub mod error;
pub mod event_stream;
pub mod finish;
pub mod future;
pub mod hook;
pub mod http;
mod identity;
pub mod operation;
pub mod pagination;
pub mod primitives;
pub mod profile;
pub mod random;
pub mod region;
pub mod retry;
pub mod shape;
pub mod shell;
pub mod sign;
mod task;
pub mod telemetry;
#[cfg(any(test, feature = "test-util"))]
#[allow(clippy::arithmetic_side_effects, reason = "tests count what they made themselves")]
pub mod test_util;
pub mod time;
pub mod token;
pub mod transport;
#[doc(hidden)] // Public for a suite alone.
pub mod user_agent;
pub mod waiter;
pub mod wire;
