//! Point 18, and what lies around it: a clock that is off is corrected by the `Date` of responses, for the next signature.

use std::sync::Arc;
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::config::{Builder, Config};
use tinsmith_runtime::client::presigning::PresigningConfig;
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{ScriptedEnvironment, ScriptedFiles};
use tinsmith_runtime::http::{Request, Response};
use tinsmith_runtime::test_util::{FixedClock, Reply, ScriptedTransport};
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError};

use crate::client::{self, Scripted, millis, ok, scripted, scripted_with};

// The clock of the client stands at Tue, 14 Nov 2023 22:13:20 GMT.
const NOW: &str = "20231114T221320Z";
const IN_TEN_MINUTES: &str = "20231114T222320Z";
const TEN_MINUTES_AGO: &str = "20231114T220320Z";

/// A refusal by a service whose clock shows this time of that day.
fn refused(code: &str, time: &str) -> Reply {
    at(Reply::new(403).header("x-amzn-errortype", code), time)
}

fn at(reply: Reply, time: &str) -> Reply {
    reply.header("Date", format!("Tue, 14 Nov 2023 {time} GMT"))
}

/// When the requests were signed.
fn signed_at(transport: &ScriptedTransport) -> Vec<String> {
    let date = |request: &Request| request.headers().get("x-amz-date").unwrap().to_owned();
    transport.requests().iter().map(date).collect()
}

/// Lists, and gives the number of attempts, whatever came of it.
async fn attempts(client: &Client) -> u32 {
    client::attempts(&client.list_layers().send().await)
}

/// A clock ten minutes off costs one attempt, once for a client and its clones.
#[tokio::test]
async fn ten_minutes_off() {
    for code in [
        "AccessDeniedException",
        "AuthFailure",
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ] {
        for (time, corrected) in [("22:23:20", IN_TEN_MINUTES), ("22:03:20", TEN_MINUTES_AGO)] {
            let held = scripted([refused(code, time), at(ok("{}"), time), at(ok("{}"), time)]);
            assert_eq!(attempts(&held.client).await, 2, "{code}");
            assert_eq!(held.sleep.slept(), millis(&[0]), "{code}");
            assert_eq!(attempts(&held.client.clone()).await, 1, "{code}");
            assert_eq!(signed_at(&held.transport), [NOW, corrected, corrected], "{code}");
        }
    }
}

/// Settings of a call's own do not make it forget, and presigned requests are dated by the same clock.
#[tokio::test]
async fn what_is_signed_otherwise_is_corrected_too() {
    let held = scripted([at(ok("{}"), "22:23:20"), ok("{}")]);
    assert_eq!(attempts(&held.client).await, 1);
    let settings = Config::builder().retry_config(RetryConfig::disabled());
    held.client.list_layers().customize().config_override(settings).send().await.unwrap();
    assert_eq!(signed_at(&held.transport), [NOW, IN_TEN_MINUTES]);
    let presigning = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let presigned = held.client.list_layers().presigned(presigning).await.unwrap();
    assert!(presigned.uri().contains(&format!("X-Amz-Date={IN_TEN_MINUTES}")), "{}", presigned.uri());
}

/// A refusal that the clock does not explain stands: it would be the same the next time.
#[tokio::test]
async fn other_refusals_stand() {
    let check = async |replies: Vec<Reply>, expected: &[u32]| {
        let held = scripted(replies);
        for expected in expected {
            assert_eq!(attempts(&held.client).await, *expected);
        }
    };
    let wrong_secret = |time| refused("InvalidSignatureException", time);
    check(vec![wrong_secret("22:13:20")], &[1]).await;
    check(vec![wrong_secret("22:17:20")], &[1]).await;
    check(vec![wrong_secret("22:17:21"), wrong_secret("22:17:21")], &[2]).await;
    check(vec![refused("ValidationException", "22:23:20")], &[1]).await;
    check(vec![Reply::new(403).header("x-amzn-errortype", "RequestTimeTooSkewed")], &[1]).await;
    // The clock is known to be off, and the signature is wrong all the same.
    check(vec![at(ok("{}"), "22:23:20"), wrong_secret("22:23:20")], &[1, 1]).await;
    // The clock was put right meanwhile, so that what was known of it is wrong.
    check(vec![at(ok("{}"), "22:23:20"), wrong_secret("22:13:20"), at(ok("{}"), "22:13:20")], &[1, 2]).await;
}

