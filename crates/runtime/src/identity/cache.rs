//! Keeps what a provider gave, and has it refreshed ahead of its end, once for all who wait.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, SystemTime};

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
    type Identity: Clone + Send + Unpin + 'static;
    /// Why there is none.
    type Error: Clone + fmt::Display + Send + Unpin + 'static;

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
    /// The error of a provider that took longer than it may.
    fn timed_out(limit: Duration) -> Self::Error;
    /// The error of a provider that panicked.
    fn panicked() -> Self::Error;
    /// The error of providers that are all not set up, with their reasons.
    fn not_loaded(reasons: String) -> Self::Error;
    /// Why a provider is not set up, if that is the error.
    fn absent(error: &Self::Error) -> Option<String>;
}

/// What a provider answers.
pub(crate) type Outcome<P> = Result<<P as Provider>::Identity, <P as Provider>::Error>;

/// A provider, and the last identity that it gave. Clones share both.
///
/// However many callers wait, the provider is asked once, and goes on as long as one of them does; with tokio, even
/// where none does, or the one who began is not polled. Elsewhere one of the callers drives it, and as long as that one is
/// there and not polled, the others wait for it. An identity without an end is asked for once. One with an end is refreshed ahead of it: meanwhile,
/// and where that fails, the one at hand serves until its end. One that a person is asked for is not refreshed ahead, but
/// done with a little before its end, so that nobody is asked while no call waits.
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
    /// From when on a new one is asked for; never where there is none.
    refresh_at: Option<SystemTime>,
    /// From when on this one is not used; never where there is none.
    ends_at: Option<SystemTime>,
}

/// What is to be done for a caller.
enum Next<P: Provider> {
    Use(P::Identity),
    /// Wait for a refresh that is under way.
    Wait(Join<Outcome<P>>),
    /// Begin a refresh, and use this one meanwhile or where it fails.
    Begin(Flight<Outcome<P>>, Join<Outcome<P>>, Option<P::Identity>),
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
        let (flight, mut ours, held) = match self.next(clock, sleep) {
            Next::Use(identity) => return Ok(identity),
            Next::Wait(ours) => return landed::<P>(ours.await),
            Next::Begin(flight, ours, held) => (flight, ours, held),
        };
        // Most providers have their answer at hand, and need nobody who waits in our stead.
        let outcome = match once(&mut ours).await {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => match (held, flight.spawn()) {
                (Some(held), true) => return Ok(held),
                (held, _) => return landed::<P>(ours.await).or_else(|error| held.ok_or(error)),
            },
        };
        landed::<P>(outcome).or_else(|error| held.ok_or(error))
    }

    fn next(&self, clock: &Arc<dyn Clock>, sleep: &Arc<dyn Sleep>) -> Next<P> {
        let mut state = lock(&self.state);
        let now = clock.now();
        let held = state.held.as_ref().filter(|held| held.ends_at.is_none_or(|end| now < end));
        let (is_due, held) = match held {
            Some(held) => (held.refresh_at.is_some_and(|due| due <= now), Some(held.identity.clone())),
            None => (true, None),
        };
        let underway = state.flight.as_ref().filter(|flight| !flight.is_over());
        match (held, underway) {
            (Some(held), _) if !is_due => Next::Use(held),
            (Some(held), Some(_)) => Next::Use(held),
            (None, Some(flight)) => Next::Wait(flight.join()),
            (held, None) => {
                let flight = Flight::new(self.clone().refresh(clock.clone(), sleep.clone()));
                // To join comes before others can see it: a flight that nobody waits for is over.
                let ours = flight.join();
                state.flight = Some(flight.clone());
                Next::Begin(flight, ours, held)
            }
        }
    }

    /// Asks the provider, and keeps what it gives.
    async fn refresh(self, clock: Arc<dyn Clock>, sleep: Arc<dyn Sleep>) -> Outcome<P> {
        telemetry::refreshing(P::WHAT);
        let asked = self.provider.provide();
        let outcome = if sleep.is_instant() {
            asked.await
        } else {
            within(&*sleep, LIMIT, asked).await.unwrap_or_else(|_| Err(P::timed_out(LIMIT)))
        };
        let now = clock.now();
        let mut state = lock(&self.state);
        let serves = state.held.as_ref().is_some_and(|held| held.ends_at.is_none_or(|end| now < end));
        match &outcome {
            Ok(identity) => {
                let has_ended = P::expiry(identity).is_some_and(|end| end <= now);
                let doubtful = state.doubtful;
                state.doubtful = if has_ended { (doubtful * 2).min(DOUBTFUL_MOST) } else { DOUBTFUL };
                let mut new = Held::new::<P>(identity.clone(), now, doubtful);
                // Who gives again what ends no later has nothing newer yet.
                let is_old = state.held.as_ref().is_some_and(|held| held.ends_at == new.ends_at);
                if is_old && new.refresh_at.is_some() {
                    new.refresh_at = now.checked_add(PAUSE);
                }
                state.held = Some(new);
            }
            Err(_) => {
                if let Some(held) = &mut state.held {
                    held.refresh_at = now.checked_add(PAUSE);
                }
            }
        }
        // Whoever is told may well make a call.
        drop(state);
        telemetry::refreshed(P::WHAT, outcome.as_ref().err().map(|error| error as &dyn fmt::Display), serves);
        outcome
    }
}

