//! Values that have no type in Rust's standard library.

pub use tinsmith_runtime::primitives::{Blob, DateTime, DateTimeFormat};
