//! Takes values that hold no others from what a format says is there.

use std::fmt;

use serde_core::de::{Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::path::Path;
use crate::codec::text::parse_float;
use crate::primitives::{Blob, DateTime, DateTimeFormat, Decimal, base64, is_number};

/// What errors say of text that is not what was expected: it may be secret, and long.
const OTHER_TEXT: Unexpected<'static> = Unexpected::Other("other text");

/// Text, which is shown to `see`.
pub(super) struct Text<'p> {
    pub(super) see: &'p mut dyn FnMut(&str),
    pub(super) path: Path<'p>,
}

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, "a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        (self.see)(text);
        Ok(())
    }
}

/// A boolean.
pub(super) struct Boolean<'p>(pub(super) Path<'p>);

impl Visitor<'_> for Boolean<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expects(f, "true or false")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }
}

/// An integer within bounds; `1.0` is one.
pub(super) struct Integer<'p> {
    pub(super) min: i64,
    pub(super) max: i64,
    pub(super) path: Path<'p>,
}

impl Integer<'_> {
    fn within<E: Error>(self, value: Option<i64>, found: Unexpected<'_>) -> Result<i64, E> {
        value.filter(|value| (self.min..=self.max).contains(value)).ok_or_else(|| E::invalid_value(found, &self))
    }
}

impl<'de> Visitor<'de> for Integer<'_> {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, format_args!("an integer from {} to {}", self.min, self.max))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        self.within(Some(value), Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        self.within(value.try_into().ok(), Unexpected::Unsigned(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
        // A cast stops at the ends of its type; the last one, which no float is, would be another number.
        let whole = value as i64;
        let is_exact = whole as f64 == value && whole != i64::MAX;
        self.within(is_exact.then_some(whole), Unexpected::Float(value))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<i64, E> {
        Err(E::invalid_type(OTHER_TEXT, &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<i64, A::Error> {
        let exact = exact(&private_number(map, &self)?);
        self.within(exact.and_then(|value| value.try_into().ok()), Unexpected::Other("another number"))
    }
}

/// A number of single or double precision, or the word for one that has no digits.
pub(super) struct Float<'p> {
    pub(super) is_single: bool,
    pub(super) path: Path<'p>,
}

impl Float<'_> {
    /// The number, unless it is too large for its type.
    fn within<E: Error>(self, value: f64) -> Result<f64, E> {
        let is_too_large = self.is_single && value.is_finite() && (value as f32).is_infinite();
        if is_too_large { Err(E::invalid_value(Unexpected::Float(value), &self)) } else { Ok(value) }
    }
}

impl<'de> Visitor<'de> for Float<'_> {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.is_single { "a number of single precision" } else { "a number of double precision" };
        self.path.expects(f, what)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        self.within(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        let named = parse_float(text).filter(|value: &f64| !value.is_finite());
        named.ok_or_else(|| E::invalid_type(OTHER_TEXT, &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<f64, A::Error> {
        let digits = private_number(map, &self)?;
        match parse_float(&digits) {
            Some(value) => self.within(value),
            None => Err(A::Error::invalid_value(Unexpected::Other("another number"), &self)),
        }
    }
}

/// The digits of a number of any size.
pub(super) struct Number<'p> {
    /// Whether it has neither fraction nor exponent.
    pub(super) whole: bool,
    pub(super) path: Path<'p>,
}

impl<'de> Visitor<'de> for Number<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.whole { "an integer, as text where it is large" } else { "a number, or its digits as text" };
        self.path.expects(f, what)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        if is_number(text, self.whole) { Ok(text.to_owned()) } else { Err(E::invalid_value(OTHER_TEXT, &self)) }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<String, E> {
        Ok(value.to_string())
    }

    /// A float is taken for the shortest digits that give it. What it was made of may have been another integer.
    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        if self.whole || !value.is_finite() {
            return Err(E::invalid_type(Unexpected::Float(value), &self));
        }
        Ok(format!("{value:?}"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<String, A::Error> {
        let digits = private_number(map, &self)?;
        match exact(&digits).filter(|_| self.whole && !is_number(&digits, true)) {
            Some(value) => Ok(value.to_string()),
            None => self.visit_str(&digits),
        }
    }
}

/// Bytes.
pub(super) struct Bytes<'p> {
    pub(super) path: Path<'p>,
    /// Whether they are spelt in base64.
    pub(super) is_text: bool,
}

impl<'de> Visitor<'de> for Bytes<'_> {
    type Value = Blob;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, if self.is_text { "base64 in a string" } else { "bytes" })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Blob, E> {
        if !self.is_text {
            return Err(E::invalid_type(Unexpected::Other("text"), &self));
        }
        base64::decode(text).map(Blob::new).ok_or_else(|| E::invalid_value(OTHER_TEXT, &self))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Blob, E> {
        Ok(Blob::from(bytes))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Blob, E> {
        Ok(Blob::new(bytes))
    }
}

/// A point in time.
pub(super) struct Time<'p> {
    pub(super) path: Path<'p>,
    /// Whether it is spelt as RFC 3339 has it.
    pub(super) is_text: bool,
}

impl<'de> Visitor<'de> for Time<'_> {
    type Value = DateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pair = "a pair of seconds and of nanoseconds within one";
        self.path.expects(f, if self.is_text { DateTimeFormat::DateTimeWithOffset.describe() } else { pair })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DateTime, E> {
        let time = DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset);
        time.map_err(|_| E::invalid_value(OTHER_TEXT, &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<DateTime, A::Error> {
        let seconds = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let nanos: u32 = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
        if nanos >= 1_000_000_000 {
            return Err(A::Error::invalid_value(Unexpected::Unsigned(nanos.into()), &self));
        }
        Ok(DateTime::from_secs_and_nanos(seconds, nanos))
    }
}

/// What `serde_json` calls the only entry of a map that stands for a number, where a program has it keep all digits (its
/// feature `arbitrary_precision`).
pub(super) const PRIVATE_NUMBER: &str = "$serde_json::private::Number";

/// The digits of a number that comes as such a map.
fn private_number<'de, A: MapAccess<'de>>(
    mut map: A,
    expected: &dyn serde_core::de::Expected,
) -> Result<String, A::Error> {
    match map.next_key::<String>()? {
        Some(key) if key == PRIVATE_NUMBER => map.next_value(),
        _ => Err(A::Error::invalid_type(Unexpected::Map, expected)),
    }
}

/// The integer that these digits are; `1.0` and `1e3` are one.
fn exact(digits: &str) -> Option<i128> {
    Decimal::parse(digits, 0).filter(|decimal| decimal.exact).map(|decimal| decimal.value)
}
