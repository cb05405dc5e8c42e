//! Where a value of a setting came from.

use std::borrow::Cow;
use std::fmt;

use crate::profile::Place;

/// A value, and where it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub origin: Origin,
}

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The program said so.
    Code,
    /// An environment variable, by its name.
    Variable(Cow<'static, str>),
    /// A line of a shared config or credentials file.
    File(Place),
    /// Nobody said anything.
    Default,
}

impl Origin {
    /// A setting by the name that it was set by: its variable, or this key and its line.
    pub(crate) fn named(&self, key: &str) -> String {
        match self {
            Self::File(place) => format!("`{key}` at {place}"),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code => f.write_str("code"),
            Self::Variable(name) => f.write_str(name),
            Self::File(place) => place.fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}
