//! The examples of pages of the guide that are too short for a test program each: a file a page of `docs/`, which shows the
//! whole of it piece by piece.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod errors;
mod moving;
mod operations;
mod pagination;
mod presigning;
