//! The rate limit of the adaptive mode: a bucket of tokens, one for an attempt, whose rate of refilling follows what the
//! service lets pass. It grows and shrinks as TCP's CUBIC has it (RFC 9438), with the numbers of AWS's specification.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Tokens a second that there are at least, however much the service throttles.
const MIN_RATE: f64 = 0.5;
/// Tokens that the bucket can hold at least.
const MIN_CAPACITY: f64 = 1.0;
/// How much the latest half second counts in the measured rate.
const SMOOTH: f64 = 0.8;
/// What is left of a rate after throttling.
const BETA: f64 = 0.7;
/// How fast a rate grows.
const SCALE: f64 = 0.4;

/// Limits the rate of attempts of a client, from the first throttling on. Before that, nobody waits.
///
/// Only differences of time count. A clock that is set back is taken to stand still, and no time that it could tell
/// makes a rate infinite, negative or not a number.
#[derive(Debug)]
pub struct RateLimiter(Mutex<State>);

#[derive(Debug)]
struct State {
    time: Steady,
    sent: Measured,
    cubic: Cubic,
    /// Whether the service has throttled yet.
    limits: bool,
    /// Tokens a second.
    rate: f64,
    capacity: f64,
    tokens: f64,
    /// Up to when tokens have been filled in.
    filled: f64,
}

impl RateLimiter {
    /// A limiter that has seen nothing yet.
    pub fn new(now: SystemTime) -> Self {
        Self(Mutex::new(State {
            time: Steady { origin: now, latest: 0.0, ahead: 0.0 },
            sent: Measured { rate: 0.0, since: 0.0, count: 0.0 },
            cubic: Cubic { last_max_rate: 0.0, throttled_at: 0.0 },
            limits: false,
            rate: MIN_RATE,
            capacity: MIN_CAPACITY,
            tokens: 0.0,
            filled: 0.0,
        }))
    }

    /// Takes the token that an attempt needs.
    ///
    /// # Errors
    ///
    /// There is none yet. The caller waits this long, at most two seconds, and tries again: others may have been faster,
    /// and the rate may have changed.
    pub fn take(&self, now: SystemTime) -> Result<(), Duration> {
        let mut state = self.lock();
        if !state.limits {
            return Ok(());
        }
        let now = state.time.at(now);
        state.fill(now);
        let wait = Duration::try_from_secs_f64((1.0 - state.tokens) / state.rate).unwrap_or_default();
        if wait.is_zero() {
            state.tokens = (state.tokens - 1.0).max(0.0);
            return Ok(());
        }
        Err(wait)
    }

    /// Learns from an attempt that has ended, however it did.
    pub fn learn(&self, now: SystemTime, throttled: bool) {
        let mut state = self.lock();
        let now = state.time.at(now);
        state.sent.count(now);
        let measured = state.sent.rate;
        let rate = if throttled {
            let last_max_rate = if state.limits { measured.min(state.rate) } else { measured };
            state.cubic = Cubic { last_max_rate, throttled_at: now };
            state.limits = true;
            Cubic::after_throttling(last_max_rate)
        } else {
            state.cubic.rate_at(now)
        };
        // The time until now was spent at the rate until now.
        state.fill(now);
        let rate = rate.min(2.0 * measured);
        state.rate = rate.max(MIN_RATE);
        state.capacity = rate.max(MIN_CAPACITY);
        state.tokens = state.tokens.min(state.capacity);
    }

    /// How many tokens come in a second.
    pub fn rate(&self) -> f64 {
        self.lock().rate
    }

    /// How many attempts a second there have been lately.
    pub fn measured_rate(&self) -> f64 {
        self.lock().sent.rate
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fill(&mut self, now: f64) {
        self.tokens = (self.tokens + (now - self.filled) * self.rate).min(self.capacity);
        self.filled = now;
    }
}

/// The rate as a function of the time since the service last throttled: it rises towards the rate of that moment, rests
/// there, and leaves it behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cubic {
    /// The rate, in tokens a second, that the service last throttled.
    pub last_max_rate: f64,
    /// When that was, in seconds.
    pub throttled_at: f64,
}

impl Cubic {
    /// The rate at a time in seconds, where the service has not throttled since.
    pub fn rate_at(&self, now: f64) -> f64 {
        let back_at_last_max = (self.last_max_rate * (1.0 - BETA) / SCALE).cbrt();
        let beyond = now - self.throttled_at - back_at_last_max;
        SCALE * beyond.powi(3) + self.last_max_rate
    }

    /// The rate after the service has throttled this one.
    pub fn after_throttling(rate: f64) -> f64 {
        rate * BETA
    }
}