fn landed<P: Provider>(outcome: Option<Outcome<P>>) -> Outcome<P> {
    outcome.unwrap_or_else(|| Err(P::panicked()))
}

/// Polls once: what is there already needs no timer, and no task.
async fn once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx))).await
}

impl<I> Held<I> {
    /// One that came now, and is used so long if it had ended by then.
    fn new<P: Provider<Identity = I>>(identity: I, now: SystemTime, doubtful: Duration) -> Self {
        let Some(end) = P::expiry(&identity) else { return Self { identity, refresh_at: None, ends_at: None } };
        let (refresh_at, ends_at) = match end.duration_since(now) {
            Ok(left) if !left.is_zero() && P::asks_a_person(&identity) => {
                let done = end.checked_sub(MARGIN.min(left / 4));
                (done, done)
            }
            Ok(left) if !left.is_zero() => (end.checked_sub(AHEAD.min(left / 4)), Some(end)),
            _ => (now.checked_add(doubtful), now.checked_add(doubtful)),
        };
        Self { identity, refresh_at, ends_at }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Semaphore;

    use super::*;
    use crate::credentials::{
        CachedCredentials, Credentials, CredentialsError, ProvideCredentials, SharedCredentialsProvider, future,
    };
    use crate::test_util::{FixedClock, InstantSleep};
    use crate::time::ThreadSleep;
    use crate::transport::BoxFuture;

    /// Gives the credentials `AK1`, `AK2`, … that end some seconds after 1970 began, or fails; each time when it may.
    #[derive(Clone, Debug)]
    struct Counting {
        asked: Arc<AtomicU32>,
        script: Arc<Mutex<Vec<Option<u64>>>>,
        may: Arc<Semaphore>,
    }

    impl ProvideCredentials for Counting {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::new(async {
                let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
                self.may.acquire().await.unwrap().forget();
                match self.script.lock().unwrap().pop() {
                    Some(Some(end)) => Ok(ending(number, (end < NEVER).then(|| at(end)))),
                    _ => Err(CredentialsError::provider_error(format!("failure {number}"))),
                }
            })
        }
    }

    const NEVER: u64 = u64::MAX;
    const HOUR: u64 = 3600;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn ending(number: u32, end: Option<SystemTime>) -> Credentials {
        Credentials::new(format!("AK{number}"), "secret", None, end, "test")
    }

    struct Bench {
        provider: Counting,
        cache: CachedCredentials,
        fixed: FixedClock,
        clock: Arc<dyn Clock>,
        sleep: Arc<dyn Sleep>,
    }

    /// A cache over a provider that may answer so often, with these ends in turn; `None` is a failure.
    fn bench(may: usize, ends: &[Option<u64>]) -> Bench {
        let provider = Counting {
            asked: Arc::default(),
            script: Arc::new(Mutex::new(ends.iter().rev().copied().collect())),
            may: Arc::new(Semaphore::new(may)),
        };
        let fixed = FixedClock::at_unix(0);
        Bench {
            cache: CachedCredentials::new(SharedCredentialsProvider::new(provider.clone())),
            provider,
            clock: Arc::new(fixed.clone()),
            fixed,
            sleep: Arc::new(ThreadSleep),
        }
    }

    impl Bench {
        async fn get(&self) -> std::result::Result<String, String> {
            let got = self.cache.get(&self.clock, &self.sleep).await;
            got.map(|keys| keys.access_key_id().to_owned()).map_err(|error| error.to_string())
        }

        /// Moves the clock there, gets credentials, and lets a refresh in the background end.
        async fn check(&self, seconds: u64, expected: &str, asked: u32) {
            let passed = at(seconds).duration_since(self.clock.now()).unwrap();
            self.fixed.advance(passed);
            let got = self.get().await.unwrap_or_else(|error| error);
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            let asked_so_often = self.provider.asked.load(Ordering::SeqCst);
            assert_eq!((got.as_str(), asked_so_often), (expected, asked), "at {seconds}");
        }
    }

