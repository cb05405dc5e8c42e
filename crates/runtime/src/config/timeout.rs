//! How long a call, and each part of it, may take: for users, `docs/retries-and-timeouts.md`.

use std::time::Duration;

/// The connect timeout where nothing else is said.
const CONNECT: Duration = Duration::from_millis(3100);

/// How long an answer may take to begin where nothing else is said: boto3 has the same. Operations whose answers may
/// take longer have a limit of their own.
const ANSWER: Duration = Duration::from_secs(60);

/// How many bytes of a request's body are sent in a second, at the least. The default limit begins before they are
/// sent, and must not end while a slow line still carries them.
const SLOWEST_LINE: usize = 64 << 10;

/// Timeouts. Each one is a duration, off, or left open; connecting has a default, of 3.1 s, and an answer that nothing else
/// bounds has 60 s to begin, and 1 s more for each 64 KiB of the request's body; an operation that is known to answer late
/// has longer. What the default for answers ends is not tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeoutConfig {
    connect: Timeout,
    read: Timeout,
    operation: Timeout,
    operation_attempt: Timeout,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Timeout {
    #[default]
    Open,
    Off,
    After(Duration),
    /// That of connecting, which nobody set.
    Default,
}

impl Timeout {
    fn value(self) -> Option<Duration> {
        match self {
            Self::After(duration) => Some(duration),
            Self::Default => Some(CONNECT),
            Self::Open | Self::Off => None,
        }
    }

    fn or(self, other: Self) -> Self {
        if self == Self::Open { other } else { self }
    }
}

/// Nothing is no timeout, not an open one: so it is in the official builder.
impl From<Option<Duration>> for Timeout {
    fn from(timeout: Option<Duration>) -> Self {
        timeout.map_or(Self::Off, Self::After)
    }
}

impl TimeoutConfig {
    /// Timeouts one by one.
    pub fn builder() -> TimeoutConfigBuilder {
        TimeoutConfigBuilder::new()
    }

    /// No timeouts at all, not even for connecting.
    pub fn disabled() -> Self {
        let off = Timeout::Off;
        Self { connect: off, read: off, operation: off, operation_attempt: off }
    }

    /// These timeouts, to be changed.
    pub fn to_builder(&self) -> TimeoutConfigBuilder {
        TimeoutConfigBuilder(self.clone())
    }

    /// These timeouts, to be changed.
    pub fn into_builder(self) -> TimeoutConfigBuilder {
        TimeoutConfigBuilder(self)
    }

    /// How long connecting may take, TLS included.
    pub fn connect_timeout(&self) -> Option<Duration> {
        self.connect.value()
    }

    /// How long the answer's first byte may take, once the request is begun.
    pub fn read_timeout(&self) -> Option<Duration> {
        self.read.value()
    }

    /// How long a call may take with all its attempts and waits.
    pub fn operation_timeout(&self) -> Option<Duration> {
        self.operation.value()
    }

    /// How long one attempt may take.
    pub fn operation_attempt_timeout(&self) -> Option<Duration> {
        self.operation_attempt.value()
    }

    /// Whether any timeout is set.
    pub fn has_timeouts(&self) -> bool {
        [self.connect, self.read, self.operation, self.operation_attempt].iter().any(|one| one.value().is_some())
    }

    /// Takes from the other what is open here.
    pub fn take_defaults_from(&mut self, other: &TimeoutConfig) -> &mut Self {
        self.connect = self.connect.or(other.connect);
        self.read = self.read.or(other.read);
        self.operation = self.operation.or(other.operation);
        self.operation_attempt = self.operation_attempt.or(other.operation_attempt);
        self
    }

    /// These timeouts, and from others what they leave open.
    pub(super) fn over(mut self, others: Option<&Self>) -> Self {
        if let Some(others) = others {
            self.take_defaults_from(others);
        }
        self
    }

    /// Each timeout by its name, and whether code said anything of it.
    pub(super) fn each(&self) -> [(&'static str, Option<Duration>, bool); 4] {
        let said = |timeout: Timeout| !matches!(timeout, Timeout::Open | Timeout::Default);
        let row = |name, timeout: Timeout| (name, timeout.value(), said(timeout));
        [
            row("connect_timeout", self.connect),
            ("read_timeout", self.answer_limit(ANSWER, 0).map(|limit| limit.after), said(self.read)),
            row("operation_timeout", self.operation),
            row("operation_attempt_timeout", self.operation_attempt),
        ]
    }

    /// How long the answer's first byte may take. A silent server must not be waited for without end; so where the read
    /// timeout is open, and no timeout of attempt or operation bounds the wait either, it is what is usual for the
    /// operation, and longer for a request with a body of many bytes.
    pub(crate) fn answer_limit(&self, usual: Duration, body: usize) -> Option<AnswerLimit> {
        match self.read {
            Timeout::Open if self.operation.value().or(self.operation_attempt.value()).is_none() => {
                let sending = Duration::from_secs((body / SLOWEST_LINE) as u64);
                Some(AnswerLimit { after: usual.saturating_add(sending), is_default: true })
            }
            read => read.value().map(|after| AnswerLimit { after, is_default: false }),
        }
    }

    /// Whether nothing was said of reading.
    pub(super) fn is_read_open(&self) -> bool {
        self.read == Timeout::Open
    }

    /// With the default for connecting, where that is open.
    pub(crate) fn with_defaults(mut self) -> Self {
        self.connect = self.connect.or(Timeout::Default);
        self
    }
}

/// How long an answer may take to begin, and whether nobody asked for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AnswerLimit {
    pub(crate) after: Duration,
    pub(crate) is_default: bool,
}

