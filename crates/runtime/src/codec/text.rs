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

/// The float of a text: a name of [`float_name`], or a finite decimal number.
pub(super) fn parse_float<F: std::str::FromStr + Into<f64> + Copy>(text: &str) -> Option<F> {
    let value: F = text.parse().ok()?;
    let named = float_name(value.into());
    // The standard library also reads `inf`, and makes infinity of what is too large.
    named.is_none_or(|name| name == text).then_some(value)
}

/// A float of double precision, in the shortest digits that give it back, or by its name.
pub(super) fn float(value: f64) -> String {
    float_name(value).map_or_else(|| format!("{value:?}"), str::to_owned)
}

/// A float of single precision, likewise.
pub(super) fn single(value: f32) -> String {
    float_name(value.into()).map_or_else(|| format!("{value:?}"), str::to_owned)
}

/// A point in time in the format of its member.
pub(super) fn timestamp(at: &'static Member, time: &DateTime, format: DateTimeFormat) -> Result<String, WriteError> {
    time.fmt(format).map_err(|_| WriteError::new(at.name, "has a year that is not between 1 and 9999"))
}
