//! Times: any text in every format is the time that the crate `time` makes of it; any time is written as one that `time` reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use time::format_description::well_known::{Rfc2822, Rfc3339};
use time::{OffsetDateTime, UtcDateTime};
use tinsmith_runtime::primitives::{DateTime, DateTimeFormat};

fuzz_target!(|input: (i64, u32, &str)| {
    let (seconds, nanos, text) = input;
    for seconds in [seconds, seconds % 400_000_000_000] {
        written(DateTime::from_secs_and_nanos(seconds, nanos % 1_000_000_000));
    }
    read(text);
    for format in [DateTimeFormat::HttpDate, DateTimeFormat::EpochSeconds] {
        if let Ok(time) = DateTime::from_str(text, format) {
            written(time);
        }
    }
});

/// A text is the same time to both, or to neither.
fn read(text: &str) {
    for (format, is_utc) in [(DateTimeFormat::DateTime, true), (DateTimeFormat::DateTimeWithOffset, false)] {
        let ours = DateTime::from_str(text, format).ok();
        // A leap second is the second after it to us, whenever it was; `time` knows when there can be one, and stays before it.
        let has_leap_second = text.get(17..19) == Some("60");
        // In UTC alone, an offset is none of ours.
        let is_ours = text.len() > 10 && !has_leap_second && (!is_utc || text.ends_with(['Z', 'z']));
        if is_ours {
            let theirs = OffsetDateTime::parse(text, &Rfc3339).ok();
            // What stands between date and time is a `T`, as RFC 3339 says it; applications may agree on something else.
            let theirs = theirs.filter(|_| matches!(text.as_bytes().get(10), Some(b'T' | b't')));
            let theirs = theirs.map(|time| DateTime::from_secs_and_nanos(time.unix_timestamp(), time.nanosecond()));
            assert_eq!(ours, theirs, "{text:?}");
        }
    }
    // A mail says its times in many ways, of which the one of HTTP is one, from 1900 on and without a fraction.
    let http = DateTime::from_str(text, DateTimeFormat::HttpDate).ok();
    if let Some(ours) =
        http.filter(|ours| ours.secs() >= -2_208_988_800 && !text.contains('.') && !text.contains(":60"))
    {
        let theirs = OffsetDateTime::parse(text, &Rfc2822).map(|time| time.unix_timestamp());
        assert_eq!(Ok(ours.secs()), theirs, "{text:?}");
    }
    if let Ok(ours) = DateTime::from_str(text, DateTimeFormat::EpochSeconds) {
        let float: f64 = text.parse().expect("seconds are a number");
        let magnitude = ours.secs().unsigned_abs() as f64 + f64::from(ours.subsec_nanos()) / 1e9;
        // Nanoseconds are cut, and a float has 53 bits.
        assert!((magnitude - float.abs()).abs() <= 1e-9 + float.abs() * 1e-15, "{text:?}: {ours:?}");
    }
}

/// A time is spelt as `time` spells it, and read back.
fn written(at: DateTime) {
    let micros = at.subsec_nanos() / 1_000 * 1_000;
    let kept = DateTime::from_secs_and_nanos(at.secs(), micros);
    let theirs = UtcDateTime::from_unix_timestamp(at.secs()).ok().filter(|time| (1..=9999).contains(&time.year()));
    let theirs = theirs.map(|time| time.replace_nanosecond(micros).expect("less than a second"));
    let expected = theirs.and_then(|time| time.format(&Rfc3339).ok());
    assert_eq!(at.fmt(DateTimeFormat::DateTime).ok(), expected);
    if let Some(text) = expected {
        assert_eq!(DateTime::from_str(&text, DateTimeFormat::DateTime), Ok(kept), "{text}");
    }
    let expected = theirs.map(http_date);
    assert_eq!(at.fmt(DateTimeFormat::HttpDate).ok(), expected);
    if let Some(text) = expected {
        assert_eq!(DateTime::from_str(&text, DateTimeFormat::HttpDate), Ok(DateTime::from_secs(at.secs())), "{text}");
    }
    let seconds = at.fmt(DateTimeFormat::EpochSeconds).expect("every time has seconds");
    assert_eq!(DateTime::from_str(&seconds, DateTimeFormat::EpochSeconds), Ok(kept), "{seconds}");
}

/// The fixed form of RFC 9110, of the names that `time` gives its parts.
fn http_date(time: UtcDateTime) -> String {
    let (weekday, month) = (time.weekday().to_string(), time.month().to_string());
    let (hour, minute, second) = time.as_hms();
    format!("{:.3}, {:02} {month:.3} {:04} {hour:02}:{minute:02}:{second:02} GMT", weekday, time.day(), time.year())
}
