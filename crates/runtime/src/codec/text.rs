//! Values as text, where codecs agree on it.

use super::WriteError;
use crate::primitives::{DateTime, DateTimeFormat};
use crate::wire::Member;

/// The name of a float that has no digits.
pub(super) fn float_name(value: f64) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("NaN"),
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        _ => None,
    }
}

/// A point in time, in the format of its member.
pub(super) fn timestamp(at: &'static Member, time: &DateTime, format: DateTimeFormat) -> Result<String, WriteError> {
    time.fmt(format).map_err(|_| WriteError::new(at.name, "the year must be between 1 and 9999"))
}
