//! The resolved service: plain data, nothing left to decide.

pub mod endpoint;
pub mod partitions;