    #[tokio::test]
    async fn they_are_asked_for_once_or_ahead_of_their_end() {
        let endless = bench(9, &[Some(NEVER)]);
        endless.check(0, "AK1", 1).await;
        endless.check(1_000_000_000, "AK1", 1).await;

        let hourly = bench(9, &[Some(HOUR), Some(2 * HOUR), Some(2 * HOUR + 40)]);
        hourly.check(0, "AK1", 1).await;
        hourly.check(HOUR - 301, "AK1", 1).await;
        hourly.check(HOUR - 300, "AK2", 2).await;
        hourly.check(2 * HOUR, "AK3", 3).await;
        // These live for 40 s: the last quarter is ahead enough.
        hourly.check(2 * HOUR + 29, "AK3", 3).await;
        hourly.check(2 * HOUR + 30, "AK3", 4).await;
    }

    #[tokio::test]
    async fn nobody_waits_for_a_refresh_while_there_are_credentials() {
        let slow = bench(1, &[Some(HOUR), Some(2 * HOUR)]);
        slow.check(0, "AK1", 1).await;
        slow.check(HOUR - 300, "AK1", 2).await;
        slow.check(HOUR - 299, "AK1", 2).await;
        slow.provider.may.add_permits(1);
        slow.check(HOUR - 298, "AK1", 2).await;
        slow.check(HOUR - 298, "AK2", 2).await;
    }

    #[tokio::test]
    async fn a_refresh_that_fails_leaves_the_credentials_at_hand_until_their_end() {
        let failing = bench(9, &[Some(HOUR), None, None, None, Some(3 * HOUR)]);
        failing.check(0, "AK1", 1).await;
        failing.check(HOUR - 200, "AK1", 2).await;
        failing.check(HOUR - 171, "AK1", 2).await;
        failing.check(HOUR - 170, "AK1", 3).await;
        failing.check(HOUR - 141, "AK1", 3).await;
        failing.check(HOUR, "the source of credentials failed: failure 4", 4).await;
        failing.check(HOUR, "AK5", 5).await;
    }

    #[tokio::test]
    async fn who_gives_the_same_again_is_asked_after_a_pause() {
        let slow = bench(9, &[Some(HOUR), Some(HOUR), Some(HOUR), Some(2 * HOUR)]);
        slow.check(0, "AK1", 1).await;
        slow.check(HOUR - 300, "AK2", 2).await;
        slow.check(HOUR - 271, "AK2", 2).await;
        slow.check(HOUR - 270, "AK3", 3).await;
        slow.check(HOUR - 240, "AK4", 4).await;
        slow.check(HOUR - 210, "AK4", 4).await;
    }

    #[tokio::test]
    async fn credentials_that_come_ended_are_used_and_soon_asked_for_anew() {
        let late = bench(9, &[Some(10), Some(1000)]);
        late.check(20, "AK1", 1).await;
        late.check(20, "AK1", 1).await;
        late.check(21, "AK2", 2).await;
    }

