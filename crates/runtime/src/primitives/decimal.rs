//! Decimal numbers as text, taken exactly: what a float in between would round.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "what can pass its type is checked; no more digits are taken than there are, and what is negated was not negative"
)]

/// A decimal number, scaled by a power of ten and cut to an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) value: i128,
    /// Whether nothing was cut off.
    pub(crate) exact: bool,
}

impl Decimal {
    /// Parses `-12.5e3` and the like, times `10^scale`, rounded towards zero. None for what is no such number or too large.
    pub(crate) fn parse(text: &str, scale: i64) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
        if whole.is_empty() || fraction == Some("") {
            return None;
        }
        // How many digits stand before the point once it is moved; the rest is cut.
        let point = i64::try_from(whole.len()).ok()?.saturating_add(exponent_value(exponent)?).saturating_add(scale);
        let mut magnitude: i128 = 0;
        let mut rest = 0;
        let mut taken = 0;
        for digit in whole.bytes().chain(fraction.unwrap_or_default().bytes()) {
            if !digit.is_ascii_digit() {
                return None;
            }
            let digit = digit - b'0';
            if taken < point {
                magnitude = magnitude.checked_mul(10)?.checked_add(digit.into())?;
                taken += 1;
            } else {
                rest |= digit;
            }
        }
        if magnitude != 0 {
            let zeros = u32::try_from(point - taken.min(point)).ok()?;
            magnitude = magnitude.checked_mul(10i128.checked_pow(zeros)?)?;
        }
        Some(Self { value: if negative { -magnitude } else { magnitude }, exact: rest == 0 })
    }
}

/// An exponent; one that no `i64` holds is as good as the largest.
fn exponent_value(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse().unwrap_or(i64::MAX);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, scale: i64, expected: Option<(i128, bool)>) {
        assert_eq!(Decimal::parse(text, scale).map(|d| (d.value, d.exact)), expected, "{text} at {scale}");
    }

    #[test]
    fn numbers_are_scaled_without_loss() {
        check("0", 0, Some((0, true)));
        check("-0.0e999999999999999999999", 0, Some((0, true)));
        check("1.0", 0, Some((1, true)));
        check("150e-1", 0, Some((15, true)));
        check("1.5E+1", 0, Some((15, true)));
        check("1e-1", 0, Some((0, false)));
        check("-19e-1", 0, Some((-1, false)));
        check("9223372036854775807.0", 0, Some((9223372036854775807, true)));
        check("1e38", 0, Some((10i128.pow(38), true)));
        check("1e39", 0, None);
        check("1e99999999999999999999", 0, None);
        check("1e-99999999999999999999", 0, Some((0, false)));
        check("1398796238.123456789", 9, Some((1398796238123456789, true)));
        check("-0.5", 9, Some((-500_000_000, true)));
        check("0.0000000001", 9, Some((0, false)));
        check("000000000000000000000000000000000000000000000000001", 0, Some((1, true)));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".5", "5.", "1e", "1e+", "1x", "x", "+1", "--1", "1.2.3", "1e1.0", "NaN", "١"] {
            check(text, 0, None);
        }
    }
}