/// Without another attempt to make, the next call profits.
#[tokio::test]
async fn without_retries_the_next_call_is_right() {
    let off = [refused("RequestExpired", "22:23:20"), at(ok("{}"), "22:23:20")];
    let held = scripted_with(off, |config| config.retry_config(RetryConfig::disabled()));
    assert_eq!(held.client.list_layers().send().await.unwrap_err().attempts(), 1);
    held.client.list_layers().send().await.unwrap();
    assert_eq!(signed_at(&held.transport), [NOW, IN_TEN_MINUTES]);
}

/// What says nothing of the service's clock changes nothing.
#[tokio::test]
async fn dates_that_are_not_believed() {
    let date = |date: &str| ok("{}").header("date", date);
    for reply in [
        ok("{}"),
        date(""),
        date("yesterday"),
        date("Thu, 01 Jan 1970 00:00:00 GMT"),
        date("Fri, 31 Dec 9999 23:59:59 GMT"),
        at(ok("{}"), "22:23:20").header("age", "17"),
    ] {
        let held = scripted([reply, ok("{}")]);
        held.client.list_layers().send().await.unwrap();
        held.client.list_layers().send().await.unwrap();
        assert_eq!(signed_at(&held.transport), [NOW, NOW]);
    }
}

/// A service that takes ten minutes for its answer, and dates it halfway.
#[derive(Debug)]
struct Slow(FixedClock, ScriptedTransport);

impl Transport for Slow {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.0.advance(Duration::from_secs(600));
        self.1.send(request)
    }
}

#[tokio::test]
async fn a_slow_answer_is_no_skew() {
    let Scripted { transport, clock, .. } = scripted([at(ok("{}"), "22:18:20"), at(ok("{}"), "22:28:20")]);
    let slow = Slow(clock.clone(), transport.clone());
    let held = scripted_with([], |config| config.time_source(clock).http_client(slow));
    held.client.list_layers().send().await.unwrap();
    held.client.list_layers().send().await.unwrap();
    assert_eq!(signed_at(&transport), [NOW, IN_TEN_MINUTES]);
}

/// A date in `Retry-After` is one of the service's clock.
#[tokio::test]
async fn retry_after_is_told_by_the_services_clock() {
    let throttled = at(Reply::new(429), "22:23:20").header("Retry-After", "Tue, 14 Nov 2023 22:23:22 GMT");
    let held = scripted([throttled, ok("{}")]);
    held.client.list_layers().send().await.unwrap();
    assert_eq!(held.sleep.slept(), millis(&[2000]));
}

/// Switched off by code, variable or profile, our clock is believed whatever comes; code goes first.
#[tokio::test]
async fn switched_off() {
    let variable = |value: &str| {
        let environment = ScriptedEnvironment::from_iter([("AWS_DISABLE_CLOCK_SKEW_CORRECTION", value)]);
        Arc::new(Sources::read(environment, &ScriptedFiles::default(), Choice::default()))
    };
    let profile = || {
        let environment = ScriptedEnvironment::from_iter([("AWS_CONFIG_FILE", "config")]);
        let files = ScriptedFiles::from_iter([("config", "[default]\ndisable_clock_skew_correction = true\n")]);
        Arc::new(Sources::read(environment, &files, Choice::default()))
    };
    let check = async |settings: &dyn Fn(Builder) -> Config, is_off: bool| {
        let replies = [refused("RequestExpired", "22:23:20"), at(ok("{}"), "22:23:20"), ok("{}")];
        let held = scripted(replies);
        let client = Client::from_conf(settings(held.client.config().to_builder()));
        assert_eq!(attempts(&client).await, if is_off { 1 } else { 2 });
        assert_eq!(attempts(&client).await, 1);
        let last = if is_off { NOW } else { IN_TEN_MINUTES };
        assert_eq!(signed_at(&held.transport).last().unwrap(), last);
    };
    check(&|config| config.disable_clock_skew_correction(true).build(), true).await;
    check(&|config| config.disable_clock_skew_correction(false).build(), false).await;
    check(&|config| config.load(variable("true")), true).await;
    check(&|config| config.load(variable("FALSE")), false).await;
    check(&|config| config.load(profile()), true).await;
    check(&|config| config.disable_clock_skew_correction(false).load(variable("true")), false).await;
    let held = scripted([]);
    let client = Client::from_conf(held.client.config().to_builder().load(variable("perhaps")));
    let error = client.list_layers().send().await.unwrap_err().to_string();
    assert!(error.contains("AWS_DISABLE_CLOCK_SKEW_CORRECTION") && error.contains("perhaps"), "{error}");
}
