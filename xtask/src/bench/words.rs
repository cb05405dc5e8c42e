//! Figures in words: three digits that mean something, or more where two would read alike, and a unit that fits.

use super::metric::Unit;
use crate::numbers::grouped;

/// A figure with its unit.
pub(super) fn figure(value: f64, unit: Unit) -> String {
    exact(value, unit, 0)
}

/// The same with so many digits more.
pub(super) fn exact(value: f64, unit: Unit, more: usize) -> String {
    match unit {
        Unit::Seconds => seconds(value, more),
        Unit::Bytes => bytes(value, more),
        Unit::Count => count(value, more),
        Unit::Times => format!("{} times", digits(value, more)),
        Unit::Instructions => instructions(value, more),
        Unit::CallsPerSecond => count(value.round(), more),
        Unit::BytesPerSecond => format!("{} MB/s", digits(value / 1e6, more)),
    }
}

/// A share or a multiple: `0.19`.
pub(super) fn ratio(value: f64) -> String {
    digits(value, 0)
}

/// Two values in these words, with as many digits more as it takes that they read as different as they are.
pub(super) fn apart(values: [f64; 2], words: impl Fn(f64, usize) -> String) -> [String; 2] {
    const MOST: usize = 6;
    let [one, other] = values;
    let more = (0..MOST).find(|more| one == other || words(one, *more) != words(other, *more));
    values.map(|value| words(value, more.unwrap_or(MOST)))
}

fn seconds(value: f64, more: usize) -> String {
    let (scaled, unit) = match value {
        value if value < 1e-3 => (value * 1e6, "µs"),
        value if value < 1.0 => (value * 1e3, "ms"),
        value => (value, "s"),
    };
    format!("{} {unit}", digits(scaled, more))
}

fn bytes(value: f64, more: usize) -> String {
    let (scaled, unit) = match value {
        value if value < 1e4 => return format!("{} B", count(value, more)),
        value if value < 1e6 => (value / 1e3, "kB"),
        value if value < 1e9 => (value / 1e6, "MB"),
        value => (value / 1e9, "GB"),
    };
    format!("{} {unit}", digits(scaled, more))
}

fn instructions(value: f64, more: usize) -> String {
    let (scaled, unit) = if value < 1e6 { (value / 1e3, "k") } else { (value / 1e6, "M") };
    format!("{} {unit}", digits(scaled, more))
}

fn count(value: f64, more: usize) -> String {
    if value.fract() == 0.0 && (0.0..1e15).contains(&value) { grouped(value as u64) } else { digits(value, more) }
}

/// Three digits and so many more, or all of those before the point.
pub(super) fn digits(value: f64, more: usize) -> String {
    let places = match value.abs() {
        size if size >= 999.5 && more == 0 => {
            return format!("{}{}", if value < 0.0 { "-" } else { "" }, grouped(size.round() as u64));
        }
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.0995 || size == 0.0 => 2,
        _ => 3,
    };
    format!("{value:.0$}", places + more)
}

#[cfg(test)]
mod tests {
    use super::{apart, exact, figure, ratio};
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

    #[test]
    fn what_differs_reads_as_different() {
        for (values, unit, expected) in [
            ([4_504_000.0, 4_500_000.0], Unit::Bytes, ["4.504 MB", "4.500 MB"]),
            ([4_500_000.0, 4_500_000.0], Unit::Bytes, ["4.50 MB", "4.50 MB"]),
            ([99.0, 278.0], Unit::Seconds, ["99.0 s", "278 s"]),
            ([1000.2, 1000.0], Unit::Seconds, ["1000.2 s", "1000.0 s"]),
            ([1.0, 1.0 + 1e-12], Unit::Times, ["1.00000000 times", "1.00000000 times"]),
        ] {
            assert_eq!(apart(values, |value, more| exact(value, unit, more)), expected);
        }
    }
}
