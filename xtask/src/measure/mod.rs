//! What is measured of programs and crates, for `cargo xtask bench` and `cargo xtask budget`: a file a quantity.
//!
//! Nothing here judges. Seconds belong to the machine and the minute they were taken in; crates, bytes, lines and
//! instructions do not, but for the versions of compiler, libc and valgrind.

pub mod build;
pub mod callgrind;
pub mod heap;
pub mod lines;
pub mod told;
pub mod tree;
pub mod usage;
mod valgrind;