/// Collects timeouts.
#[derive(Clone, Debug, Default)]
pub struct TimeoutConfigBuilder(TimeoutConfig);

/// The four ways to say each timeout.
macro_rules! timeout {
    ($field:ident, $with:ident, $set:ident, $disable:ident, $what:literal) => {
        #[doc = concat!("Sets how long ", $what, " may take.")]
        pub fn $with(mut self, timeout: Duration) -> Self {
            self.0.$field = Timeout::After(timeout);
            self
        }

        #[doc = concat!("Sets how long ", $what, " may take; `None` lets it take as long as it will.")]
        pub fn $set(&mut self, timeout: Option<Duration>) -> &mut Self {
            self.0.$field = timeout.into();
            self
        }

        #[doc = concat!("Lets ", $what, " take as long as it will.")]
        pub fn $disable(mut self) -> Self {
            self.0.$field = Timeout::Off;
            self
        }
    };
}

impl TimeoutConfigBuilder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    timeout!(connect, connect_timeout, set_connect_timeout, disable_connect_timeout, "connecting");
    timeout!(read, read_timeout, set_read_timeout, disable_read_timeout, "the answer's first byte");
    timeout!(operation, operation_timeout, set_operation_timeout, disable_operation_timeout, "a whole call");
    timeout!(
        operation_attempt,
        operation_attempt_timeout,
        set_operation_attempt_timeout,
        disable_operation_attempt_timeout,
        "one attempt"
    );

    /// Takes from the other what is open here.
    pub fn take_unset_from(mut self, other: Self) -> Self {
        self.0.take_defaults_from(&other.0);
        self
    }

    /// The timeouts.
    pub fn build(self) -> TimeoutConfig {
        self.0
    }
}

impl From<TimeoutConfig> for TimeoutConfigBuilder {
    fn from(config: TimeoutConfig) -> Self {
        Self(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_connecting_has_a_default_and_it_can_be_turned_off() {
        let check = |config: TimeoutConfig, connect: Option<Duration>| {
            assert_eq!(config.with_defaults().connect_timeout(), connect);
        };
        let second = Duration::from_secs(1);
        check(TimeoutConfig::default(), Some(CONNECT));
        check(TimeoutConfig::builder().connect_timeout(second).build(), Some(second));
        check(TimeoutConfig::builder().disable_connect_timeout().build(), None);
        check(TimeoutConfig::disabled(), None);
        assert!(!TimeoutConfig::disabled().with_defaults().has_timeouts());
        assert_eq!(TimeoutConfig::default().with_defaults().operation_timeout(), None);
    }

    #[test]
    fn a_silent_server_is_not_waited_for_without_end() {
        let check = |config: TimeoutConfig, answer: Option<Duration>| {
            assert_eq!(config.answer_limit(ANSWER, 0).map(|limit| limit.after), answer, "{config:?}");
        };
        let hour = Duration::from_secs(3600);
        check(TimeoutConfig::default(), Some(ANSWER));
        check(TimeoutConfig::builder().read_timeout(hour).build(), Some(hour));
        check(TimeoutConfig::builder().read_timeout(hour).operation_timeout(hour).build(), Some(hour));
        // Whoever bounds a call means that bound, and no shorter one.
        check(TimeoutConfig::builder().operation_timeout(hour).build(), None);
        check(TimeoutConfig::builder().operation_attempt_timeout(hour).build(), None);
        check(TimeoutConfig::builder().disable_operation_timeout().build(), Some(ANSWER));
        check(TimeoutConfig::builder().disable_read_timeout().build(), None);
        check(TimeoutConfig::disabled(), None);
    }

    #[test]
    fn the_default_for_answers_depends_on_what_is_called() {
        let check = |config: &TimeoutConfig, usual, body, (after, is_default): (u64, bool)| {
            let limit = AnswerLimit { after: Duration::from_secs(after), is_default };
            assert_eq!(config.answer_limit(Duration::from_secs(usual), body), Some(limit), "{config:?} {usual} {body}");
        };
        let open = TimeoutConfig::default();
        check(&open, 60, 0, (60, true));
        check(&open, 960, 0, (960, true));
        check(&open, 60, (64 << 10) - 1, (60, true));
        check(&open, 60, 64 << 10, (61, true));
        check(&open, 60, 6 << 20, (60 + 96, true));
        // Who says how long means that, whatever is sent.
        let said = TimeoutConfig::builder().read_timeout(Duration::from_secs(5)).build();
        check(&said, 960, 6 << 20, (5, false));
    }

    #[test]
    fn nothing_is_no_timeout() {
        let mut none = TimeoutConfig::builder();
        none.set_connect_timeout(None).set_read_timeout(None);
        none.set_operation_timeout(None).set_operation_attempt_timeout(None);
        assert_eq!(none.build(), TimeoutConfig::disabled());
    }

    #[test]
    fn what_is_open_is_taken_from_the_other() {
        let (one, two) = (Duration::from_secs(1), Duration::from_secs(2));
        let first = TimeoutConfig::builder().read_timeout(one).disable_operation_timeout();
        let second = TimeoutConfig::builder().read_timeout(two).operation_timeout(two).operation_attempt_timeout(two);
        let merged = first.take_unset_from(second).build();
        let values = (merged.read_timeout(), merged.operation_timeout(), merged.operation_attempt_timeout());
        assert_eq!(values, (Some(one), None, Some(two)));
    }
}
