//! Settings that are overridden for one call: each takes effect for that call, and for no other.

use std::time::Duration;

use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::config::{AppName, Builder, Config, Credentials, Region};
use tinsmith_runtime::error::BoxError;
use tinsmith_runtime::hook::{Attempt, Hook};
use tinsmith_runtime::http::Request;
use tinsmith_runtime::test_util::{FixedClock, FixedRandom, InstantSleep, Reply, ScriptedTransport};

use crate::client::{Listed, attempts, ok, scripted};

/// Makes a call with an override, and then one without, each of which gets this answer first, and compares what shows
/// of them: in the last request, or in how the call ended.
async fn check(answer: Reply, change: impl FnOnce(Builder) -> Builder, show: Show, [changed, usual]: [&str; 2]) {
    let held = scripted([answer.clone(), answer]);
    let ended = held.client.list_layers().customize().config_override(change(Config::builder())).send().await;
    assert_eq!(show(held.transport.requests().last(), &ended), changed);
    let ended = held.client.list_layers().send().await;
    assert_eq!(show(held.transport.requests().last(), &ended), usual);
}

type Show = fn(Option<&Request>, &Listed) -> String;

fn header(request: Option<&Request>, name: &str) -> String {
    request.and_then(|sent| sent.headers.get(name)).unwrap_or_default().to_owned()
}

fn origin(request: Option<&Request>, _: &Listed) -> String {
    request.map(|sent| sent.origin.clone()).unwrap_or_default()
}

#[tokio::test]
async fn where_calls_go() {
    let usual = "https://lambda.us-east-2.amazonaws.com";
    let changed = "https://lambda.eu-west-1.amazonaws.com";
    check(ok("{}"), |config| config.region(Region::new("eu-west-1")), origin, [changed, usual]).await;
    check(ok("{}"), |config| config.endpoint_url("http://other"), origin, ["http://other", usual]).await;
    let fips = "https://lambda-fips.us-east-2.amazonaws.com";
    check(ok("{}"), |config| config.use_fips(true), origin, [fips, usual]).await;
    let dual_stack = "https://lambda.us-east-2.api.aws";
    check(ok("{}"), |config| config.use_dual_stack(true), origin, [dual_stack, usual]).await;
}

#[tokio::test]
async fn who_calls() {
    let signer: Show = |request, _| {
        let signature = header(request, "authorization");
        signature.split_once("Credential=").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default().to_owned()
    };
    let keys = Credentials::from_keys("OTHER", "secret-of-the-test", None);
    check(ok("{}"), |config| config.credentials_provider(keys), signer, ["OTHER", "AKIDEXAMPLE"]).await;
    let program: Show = |request, _| header(request, "user-agent").contains("app/mine").to_string();
    let name = AppName::new("mine").unwrap();
    check(ok("{}"), |config| config.app_name(name), program, ["true", "false"]).await;
    let hooked: Show = |request, _| header(request, "x-hooked");
    check(ok("{}"), |config| config.hook(Hooked), hooked, ["yes", ""]).await;
}

#[tokio::test]
async fn through_which_doors() {
    let date: Show = |request, _| header(request, "x-amz-date");
    let clock = FixedClock::at_unix(0);
    check(ok("{}"), |config| config.time_source(clock), date, ["19700101T000000Z", "20231114T221320Z"]).await;
    let id: Show = |request, _| header(request, "amz-sdk-invocation-id");
    let ids = ["00000000-0000-4000-8000-000000000000", "ffffffff-ffff-4fff-bfff-ffffffffffff"];
    check(ok("{}"), |config| config.randomness(FixedRandom::new(0)), id, ids).await;

    let other = ScriptedTransport::new([ok("{}")]);
    let first: Show = |request, ended| format!("{} {}", request.is_some(), ended.is_ok());
    check(ok("{}"), |config| config.http_client(other.clone()), first, ["false true", "true true"]).await;
    assert_eq!(other.requests().len(), 1);

    let (held, sleep) = (scripted([Reply::new(500), ok("{}")]), InstantSleep::default());
    let changes = Config::builder().sleep_impl(sleep.clone());
    held.client.list_layers().customize().config_override(changes).send().await.unwrap();
    assert_eq!((sleep.slept().len(), held.sleep.slept().len()), (1, 0));
}

#[tokio::test]
async fn how_often_and_how_long() {
    let count: Show = |_, ended| attempts(ended).to_string();
    // Without answers left, each attempt fails as a broken connection does.
    let retries = RetryConfig::standard().with_max_attempts(2);
    check(Reply::new(500), |config| config.retry_config(retries), count, ["2", "3"]).await;

    let held = scripted([Reply::Silence, Reply::Silence, Reply::Silence, ok("{}")]);
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(9)).build();
    let changes = Config::builder().timeout_config(timeouts);
    let error = held.client.list_layers().customize().config_override(changes).send().await.unwrap_err();
    assert_eq!(error.to_string(), "ListLayers failed: the operation took longer than 9s (1 attempt)");
    assert_eq!(held.client.config().timeout_config(), None);
}

#[derive(Debug)]
struct Hooked;

impl Hook for Hooked {
    fn before_send(&self, _: &Attempt, request: &mut Request) -> Result<(), BoxError> {
        request.headers_mut().insert("x-hooked", "yes");
        Ok(())
    }
}
