//! The example of `docs/tracing-and-hooks.md`, which shows the rest of this file piece by piece.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Region};
use tinsmith_lambda::operation::{RequestId, ResponseContext};
use tinsmith_lambda::test_util::{InstantSleep, Reply, ScriptedTransport};
use tokio::sync::Mutex as Turns;

/// Tests that make calls beside one that listens take turns: of events that two threads are the first to reach at once, a
/// subscriber that comes in between may hear nothing.
static TURN: Turns<()> = Turns::const_new(());

/// Settings over a service that is asked too often once, and then answers.
fn settings() -> (tinsmith_lambda::config::Builder, ScriptedTransport) {
    let throttled = Reply::new(429).header("x-amzn-errortype", "TooManyRequestsException");
    let page = Reply::new(200).header("x-amzn-requestid", "5f3c").body(r#"{"Layers": []}"#);
    let transport = ScriptedTransport::new([throttled, page]);
    let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
    (settings.sleep_impl(InstantSleep::default()).http_client(transport.clone()), transport)
}

#[tokio::test]
async fn an_output_tells_how_it_came() {
    let _turn = TURN.lock().await;
    let (settings, _) = settings();
    let page = Client::from_conf(settings.build()).list_layers().send().await.unwrap();

    let told = page.response_metadata();
    assert_eq!((page.request_id(), told.status(), told.attempts()), (Some("5f3c"), 200, 2));
}

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing_subscriber::filter::LevelFilter;

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_log_tells_of_each_attempt() {
    let _turn = TURN.lock().await;
    let log = Log::default();
    let writer = log.clone();
    // A program has one for all its threads: `.init()` in place of `.finish()`, and `with_writer(std::io::stderr)`.
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_ansi(false);
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let (settings, _) = settings();
    Client::from_conf(settings.build()).list_layers().send().await.unwrap();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for told in ["rpc.method=\"ListLayers\"", "retrying next=2", "TooManyRequestsException", "request_id=\"5f3c\""] {
        assert!(log.contains(told), "{told} is not in:\n{log}");
    }
    assert!(log.contains(r#""authorization": "** redacted **""#), "{log}");
}

use tinsmith_lambda::config::http::HttpRequest;
use tinsmith_lambda::config::{Attempt, Hook, Outcome};

/// Names the team in each request, and notes each attempt: its number, its status, why it failed.
#[derive(Clone, Debug, Default)]
struct Team(Arc<Mutex<Vec<String>>>);

impl Hook for Team {
    fn before_send(
        &self,
        _: &Attempt,
        request: &mut HttpRequest,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        request.headers_mut().insert("x-team", "payments");
        Ok(())
    }

    fn after_response(&self, attempt: &Attempt, outcome: &Outcome<'_>) {
        let status = outcome.response().map_or(0, |response| response.status().as_u16());
        let failure = outcome.failure().map(ToString::to_string).unwrap_or_default();
        self.0.lock().unwrap().push(format!("{} {}: {status} {failure}", attempt.operation(), attempt.number()));
    }
}

#[tokio::test]
async fn a_hook_sees_each_attempt() {
    let _turn = TURN.lock().await;
    let team = Team::default();
    let (settings, transport) = settings();
    let client = Client::from_conf(settings.hook(team.clone()).build());

    client.list_layers().send().await.unwrap();

    assert_eq!(*team.0.lock().unwrap(), ["ListLayers 1: 429 TooManyRequestsException", "ListLayers 2: 200 "]);
    for request in transport.requests() {
        assert_eq!(request.headers.get("x-team"), Some("payments"));
        assert!(request.headers.get("authorization").unwrap().contains("x-team"), "it is signed as well");
    }
}
