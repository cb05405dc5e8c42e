//! Figures in words: three digits that mean something, and a unit that fits.

use super::metric::Unit;

/// A figure with its unit.
pub(super) fn figure(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Seconds => seconds(value),
        Unit::Bytes => bytes(value),
        Unit::Count => count(value),
        Unit::Times => format!("{} times", digits(value)),
        Unit::Instructions => instructions(value),
        Unit::CallsPerSecond => count(value.round()),
        Unit::BytesPerSecond => format!("{} MB/s", digits(value / 1e6)),
    }
}

/// A share or a multiple: `0.19`.
pub(super) fn ratio(value: f64) -> String {
    digits(value)
}

fn seconds(value: f64) -> String {
    let (scaled, unit) = match value {
        value if value < 1e-3 => (value * 1e6, "µs"),
        value if value < 1.0 => (value * 1e3, "ms"),
        value => (value, "s"),
    };
    format!("{} {unit}", digits(scaled))
}

fn bytes(value: f64) -> String {
    let (scaled, unit) = match value {
        value if value < 1e4 => return format!("{} B", count(value)),
        value if value < 1e6 => (value / 1e3, "kB"),
        value if value < 1e9 => (value / 1e6, "MB"),
        value => (value / 1e9, "GB"),
    };
    format!("{} {unit}", digits(scaled))
}

fn instructions(value: f64) -> String {
    let (scaled, unit) = if value < 1e6 { (value / 1e3, "k") } else { (value / 1e6, "M") };
    format!("{} {unit}", digits(scaled))
}

fn count(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { grouped(value as i64) } else { digits(value) }
}

/// Three digits, or all of those before the point.
fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 999.5 => grouped(value.round() as i64),
        size if size >= 99.95 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        size if size >= 0.0995 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A number with a comma before each three digits.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let comma = |i: usize| if i > 0 && (digits.len() - i).is_multiple_of(3) { "," } else { "" };
    let sign = if number < 0 { "-" } else { "" };
    sign.chars().map(String::from).chain(digits.chars().enumerate().map(|(i, c)| format!("{}{c}", comma(i)))).collect()
}

#[cfg(test)]
mod tests {
    use super::{figure, ratio};
    use crate::bench::metric::Unit;

    #[test]
    fn figures() {
        for (value, unit, expected) in [
            (278.4, Unit::Seconds, "278 s"),
            (9.996, Unit::Seconds, "10.0 s"),
            (0.0213, Unit::Seconds, "21.3 ms"),
            (0.000_185, Unit::Seconds, "185 µs"),
            (0.000_000_8, Unit::Seconds, "0.80 µs"),
            (0.0, Unit::Seconds, "0.00 µs"),
            (4_636_184.0, Unit::Bytes, "4.64 MB"),
            (1_410_000_000.0, Unit::Bytes, "1.41 GB"),
            (21_600.0, Unit::Bytes, "21.6 kB"),
            (512.0, Unit::Bytes, "512 B"),
            (38.0, Unit::Count, "38"),
            (38.5, Unit::Count, "38.5"),
            (1.0234, Unit::Times, "1.02 times"),
            (85_200.0, Unit::Instructions, "85.2 k"),
            (999_999.0, Unit::Instructions, "1,000 k"),
            (23_400_000.0, Unit::Instructions, "23.4 M"),
            (12_345.6, Unit::CallsPerSecond, "12,346"),
            (411_000_000.0, Unit::BytesPerSecond, "411 MB/s"),
        ] {
            assert_eq!(figure(value, unit), expected, "{value} {unit:?}");
        }
        assert_eq!([0.0412, 0.187, 1.0, 12.34, 1234.0].map(ratio), ["0.041", "0.19", "1.00", "12.3", "1,234"]);
    }
}
