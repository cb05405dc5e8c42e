//! A point in time, to the nanosecond, without a zone, under the names that `aws_smithy_types::DateTime` gives it.

mod calendar;
mod format;

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// Seconds and nanoseconds since 1970-01-01T00:00:00Z; times before it have negative seconds and the nanoseconds
/// still count forwards.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime {
    seconds: i64,
    nanos: u32,
}

/// How a point in time is spelt: the timestamp formats of Smithy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DateTimeFormat {
    /// RFC 3339 in UTC: `2019-12-16T23:48:18.52Z`. Written to the microsecond, for the years 1 to 9999.
    DateTime,
    /// RFC 3339 with whatever offset: `2019-12-16T23:48:18+01:00`. Written like [`DateTime`](Self::DateTime).
    DateTimeWithOffset,
    /// The fixed form of RFC 9110: `Mon, 16 Dec 2019 23:48:18 GMT`. Written to the second, for the years 1 to 9999; a
    /// fraction of the second is understood.
    HttpDate,
    /// Seconds since 1970 as a decimal number: `1576540098.52`. Written to the microsecond.
    EpochSeconds,
}

/// The text is no time in the format asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTimeParseError(DateTimeFormat);

/// The format has no spelling for this time: its year is not between 1 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTimeFormatError(DateTimeFormat);

/// The time is out of the range of the other type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionError(());

impl DateTime {
    /// A whole second.
    pub const fn from_secs(epoch_seconds: i64) -> Self {
        Self { seconds: epoch_seconds, nanos: 0 }
    }

    /// Milliseconds since 1970.
    #[allow(clippy::arithmetic_side_effects, reason = "a second has a thousand milliseconds")]
    pub const fn from_millis(epoch_millis: i64) -> Self {
        let nanos = epoch_millis.rem_euclid(1000) as u32 * 1_000_000;
        Self { seconds: epoch_millis.div_euclid(1000), nanos }
    }

    /// A second and the nanoseconds past it.
    ///
    /// # Panics
    /// If there are a second's worth of nanoseconds or more.
    pub const fn from_secs_and_nanos(seconds: i64, subsecond_nanos: u32) -> Self {
        assert!(subsecond_nanos < NANOS_PER_SECOND, "the nanoseconds past a second must be less than a second");
        Self { seconds, nanos: subsecond_nanos }
    }

    /// Reads a text that is all of one time.
    ///
    /// # Errors
    ///
    /// It is no time in this format, or one that does not fit.
    #[allow(clippy::should_implement_trait)] // The official name, and there is no text without a format.
    pub fn from_str(text: &str, format: DateTimeFormat) -> Result<Self, DateTimeParseError> {
        match format {
            DateTimeFormat::DateTime => format::parse_date_time(text, false),
            DateTimeFormat::DateTimeWithOffset => format::parse_date_time(text, true),
            DateTimeFormat::HttpDate => format::parse_http_date(text),
            DateTimeFormat::EpochSeconds => format::parse_epoch_seconds(text),
        }
        .ok_or(DateTimeParseError(format))
    }

    /// Spells the time.
    ///
    /// # Errors
    ///
    /// The format has years of four digits, and the year is not between 1 and 9999.
    pub fn fmt(&self, format: DateTimeFormat) -> Result<String, DateTimeFormatError> {
        match format {
            DateTimeFormat::DateTime | DateTimeFormat::DateTimeWithOffset => format::date_time(*self),
            DateTimeFormat::HttpDate => format::http_date(*self),
            DateTimeFormat::EpochSeconds => Some(format::epoch_seconds(*self)),
        }
        .ok_or(DateTimeFormatError(format))
    }

    /// The whole seconds.
    pub const fn secs(&self) -> i64 {
        self.seconds
    }

    /// The nanoseconds past the second.
    pub const fn subsec_nanos(&self) -> u32 {
        self.nanos
    }

    /// Whether there is a fraction of a second.
    pub const fn has_subsec_nanos(&self) -> bool {
        self.nanos != 0
    }

    /// Seconds since 1970, as close as a float comes.
    pub fn as_secs_f64(&self) -> f64 {
        self.seconds as f64 + f64::from(self.nanos) / f64::from(NANOS_PER_SECOND)
    }

    /// Milliseconds since 1970, rounded down.
    ///
    /// # Errors
    ///
    /// There are more than an `i64` holds.
    #[allow(clippy::arithmetic_side_effects, reason = "an `i128` holds the milliseconds of all seconds of an `i64`")]
    pub fn to_millis(self) -> Result<i64, ConversionError> {
        let millis = i128::from(self.seconds) * 1000 + i128::from(self.nanos / 1_000_000);
        i64::try_from(millis).map_err(|_| ConversionError(()))
    }

    /// RFC 3339 in UTC without loss; none where the year is not between 1 and 9999.
    #[cfg(feature = "serde")]
    pub(crate) fn to_exact_text(self) -> Option<String> {
        format::exact_date_time(self)
    }

    /// Nanoseconds since 1970; none where the seconds pass an `i64`.
    fn from_nanos(epoch_nanos: i128) -> Option<Self> {
        let second = i128::from(NANOS_PER_SECOND);
        let seconds = i64::try_from(epoch_nanos.div_euclid(second)).ok()?;
        Some(Self { seconds, nanos: epoch_nanos.rem_euclid(second) as u32 })
    }
}

impl DateTimeFormat {
    /// What a reader expects, in an error.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::DateTime => "a date-time in UTC like 2019-12-16T23:48:18Z",
            Self::DateTimeWithOffset => "a date-time like 2019-12-16T23:48:18Z",
            Self::HttpDate => "an http-date like Mon, 16 Dec 2019 23:48:18 GMT",
            Self::EpochSeconds => "a number of seconds since 1970",
        }
    }
}

impl From<SystemTime> for DateTime {
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "seconds of 64 bits have nanoseconds of fewer bits than an `i128`"
    )]
    fn from(time: SystemTime) -> Self {
        // A system time has no more than 64 bits of seconds on any platform; what passed an `i64` would be the last time.
        let (since, before) = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => (since, false),
            Err(error) => (error.duration(), true),
        };
        let nanos = since.as_nanos() as i128;
        let last = Self { seconds: if before { i64::MIN } else { i64::MAX }, nanos: 0 };
        Self::from_nanos(if before { -nanos } else { nanos }).unwrap_or(last)
    }
}

impl TryFrom<DateTime> for SystemTime {
    type Error = ConversionError;

    fn try_from(time: DateTime) -> Result<Self, ConversionError> {
        let seconds = Duration::from_secs(time.seconds.unsigned_abs());
        let second = if time.seconds < 0 { UNIX_EPOCH.checked_sub(seconds) } else { UNIX_EPOCH.checked_add(seconds) };
        let nanos = Duration::from_nanos(time.nanos.into());
        second.and_then(|second| second.checked_add(nanos)).ok_or(ConversionError(()))
    }
}

/// As RFC 3339 has it, or as seconds since 1970 where that has no such year.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format::date_time(*self).unwrap_or_else(|| format::epoch_seconds(*self)))
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for DateTimeParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.0.describe())
    }
}

impl std::error::Error for DateTimeParseError {}

impl fmt::Display for DateTimeFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the year must be between 1 and 9999")
    }
}

impl std::error::Error for DateTimeFormatError {}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is out of range")
    }
}

impl std::error::Error for ConversionError {}

#[cfg(test)]
mod tests;
