//! Point 18 over real sockets: a server that refuses what was signed more than five minutes before or after its time.

use tinsmith_lambda::Client;
use tinsmith_lambda::error::ProvideErrorMetadata;
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_stand_in::{Fault, StandIn};

use crate::config;

/// A server whose clock is ahead of ours by these seconds, and a client.
async fn apart(seconds: i64) -> (StandIn, Client) {
    let server = StandIn::builder().clock_offset(seconds).start().await.unwrap();
    let client = Client::from_conf(config(&server).build());
    (server, client)
}

async fn attempts(client: &Client) -> u32 {
    client.list_layers().await.unwrap().response_metadata().attempts()
}

#[tokio::test]
async fn a_clock_that_is_off_costs_one_attempt() {
    for (seconds, expected) in [(0, 1), (240, 1), (-240, 1), (600, 2), (-600, 2), (86_400, 2), (-500_000, 2)] {
        let (server, client) = apart(seconds).await;
        assert_eq!(attempts(&client).await, expected, "{seconds}");
        assert_eq!(attempts(&client.clone()).await, 1, "{seconds}");
        assert_eq!(server.request_count(), u64::from(expected) + 1, "{seconds}");
    }
}

/// A server that is said to live in another week is not believed, and its refusal is told as it is.
#[tokio::test]
async fn what_is_too_far_off_or_switched_off_stays_refused() {
    let (_server, client) = apart(30 * 86_400).await;
    let error = client.list_layers().await.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Some("InvalidSignatureException"), 1), "{error}");
    let (server, _) = apart(600).await;
    let client = Client::from_conf(config(&server).disable_clock_skew_correction(true).build());
    let error = client.list_layers().await.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Some("InvalidSignatureException"), 1), "{error}");
}

/// One request comes to a server with another clock: the signature is mended for it, and mended back after it.
#[tokio::test]
async fn one_server_of_several_is_off() {
    let server = StandIn::builder().faults([Fault::SkewedClock(600), Fault::None]).start().await.unwrap();
    let client = Client::from_conf(config(&server).build());
    assert_eq!(attempts(&client).await, 3);
    assert_eq!(attempts(&client).await, 1);
}

#[tokio::test]
async fn a_hundred_calls_at_once() {
    let (server, client) = apart(600).await;
    let calls: Vec<_> = (0..100).map(|_| tokio::spawn(client.list_layers().send())).collect();
    for call in calls {
        let attempts = call.await.unwrap().unwrap().response_metadata().attempts();
        assert!(attempts <= 2, "{attempts}");
    }
    assert!(server.request_count() <= 200);
}
