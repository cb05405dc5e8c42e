//! Answers that ask for another attempt: how many there are, and how long each is waited for.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::config::{Attempt, Credentials, Hook, Outcome, ProvideCredentials, SharedCredentialsProvider};
use tinsmith_lambda::error::SdkError;
use tinsmith_runtime::client::presigning::PresigningConfig;
use tinsmith_runtime::credentials::future;
use tinsmith_runtime::test_util::Reply;
use tinsmith_runtime::time::Sleep;
use tinsmith_runtime::transport::{BoxFuture, TransportErrorKind};

use crate::client::{attempts, millis, ok, scripted, scripted_with};

/// Plays the answers; the last one succeeds. Gives the waits between them.
async fn waits(replies: impl IntoIterator<Item = Reply>) -> Vec<Duration> {
    let held = scripted(replies.into_iter().chain([ok("{}")]));
    let listed = held.client.list_layers().send().await;
    assert!(listed.is_ok(), "{listed:?}");
    assert_eq!(attempts(&listed) as usize, held.transport.requests().len());
    held.sleep.slept()
}

/// Point 13: throttling with and without a code, and how long the service asks to be left alone.
#[tokio::test]
async fn throttling() {
    let bare = || Reply::new(429);
    let coded = || bare().header("x-amzn-errortype", "TooManyRequestsException");
    assert_eq!(waits([bare()]).await, millis(&[1000]));
    assert_eq!(waits([coded(), coded()]).await, millis(&[1000, 2000]));
    assert_eq!(waits([coded().header("Retry-After", "3")]).await, millis(&[3000]));
    assert_eq!(waits([coded().header("Retry-After", "60")]).await, millis(&[6000]));
    assert_eq!(waits([coded().header("Retry-After", "0")]).await, millis(&[1000]));
    // The clock stands at Tue, 14 Nov 2023 22:13:20 GMT.
    assert_eq!(waits([coded().header("Retry-After", "Tue, 14 Nov 2023 22:13:22 GMT")]).await, millis(&[2000]));
    assert_eq!(waits([coded().header("Retry-After", "soon")]).await, millis(&[1000]));
}

/// Point 14: the header in milliseconds goes before the one in seconds.
#[tokio::test]
async fn asked_in_milliseconds() {
    let failed = Reply::new(500).header("x-amz-retry-after", "1500").header("retry-after", "4");
    assert_eq!(waits([failed]).await, millis(&[1500]));
}

