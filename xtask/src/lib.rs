//! The commands of `cargo xtask`, for its binary and for tests.
//!
//! A command is a file in [`commands`] and a variant of [`commands::Command`]. What several of them need stands beside
//! that folder: the workspace and its crates, suites, programs that are started. What people outside this repository can
//! do too is in `tinsmith`, their program, and comes from there.

#![allow(clippy::print_stdout, reason = "a command answers on stdout")]

pub mod bench;
pub mod budget;
pub mod commands;
pub mod compat;
pub mod conformance;
pub mod corpus;
pub mod fuzz;
pub mod interop;
pub mod measure;
mod numbers;
pub mod process;
mod python;
pub mod sample;
pub mod tidy;
pub mod workspace;

pub use tinsmith::{faults, fs, lock, output};
