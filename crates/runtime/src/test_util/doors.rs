//! The small doors: time, sleep, chance and credentials.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::lock;
use crate::credentials::{Credentials, CredentialsError, ProvideCredentials, future};
use crate::random::{Random, SystemRandom};
use crate::time::{Clock, Sleep};
use crate::transport::BoxFuture;

/// A clock that stands still until it is moved. Clones share the time.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<Mutex<SystemTime>>);

impl FixedClock {
    /// A clock at this time.
    pub fn new(now: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// A clock this many seconds after 1970 began.
    pub fn at_unix(seconds: u64) -> Self {
        Self::new(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    }

    /// Moves the clock forwards. By more than it can tell, such as a timeout of `Duration::MAX`, it does not move.
    pub fn advance(&self, by: Duration) {
        let mut now = lock(&self.0);
        *now = now.checked_add(by).unwrap_or(*now);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        *lock(&self.0)
    }

    /// It is never set back.
    fn steady(&self) -> Duration {
        self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}

/// Sleep that takes no time, and keeps how long it would have been. Clones share the record.
///
/// A timeout that is set is over at once where the thing that it bounds is not there yet. A source of credentials has all
/// the time that it takes.
#[derive(Clone, Debug, Default)]
pub struct InstantSleep {
    slept: Arc<Mutex<Vec<Duration>>>,
    clock: Option<FixedClock>,
}

impl InstantSleep {
    /// Sleep that moves this clock by as much as it would have taken, so that what ages while a call waits does so in a
    /// test as well. Where several calls sleep at once, the clock moves by the sum of their waits.
    pub fn moving(clock: FixedClock) -> Self {
        Self { slept: Arc::default(), clock: Some(clock) }
    }

    /// The waits that came to their end, in order. Those of timeouts that were not reached are not among them.
    pub fn slept(&self) -> Vec<Duration> {
        lock(&self.slept).clone()
    }
}

impl Sleep for InstantSleep {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let Self { slept, clock } = self.clone();
        Box::pin(async move {
            lock(&slept).push(duration);
            if let Some(clock) = clock {
                clock.advance(duration);
            }
        })
    }

    fn is_instant(&self) -> bool {
        true
    }
}

/// Numbers that are always these: the same one over and over, so that jitter is known.
#[derive(Clone, Copy, Debug)]
pub struct FixedRandom(u64);

impl FixedRandom {
    /// Gives this number each time. `u64::MAX` makes every delay the longest that it can be.
    pub fn new(number: u64) -> Self {
        Self(number)
    }
}

impl Random for FixedRandom {
    fn next_u64(&self) -> u64 {
        self.0
    }
}

/// Numbers that look random and are the same for the same seed, in the order in which they are asked for. Clones share
/// their place in the order.
#[derive(Clone, Debug)]
pub struct SeededRandom(Arc<SystemRandom>);

impl SeededRandom {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(SystemRandom::seeded(seed)))
    }
}

impl Random for SeededRandom {
    fn next_u64(&self) -> u64 {
        self.0.next_u64()
    }
}

/// Gives credentials from a list, one each time that it is asked, and the last one from then on. Clones share the place
/// in it. Clients ask again when what they have is about to expire.
#[derive(Clone, Debug)]
pub struct ScriptedCredentials {
    script: Arc<[Credentials]>,
    asked: Arc<Mutex<usize>>,
}

impl ScriptedCredentials {
    /// Takes the credentials. With none of them, there are none to be had.
    pub fn new(script: impl IntoIterator<Item = Credentials>) -> Self {
        Self { script: script.into_iter().collect(), asked: Arc::default() }
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        *lock(&self.asked)
    }
}

impl ProvideCredentials for ScriptedCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let mut asked = lock(&self.asked);
        let next = self.script.get(*asked).or(self.script.last()).cloned();
        *asked += 1;
        let none = || CredentialsError::not_loaded("the script has no credentials");
        future::ProvideCredentials::ready(next.ok_or_else(none))
    }
}
