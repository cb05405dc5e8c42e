//! How long a service asks to be left alone, by header.

use std::time::{Duration, SystemTime};

use crate::http::Headers;
use crate::primitives::{DateTime, DateTimeFormat};

/// `x-amz-retry-after` in milliseconds, else `Retry-After` (RFC 9110, section 10.2.3) in seconds or as a date, from
/// which `now` is taken off. What is neither is as if it were not there.
pub fn retry_after(headers: &Headers, now: SystemTime) -> Option<Duration> {
    let number = |name| headers.get(name).and_then(|value| value.trim().parse::<u64>().ok());
    number("x-amz-retry-after").map(Duration::from_millis).or_else(|| {
        number("retry-after").map(Duration::from_secs).or_else(|| {
            let date = DateTime::from_str(headers.get("retry-after")?.trim(), DateTimeFormat::HttpDate).ok()?;
            let at = SystemTime::try_from(date).ok()?;
            Some(at.duration_since(now).unwrap_or_default())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_dates_and_garbage() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let check = |name: &'static str, value: &str, expected: Option<u64>| {
            let headers = [(name, value)].into_iter().collect();
            assert_eq!(retry_after(&headers, now), expected.map(Duration::from_millis), "{name}: {value}");
        };
        check("x-amz-retry-after", "1500", Some(1500));
        check("x-amz-retry-after", "soon", None);
        check("x-amz-retry-after", "-1", None);
        check("Retry-After", "2", Some(2000));
        check("Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT", Some(3000));
        check("Retry-After", "Sun, 06 Nov 1994 08:49:30 GMT", Some(0));
        check("Retry-After", "a while", None);
        check("Retry-After", "", None);
    }
}
