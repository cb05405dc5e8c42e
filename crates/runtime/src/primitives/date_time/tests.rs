//! Times that the shared suite does not hold: odd texts, the ends of the range, and other types of time.

use super::DateTimeFormat::{DateTime as Utc, DateTimeWithOffset as Offset, EpochSeconds, HttpDate};
use super::*;

fn check(format: DateTimeFormat, text: &str, expected: Option<(i64, u32)>) {
    let parsed = DateTime::from_str(text, format).ok().map(|time| (time.secs(), time.subsec_nanos()));
    assert_eq!(parsed, expected, "{text:?} as {format:?}");
}

#[test]
fn texts_are_parsed_whole_or_not_at_all() {
    check(Offset, "2019-12-16T23:48:18Z", Some((1576540098, 0)));
    check(Offset, "2019-12-16t23:48:18.5z", Some((1576540098, 500_000_000)));
    check(Offset, "2019-12-17T00:48:18+01:00", Some((1576540098, 0)));
    check(Offset, "2019-12-16T22:48:18-01:00", Some((1576540098, 0)));
    check(Offset, "2019-12-16T23:48:18.1234567899Z", Some((1576540098, 123_456_789)));
    check(Offset, "2016-12-31T23:59:60Z", Some((1483228800, 0)));
    check(Utc, "2019-12-17T00:48:18+01:00", None);
    check(Offset, "2024-03-12T16:10:00.942+0000", None);
    check(Offset, "2019-12-16 23:48:18Z", None);
    check(Offset, "2019-12-16T23:48:18", None);
    check(Offset, "2019-12-16T23:48:18.Z", None);
    check(Offset, "2019-02-29T23:48:18Z", None);
    check(Offset, "2019-12-16T24:00:00Z", None);
    check(Offset, "2019-12-16T23:48:18Z ", None);
    check(Offset, "2019-12-16T23:48:18+1:00", None);
    check(Offset, "２019-12-16T23:48:18Z", None);
    check(Offset, "+019-12-16T23:48:18Z", None);
    check(Offset, "", None);
    check(HttpDate, "Mon, 16 Dec 2019 23:48:18 GMT", Some((1576540098, 0)));
    check(HttpDate, "Mon, 16 Dec 2019 23:48:18.52 GMT", Some((1576540098, 520_000_000)));
    check(HttpDate, "Mon, 16 Dec 2019 23:48:18 UTC", None);
    check(HttpDate, "Mon, 6 Dec 2019 23:48:18 GMT", None);
    check(HttpDate, "Mon, 31 Nov 2019 23:48:18 GMT", None);
    check(HttpDate, "mon, 16 Dec 2019 23:48:18 GMT", None);
    check(EpochSeconds, "1.5765400985e9", Some((1576540098, 500_000_000)));
    check(EpochSeconds, "-2.75", Some((-2, 750_000_000)));
    check(EpochSeconds, "-27.5e-1", Some((-2, 750_000_000)));
    check(EpochSeconds, "9223372036854775807", Some((i64::MAX, 0)));
    check(EpochSeconds, "9223372036854775808", None);
    check(EpochSeconds, "1e400", None);
    check(EpochSeconds, "NaN", None);
    check(EpochSeconds, "1576540098 ", None);
}

#[test]
fn the_ends_of_the_range_have_a_text() {
    for seconds in [i64::MIN, i64::MAX] {
        let time = DateTime::from_secs_and_nanos(seconds, 999_999_000);
        let text = time.fmt(EpochSeconds).unwrap();
        assert_eq!(DateTime::from_str(&text, EpochSeconds), Ok(time));
        assert_eq!(time.to_string(), text);
        assert_eq!(time.fmt(Utc), Err(DateTimeFormatError(Utc)));
        assert!(time.to_millis().is_err());
    }
    assert_eq!(DateTime::from_millis(-1), DateTime::from_secs_and_nanos(-1, 999_000_000));
    assert_eq!(DateTime::from_millis(-1).to_millis(), Ok(-1));
    assert_eq!(format!("{:?}", DateTime::from_millis(1_500)), "1970-01-01T00:00:01.5Z");
}

#[test]
fn system_time_goes_both_ways() {
    for millis in [0, 1, -1, 1_576_540_098_520, -62_135_596_800_000] {
        let time = DateTime::from_millis(millis);
        assert_eq!(DateTime::from(SystemTime::try_from(time).unwrap()), time);
    }
}
