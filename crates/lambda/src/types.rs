//! The shapes of the service, wherever they are defined.

pub use super::enums::{Architecture, Runtime, ThrottleReason};
pub use super::operation::list_layers::{LayerVersionsListItem, LayersListItem};

pub mod error;
