//! Polls an answer once, and sees how the wait ends.

use std::fmt::Debug;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tinsmith_runtime::config::Config;
use tinsmith_runtime::region::Region;
use tinsmith_runtime::test_util::{InstantSleep, Reply, ScriptedTransport};

/// Waits with this as the answer, which has to be what is waited for.
pub(crate) fn reached<F, O, E: Debug>(given: &str, wait: impl FnOnce(Config, Duration) -> F)
where
    F: Future<Output = Result<O, E>>,
{
    let config = Config::builder()
        .with_test_defaults()
        .region(Region::from_static("us-east-1"))
        .http_client(ScriptedTransport::new([Reply::new(200).body(given.to_owned())]))
        .sleep_impl(InstantSleep::default())
        .build();
    match pin!(wait(config, Duration::from_secs(1))).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(ended) => drop(ended.unwrap()),
        Poll::Pending => panic!("the wait goes on, where all its doors answer at once"),
    }
}
