//! The commands of `cargo xtask`, for its binary and for tests.
//!
//! A command is a file in [`commands`] and a variant of [`commands::Command`]. What several of them need stands beside
//! that folder: the workspace and its crates, files that are replaced whole, faults that are shown together.

#![allow(clippy::print_stdout, reason = "a command answers on stdout")]

pub mod commands;
pub mod compat;
pub mod conformance;
pub mod faults;
pub mod fs;
pub mod interop;
pub mod lock;
pub mod output;
pub mod process;
pub mod tidy;
pub mod workspace;
