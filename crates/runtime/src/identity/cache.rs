//! Keeps what a provider gave, and has it refreshed ahead of its end, once for all who wait.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use super::error::SourceError;
use super::flight::{Flight, Join};
use crate::future::NowOrLater;
use crate::telemetry;
use crate::time::{Clock, Sleep, within};

/// How long before its end an identity is refreshed, unless it lives so short that it is a quarter of its life.
const AHEAD: Duration = Duration::from_secs(5 * 60);
/// The same for one that a person is asked for: it is not used any more then.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a refresh that failed, or gave nothing newer, is not tried again while the identity at hand still works.
const PAUSE: Duration = Duration::from_secs(30);
/// How long an identity is used that had ended by our clock when it came: it may be the clock that is wrong. It is twice
/// as long for each that comes so after another, so that a wrong clock is not a request a second.
const DOUBTFUL: Duration = Duration::from_secs(1);
/// The longest that it gets.
const DOUBTFUL_MOST: Duration = Duration::from_secs(5 * 60);
/// How long a provider may take. It may ask a person for a code.
const LIMIT: Duration = Duration::from_secs(120);

/// Who gives identities of one kind: credentials, or tokens.
pub(crate) trait Provider: Clone + fmt::Debug + Send + Sync + 'static {
    /// What callers prove who they are with.
    type Identity: Clone + Send + Sync + Unpin + 'static;
    /// Why there is none.
    type Error: SourceError;

    /// What identities are, for those who watch.
    const WHAT: &'static str;

    /// The identity of now.
    fn provide(&self) -> NowOrLater<'_, Outcome<Self>>;
    /// When an identity stops working; `None` is never.
    fn expiry(identity: &Self::Identity) -> Option<SystemTime>;
    /// Whether a person is asked for another one.
    fn asks_a_person(_identity: &Self::Identity) -> bool {
        false
    }
}

/// What a provider answers.
pub(crate) type Outcome<P> = Result<<P as Provider>::Identity, <P as Provider>::Error>;

/// A provider, and the last identity that it gave. Clones share both.
///
/// However many callers wait, the provider is asked once, and goes on as long as one of them does; with tokio, even
/// where none does, or the one who began is not polled. Elsewhere one of the callers drives it, and as long as that one is
/// there and not polled, the others wait for it. An identity without an end is asked for once. One with an end is refreshed
/// ahead of it: meanwhile, and where that fails, the one at hand serves until its end; without tokio, the caller who began
/// waits nevertheless, for two minutes at most, since nobody else would drive it. One that a person is asked for is not
/// refreshed ahead, but done with a little before its end, so that nobody is asked while no call waits.
#[derive(Clone)]
pub(crate) struct Cached<P: Provider> {
    provider: P,
    state: Arc<Mutex<State<P>>>,
}

struct State<P: Provider> {
    held: Option<Held<P::Identity>>,
    /// How long the next identity is used that comes ended.
    doubtful: Duration,
    flight: Option<Flight<Outcome<P>>>,
}

struct Held<I> {
    identity: I,
    times: Times,
}

/// When an identity is used.
#[derive(Clone, Copy)]
struct Times {
    /// From when on a new one is asked for; never where there is none.
    refresh_at: Option<SystemTime>,
    /// From when on this one is used; always where there is none.
    serves_from: Option<SystemTime>,
    /// From when on this one is not used; never where there is none.
    ends_at: Option<SystemTime>,
}

/// What is to be done for a caller.
enum Next<P: Provider> {
    Use(P::Identity),
    /// Wait for a refresh that is under way.
    Wait(Join<Outcome<P>>),
    /// Begin a refresh, and use this one meanwhile or where it fails.
    Begin(Join<Outcome<P>>, Option<P::Identity>),
}

impl<P: Provider> Cached<P> {
    pub(crate) fn new(provider: P) -> Self {
        Self { provider, state: Arc::new(Mutex::new(State { held: None, doubtful: DOUBTFUL, flight: None })) }
    }

    /// Who is asked.
    pub(crate) fn provider(&self) -> &P {
        &self.provider
    }

    /// The identity to call with now.
    pub(crate) async fn get(&self, clock: &Arc<dyn Clock>, sleep: &Arc<dyn Sleep>) -> Outcome<P> {
        let (mut ours, held) = match self.next(clock, sleep) {
            Next::Use(identity) => return Ok(identity),
            Next::Wait(ours) => return landed::<P>(ours.await),
            Next::Begin(ours, held) => (ours, held),
        };
        let outcome = match ours.once().await {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => {
                let is_driven = ours.spawn();
                if let Some(held) = held.as_ref().filter(|_| is_driven) {
                    return Ok(held.clone());
                }
                ours.await
            }
        };
        landed::<P>(outcome).or_else(|error| held.ok_or(error))
    }

