//! Codecs: what puts the wire tables of [`wire`](crate::wire) into the bytes of a protocol, and takes them out again.
//!
//! Pure functions of their arguments: nothing here knows a socket, a clock or the environment.

pub mod aws_query;
mod error;
pub(crate) mod event;
#[cfg(test)]
mod fixture;
pub mod json;
mod query;
mod rest;
pub mod rest_json;
#[cfg(feature = "serde")]
pub mod serde;
mod text;
mod xml;

use std::collections::HashMap;

use crate::wire::Key;

pub use aws_query::AwsQuery;
pub(crate) use error::quoted;
pub use error::{ReadError, WriteError};
pub use rest::Route;
pub use rest_json::RestJson1;

/// The entries of a map in the order of their keys, so that the same value is always the same bytes.
pub(crate) fn sorted<K: Key, T>(entries: &HashMap<K, T>) -> Vec<(&str, &T)> {
    let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.as_ref(), value)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries
}
