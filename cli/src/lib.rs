//! The commands of `tinsmith`, for its binary and for the build tool of this repository, which has them too.
//!
//! A command is a file: its arguments, and a function that does it. Beside them stands what they need: files that are
//! replaced whole, generated files and their folder, faults that are shown together.

#![allow(clippy::print_stdout, reason = "a command answers on stdout")]

pub mod faults;
pub mod fs;
pub mod generate;
pub mod import;
pub mod lock;
pub mod models;
pub mod output;
pub mod show;