    #[tokio::test]
    async fn a_clock_that_is_wrong_is_not_a_request_a_second() {
        // The clock is an hour ahead of that of the source, whose credentials last for a quarter of one.
        let ahead = bench(12, &[Some(HOUR / 4); 12]);
        ahead.fixed.advance(Duration::from_secs(HOUR));
        let mut now = HOUR;
        for (number, lasts) in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].into_iter().enumerate() {
            let number = u32::try_from(number).unwrap() + 1;
            ahead.check(now, &format!("AK{number}"), number).await;
            now += lasts;
            ahead.check(now - 1, &format!("AK{number}"), number).await;
        }
    }

    #[tokio::test]
    async fn a_clock_that_was_put_right_is_trusted_again() {
        let late = bench(9, &[Some(10), Some(10), Some(HOUR), Some(10), Some(10)]);
        late.check(20, "AK1", 1).await;
        late.check(21, "AK2", 2).await;
        late.check(22, "AK2", 2).await;
        late.check(23, "AK3", 3).await;
        late.check(HOUR, "AK4", 4).await;
        late.check(HOUR + 1, "AK5", 5).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn ten_thousand_calls_refresh_once() {
        let crowd = Arc::new(bench(0, &[Some(HOUR), Some(2 * HOUR)]));
        for (round, now) in [(1, 0), (2, HOUR)] {
            crowd.fixed.advance(at(now).duration_since(crowd.clock.now()).unwrap());
            let call = |crowd: Arc<Bench>| tokio::spawn(async move { crowd.get().await });
            let calls: Vec<_> = (0..10_000).map(|_| call(crowd.clone())).collect();
            // Some go away while they wait, the one who began perhaps among them.
            calls.iter().step_by(10).for_each(tokio::task::JoinHandle::abort);
            crowd.provider.may.add_permits(1);
            let mut answered = 0;
            for call in calls {
                if let Ok(got) = call.await {
                    assert_eq!(got, Ok(format!("AK{round}")));
                    answered += 1;
                }
            }
            assert!(answered >= 9_000);
            assert_eq!(crowd.provider.asked.load(Ordering::SeqCst), round);
        }
    }

    #[tokio::test]
    async fn a_failure_reaches_all_who_wait() {
        let failing = Arc::new(bench(0, &[None, Some(HOUR)]));
        let call = |failing: Arc<Bench>| tokio::spawn(async move { failing.get().await });
        let calls: Vec<_> = (0..100).map(|_| call(failing.clone())).collect();
        tokio::task::yield_now().await;
        failing.provider.may.add_permits(2);
        for call in calls {
            assert_eq!(call.await.unwrap(), Err("the source of credentials failed: failure 1".to_owned()));
        }
        failing.check(0, "AK2", 2).await;
    }

    #[tokio::test]
    async fn a_dropped_caller_stops_nothing() {
        let slow = Arc::new(bench(0, &[Some(HOUR)]));
        let first = tokio::spawn({
            let slow = slow.clone();
            async move { slow.get().await }
        });
        tokio::task::yield_now().await;
        first.abort();
        assert!(first.await.is_err());
        slow.provider.may.add_permits(1);
        slow.check(0, "AK1", 1).await;
    }

    #[tokio::test]
    async fn a_caller_that_is_not_polled_stops_nothing() {
        let slow = Arc::new(bench(0, &[Some(HOUR)]));
        let mut parked = Box::pin(slow.get());
        assert!(once(&mut parked).await.is_pending());
        let call = |slow: Arc<Bench>| tokio::spawn(async move { slow.get().await });
        let calls: Vec<_> = (0..3).map(|_| call(slow.clone())).collect();
        slow.provider.may.add_permits(1);
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        for call in calls {
            assert!(call.is_finished());
            assert_eq!(call.await.unwrap(), Ok("AK1".to_owned()));
        }
        assert_eq!((parked.await, slow.provider.asked.load(Ordering::SeqCst)), (Ok("AK1".to_owned()), 1));
    }

    /// What happens without a runtime: a thread that does nothing but poll.
    #[test]
    fn without_tokio_those_who_wait_drive_it() {
        let block_on = |future: &mut (dyn Future<Output = std::result::Result<String, String>> + Unpin)| {
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            std::pin::Pin::new(future).poll(&mut cx)
        };
        let slow = bench(0, &[Some(HOUR), Some(2 * HOUR)]);
        let (mut first, mut second) = (Box::pin(slow.get()), Box::pin(slow.get()));
        assert!(block_on(&mut first).is_pending() && block_on(&mut second).is_pending());
        drop(first);
        slow.provider.may.add_permits(1);
        assert_eq!(block_on(&mut second), std::task::Poll::Ready(Ok("AK1".to_owned())));
        assert_eq!(slow.provider.asked.load(Ordering::SeqCst), 1);
        // Who begins a refresh drives it; the others use what is there.
        slow.fixed.advance(Duration::from_secs(HOUR - 1));
        let (mut first, mut second) = (Box::pin(slow.get()), Box::pin(slow.get()));
        assert!(block_on(&mut first).is_pending());
        assert_eq!(block_on(&mut second), std::task::Poll::Ready(Ok("AK1".to_owned())));
        slow.provider.may.add_permits(1);
        assert_eq!(block_on(&mut first), std::task::Poll::Ready(Ok("AK2".to_owned())));
    }

    /// A timer that has rung, whatever the clock says: somebody may have set it back meanwhile.
    #[derive(Debug)]
    struct Rung;

    impl Sleep for Rung {
        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(std::future::ready(()))
        }
    }

    #[tokio::test]
    async fn a_provider_that_never_answers_is_given_up() {
        let mut silent = bench(0, &[]);
        silent.sleep = Arc::new(Rung);
        assert_eq!(silent.get().await, Err("credentials took longer than 120s".to_owned()));
        // A wait that takes no time bounds none.
        let mut slow = bench(0, &[Some(HOUR)]);
        slow.sleep = Arc::new(InstantSleep::default());
        let (cache, clock, sleep) = (slow.cache.clone(), slow.clock.clone(), slow.sleep.clone());
        let waits = tokio::spawn(async move { cache.get(&clock, &sleep).await.is_ok() });
        tokio::task::yield_now().await;
        slow.provider.may.add_permits(1);
        assert!(waits.await.unwrap());
    }
}
