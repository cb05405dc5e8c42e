//! The pages of the documentation whose code is run as documentation tests.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../docs/settings.md")]
mod settings {}
