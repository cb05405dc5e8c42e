//! Functions over real sockets, against the stand-in: invoked in each way, given streams, answering with streams of events,
//! and waited for while they come to be.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod events;
mod invoke;
mod uploads;
mod waiters;

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::config::{Builder, Config, Credentials, Region};
use tinsmith_runtime::random::Random;
use tinsmith_runtime::time::Sleep;
use tinsmith_runtime::transport::BoxFuture;
use tinsmith_stand_in::{ACCESS_KEY_ID, Function, Functions, SECRET_ACCESS_KEY, StandIn};

async fn server(functions: impl IntoIterator<Item = Function>) -> StandIn {
    StandIn::builder().functions(Functions::new(functions)).start().await.unwrap()
}

fn client(server: &StandIn) -> Client {
    Client::from_conf(config(server).build())
}

/// Waits until something is so, and fails where it does not come to be: ten seconds are far more than anything takes here.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let coming = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    within(what, coming).await;
}

/// What is to come soon.
async fn within<T>(what: &str, coming: impl Future<Output = T>) -> T {
    let come = tokio::time::timeout(Duration::from_secs(10), coming).await;
    come.unwrap_or_else(|_| panic!("it did not come in ten seconds: {what}"))
}

/// Settings for a client of this server that wastes no time between attempts or polls, and has each delay be the least.
fn config(server: &StandIn) -> Builder {
    Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test"))
        .sleep_impl(Hasty)
        .randomness(Least)
        // Limits are slept as well: one as short as this would be over before a busy machine has connected.
        .timeout_config(TimeoutConfig::builder().disable_connect_timeout().build())
}

/// What is waited between two tries takes a thousandth of its time; limits stay as they are.
#[derive(Debug)]
struct Hasty;

impl Sleep for Hasty {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let short = if duration < Duration::from_secs(10) { duration / 1_000 } else { duration };
        Box::pin(tokio::time::sleep(short))
    }

    /// What is left of a wait is no limit to its polls: it would be slept as hastily.
    fn is_instant(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct Least;

impl Random for Least {
    fn next_u64(&self) -> u64 {
        0
    }
}
