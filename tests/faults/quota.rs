//! What is left of a client's retry quota, found out from outside, by what it still pays for.

use std::iter::repeat_n;
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::Config;
use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_runtime::retry::Quota;
use tinsmith_runtime::transport::hyper::HyperTransport;
use tinsmith_stand_in::{CodePlace, Fault, Layers, RetryAfter, StandIn};

/// What a retry after throttling costs.
const COST: u32 = 5;

/// Counts the tokens. First they are spent, five at a time; then successes put one back each, until they are five once
/// more. A server of its own is asked, over connections of its own, so that nothing but the quota is shared.
pub(crate) async fn left(client: &Client) -> u32 {
    let server = StandIn::builder().layers(Layers::reference()).start().await.unwrap();
    let probe = Probe { client, server, transport: HyperTransport::default() };
    probe.server.faults(repeat_n(throttled(), (Quota::CAPACITY / COST + 2) as usize));
    let spent = COST * (probe.attempts(u32::MAX).await - 1);
    probe.server.clear_faults();
    for refunded in 0..=COST {
        probe.server.faults([throttled(), throttled()]);
        if probe.attempts(2).await == 2 {
            return spent + COST - refunded;
        }
        probe.server.clear_faults();
        assert_eq!(probe.attempts(1).await, 1, "a call without faults");
    }
    panic!("{COST} successes do not pay for one retry");
}

fn throttled() -> Fault {
    Fault::Throttle { code: CodePlace::Nowhere, retry_after: RetryAfter::Never }
}

struct Probe<'a> {
    client: &'a Client,
    server: StandIn,
    transport: HyperTransport,
}

impl Probe<'_> {
    /// How many attempts one call makes.
    async fn attempts(&self, most: u32) -> u32 {
        let retries = RetryConfig::standard().with_max_attempts(most).with_max_backoff(Duration::ZERO);
        let changes =
            Config::builder().endpoint_url(self.server.url()).http_client(self.transport.clone()).retry_config(retries);
        match self.client.list_layers().customize().config_override(changes).send().await {
            Ok(page) => page.response_metadata().attempts(),
            Err(error) => error.attempts(),
        }
    }
}
