//! Retries by the standard mode of AWS's SDKs: which failures are worth another attempt, how long to wait before it,
//! and a quota that keeps a client from adding to an outage. The adaptive mode limits the rate of attempts besides.
//!
//! All of it is pure: what time it is, chance and the wait itself belong to the call. `docs/retries-and-timeouts.md` is the page
//! for users.

mod classify;
mod quota;
mod rate_limiter;
mod retry_after;
mod skew;

use std::time::Duration;

use crate::config::retry::{RetryConfig, RetrySpec};

pub use classify::{CODES, Failure, classify_code, classify_response, classify_transport};
pub use quota::Quota;
pub use retry_after::retry_after;
pub use skew::{SharedSkew, Skew};

// Public for the suite of the specification alone, which is a test of its own.
#[doc(hidden)]
pub use rate_limiter::{Cubic, RateLimiter};

/// How a client retries one operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// The most attempts of a call, the first included.
    pub max_attempts: u32,
    /// The delay before the first retry is at most this.
    pub base: Duration,
    /// The same where the service throttles.
    pub throttling_base: Duration,
    /// No delay is longer, unless the service asks for it.
    pub max_backoff: Duration,
    /// Whether the service holds requests open, so that a refused retry still waits before the error is told.
    pub long_polling: bool,
    /// The revision of the specification: what retries cost, and how far a service may say when to come again.
    pub spec: RetrySpec,
}

impl Policy {
    /// The standard mode, where a service has no defaults of its own.
    pub const STANDARD: Self = Self {
        max_attempts: 3,
        base: Duration::from_millis(50),
        throttling_base: Duration::from_secs(1),
        max_backoff: Duration::from_secs(20),
        long_polling: false,
        spec: RetrySpec::V2_1,
    };

    /// The standard mode as it was before 2026. It knows no defaults of single services.
    pub const BEFORE_2026: Self = Self { base: Duration::from_secs(1), spec: RetrySpec::V2_0, ..Self::STANDARD };

    /// These defaults, but for what the settings of a client say.
    pub fn with(self, config: &RetryConfig) -> Self {
        let mut policy = match config.retry_spec() {
            Some(RetrySpec::V2_0) => Self::BEFORE_2026,
            Some(RetrySpec::V2_1) | None => self,
        };
        policy.max_attempts = config.chosen_max_attempts().unwrap_or(policy.max_attempts);
        if let Some(base) = config.chosen_initial_backoff() {
            (policy.base, policy.throttling_base) = (base, base);
        }
        policy.max_backoff = config.chosen_max_backoff().unwrap_or(policy.max_backoff);
        policy
    }

    /// The same for a call whose body can be sent again, or only once: then there is one attempt.
    pub fn for_body(self, is_repeatable: bool) -> Self {
        Self { max_attempts: if is_repeatable { self.max_attempts } else { 1 }, ..self }
    }

    /// What a retry after this failure costs of the quota. A date that was wrong is no sign of an outage: where our clock
    /// is off, all calls that are made at once meet it, and many more than the quota has tokens for.
    fn cost(&self, failure: Failure) -> u32 {
        match (failure, self.spec) {
            (Failure::Misdated, _) => 0,
            (Failure::Throttling, _) | (Failure::Transient, RetrySpec::V2_0) => 5,
            (Failure::Unanswered, RetrySpec::V2_0) => 10,
            (Failure::Transient | Failure::Unanswered, RetrySpec::V2_1) => 14,
        }
    }

    /// How long to wait before the retry, where the service asked for it to be `asked`.
    fn delay(&self, attempt: u32, failure: Failure, asked: Option<Duration>, random: f64) -> Duration {
        let computed = self.backoff(attempt, failure, random);
        match (asked, self.spec) {
            (None, _) => computed,
            (Some(asked), RetrySpec::V2_0) => asked.min(self.max_backoff),
            (Some(asked), RetrySpec::V2_1) => asked.clamp(computed, computed.saturating_add(MOST_ASKED)),
        }
    }

