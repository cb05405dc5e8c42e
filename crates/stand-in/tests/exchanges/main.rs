//! The stand-in from outside: bytes over loopback, signed here by a signer of its own.

#![allow(clippy::unwrap_used, reason = "clippy knows functions with #[test] for tests, not those that they share")]

mod authentication;
mod client;
mod faults;
mod functions;
mod lifecycle;
mod operation;
mod program;
mod relay;
mod streams;
mod tls;
