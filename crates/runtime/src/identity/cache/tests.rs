//! Tests of the cache: when a provider is asked, who waits for it, and what is used meanwhile.

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
            let next = self.script.lock().unwrap().pop();
            match next {
                Some(Some(BROKEN)) => panic!("as a broken provider does"),
                Some(Some(end)) => Ok(ending(number, (end < NEVER).then(|| at(end)))),
                _ => Err(CredentialsError::provider_error(format!("failure {number}"))),
            }
        })
    }
}

const NEVER: u64 = u64::MAX;
/// For a provider that panics.
const BROKEN: u64 = u64::MAX - 1;
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
async fn a_provider_that_panics_fails_no_call_that_has_credentials() {
    let broken = bench(9, &[Some(HOUR), Some(BROKEN), Some(BROKEN), Some(2 * HOUR)]);
    broken.check(0, "AK1", 1).await;
    broken.check(HOUR - 300, "AK1", 2).await;
    broken.check(HOUR - 271, "AK1", 2).await;
    broken.check(HOUR, "credentials could not be had: the provider panicked", 3).await;
    broken.check(HOUR, "AK4", 4).await;
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

#[tokio::test]
async fn what_came_ended_lasts_no_longer_where_the_clock_is_set_back() {
    let mut ahead = bench(9, &[Some(HOUR / 4); 2]);
    ahead.check(HOUR, "AK1", 1).await;
    // Put right, it shows a minute past midnight.
    ahead.fixed = FixedClock::at_unix(60);
    ahead.clock = Arc::new(ahead.fixed.clone());
    ahead.check(60, "AK2", 2).await;
    ahead.check(600, "AK2", 2).await;
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
    let polled = std::future::poll_fn(|cx| Poll::Ready(parked.as_mut().poll(cx))).await;
    assert!(polled.is_pending());
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
    assert_eq!(block_on(&mut second), Poll::Ready(Ok("AK1".to_owned())));
    assert_eq!(slow.provider.asked.load(Ordering::SeqCst), 1);
    // Who begins a refresh drives it; the others use what is there.
    slow.fixed.advance(Duration::from_secs(HOUR - 1));
    let (mut first, mut second) = (Box::pin(slow.get()), Box::pin(slow.get()));
    assert!(block_on(&mut first).is_pending());
    assert_eq!(block_on(&mut second), Poll::Ready(Ok("AK1".to_owned())));
    slow.provider.may.add_permits(1);
    assert_eq!(block_on(&mut first), Poll::Ready(Ok("AK2".to_owned())));
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
