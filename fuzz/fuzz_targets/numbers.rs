//! Numbers: any text into every type, held against the standard library; any float and integer, written and read by `serde_json`.
#![no_main]

use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use tinsmith_runtime::codec::json;
use tinsmith_runtime::primitives::{BigDecimal, BigInteger};
use tinsmith_runtime::wire::Wire;

fuzz_target!(|bytes: &[u8]| {
    if let Some((bits, _)) = bytes.split_first_chunk() {
        written(u64::from_be_bytes(*bits));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // `serde_json` says what is a number at all; the names of floats, and white space, are for other targets.
    let is_number = text.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit())
        && !text.ends_with(|sign: char| sign.is_ascii_whitespace())
        && serde_json::from_str::<IgnoredAny>(text).is_ok();
    let number = is_number.then_some(text);
    check::<i8>(text, number.and_then(integer));
    check::<i32>(text, number.and_then(integer));
    check::<i64>(text, number.and_then(integer));
    check::<f32>(text, number.and_then(|text| text.parse().ok()).filter(|float: &f32| float.is_finite()));
    check::<f64>(text, number.and_then(|text| text.parse().ok()).filter(|float: &f64| float.is_finite()));
    check::<BigDecimal>(text, number.and_then(|text| text.parse().ok()));
    if number.is_some_and(|text| !text.contains(['.', 'e', 'E'])) {
        check::<BigInteger>(text, text.parse().ok());
    }
});

fn check<T: Wire + PartialEq + std::fmt::Debug>(text: &str, expected: Option<T>) {
    let outer = |sign: char| sign == '"' || sign.is_ascii_whitespace();
    if !text.is_empty() && !text.starts_with(outer) && !text.ends_with(outer) {
        assert_eq!(json::read::<T>(text.as_bytes()).ok(), expected, "{text:?}");
    }
}

/// The integer that a number is, if it is one: its digits without the point, which the exponent moves. 38 digits are read, as
/// many as an `i128` has at least, zeros at the end among them.
fn integer<T: FromStr>(text: &str) -> Option<T> {
    let (sign, magnitude) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.bytes().all(|digit| digit == b'0') {
        return "0".parse().ok();
    }
    let exponent: i64 = exponent.parse().ok()?;
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let before = usize::try_from(point).ok().filter(|before| *before < 10_000)?;
    let digits = format!("{digits:0<before$}");
    let (before, after) = digits.split_at(before);
    after.bytes().all(|digit| digit == b'0').then(|| format!("{sign}{before}").parse().ok())?
}

/// What is written is read as the same number by `serde_json`, to the last bit.
fn written(bits: u64) {
    let text = |bytes: Result<Vec<u8>, _>| String::from_utf8(bytes.expect("numbers can be written")).expect("UTF-8");
    let (double, integer) = (f64::from_bits(bits), bits.cast_signed());
    let single = f32::from_bits((bits >> 32) as u32);
    if double.is_finite() {
        let text = text(json::write(&double));
        assert_eq!(serde_json::from_str::<f64>(&text).ok().map(f64::to_bits), Some(double.to_bits()), "{text}");
    }
    if single.is_finite() {
        let text = text(json::write(&single));
        assert_eq!(text.parse().ok().map(f32::to_bits), Some(single.to_bits()), "{text}");
    }
    assert_eq!(serde_json::from_str(&text(json::write(&integer))).ok(), Some(integer));
}
