//! `ListLayers` on the wire: what a server may answer, and what a caller then gets. The answers are scripted, byte by
//! byte, so that each case says all there is to it.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod adaptive;
mod client;
mod clock_skew;
mod credentials;
mod decoding;
mod errors;
mod explain;
mod hooks;
mod official;
mod overrides;
mod pages;
mod requests;
mod retries;
