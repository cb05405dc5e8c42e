//! What callers prove who they are with, keys or tokens: how it is kept and refreshed, and why there is none.

mod cache;
pub(crate) mod error;
mod flight;

pub(crate) use cache::{Cached, Provider};
pub(crate) use flight::{Flight, Join};
