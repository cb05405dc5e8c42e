//! Model to IR: one file a decision.

pub mod endpoint;
pub mod partitions;
