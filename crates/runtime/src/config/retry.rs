//! How often a call is tried, and how long it waits in between.

use std::time::Duration;

/// How a client decides whether to try again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryMode {
    /// The mode that all AWS SDKs share: backoff with jitter, and a quota over all calls of a client.
    #[default]
    Standard,
}

/// The policy of retries. What is left open follows the standard mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    mode: RetryMode,
    max_attempts: Option<u32>,
    initial_backoff: Option<Duration>,
    max_backoff: Option<Duration>,
}

impl RetryConfig {
    /// The standard mode: three attempts.
    pub fn standard() -> Self {
        Self::default()
    }

    /// One attempt, and no retry.
    pub fn disabled() -> Self {
        Self::standard().with_max_attempts(1)
    }

    /// Sets the mode.
    pub fn with_retry_mode(mut self, mode: RetryMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets how often a call is tried in all, the first time included; 0 is taken as 1.
    pub fn with_max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = Some(max_attempts.max(1));
        self
    }

    /// Sets the delay that the first retry draws from.
    pub fn with_initial_backoff(mut self, initial_backoff: Duration) -> Self {
        self.initial_backoff = Some(initial_backoff);
        self
    }

    /// Sets the longest delay between two attempts.
    pub fn with_max_backoff(mut self, max_backoff: Duration) -> Self {
        self.max_backoff = Some(max_backoff);
        self
    }

    /// The mode.
    pub fn mode(&self) -> RetryMode {
        self.mode
    }

    /// How often a call is tried in all; 3 where nothing else is said.
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts.unwrap_or(3)
    }

    /// The delay that the first retry after throttling draws from; 1 s where nothing else is said.
    pub fn initial_backoff(&self) -> Duration {
        self.initial_backoff.unwrap_or(Duration::from_secs(1))
    }

    /// The longest delay between two attempts; 20 s where nothing else is said.
    pub fn max_backoff(&self) -> Duration {
        self.max_backoff.unwrap_or(Duration::from_secs(20))
    }

    /// Whether there is a second attempt at all.
    pub fn has_retry(&self) -> bool {
        self.max_attempts() > 1
    }

    /// The number of attempts that was asked for, where one was: a service may have a default of its own.
    #[doc(hidden)]
    pub fn chosen_max_attempts(&self) -> Option<u32> {
        self.max_attempts
    }

    /// The longest delay that was asked for, where one was.
    #[doc(hidden)]
    pub fn chosen_max_backoff(&self) -> Option<Duration> {
        self.max_backoff
    }

    /// The first delay that was asked for, where one was: errors of different kinds have different defaults.
    #[doc(hidden)]
    pub fn chosen_initial_backoff(&self) -> Option<Duration> {
        self.initial_backoff
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_is_the_standard() {
        let standard = RetryConfig::standard();
        assert_eq!((standard.max_attempts(), standard.chosen_max_attempts(), standard.has_retry()), (3, None, true));
        let waits = (standard.initial_backoff(), standard.max_backoff(), standard.chosen_initial_backoff());
        assert_eq!(waits, (Duration::from_secs(1), Duration::from_secs(20), None));
        assert!(!RetryConfig::disabled().has_retry());
        assert_eq!(standard.with_max_attempts(0).max_attempts(), 1);
    }
}
