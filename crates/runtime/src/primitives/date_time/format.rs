//! The texts of a time: RFC 3339, the http-date of RFC 9110, and seconds since 1970.

use super::calendar::{Date, SECONDS_PER_DAY, weekday};
use super::{DateTime, NANOS_PER_SECOND};
use crate::primitives::Decimal;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// RFC 3339 in UTC, to the microsecond; none outside the years 1 to 9999.
pub(super) fn date_time(time: DateTime) -> Option<String> {
    let (Date { year, month, day }, [hour, minute, second], _) = parts(time)?;
    let fraction = fraction(time);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"))
}

/// RFC 3339 in UTC, to the nanosecond; none outside the years 1 to 9999.
#[cfg(feature = "serde")]
pub(super) fn exact_date_time(time: DateTime) -> Option<String> {
    let second = date_time(DateTime::from_secs(time.seconds))?;
    if time.nanos == 0 {
        return Some(second);
    }
    let fraction = format!("{:09}", time.nanos);
    Some(format!("{}.{}Z", second.trim_end_matches('Z'), fraction.trim_end_matches('0')))
}

/// The fixed form of RFC 9110, to the second; none outside the years 1 to 9999.
pub(super) fn http_date(time: DateTime) -> Option<String> {
    let (Date { year, month, day }, [hour, minute, second], weekday) = parts(time)?;
    let month = MONTHS.get(usize::from(month).checked_sub(1)?)?;
    let weekday = WEEKDAYS.get(weekday)?;
    Some(format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"))
}

/// Seconds since 1970, to the microsecond. The fraction counts forwards before 1970 too: three quarters of a second
/// after second -2 are `-2.75`. That is how the official clients write and read it, and what their suite asks for.
pub(super) fn epoch_seconds(time: DateTime) -> String {
    format!("{}{}", time.seconds, fraction(time))
}

/// Parses what [`epoch_seconds`] writes, and every other spelling of a decimal number.
pub(super) fn parse_epoch_seconds(text: &str) -> Option<DateTime> {
    const SECOND: i128 = NANOS_PER_SECOND as i128;
    let nanos = Decimal::parse(text, 9)?.value;
    let seconds = i64::try_from(nanos / SECOND).ok()?;
    Some(DateTime { seconds, nanos: (nanos % SECOND).unsigned_abs() as u32 })
}

/// Parses RFC 3339. Offsets other than `Z` only where they are allowed.
#[allow(clippy::arithmetic_side_effects, reason = "years have four digits, and all that is added to them two")]
pub(super) fn parse_date_time(text: &str, offsets: bool) -> Option<DateTime> {
    let mut rest = Rest(text);
    let year = rest.digits(4)?;
    rest.one_of("-")?;
    let month = rest.digits(2)?;
    rest.one_of("-")?;
    let day = rest.digits(2)?;
    rest.one_of("Tt")?;
    let clock = rest.clock()?;
    let nanos = rest.fraction()?;
    let offset = match rest.one_of("Zz+-")? {
        'Z' | 'z' => 0,
        _ if !offsets => return None,
        sign => {
            let hours = rest.digits(2).filter(|hours| *hours < 24)?;
            rest.one_of(":")?;
            let minutes = rest.digits(2).filter(|minutes| *minutes < 60)?;
            (hours * 3600 + minutes * 60) * if sign == '-' { -1 } else { 1 }
        }
    };
    rest.end()?;
    let date = Date { year, month: month as u8, day: day as u8 };
    Some(DateTime { seconds: date.days()? * SECONDS_PER_DAY + clock - offset, nanos })
}

/// Parses the fixed form of RFC 9110, with or without a fraction of the second.
#[allow(clippy::arithmetic_side_effects, reason = "years have four digits, and all that is added to them two")]
pub(super) fn parse_http_date(text: &str) -> Option<DateTime> {
    let mut rest = Rest(text);
    rest.name(&WEEKDAYS)?;
    rest.literal(", ")?;
    let day = rest.digits(2)?;
    rest.literal(" ")?;
    let month = rest.name(&MONTHS)? + 1;
    rest.literal(" ")?;
    let year = rest.digits(4)?;
    rest.literal(" ")?;
    let clock = rest.clock()?;
    let nanos = rest.fraction()?;
    rest.literal(" GMT")?;
    rest.end()?;
    let date = Date { year, month: month as u8, day: day as u8 };
    Some(DateTime { seconds: date.days()? * SECONDS_PER_DAY + clock, nanos })
}

/// Date, clock and day of the week.
fn parts(time: DateTime) -> Option<(Date, [i64; 3], usize)> {
    let days = time.seconds.div_euclid(SECONDS_PER_DAY);
    let second = time.seconds.rem_euclid(SECONDS_PER_DAY);
    let date = Date::from_days(days);
    let spellable = (1..=9999).contains(&date.year);
    spellable.then_some((date, [second / 3600, second / 60 % 60, second % 60], weekday(days)))
}

/// The microseconds after a point, without trailing zeros; nothing if there are none.
fn fraction(time: DateTime) -> String {
    match time.nanos / 1_000 {
        0 => String::new(),
        micros => format!(".{micros:06}").trim_end_matches('0').to_owned(),
    }
}

/// What is left of a text.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    fn one_of(&mut self, choices: &str) -> Option<char> {
        let next = self.0.chars().next().filter(|next| choices.contains(*next))?;
        self.0 = self.0.get(next.len_utf8()..)?;
        Some(next)
    }

    /// The index of the name that comes next.
    fn name(&mut self, names: &[&str]) -> Option<usize> {
        names.iter().position(|name| self.literal(name).is_some())
    }

    /// Exactly this many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    }

    /// `23:48:18` in seconds. A leap second is the first second of the next minute, as time since 1970 has it.
    #[allow(clippy::arithmetic_side_effects, reason = "hours, minutes and seconds have two digits")]
    fn clock(&mut self) -> Option<i64> {
        let hour = self.digits(2).filter(|hour| *hour < 24)?;
        self.literal(":")?;
        let minute = self.digits(2).filter(|minute| *minute < 60)?;
        self.literal(":")?;
        let second = self.digits(2).filter(|second| *second < 60 || (*second == 60 && minute == 59))?;
        Some(hour * 3600 + minute * 60 + second)
    }

    /// A fraction of a second in nanoseconds, 0 if none comes; digits after the ninth are cut off.
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "there are nine digits at most, each a place further down: they are less than a second"
    )]
    fn fraction(&mut self) -> Option<u32> {
        if self.literal(".").is_none() {
            return Some(0);
        }
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, rest) = self.0.split_at_checked(digits).filter(|(fraction, _)| !fraction.is_empty())?;
        self.0 = rest;
        let places = fraction.bytes().zip(0..9);
        let nanos = places.fold(0, |nanos, (digit, place)| {
            nanos + u32::from(digit - b'0') * (NANOS_PER_SECOND / 10u32.pow(place + 1))
        });
        Some(nanos)
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}
