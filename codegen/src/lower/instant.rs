//! Points in time, as models say them: seconds since 1970, or a date and a time of RFC 3339.

use serde_json::Value;

/// Whole seconds since 1970, and the nanoseconds after those; none where the value is no point in time.
pub(super) fn of(value: &Value) -> Option<(i64, u32)> {
    match value {
        Value::Number(number) => number.as_i64().map(|seconds| (seconds, 0)).or_else(|| from_float(number.as_f64()?)),
        Value::String(text) => from_text(text),
        _ => None,
    }
}

/// To the millisecond: a float holds no more digits of a date.
fn from_float(seconds: f64) -> Option<(i64, u32)> {
    let millis = (seconds * 1000.0).round();
    if millis.abs() > 1e17 {
        return None;
    }
    let millis = millis as i64;
    Some((millis.div_euclid(1000), u32::try_from(millis.rem_euclid(1000)).ok()? * 1_000_000))
}

/// `1985-04-12T23:20:50.52Z`, or with an offset in place of the `Z`.
fn from_text(text: &str) -> Option<(i64, u32)> {
    let (date, time) = text.split_once(['T', 't'])?;
    let [year, month, day] = numbers(date, '-')?;
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = time.split_at(zone);
    let (time, fraction) = time.split_once('.').map_or((time, ""), |(time, fraction)| (time, fraction));
    let [hour, minute, second] = numbers(time, ':')?;
    let is_sound = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    let digits = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_sound || !digits {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some((seconds - offset(zone)?, nanos))
}

/// The seconds by which a zone is ahead.
fn offset(zone: &str) -> Option<i64> {
    let (sign, time) = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(0),
        ("+", time) => (1, time),
        ("-", time) => (-1, time),
        _ => return None,
    };
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let numbers: Vec<_> = text.split(between).map(number).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

fn number(text: &str) -> Option<i64> {
    let is_number = (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// The days from 1970 to a date of the Gregorian calendar, whose years begin in March here, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let days_before_month = (153 * ((month + 9) % 12) + 2) / 5;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + days_before_month + day - 719_469
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn instants() {
        for (value, expected) in [
            (json!(0), Some((0, 0))),
            (json!(-1), Some((-1, 0))),
            (json!(1.5), Some((1, 500_000_000))),
            (json!(-0.25), Some((-1, 750_000_000))),
            (json!("1970-01-01T00:00:00Z"), Some((0, 0))),
            (json!("1985-04-12T23:20:50.52Z"), Some((482_196_050, 520_000_000))),
            (json!("2000-02-29T12:00:00+01:30"), Some((951_820_200, 0))),
            (json!("1969-12-31T23:59:59z"), Some((-1, 0))),
            (json!("2026-01-01"), None),
            (json!("2026-13-01T00:00:00Z"), None),
            (json!("2026-01-01T00:00:00"), None),
            (json!("2026-01-01T00:00:00+1"), None),
            (json!("now"), None),
            (json!(1e300), None),
            (json!(true), None),
        ] {
            assert_eq!(of(&value), expected, "{value}");
        }
    }
}
