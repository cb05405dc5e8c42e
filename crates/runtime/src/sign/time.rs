//! Times as signatures name them: `YYYYMMDD'T'HHMMSS'Z'` in UTC (the basic format of ISO 8601).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "days are seconds of an `i64` by 86,400: sums of them are far from the ends of an `i64`"
)]

use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 24 * 60 * 60;

/// The text of a time, cut to whole seconds; `None` outside the years 0 to 9999.
pub(super) fn timestamp(time: SystemTime) -> Option<String> {
    let seconds = seconds_since_epoch(time)?;
    let (year, month, day) = date_of_day(seconds.div_euclid(DAY));
    if !(0..=9999).contains(&year) {
        return None;
    }
    let second = seconds.rem_euclid(DAY);
    let date = [year / 100, year % 100, month, day].map(two_digits);
    let clock = [second / 3600, second / 60 % 60, second % 60].map(two_digits);
    let text = |digits| str::from_utf8(digits).unwrap_or_default();
    Some([text(date.as_flattened()), "T", text(clock.as_flattened()), "Z"].concat())
}

/// The date of a timestamp: `YYYYMMDD`.
pub(super) fn date(timestamp: &str) -> &str {
    timestamp.get(..8).unwrap_or(timestamp)
}

fn seconds_since_epoch(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok(),
        Err(before) => {
            let before = before.duration();
            let whole = before.as_secs().checked_add(u64::from(before.subsec_nanos() > 0))?;
            i64::try_from(whole).ok()?.checked_neg()
        }
    }
}

/// Year, month and day of the proleptic Gregorian calendar for a number of days since 1970-01-01.
///
/// Years are counted from March here, so that the leap day is the last of its year: each cycle of 400 years has
/// 146,097 days, and month `m` (0 is March) starts at day `(153 m + 2) / 5`.
fn date_of_day(days: i64) -> (i64, i64, i64) {
    const CYCLE: i64 = 146_097;
    const MARCH_OF_YEAR_0: i64 = -719_468;
    // Seconds that fit an i64 leave room for this.
    let since_year_0 = days - MARCH_OF_YEAR_0;
    let (cycle, day) = (since_year_0.div_euclid(CYCLE), since_year_0.rem_euclid(CYCLE));
    // The last day of 4, 100 and 400 years must not count as a day of the next.
    let year_of_cycle = (day - day / 1_460 + day / 36_524 - day / (CYCLE - 1)) / 365;
    let day_of_year = day - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (400 * cycle + year_of_cycle + i64::from(month <= 2), month, day_of_month)
}

/// The digits of a number from 0 to 99.
fn two_digits(number: i64) -> [u8; 2] {
    [number / 10 % 10, number % 10].map(|digit| b'0' + digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_written_in_the_basic_format() {
        check(0, Some("19700101T000000Z"));
        check(1_440_938_160, Some("20150830T123600Z"));
        check(951_782_399, Some("20000228T235959Z"));
        check(951_868_799, Some("20000229T235959Z"));
        check(951_868_800, Some("20000301T000000Z"));
        check(4_107_542_400, Some("21000301T000000Z"));
        check(-1, Some("19691231T235959Z"));
        check(-62_167_219_200, Some("00000101T000000Z"));
        check(-62_167_219_201, None);
        check(253_402_300_799, Some("99991231T235959Z"));
        check(253_402_300_800, None);
    }

    fn check(seconds: i64, expected: Option<&str>) {
        let distance = Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
        assert_eq!(timestamp(time).as_deref(), expected, "{seconds}");
    }

    #[test]
    fn fractions_are_cut_towards_the_past() {
        let half = Duration::from_millis(500);
        assert_eq!(timestamp(UNIX_EPOCH + half).as_deref(), Some("19700101T000000Z"));
        assert_eq!(timestamp(UNIX_EPOCH - half).as_deref(), Some("19691231T235959Z"));
    }

    #[test]
    fn every_day_of_a_cycle_follows_the_one_before() {
        let mut before = date_of_day(-1);
        for day in 0..146_097 {
            let now = date_of_day(day);
            let leap = now.0 % 4 == 0 && (now.0 % 100 != 0 || now.0 % 400 == 0);
            let days = match before.1 {
                2 => 28 + i64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            let expected = match before {
                (year, 12, 31) => (year + 1, 1, 1),
                (year, month, day) if day == days => (year, month + 1, 1),
                (year, month, day) => (year, month, day + 1),
            };
            assert_eq!(now, expected);
            before = now;
        }
    }

    #[test]
    fn the_date_of_a_timestamp_is_its_first_part() {
        assert_eq!(date("20150830T123600Z"), "20150830");
    }
}
