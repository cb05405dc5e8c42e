//! Retries by the standard mode of AWS's SDKs, revision 2.1: which failures are worth another attempt, how long to
//! wait before it, and a quota that keeps a client from adding to an outage.
//!
//! All of it is pure: what time it is, chance and the wait itself belong to the call.

mod classify;
mod quota;
mod retry_after;

use std::time::Duration;

use crate::config::retry::RetryConfig;

pub use classify::{Failure, classify_code, classify_response, classify_transport};
pub use quota::Quota;
pub use retry_after::retry_after;

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
}

impl Policy {
    /// The standard mode, where a service has no defaults of its own.
    pub const STANDARD: Self = Self {
        max_attempts: 3,
        base: Duration::from_millis(50),
        throttling_base: Duration::from_secs(1),
        max_backoff: Duration::from_secs(20),
        long_polling: false,
    };

    /// These defaults, but for what the settings of a client say.
    pub fn with(mut self, config: &RetryConfig) -> Self {
        self.max_attempts = config.chosen_max_attempts().unwrap_or(self.max_attempts);
        if let Some(base) = config.chosen_initial_backoff() {
            (self.base, self.throttling_base) = (base, base);
        }
        self.max_backoff = config.chosen_max_backoff().unwrap_or(self.max_backoff);
        self
    }
}

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
    let delay = delay(policy, attempt, failure, asked, random);
    let cost = failure.cost();
    if quota.take(cost) {
        Decision::Retry { delay, cost }
    } else {
        Decision::QuotaExceeded { delay: if policy.long_polling { delay } else { Duration::ZERO } }
    }
}

/// How much longer than the computed delay the service may make a client wait.
const MOST_ASKED: Duration = Duration::from_secs(5);

fn delay(policy: &Policy, attempt: u32, failure: Failure, asked: Option<Duration>, random: f64) -> Duration {
    let base = match failure {
        Failure::Throttling => policy.throttling_base,
        Failure::Transient => policy.base,
    };
    let factor = 2u32.checked_pow(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    let most = base.checked_mul(factor).unwrap_or(policy.max_backoff).min(policy.max_backoff);
    // Settings may ask for delays so long that arithmetic on them overflows.
    let computed = Duration::try_from_secs_f64(most.as_secs_f64() * random.clamp(0.0, 1.0)).unwrap_or(most);
    asked.map_or(computed, |asked| asked.clamp(computed, computed.saturating_add(MOST_ASKED)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's suite has its own delays; these are the ends of what settings and headers may say.
    #[test]
    fn delays_do_not_overflow() {
        let check = |base: Duration, max_backoff, attempt, asked: Option<Duration>, expected: Duration| {
            let policy = Policy { base, max_backoff, ..Policy::STANDARD };
            assert_eq!(
                delay(&policy, attempt, Failure::Transient, asked, 1.0),
                expected,
                "{base:?} {attempt} {asked:?}"
            );
        };
        let (base, most) = (Policy::STANDARD.base, Policy::STANDARD.max_backoff);
        check(base, most, 1, None, base);
        check(base, most, 9, None, base * 256);
        check(base, most, 10, None, most);
        check(base, most, u32::MAX, None, most);
        check(base, Duration::MAX, u32::MAX, None, base * u32::MAX);
        check(Duration::MAX, Duration::MAX, 1, None, Duration::MAX);
        check(Duration::MAX, Duration::MAX, 2, Some(Duration::MAX), Duration::MAX);
        check(Duration::MAX, most, 2, Some(Duration::MAX), most + MOST_ASKED);
        check(base, most, 1, Some(Duration::ZERO), base);
        check(base, most, 1, Some(Duration::from_secs(1)), Duration::from_secs(1));
        check(base, most, 1, Some(Duration::from_secs(6)), base + MOST_ASKED);
    }
}