/// The rate of attempts, measured by half seconds.
#[derive(Debug)]
struct Measured {
    rate: f64,
    since: f64,
    count: f64,
}

impl Measured {
    fn count(&mut self, now: f64) {
        self.count += 1.0;
        let until = (now * 2.0).floor() / 2.0;
        if until > self.since {
            self.rate = self.count / (until - self.since) * SMOOTH + self.rate * (1.0 - SMOOTH);
            (self.since, self.count) = (until, 0.0);
        }
    }
}

/// Seconds since the limiter began, by a clock that is taken never to go back.
#[derive(Debug)]
struct Steady {
    origin: SystemTime,
    latest: f64,
    /// How far this clock is ahead of the one that it follows, because that one has been set back.
    ahead: f64,
}

impl Steady {
    fn at(&mut self, now: SystemTime) -> f64 {
        let now = match now.duration_since(self.origin) {
            Ok(since) => since.as_secs_f64(),
            Err(before) => -before.duration().as_secs_f64(),
        };
        self.ahead = self.ahead.max(self.latest - now);
        self.latest = self.latest.max(now + self.ahead);
        self.latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + Duration::from_millis(millis)
    }

    /// A limiter that was throttled at 0, after ten attempts a second for two seconds.
    fn throttled() -> RateLimiter {
        let limiter = RateLimiter::new(at(0));
        for tick in 1..=20 {
            limiter.learn(at(tick * 100), false);
        }
        limiter.learn(at(2000), true);
        limiter
    }

    #[test]
    fn nobody_waits_before_the_first_throttling() {
        let limiter = RateLimiter::new(at(0));
        for _ in 0..1000 {
            assert_eq!(limiter.take(at(0)), Ok(()));
            limiter.learn(at(0), false);
        }
        limiter.learn(at(0), true);
        let wait = limiter.take(at(0)).unwrap_err();
        assert_eq!(wait, Duration::from_secs(2));
        assert_eq!(limiter.take(at(1999)).unwrap_err(), Duration::from_millis(1));
        assert_eq!(limiter.take(at(2000)), Ok(()));
        assert!(limiter.take(at(2000)).is_err());
    }

    #[test]
    fn tokens_come_at_the_rate_and_not_beyond_the_capacity() {
        let limiter = throttled();
        let rate = limiter.rate();
        assert!((5.0..8.0).contains(&rate), "{rate}");
        let later = |seconds: u64| (0..100).take_while(|_| limiter.take(at(2000 + seconds * 1000)).is_ok()).count();
        assert_eq!(later(1), rate as usize);
        assert_eq!(later(1), 0);
        assert_eq!(later(1000), rate as usize);
    }

    #[test]
    fn the_rate_recovers_where_attempts_succeed() {
        let limiter = throttled();
        let after_throttling = limiter.rate();
        for tick in 1..=100 {
            limiter.learn(at(2000 + tick * 100), false);
        }
        assert!(limiter.rate() > 2.0 * after_throttling, "{} {after_throttling}", limiter.rate());
        // What is asked for bounds it: there is no use in a rate that nobody needs.
        assert!(limiter.rate() <= 2.0 * limiter.measured_rate());
    }

    /// Whatever the clock says, waits are short and rates are numbers.
    #[test]
    fn absurd_clocks() {
        let epoch = SystemTime::UNIX_EPOCH;
        let far = Duration::from_secs(u64::from(u32::MAX) * 1_000_000);
        let clocks = [epoch, at(0), at(1), epoch + far, epoch - far, at(500), epoch, epoch + far, epoch + far, at(7)];
        let limiter = throttled();
        for (step, now) in clocks.into_iter().cycle().take(1000).enumerate() {
            limiter.learn(now, step % 3 == 0);
            let wait = limiter.take(now).err().unwrap_or_default();
            assert!(wait <= Duration::from_secs(2), "{step}: {wait:?}");
            let (rate, measured) = (limiter.rate(), limiter.measured_rate());
            assert!(rate.is_finite() && rate >= MIN_RATE, "{step}: {rate}");
            assert!(measured.is_finite() && measured >= 0.0, "{step}: {measured}");
        }
    }

    /// A clock that is set back by an hour makes nobody wait for an hour.
    #[test]
    fn a_clock_that_is_set_back() {
        let limiter = RateLimiter::new(at(7_200_000));
        limiter.learn(at(7_200_000), true);
        assert_eq!(limiter.take(at(3_600_000)).unwrap_err(), Duration::from_secs(2));
        assert_eq!(limiter.take(at(3_602_000)), Ok(()));
        limiter.learn(at(3_602_000), false);
        assert!(limiter.take(at(3_602_000)).is_err());
        assert_eq!(limiter.take(at(3_604_000)), Ok(()));
    }
}