    fn next(&self, clock: &Arc<dyn Clock>, sleep: &Arc<dyn Sleep>) -> Next<P> {
        let mut state = lock(&self.state);
        let now = clock.now();
        let held = state.held.as_mut().filter(|held| held.times.serves(now));
        if let Some(held) = &held
            && held.times.refresh_at.is_none_or(|due| now < due)
        {
            return Next::Use(held.identity.clone());
        }
        let held = held.map(|held| {
            // Whatever comes of this refresh, there is none other for a while.
            held.times.refresh_at = now.checked_add(PAUSE);
            held.identity.clone()
        });
        if let Some(ours) = state.flight.as_ref().and_then(Flight::join_underway) {
            drop(state);
            return held.map_or(Next::Wait(ours), Next::Use);
        }
        let flight = Flight::new(self.clone().refresh(clock.clone(), sleep.clone()));
        // To join comes before others can see it: a flight that nobody waits for is over.
        let ours = flight.join();
        state.flight = Some(flight);
        Next::Begin(ours, held)
    }

    /// Asks the provider, and keeps what it gives.
    async fn refresh(self, clock: Arc<dyn Clock>, sleep: Arc<dyn Sleep>) -> Outcome<P> {
        telemetry::refreshing(P::WHAT);
        let asked = self.provider.provide();
        let outcome = if sleep.is_instant() {
            asked.await
        } else {
            within(&*sleep, LIMIT, asked).await.unwrap_or_else(|_| Err(P::Error::timed_out(LIMIT)))
        };
        let now = clock.now();
        let mut state = lock(&self.state);
        let serves = state.held.as_ref().is_some_and(|held| held.times.serves(now));
        if let Ok(identity) = &outcome {
            state.keep(identity.clone(), now);
        }
        // Whoever is told may well make a call.
        drop(state);
        telemetry::refreshed(P::WHAT, outcome.as_ref().err().map(|error| error as &dyn fmt::Display), serves);
        outcome
    }
}

impl<P: Provider> State<P> {
    /// Keeps an identity that came now.
    fn keep(&mut self, identity: P::Identity, now: SystemTime) {
        let (end, asks) = (P::expiry(&identity), P::asks_a_person(&identity));
        let mut times = Times::new(end, asks, now, self.doubtful);
        let has_ended = end.is_some_and(|end| end <= now);
        self.doubtful = if has_ended { self.doubtful.saturating_mul(2).min(DOUBTFUL_MOST) } else { DOUBTFUL };
        // Who gives again what ends no later has nothing newer yet.
        let is_old = self.held.as_ref().is_some_and(|held| held.times.ends_at == times.ends_at);
        if is_old && times.refresh_at.is_some() {
            times.refresh_at = now.checked_add(PAUSE);
        }
        self.held = Some(Held { identity, times });
    }
}

fn landed<P: Provider>(outcome: Option<Outcome<P>>) -> Outcome<P> {
    outcome.unwrap_or_else(|| Err(P::Error::panicked()))
}

impl Times {
    /// Those of an identity that came now with this end, and is used so long if it had ended by then.
    #[allow(clippy::arithmetic_side_effects, reason = "a quarter is by four")]
    fn new(end: Option<SystemTime>, asks_a_person: bool, now: SystemTime, doubtful: Duration) -> Self {
        let always = Self { refresh_at: None, serves_from: None, ends_at: None };
        let Some(end) = end else { return always };
        match end.duration_since(now) {
            Ok(left) if !left.is_zero() && asks_a_person => {
                let done = end.checked_sub(MARGIN.min(left / 4));
                Self { refresh_at: done, ends_at: done, ..always }
            }
            Ok(left) if !left.is_zero() => {
                Self { refresh_at: end.checked_sub(AHEAD.min(left / 4)), ends_at: Some(end), ..always }
            }
            // Where the clock is set back thereafter, it is by another clock that this one would last.
            _ => {
                let done = now.checked_add(doubtful);
                Self { refresh_at: done, serves_from: Some(now), ends_at: done }
            }
        }
    }

    /// Whether the identity is used at this time.
    fn serves(&self, now: SystemTime) -> bool {
        self.serves_from.is_none_or(|from| from <= now) && self.ends_at.is_none_or(|end| now < end)
    }
}

fn lock<P: Provider>(state: &Mutex<State<P>>) -> MutexGuard<'_, State<P>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<P: Provider> fmt::Debug for Cached<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)
    }
}
