//! How far the clock of a service is ahead of ours, by the `Date` of its responses: signatures that are dated by a clock
//! which is off by minutes are refused.

use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, SystemTime};

use super::classify::{Failure, by_table};
use crate::http::Headers;
use crate::primitives::{DateTime, DateTimeFormat};

/// How far off a signature's time must have been to be taken for the reason of a refusal.
const BLAMED_FROM: u32 = 4 * 60;
/// The longest exchange that says something of clocks: who knows when in between the service looked at its own.
const LONGEST_EXCHANGE: Duration = Duration::from_secs(15 * 60);
/// The furthest that a service is believed. What it gains by a false date is that signatures for its host become valid
/// later, or stay so for longer; presigned requests are valid for up to a week anyway.
const MOST: i32 = 7 * 24 * 60 * 60;

/// How many seconds a service's clock is ahead of ours; negative where it is behind. `Date` has no smaller unit, and
/// signatures have none either, so that clocks which agree to the second leave them as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skew(i32);

impl Skew {
    /// Measures by the headers of a response, and by our clock when the request was sent and the headers came.
    ///
    /// None where they say nothing: no `Date` or garbage, one from a cache (with `Age`, RFC 9111), one that is off by
    /// more than a week, an exchange of more than 15 minutes, or a clock that was set back meanwhile.
    #[allow(clippy::arithmetic_side_effects, reason = "a half is by two, and what may be negated is a week at most")]
    pub fn measure(headers: &Headers, sent: SystemTime, received: SystemTime) -> Option<Self> {
        let date = headers.get("date").filter(|_| headers.get("age").is_none())?;
        let date = SystemTime::try_from(DateTime::from_str(date, DateTimeFormat::HttpDate).ok()?).ok()?;
        let took = received.duration_since(sent).ok().filter(|took| *took <= LONGEST_EXCHANGE)?;
        // The best guess is that the service wrote its date halfway (RFC 5905, section 8).
        let ours = sent.checked_add(took / 2)?;
        let (apart, sign) = match date.duration_since(ours) {
            Ok(ahead) => (ahead, 1),
            Err(behind) => (behind.duration(), -1),
        };
        // A date that counts whole seconds differs by less than one though the clocks agree.
        let rounded = if apart.as_secs() == 0 { apart } else { apart.saturating_add(Duration::from_millis(500)) };
        let apart = i32::try_from(rounded.as_secs()).ok().filter(|apart| *apart <= MOST)?;
        Some(Self(sign * apart))
    }

    /// What the service's clock shows when ours shows this.
    pub fn apply(self, ours: SystemTime) -> SystemTime {
        let apart = Duration::from_secs(u64::from(self.0.unsigned_abs()));
        let theirs = if self.0 < 0 { ours.checked_sub(apart) } else { ours.checked_add(apart) };
        theirs.unwrap_or(ours)
    }

    /// Classifies the refusal of a request that was dated with `used`, where this is what its response says: another
    /// attempt fares better if the code fits and the date was wrong by more than four minutes. A signature that is
    /// refused for another reason is wrong the next time too.
    pub fn classify(self, code: &str, used: Self) -> Option<Failure> {
        let is_wrong = self.0.abs_diff(used.0) > BLAMED_FROM;
        by_table(code).filter(|failure| is_wrong && *failure == Failure::Misdated)
    }
}

/// What a client last measured, shared by its clones.
#[derive(Debug, Default)]
pub struct SharedSkew(AtomicI32);

impl SharedSkew {
    /// What was measured last; none at first.
    pub fn get(&self) -> Skew {
        Skew(self.0.load(Ordering::Relaxed))
    }

