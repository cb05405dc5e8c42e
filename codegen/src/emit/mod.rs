//! IR to tokens: one file an output concern.

pub mod endpoint;
pub mod partitions;
