//! Numbers of any size, kept as the digits that spell them.

use std::fmt;
use std::str::FromStr;

use crate::shape::View;
use crate::wire::{Member, Reader, Wire, Writer};

/// A text is no number of the wanted kind, as JSON spells them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BigNumberError {
    /// The text, which is something else.
    InvalidFormat(String),
}

impl fmt::Display for BigNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::InvalidFormat(text) = self;
        write!(f, "{text:?} is not spelt as a number of JSON")
    }
}

impl std::error::Error for BigNumberError {}

macro_rules! big_numbers {
    ($($(#[doc = $about:literal])* $name:ident: $whole:literal, $zero:literal;)*) => {$(
        $(#[doc = $about])*
        ///
        /// It holds the digits as they were given or arrived, and is compared by them. [`str::parse`] makes one of what
        /// JSON takes for a number; `as_ref` gives the digits to a library that calculates.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl Default for $name {
            fn default() -> Self {
                Self($zero.to_owned())
            }
        }

        impl FromStr for $name {
            type Err = BigNumberError;

            fn from_str(text: &str) -> Result<Self, BigNumberError> {
                if is_number(text, $whole) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(BigNumberError::InvalidFormat(text.to_owned()))
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Wire for $name {
            fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
                r.number(at, $whole).map(|digits| self.0 = digits)
            }

            fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
                w.number(at, &self.0)
            }
        }

        impl<'a> View<'a, &'a $name> for $name {
            fn view(&'a self) -> &'a $name {
                self
            }
        }
    )*};
}

big_numbers! {
    /// An integer of any size.
    BigInteger: true, "0";
    /// A decimal number of any size and precision.
    BigDecimal: false, "0.0";
}

/// Whether JSON spells a number so (RFC 8259, section 6), and where it is to be `whole`, one without fraction and exponent.
pub(crate) fn is_number(text: &str, whole: bool) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (integer, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(i, fraction)| (i, Some(fraction)));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_leading_zero = integer.len() > 1 && integer.starts_with('0');
    let is_whole = fraction.is_none() && exponent.is_none();
    are_digits(integer)
        && !has_leading_zero
        && fraction.is_none_or(are_digits)
        && exponent.is_none_or(are_digits)
        && (is_whole || !whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_json_takes_for_one() {
        let long = "9".repeat(10_000);
        for text in ["0", "-0", "7", "-10", "18446744073709551616", &long] {
            assert_eq!(text.parse::<BigInteger>().as_ref().map(AsRef::as_ref), Ok(text));
            assert_eq!(text.parse::<BigDecimal>().as_ref().map(AsRef::as_ref), Ok(text));
        }
        for text in ["0.0", "-0.10", "1e400", "1E+4", "4.56e-5", "123.4500"] {
            assert_eq!(text.parse::<BigDecimal>().as_ref().map(AsRef::as_ref), Ok(text));
            assert!(text.parse::<BigInteger>().is_err(), "{text}");
        }
        for text in
            ["", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1e1.0", "--1", "1,\"a\":2", "NaN", "0x1", " 1", "١"]
        {
            assert!(text.parse::<BigInteger>().is_err() && text.parse::<BigDecimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_shows_the_text_in_one_line() {
        let error = "1\n2".parse::<BigInteger>().map_err(|error| error.to_string());
        assert_eq!(error, Err(r#""1\n2" is not spelt as a number of JSON"#.to_owned()));
    }

    #[test]
    fn both_begin_with_zero() {
        assert_eq!((BigInteger::default().to_string(), BigDecimal::default().to_string()), ("0".into(), "0.0".into()));
    }
}
