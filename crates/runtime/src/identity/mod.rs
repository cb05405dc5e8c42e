//! What callers prove who they are with, keys or tokens: how it is searched for, kept and refreshed, and why there is none.

mod cache;
mod chain;
pub(crate) mod error;
mod flight;

pub(crate) use cache::{Cached, Provider};
pub(crate) use chain::Chain;
pub(crate) use flight::Flight;
