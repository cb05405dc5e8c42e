//! The doors to time: what it is, and how to wait.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::transport::BoxFuture;

/// Tells the time of day, for signatures and the expiry of credentials.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Waits, between attempts and for timeouts.
pub trait Sleep: fmt::Debug + Send + Sync + 'static {
    /// Resolves after the duration.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Timers of tokio; the runtime of the caller must have its time driver on.
#[cfg(feature = "rt-tokio")]
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioSleep;

#[cfg(feature = "rt-tokio")]
impl Sleep for TokioSleep {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
