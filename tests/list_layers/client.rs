//! A client whose transport is a script, and whose clock and chance stand still.

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region, retry::RetryConfig};
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::operation::list_layers::{ListLayersError, ListLayersOutput};
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_runtime::test_util::{FixedClock, FixedRandom, InstantSleep, Reply, ScriptedTransport};

/// What listing gave.
pub(crate) type Listed = Result<ListLayersOutput, SdkError<ListLayersError>>;

/// A client, and what it is held by.
pub(crate) struct Scripted {
    pub(crate) client: Client,
    pub(crate) transport: ScriptedTransport,
    pub(crate) sleep: InstantSleep,
    pub(crate) clock: FixedClock,
}

/// A client that gets these answers.
pub(crate) fn scripted(replies: impl IntoIterator<Item = Reply>) -> Scripted {
    scripted_with(replies, |config| config)
}

/// The same, with settings of its own.
pub(crate) fn scripted_with(
    replies: impl IntoIterator<Item = Reply>,
    settings: impl FnOnce(tinsmith_lambda::config::Builder) -> tinsmith_lambda::config::Builder,
) -> Scripted {
    let (transport, clock) = (ScriptedTransport::new(replies), FixedClock::at_unix(1_700_000_000));
    let sleep = InstantSleep::default();
    let config = Config::builder()
        .region(Region::new("us-east-2"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret-of-the-test", None, None, "test"))
        .http_client(transport.clone())
        .time_source(clock.clone())
        .sleep_impl(sleep.clone())
        .randomness(FixedRandom::new(u64::MAX));
    Scripted { client: Client::from_conf(settings(config).build()), transport, sleep, clock }
}

/// Lists once, and never again: what the first answer makes of it.
pub(crate) async fn list(reply: Reply) -> Listed {
    let no_retries = |config: tinsmith_lambda::config::Builder| config.retry_config(RetryConfig::disabled());
    scripted_with([reply], no_retries).client.list_layers().send().await
}

/// How many attempts a call took, whatever came of it.
pub(crate) fn attempts(listed: &Listed) -> u32 {
    listed.as_ref().map_or_else(SdkError::attempts, |page| page.response_metadata().attempts())
}

/// A 200 with this JSON.
pub(crate) fn ok(json: impl Into<bytes::Bytes>) -> Reply {
    Reply::new(200).header("content-type", "application/json").header("x-amzn-requestid", "id-1").body(json)
}

/// Milliseconds, as durations.
pub(crate) fn millis(waits: &[u64]) -> Vec<Duration> {
    waits.iter().copied().map(Duration::from_millis).collect()
}
