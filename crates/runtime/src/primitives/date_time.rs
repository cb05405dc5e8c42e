//! A point in time, to the nanosecond, without a zone.

/// Seconds and nanoseconds since 1970-01-01T00:00:00Z; times before it have negative seconds and the nanoseconds
/// still count forwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime {
    seconds: i64,
    nanos: u32,
}

impl DateTime {
    /// A whole second.
    pub const fn from_secs(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// The whole seconds.
    pub const fn secs(&self) -> i64 {
        self.seconds
    }

    /// The nanoseconds past the second.
    pub const fn subsec_nanos(&self) -> u32 {
        self.nanos
    }
}