    fn backoff(&self, attempt: u32, failure: Failure, random: f64) -> Duration {
        let base = match failure {
            Failure::Throttling => self.throttling_base,
            Failure::Transient | Failure::Unanswered => self.base,
            Failure::Misdated => Duration::ZERO,
        };
        let factor = 2u32.checked_pow(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let most = base.checked_mul(factor).unwrap_or(self.max_backoff).min(self.max_backoff);
        // Settings may ask for delays so long that arithmetic on them overflows.
        Duration::try_from_secs_f64(most.as_secs_f64() * random.clamp(0.0, 1.0)).unwrap_or(most)
    }
}

/// How much longer than the computed delay the service may make a client wait.
const MOST_ASKED: Duration = Duration::from_secs(5);

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// Wait this long, and try again. The quota has been charged this many tokens, which a success gives back.
    Retry {
        /// How long to wait.
        delay: Duration,
        /// What the retry cost.
        cost: u32,
    },
    /// The failure stands: no further attempt could be expected to fare better, or there has been the last one.
    GiveUp,
    /// The failure stands, because the quota is used up; the error is told after this wait.
    QuotaExceeded {
        /// Zero but for operations that poll.
        delay: Duration,
    },
}

/// Decides on a failed attempt: the `attempt`-th of the call, from 1. `random` is in `[0, 1]`; `asked` is how long the
/// service asked to be left alone.
pub fn decide(
    policy: &Policy,
    quota: &Quota,
    attempt: u32,
    failure: Option<Failure>,
    asked: Option<Duration>,
    random: f64,
) -> Decision {
    let Some(failure) = failure else { return Decision::GiveUp };
    if attempt >= policy.max_attempts {
        return Decision::GiveUp;
    }
    let (delay, cost) = (policy.delay(attempt, failure, asked, random), policy.cost(failure));
    if quota.take(cost) {
        Decision::Retry { delay, cost }
    } else {
        Decision::QuotaExceeded { delay: if policy.long_polling { delay } else { Duration::ZERO } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's suite has its own delays; these are the ends of what settings and headers may say.
    #[test]
    fn delays_do_not_overflow() {
        let check = |policy: Policy, attempt, asked: Option<Duration>, expected: Duration| {
            let delay = policy.delay(attempt, Failure::Transient, asked, 1.0);
            assert_eq!(delay, expected, "{policy:?} {attempt} {asked:?}");
        };
        let with = |base, max_backoff| Policy { base, max_backoff, ..Policy::STANDARD };
        let (base, most) = (Policy::STANDARD.base, Policy::STANDARD.max_backoff);
        check(Policy::STANDARD, 1, None, base);
        check(Policy::STANDARD, 9, None, base * 256);
        check(Policy::STANDARD, 10, None, most);
        check(Policy::STANDARD, u32::MAX, None, most);
        check(with(base, Duration::MAX), u32::MAX, None, base * u32::MAX);
        check(with(Duration::MAX, Duration::MAX), 1, None, Duration::MAX);
        check(with(Duration::MAX, Duration::MAX), 2, Some(Duration::MAX), Duration::MAX);
        check(with(Duration::MAX, most), 2, Some(Duration::MAX), most + MOST_ASKED);
        check(Policy::STANDARD, 1, Some(Duration::ZERO), base);
        check(Policy::STANDARD, 1, Some(Duration::from_secs(1)), Duration::from_secs(1));
        check(Policy::STANDARD, 1, Some(Duration::from_secs(6)), base + MOST_ASKED);
        check(Policy::BEFORE_2026, 1, Some(Duration::ZERO), Duration::ZERO);
        check(Policy::BEFORE_2026, 1, Some(Duration::MAX), most);
    }

    #[test]
    fn a_wrong_date_is_mended_at_once_and_for_nothing() {
        let quota = Quota::new(0);
        let decide = |attempt| decide(&Policy::STANDARD, &quota, attempt, Some(Failure::Misdated), None, 1.0);
        assert_eq!(decide(2), Decision::Retry { delay: Duration::ZERO, cost: 0 });
        assert_eq!(decide(3), Decision::GiveUp);
    }

    /// What a service has of its own holds for the revision that knows it, and what the settings say holds for both.
    #[test]
    fn settings_choose_the_revision() {
        let service = Policy { max_attempts: 4, base: Duration::from_millis(25), ..Policy::STANDARD };
        let (standard, second) = (RetryConfig::standard(), Duration::from_secs(1));
        assert_eq!(service.with(&standard), service);
        assert_eq!(service.with(&standard.clone().with_retry_spec(RetrySpec::v2_1())), service);
        let before = standard.with_retry_spec(RetrySpec::v2_0());
        assert_eq!(service.with(&before), Policy::BEFORE_2026);
        let chosen = before.with_max_attempts(9).with_initial_backoff(second * 2).with_max_backoff(second * 3);
        let expected = Policy {
            max_attempts: 9,
            base: second * 2,
            throttling_base: second * 2,
            max_backoff: second * 3,
            ..Policy::BEFORE_2026
        };
        assert_eq!(service.with(&chosen), expected);
    }
}