#[tokio::test]
async fn transient_failures() {
    assert_eq!(waits([Reply::new(500), Reply::new(503)]).await, millis(&[50, 100]));
    assert_eq!(waits([Reply::Failure(TransportErrorKind::Io)]).await, millis(&[50]));
    assert_eq!(waits([ok(r#"{"Layers""#).breaks()]).await, millis(&[50]));
}

#[tokio::test]
async fn the_last_failure_stands() {
    let held = scripted([Reply::new(500), Reply::new(502), Reply::new(504)]);
    let error = held.client.list_layers().send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 504);
    assert_eq!(error.attempts(), 3);
    let held = scripted([Reply::new(400), ok("{}")]);
    assert_eq!(held.client.list_layers().send().await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn silence_is_bounded_where_a_timeout_is_set() {
    let limits = [
        TimeoutConfig::builder().read_timeout(Duration::from_secs(1)).build(),
        TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build(),
        TimeoutConfig::builder().operation_timeout(Duration::from_secs(3)).build(),
    ];
    for (limit, attempts) in limits.into_iter().zip([3, 3, 1]) {
        let reading = limit.read_timeout().is_some();
        let held = scripted_with(vec![Reply::Silence; 3], |config| config.timeout_config(limit));
        let error = held.client.list_layers().send().await.unwrap_err();
        match &error {
            SdkError::DispatchFailure(failure) => assert!(reading && failure.is_timeout(), "{error}"),
            SdkError::TimeoutError(_) => assert!(!reading, "{error}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(error.attempts(), attempts, "{error}");
    }
}

/// Where no timeout is set, silence is bounded all the same; but an operation that is merely slow must not act twice, so
/// that there is no other attempt.
#[tokio::test]
async fn silence_is_bounded_where_no_timeout_is_set() {
    let minute = Duration::from_secs(60);
    let held = scripted([Reply::Silence, ok("{}")]);
    let error = held.client.list_layers().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ListLayers failed: the answer took too long to begin: the limit is 60s by default, set another by `read_timeout` \
         of `TimeoutConfig`, or none by `disable_read_timeout` (1 attempt)"
    );
    let waits: Vec<_> = held.sleep.slept().into_iter().filter(|wait| *wait >= minute).collect();
    assert_eq!(waits, [minute]);
    // Switched off, it is not there: where sleep takes no time, a call that waits at all waits for ever.
    let off = TimeoutConfig::builder().disable_read_timeout().build();
    let held = scripted_with([Reply::Silence], |config| config.timeout_config(off));
    let mut call = pin!(held.client.list_layers().send());
    assert!(poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await);
    assert_eq!(held.transport.requests().len(), 1);
}

/// Where credentials do not come, a call ends all the same, and says that nothing was sent.
#[tokio::test]
async fn waiting_for_credentials_is_bounded_too() {
    #[derive(Debug)]
    struct Never;

    impl ProvideCredentials for Never {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::new(pending())
        }
    }

    let second = Duration::from_secs(1);
    for limit in [
        TimeoutConfig::builder().operation_attempt_timeout(second).build(),
        TimeoutConfig::builder().operation_timeout(second).build(),
    ] {
        let never = SharedCredentialsProvider::new(Never);
        let held = scripted_with([], |config| config.timeout_config(limit).credentials_provider(never));
        let error = held.client.list_layers().send().await.unwrap_err();
        assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
        assert_eq!((error.attempts(), held.transport.requests().len()), (0, 0), "{error}");
    }
    let limit = TimeoutConfig::builder().operation_timeout(second).build();
    let never = SharedCredentialsProvider::new(Never);
    let held = scripted_with([], |config| config.timeout_config(limit).credentials_provider(never));
    let presigning = PresigningConfig::expires_in(second).unwrap();
    let error = held.client.list_layers().presigned(presigning).await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error}");
}

/// Credentials that come too late for the first attempt: what was not handed to the transport is not counted, and no hook
/// sees its end.
#[tokio::test]
async fn an_attempt_that_sent_nothing_does_not_count() {
    /// Each millisecond is a turn of the runtime.
    #[derive(Debug)]
    struct Turns;

    impl Sleep for Turns {
        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            Box::pin(async move {
                for _ in 0..duration.as_millis() {
                    tokio::task::yield_now().await;
                }
            })
        }
    }

    #[derive(Debug)]
    struct Late;

    impl ProvideCredentials for Late {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::new(async {
                Turns.sleep(Duration::from_millis(20)).await;
                Ok(Credentials::for_tests())
            })
        }
    }

    #[derive(Clone, Debug, Default)]
    struct Ends(Arc<Mutex<Vec<u32>>>);

    impl Hook for Ends {
        fn after_response(&self, attempt: &Attempt, _: &Outcome<'_>) {
            self.0.lock().unwrap().push(attempt.number());
        }
    }

    let (ends, late) = (Ends::default(), SharedCredentialsProvider::new(Late));
    let limit = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(10)).build();
    let held = scripted_with([ok("{}")], |config| {
        config.timeout_config(limit).sleep_impl(Turns).credentials_provider(late).hook(ends.clone())
    });
    let listed = held.client.list_layers().send().await;
    assert!(listed.is_ok(), "{listed:?}");
    let said = held.transport.requests()[0].headers.get("amz-sdk-request").map(str::to_owned);
    assert_eq!((attempts(&listed), said.as_deref()), (1, Some("attempt=2; max=3")));
    assert_eq!(*ends.0.lock().unwrap(), [2]);
}

/// A call that its timeout cuts off says how often it was tried by then.
#[tokio::test]
async fn a_timeout_knows_the_attempts_before_it() {
    let limit = TimeoutConfig::builder().operation_timeout(Duration::from_secs(3)).build();
    let held = scripted_with([Reply::new(500), Reply::Silence], |config| config.timeout_config(limit));
    let error = held.client.list_layers().send().await.unwrap_err();
    assert_eq!(error.to_string(), "ListLayers failed: the operation took longer than 3s (2 attempts)");
}