    /// Keeps what was measured, though it be that the clocks agree: so a clock that has been put right is believed again.
    pub fn set(&self, skew: Skew) {
        self.0.store(skew.0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT.
    const DATE: u64 = 784_111_777;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn fractions_of_a_second() {
        let headers = [("date", "Sun, 06 Nov 1994 08:49:37 GMT")].into_iter().collect();
        for (millis, expected) in [(0, 0), (999, 0), (1000, 1), (1499, 1), (1500, 2), (599_950, 600)] {
            let apart = Duration::from_millis(millis);
            for (now, expected) in [(at(DATE) - apart, expected), (at(DATE) + apart, -expected)] {
                assert_eq!(Skew::measure(&headers, now, now), Some(Skew(expected)), "{millis}");
            }
        }
    }

    #[test]
    fn what_a_response_says() {
        let check = |headers: &[(&'static str, &str)], sent, took, expected: Option<i32>| {
            let headers = headers.iter().copied().collect();
            let got = Skew::measure(&headers, at(sent), at(sent + took));
            assert_eq!(got, expected.map(Skew), "{headers:?} {sent} {took}");
        };
        let date = |text| [("Date", text)];
        let sunday = date("Sun, 06 Nov 1994 08:49:37 GMT");
        check(&sunday, DATE, 0, Some(0));
        // Halfway, a slow answer is no skew, and neither is half a second.
        check(&sunday, DATE - 10, 20, Some(0));
        check(&sunday, DATE, 1, Some(0));
        check(&sunday, DATE - 1, 1, Some(0));
        check(&sunday, DATE - 300, 2, Some(299));
        check(&sunday, DATE + 299, 2, Some(-300));
        check(&sunday, DATE - 450, 900, Some(0));
        check(&sunday, DATE - 450, 901, None);
        check(&sunday, DATE - 604_800, 0, Some(604_800));
        check(&sunday, DATE - 604_801, 0, None);
        check(&sunday, DATE + 604_801, 0, None);
        check(&[sunday[0], ("age", "0")], DATE, 0, None);
        check(&[], DATE, 0, None);
        for garbage in ["", "soon", "0", "1994-11-06T08:49:37Z", "Sun, 06 Nov 0000 08:49:37 GMT", "\u{7f}"] {
            check(&date(garbage), DATE, 0, None);
        }
        check(&date("Fri, 31 Dec 9999 23:59:59 GMT"), DATE, 0, None);
        check(&date("Thu, 01 Jan 1970 00:00:00 GMT"), DATE, 0, None);
    }

    #[test]
    fn a_clock_that_was_set_back_during_the_exchange_says_nothing() {
        let headers = [("date", "Sun, 06 Nov 1994 08:49:37 GMT")].into_iter().collect();
        assert_eq!(Skew::measure(&headers, at(DATE), at(DATE - 1)), None);
    }

    #[test]
    fn the_ends_of_time_are_not_passed() {
        for skew in [Skew(i32::MIN), Skew(-1), Skew(0), Skew(i32::MAX)] {
            for ours in [at(0), at(DATE), at(i64::MAX.unsigned_abs())] {
                let theirs = skew.apply(ours);
                assert!(theirs == ours || (theirs > ours) == (skew.0 > 0), "{skew:?} {ours:?}");
            }
        }
        assert_eq!(Skew(-300).apply(at(DATE)), at(DATE - 300));
    }

    #[test]
    fn a_refusal_is_about_time_where_the_date_was_wrong() {
        let check = |code, used, measured, expected: bool| {
            let got = Skew(measured).classify(code, Skew(used));
            assert_eq!(got, expected.then_some(Failure::Misdated), "{code} {used} {measured}");
        };
        check("RequestTimeTooSkewed", 0, 241, true);
        check("RequestTimeTooSkewed", 0, 240, false);
        check("RequestExpired", 0, -241, true);
        check("InvalidSignatureException", 600, 600, false);
        check("InvalidSignatureException", 600, 0, true);
        check("InvalidSignatureException", -600, 600, true);
        check("ThrottlingException", 0, 600, false);
        check("requesttimetooskewed", 0, 600, false);
        check("AuthFailure", i32::MIN, i32::MAX, true);
    }
}
