//! What time the stand-in believes it is, and the forms in which times are written.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since the epoch.
pub(crate) type Seconds = i64;

/// The machine's clock, moved by some seconds.
pub(crate) fn now(offset: Seconds) -> Seconds {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    Seconds::try_from(now).unwrap_or(Seconds::MAX).saturating_add(offset)
}

/// The form of the `Date` header (RFC 9110). Years that it cannot write become the nearest that it can.
pub(crate) fn http_date(seconds: Seconds) -> String {
    const LAST: u64 = 253_402_300_799; // The end of the year 9999.
    let seconds = u64::try_from(seconds).unwrap_or(0).min(LAST);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// The form of `x-amz-date`: `20150830T123600Z`.
pub(crate) fn amz_date(seconds: Seconds) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let (hour, minute, second) = time_of_day(seconds);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// The form of Lambda's `CreatedDate`: `2018-11-15T00:37:46.592+0000`, whose offset has no colon.
pub(crate) fn created_date(seconds: Seconds, millis: u16) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let (hour, minute, second) = time_of_day(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}+0000")
}

/// Reads the form of `x-amz-date`.
pub(crate) fn parse_amz_date(text: &str) -> Option<Seconds> {
    let bytes = text.as_bytes();
    if bytes.len() != 16 || bytes.get(8) != Some(&b'T') || bytes.get(15) != Some(&b'Z') {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<Seconds> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
    let days = days_from_civil(year, month, day);
    // The way back tells a day that the month does not have.
    (civil(days) == (year, month, day) && hour < 24 && minute < 60 && second < 60)
        .then_some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn time_of_day(seconds: Seconds) -> (i64, i64, i64) {
    let second = seconds.rem_euclid(86_400);
    (second / 3_600, second / 60 % 60, second % 60)
}

/// Year, month and day of a day number, 1970-01-01 being 0. Years are counted from March, so that the leap day is last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let shifted = (month + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_both_ways() {
        let cases = [
            ("19700101T000000Z", 0),
            ("20150830T123600Z", 1_440_938_160),
            ("20000229T235959Z", 951_868_799),
            ("19691231T235959Z", -1),
        ];
        for (text, seconds) in cases {
            assert_eq!(amz_date(seconds), text);
            assert_eq!(parse_amz_date(text), Some(seconds), "{text}");
        }
        assert_eq!(created_date(1_542_242_266, 592), "2018-11-15T00:37:46.592+0000");
        assert_eq!(http_date(1_440_938_160), "Sun, 30 Aug 2015 12:36:00 GMT");
        http_date(Seconds::MAX);
        http_date(Seconds::MIN);
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "20150830",
            "20150231T000000Z",
            "20151301T000000Z",
            "20150830T240000Z",
            "2015083+T123600Z",
            "é0150830T12360Z",
        ] {
            assert_eq!(parse_amz_date(text), None, "{text}");
        }
    }
}
