//! The adaptive mode: attempts slow down after throttling, whichever clone of a client makes them, and speed up again.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tinsmith_lambda::Client;
use tinsmith_lambda::config::retry::{RetryConfig, RetryMode};
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::error::SdkError;
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::test_util::{FixedClock, FixedRandom, InstantSleep, Reply};
use tinsmith_runtime::time::{Clock, Sleep};
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError};

use crate::client::{Scripted, millis, ok, scripted_with};

/// A client in the adaptive mode that gets these answers, and whose waits move its clock.
fn adaptive(replies: impl IntoIterator<Item = Reply>) -> Scripted {
    let clock = FixedClock::at_unix(1_700_000_000);
    let sleep = InstantSleep::moving(clock.clone());
    let held = scripted_with(replies, |config| {
        config.retry_config(RetryConfig::adaptive()).time_source(clock.clone()).sleep_impl(sleep.clone())
    });
    Scripted { sleep, clock, ..held }
}

/// Once throttled, each attempt waits for a token, and those of clones and of calls with settings of their own too.
#[tokio::test]
async fn attempts_wait_after_throttling() {
    let held = adaptive([ok("{}"), Reply::new(429), ok("{}"), ok("{}"), ok("{}"), ok("{}")]);
    held.client.list_layers().send().await.unwrap();
    assert!(held.sleep.slept().is_empty());
    // The backoff, and what is missing of a token at the least rate, which is one in two seconds.
    held.client.list_layers().send().await.unwrap();
    assert_eq!(held.sleep.slept(), millis(&[1000, 1000]));
    let settings =
        tinsmith_lambda::config::Config::builder().retry_config(RetryConfig::adaptive().with_max_attempts(9));
    held.client.clone().list_layers().customize().config_override(settings).send().await.unwrap();
    let slept = held.sleep.slept();
    assert_eq!(slept.len(), 3, "{slept:?}");
    // Another mode neither waits nor spoils what is known.
    let standard = tinsmith_lambda::config::Config::builder().retry_config(RetryConfig::standard());
    held.client.list_layers().customize().config_override(standard).send().await.unwrap();
    assert_eq!(held.sleep.slept(), slept);
    held.client.list_layers().send().await.unwrap();
    assert_eq!(held.sleep.slept().len(), 4);
    assert_eq!(held.transport.left(), 0);
}

/// A clock that stands still while it is slept holds no call up.
#[tokio::test]
async fn a_clock_that_stands_still() {
    let still = InstantSleep::default();
    let held = scripted_with([Reply::new(429), ok("{}"), ok("{}")], |config| {
        config.retry_config(RetryConfig::adaptive()).sleep_impl(still.clone())
    });
    held.client.list_layers().send().await.unwrap();
    held.client.list_layers().send().await.unwrap();
    assert_eq!(still.slept(), millis(&[1000, 2000, 625]));
}

/// The wait for a token counts in the time of the operation, and a call that it ends has sent nothing.
#[tokio::test]
async fn the_operation_timeout_bounds_the_wait() {
    /// Ends the sleep of one duration, that of the timeout, and no other.
    #[derive(Debug)]
    struct Only(Duration);

    impl Sleep for Only {
        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            if duration == self.0 { Box::pin(std::future::ready(())) } else { Box::pin(std::future::pending()) }
        }
    }

    let second = Duration::from_secs(1);
    let held = scripted_with([Reply::new(429), ok("{}")], |config| {
        config
            .retry_config(RetryConfig::disabled().with_retry_mode(RetryMode::Adaptive))
            .timeout_config(TimeoutConfig::builder().operation_timeout(second).build())
            .sleep_impl(Only(second))
    });
    assert_eq!(held.client.list_layers().send().await.unwrap_err().attempts(), 1);
    let error = held.client.list_layers().send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
    assert_eq!((error.attempts(), held.transport.left()), (0, 1));
}

/// A service that lets ten requests a second pass, by a clock that each request moves by ten milliseconds.
#[derive(Clone, Debug)]
struct TenASecond {
    clock: FixedClock,
    log: Arc<Mutex<Vec<(Duration, bool)>>>,
}

impl Transport for TenASecond {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let mut log = self.log.lock().unwrap();
        self.clock.advance(Duration::from_millis(10));
        let now = since(self.clock.now());
        let passed = log.iter().rev().take_while(|(at, _)| now - *at < Duration::from_secs(1)).filter(|(_, ok)| *ok);
        let passes = passed.count() < 10;
        log.push((now, passes));
        let status = StatusCode::new(if passes { 200 } else { 429 });
        Box::pin(std::future::ready(Ok(Response::new(status, Headers::new(), Body::whole("{}")))))
    }
}

impl TenASecond {
    fn new() -> Self {
        Self { clock: FixedClock::at_unix(0), log: Arc::default() }
    }

    fn client(&self, retries: RetryConfig) -> Client {
        let held = scripted_with([], |config| {
            let config = config.time_source(self.clock.clone()).sleep_impl(InstantSleep::moving(self.clock.clone()));
            config.http_client(self.clone()).retry_config(retries).randomness(FixedRandom::new(0))
        });
        held.client
    }

    /// How many requests passed in the time that the log spans, how many did not, and how long it is.
    fn outcome(&self) -> (usize, usize, Duration) {
        let log = self.log.lock().unwrap();
        let passed = log.iter().filter(|(_, passed)| *passed).count();
        (passed, log.len() - passed, log.last().unwrap().0)
    }
}

fn since(now: SystemTime) -> Duration {
    now.duration_since(UNIX_EPOCH).unwrap()
}

/// One caller without a pause, whose jitter makes every backoff nothing: in the standard mode most calls fail, while the
/// adaptive one finds the rate that the service lets pass.
#[tokio::test]
async fn the_rate_settles_at_what_the_service_lets_pass() {
    let run = async |retries: RetryConfig| {
        let service = TenASecond::new();
        let client = service.client(retries);
        let mut failed = 0;
        for _ in 0..500 {
            failed += usize::from(client.list_layers().send().await.is_err());
        }
        let (passed, throttled, took) = service.outcome();
        (failed, throttled, passed as f64 / took.as_secs_f64())
    };
    let (failed, throttled, rate) = run(RetryConfig::adaptive()).await;
    assert!(failed < 25 && throttled < 100, "{failed} {throttled}");
    assert!((5.0..10.0).contains(&rate), "{rate}");
    let (failed, ..) = run(RetryConfig::standard()).await;
    assert!(failed > 250, "{failed}");
}

/// A thousand calls at once, on several threads: each ends, and as many as the service lets pass succeed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_calls_at_once() {
    let service = TenASecond::new();
    let client = service.client(RetryConfig::adaptive());
    let calls: Vec<_> = (0..1000).map(|_| tokio::spawn(client.list_layers().send())).collect();
    let mut succeeded = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => succeeded += 1,
            Err(error) => assert_eq!(error.raw_response().map(|raw| raw.status().as_u16()), Some(429), "{error}"),
        }
    }
    let (passed, ..) = service.outcome();
    assert_eq!(passed, succeeded);
    assert!(succeeded > 10, "{succeeded}");
}
