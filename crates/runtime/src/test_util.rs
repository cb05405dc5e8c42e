//! Doors that a test holds in its hand: a scripted transport, a clock that stands still, sleep that takes no time,
//! and chance that repeats itself.
//!
//! ```
//! # use tinsmith_runtime::test_util::{Reply, ScriptedTransport};
//! # use tinsmith_runtime::config::Config;
//! let transport = ScriptedTransport::new([Reply::new(200).body(r#"{"Layers": []}"#)]);
//! let config = Config::builder().http_client(transport.clone()).build();
//! // … calls of a client with these settings …
//! assert_eq!(transport.requests().len(), 0);
//! ```

mod doors;
mod scripted;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use doors::{FixedClock, FixedRandom, InstantSleep, SeededRandom};
pub use scripted::{Reply, ScriptedTransport};

/// What a test that panicked left behind is still what happened.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
