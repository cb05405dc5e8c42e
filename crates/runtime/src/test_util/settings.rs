//! Settings and credentials for tests, with nothing of the environment in them.

use super::{FixedClock, FixedRandom};
use crate::config::timeout::TimeoutConfig;
use crate::config::{BehaviorVersion, Builder, StalledStreamProtectionConfig};
use crate::credentials::Credentials;
use crate::region::Region;

/// A moment in 2009, which official test code expects: `2009-02-13T23:31:30Z`.
const NOW: u64 = 1_234_567_890;

/// The settings under which a test gives the same each time. The names are the official crates'.
impl Builder {
    /// Sets what a test needs beside a transport: [`Credentials::for_tests`], a clock that stands at
    /// `2009-02-13T23:31:30Z`, and chance that is always zero, so that retries do not wait and generated ids are
    /// `00000000-0000-4000-8000-000000000000`. The limits that stand where nobody sets one are off, those of a silent
    /// server and of a body that comes too slowly: sleep that takes no time would cut each answer that is waited for.
    pub fn with_test_defaults(mut self) -> Self {
        self.apply_test_defaults();
        self
    }

    /// The same, for a builder that stays where it is.
    pub fn apply_test_defaults(&mut self) -> &mut Self {
        *self = std::mem::take(self)
            .credentials_provider(Credentials::for_tests())
            .time_source(FixedClock::at_unix(NOW))
            .randomness(FixedRandom::new(0))
            .behavior_version(BehaviorVersion::latest());
        self.turn_off_default_limits();
        self
    }

    /// A limit that is set already stays.
    fn turn_off_default_limits(&mut self) {
        let set = self.clone().build();
        if set.timeout_config().and_then(TimeoutConfig::read_timeout).is_none() {
            self.set_timeout_config(Some(TimeoutConfig::builder().disable_read_timeout().build()));
        }
        if set.stalled_stream_protection().is_none() {
            self.set_stalled_stream_protection(Some(StalledStreamProtectionConfig::disabled()));
        }
    }

    /// As [`with_test_defaults`](Self::with_test_defaults), and `us-east-1` where no region is set yet.
    pub fn with_test_defaults_v2(mut self) -> Self {
        self.apply_test_defaults_v2();
        self
    }

    /// The same, for a builder that stays where it is.
    pub fn apply_test_defaults_v2(&mut self) -> &mut Self {
        self.apply_test_defaults();
        if self.clone().build().region().is_none() {
            self.set_region(Region::new("us-east-1"));
        }
        self
    }
}

/// Keys that open nothing. They are the official crates', so that what is signed with them is the same.
impl Credentials {
    /// Keys without a token, which never expire.
    pub fn for_tests() -> Self {
        Self::new("ANOTREAL", "notrealrnrELgWzOk3IfjzDKtFBhDby", None, None, "test")
    }

    /// Keys with a session token.
    pub fn for_tests_with_session_token() -> Self {
        let token = Some("notarealsessiontoken".to_owned());
        Self::new("ANOTREAL", "notrealrnrELgWzOk3IfjzDKtFBhDby", token, None, "test")
    }
}
