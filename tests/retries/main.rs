//! The example of `docs/retries-and-timeouts.md`, which shows the rest of this file piece by piece.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Config, Region};
use tinsmith_lambda::test_util::{FixedClock, FixedRandom, InstantSleep, Reply, ScriptedTransport};

/// Settings over these answers, with the longest delays that chance can give, and sleep that takes no time.
fn settings(answers: impl IntoIterator<Item = Reply>) -> (Builder, ScriptedTransport, InstantSleep) {
    let (transport, sleep) = (ScriptedTransport::new(answers), InstantSleep::default());
    let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
    let settings = settings.http_client(transport.clone()).sleep_impl(sleep.clone());
    (settings.randomness(FixedRandom::new(u64::MAX)), transport, sleep)
}

fn no_layers() -> Reply {
    Reply::new(200).body(r#"{"Layers": []}"#)
}

fn throttled() -> Reply {
    Reply::new(429).header("x-amzn-errortype", "TooManyRequestsException")
}

use tinsmith_lambda::config::retry::{RetryConfig, RetryMode, RetrySpec};
use tinsmith_lambda::operation::ResponseContext;

#[tokio::test]
async fn three_attempts() {
    let check = async |answers: [Reply; 3], delays: [u64; 2]| {
        let (settings, _, sleep) = settings(answers);
        let page = Client::from_conf(settings.build()).list_layers().send().await.unwrap();
        assert_eq!(page.response_metadata().attempts(), 3);
        assert_eq!(sleep.slept(), delays.map(Duration::from_millis));
    };
    check([Reply::new(500), Reply::new(503), no_layers()], [50, 100]).await;
    check([throttled(), throttled(), no_layers()], [1000, 2000]).await;
    check([throttled().header("retry-after", "4"), Reply::new(500), no_layers()], [4000, 100]).await;
    check([Reply::new(500).header("retry-after", "60"), Reply::new(500), no_layers()], [5050, 100]).await;
}

#[tokio::test]
async fn what_can_be_chosen() {
    let check = async |config: RetryConfig, attempts: u32, first: u64| {
        let (settings, _, sleep) = settings((0..9).map(|_| Reply::new(500)));
        let client = Client::from_conf(settings.retry_config(config).build());
        assert_eq!(client.list_layers().send().await.unwrap_err().attempts(), attempts);
        assert_eq!(sleep.slept().first().copied().unwrap_or_default(), Duration::from_millis(first));
    };
    check(RetryConfig::standard(), 3, 50).await;
    check(RetryConfig::standard().with_max_attempts(5).with_initial_backoff(Duration::from_millis(200)), 5, 200).await;
    check(RetryConfig::standard().with_retry_spec(RetrySpec::v2_0()), 3, 1000).await;
    check(RetryConfig::standard().with_retry_mode(RetryMode::Adaptive), 3, 50).await;
    check(RetryConfig::disabled(), 1, 0).await;
}

#[tokio::test]
async fn an_outage_is_not_made_worse() {
    let (settings, transport, _) = settings((0..1000).map(|_| Reply::new(500)));
    let client = Client::from_conf(settings.build());

    for _ in 0..100 {
        client.list_layers().send().await.unwrap_err();
    }
    assert_eq!(transport.requests().len(), 100 + 500 / 14, "35 retries, and no more");
}

#[tokio::test]
async fn a_clock_that_is_off_is_noticed() {
    let early = Reply::new(403)
        .header("x-amzn-errortype", "InvalidSignatureException")
        .header("date", "Tue, 14 Nov 2023 22:33:20 GMT");
    let (settings, transport, sleep) = settings([early, no_layers()]);
    let ours = FixedClock::at_unix(1_700_000_000);
    let client = Client::from_conf(settings.time_source(ours).build());

    client.list_layers().send().await.unwrap();

    let dated = |number: usize| transport.requests()[number].headers.get("x-amz-date").unwrap().to_owned();
    assert_eq!((&*dated(0), &*dated(1)), ("20231114T221320Z", "20231114T223320Z"));
    assert_eq!(sleep.slept(), [Duration::ZERO]);
}

use tinsmith_lambda::config::Credentials;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::test_util::NeverClient;

#[tokio::test]
async fn which_limit_was_it() {
    let silent = |timeouts: TimeoutConfig| {
        let (settings, ..) = settings([]);
        let settings = settings.http_client(NeverClient::new()).retry_config(RetryConfig::disabled());
        Client::from_conf(settings.timeout_config(timeouts).build())
    };
    let second = Duration::from_secs(1);

    let client = silent(TimeoutConfig::builder().operation_timeout(5 * second).build());
    let error = client.list_layers().send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)));
    assert_eq!(error.to_string(), "ListLayers failed: the operation took longer than 5s (1 attempt)");

    let client = silent(TimeoutConfig::builder().operation_attempt_timeout(2 * second).build());
    let error = client.list_layers().send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)));
    assert_eq!(error.to_string(), "ListLayers failed: the attempt took longer than 2s (1 attempt)");

    // Where nobody sets a limit, one stands all the same. Test defaults turn it off, so this client has none of them.
    let settings = Config::builder().region(Region::new("us-east-2")).credentials_provider(Credentials::for_tests());
    let settings = settings.sleep_impl(InstantSleep::default()).retry_config(RetryConfig::disabled());
    let client = Client::from_conf(settings.http_client(NeverClient::new()).build());
    let error = client.list_layers().send().await.unwrap_err();
    assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_timeout()));
    let said = "ListLayers failed: the answer took too long to begin: the limit is 60s by default, set another by `read_timeout` \
                of `TimeoutConfig`, or none by `disable_read_timeout` (1 attempt)";
    assert_eq!(error.to_string(), said);
}

#[tokio::test]
async fn one_call_differs() {
    let (settings, transport, _) = settings([Reply::new(500), Reply::new(500), no_layers()]);
    let client = Client::from_conf(settings.build());

    let impatient = Config::builder()
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(1)).build());
    let error = client.list_layers().customize().config_override(impatient).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);

    let page = client.list_layers().send().await.unwrap();
    assert_eq!((page.response_metadata().attempts(), transport.requests().len()), (2, 3));
}

#[tokio::test]
async fn what_is_dropped_is_over() {
    let (settings, ..) = settings([]);
    let transport = NeverClient::new();
    // The sleep of a test takes no time: a limit would be over before the call is dropped.
    let settings = settings.http_client(transport.clone()).timeout_config(TimeoutConfig::disabled());
    let client = Client::from_conf(settings.build());

    let shutdown = tokio::task::yield_now();
    tokio::select! {
        biased;
        _ = client.list_layers().send() => unreachable!("nobody answers"),
        () = shutdown => {}
    }
    tokio::task::yield_now().await;
    assert_eq!(transport.num_calls(), 1, "nothing goes on behind our back");
}
