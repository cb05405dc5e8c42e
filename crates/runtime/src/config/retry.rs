//! How often a call is tried, and how long it waits in between: for users, `docs/retries-and-timeouts.md`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How a client decides whether to try again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryMode {
    /// The mode that all AWS SDKs share: backoff with jitter, and a quota over all calls of a client.
    #[default]
    Standard,
    /// The standard mode, and after the first throttling a limit to the rate of attempts that follows what the service
    /// lets pass. All calls of a client wait for it, the first attempt of each included: for clients that one limit
    /// throttles as a whole, and that can wait.
    Adaptive,
}

impl RetryMode {
    /// Its name in variables and files.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Adaptive => "adaptive",
        }
    }
}

impl FromStr for RetryMode {
    type Err = RetryModeParseError;

    /// `legacy` is what older SDKs did before there was a standard; no Rust client ever did, so it is read as that.
    fn from_str(text: &str) -> Result<Self, RetryModeParseError> {
        match &*text.trim().to_ascii_lowercase() {
            "standard" | "legacy" => Ok(Self::Standard),
            "adaptive" => Ok(Self::Adaptive),
            _ => Err(RetryModeParseError(())),
        }
    }
}

/// A text that is no retry mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryModeParseError(());

/// The names of modes, for errors.
pub(crate) const MODES: &str = "`standard` or `adaptive` (`legacy` is read as `standard`)";

impl fmt::Display for RetryModeParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a retry mode should be {MODES}")
    }
}

impl std::error::Error for RetryModeParseError {}

/// Errors, under the path that the official crate has for them.
pub mod error {
    pub use super::RetryModeParseError;
}

/// A revision of the specification that the standard and the adaptive mode follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RetrySpec {
    /// The revision before 2026. All delays draw from 1 s; a retry costs 5 tokens of the quota, and 10 where no answer
    /// came; how long the service asks to be left alone is obeyed up to the longest delay.
    V2_0,
    /// The revision of 2026. Delays draw from 50 ms, and from 1 s after throttling; a retry costs 14 tokens of the
    /// quota, and 5 after throttling; the service may ask for up to five seconds more than the computed delay. Some
    /// services have defaults of their own.
    #[default]
    V2_1,
}

impl RetrySpec {
    /// The revision before 2026.
    pub fn v2_0() -> Self {
        Self::V2_0
    }

    /// The revision of 2026.
    pub fn v2_1() -> Self {
        Self::V2_1
    }

    /// Whether this is that revision or a later one.
    pub fn is_at_least(&self, revision: Self) -> bool {
        *self >= revision
    }
}

/// The policy of retries. What is left open follows the standard mode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    mode: RetryMode,
    spec: Option<RetrySpec>,
    max_attempts: Option<u32>,
    initial_backoff: Option<Duration>,
    max_backoff: Option<Duration>,
}

impl RetryConfig {
    /// The standard mode: three attempts.
    pub fn standard() -> Self {
        Self::default()
    }

    /// The adaptive mode: three attempts, at a rate that follows what the service lets pass.
    pub fn adaptive() -> Self {
        Self::standard().with_retry_mode(RetryMode::Adaptive)
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

    /// Sets the revision of the specification; the latest where nothing is said.
    pub fn with_retry_spec(mut self, spec: RetrySpec) -> Self {
        self.spec = Some(spec);
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

    /// The revision of the specification, where one was asked for.
    pub fn retry_spec(&self) -> Option<&RetrySpec> {
        self.spec.as_ref()
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

/// Collects a [`RetryConfig`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetryConfigBuilder {
    mode: Option<RetryMode>,
    config: RetryConfig,
}

impl RetryConfigBuilder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the mode.
    pub fn mode(mut self, mode: RetryMode) -> Self {
        self.set_mode(Some(mode));
        self
    }

    /// Sets the mode, or leaves it open.
    pub fn set_mode(&mut self, mode: Option<RetryMode>) -> &mut Self {
        self.mode = mode;
        self
    }

    /// Sets how often a call is tried in all, the first time included; 0 is taken as 1.
    pub fn max_attempts(mut self, max_attempts: u32) -> Self {
        self.set_max_attempts(Some(max_attempts));
        self
    }

    /// Sets how often a call is tried in all, or leaves it open.
    pub fn set_max_attempts(&mut self, max_attempts: Option<u32>) -> &mut Self {
        self.config.max_attempts = max_attempts.map(|attempts| attempts.max(1));
        self
    }

    /// Sets the delay that the first retry draws from.
    pub fn initial_backoff(mut self, initial_backoff: Duration) -> Self {
        self.set_initial_backoff(Some(initial_backoff));
        self
    }

    /// Sets the delay that the first retry draws from, or leaves it open.
    pub fn set_initial_backoff(&mut self, initial_backoff: Option<Duration>) -> &mut Self {
        self.config.initial_backoff = initial_backoff;
        self
    }

    /// Sets the longest delay between two attempts.
    pub fn max_backoff(mut self, max_backoff: Duration) -> Self {
        self.set_max_backoff(Some(max_backoff));
        self
    }

    /// Sets the longest delay between two attempts, or leaves it open.
    pub fn set_max_backoff(&mut self, max_backoff: Option<Duration>) -> &mut Self {
        self.config.max_backoff = max_backoff;
        self
    }

    /// Takes from the other what is open here.
    pub fn take_unset_from(mut self, other: Self) -> Self {
        self.mode = self.mode.or(other.mode);
        self.config.max_attempts = self.config.max_attempts.or(other.config.max_attempts);
        self.config.initial_backoff = self.config.initial_backoff.or(other.config.initial_backoff);
        self.config.max_backoff = self.config.max_backoff.or(other.config.max_backoff);
        self
    }

    /// The policy.
    pub fn build(self) -> RetryConfig {
        self.config.with_retry_mode(self.mode.unwrap_or_default())
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
        assert_eq!((standard.mode(), RetryConfig::adaptive().mode()), (RetryMode::Standard, RetryMode::Adaptive));
        assert_eq!((standard.retry_spec(), RetrySpec::default()), (None, RetrySpec::v2_1()));
        assert!(RetrySpec::v2_1().is_at_least(RetrySpec::V2_0) && !RetrySpec::v2_0().is_at_least(RetrySpec::V2_1));
        assert_eq!(standard.with_max_attempts(0).max_attempts(), 1);
    }

    #[test]
    fn a_builder_takes_from_another_what_is_open() {
        let (one, two) = (Duration::from_secs(1), Duration::from_secs(2));
        let first = RetryConfigBuilder::new().max_attempts(1).initial_backoff(one);
        let second = RetryConfigBuilder::new().max_attempts(5).max_backoff(two).mode(RetryMode::Standard);
        let expected = RetryConfig::disabled().with_initial_backoff(one).with_max_backoff(two);
        assert_eq!(first.take_unset_from(second).build(), expected);
    }

    #[test]
    fn a_mode_is_read_by_its_name() {
        for name in ["standard", " Standard ", "legacy"] {
            assert_eq!(name.parse(), Ok(RetryMode::Standard), "{name}");
        }
        for name in ["adaptive", " ADAPTIVE"] {
            assert_eq!(name.parse(), Ok(RetryMode::Adaptive), "{name}");
        }
        for name in ["", "fast", "standard adaptive"] {
            assert_eq!(name.parse::<RetryMode>(), Err(RetryModeParseError(())), "{name}");
        }
    }
}
