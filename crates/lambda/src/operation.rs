//! The operations, each in a module of its name.

pub use tinsmith_runtime::operation::RequestId;

pub mod list_layers;
