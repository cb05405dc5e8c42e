//! Makes the calls of cases over a scripted transport, and compares where they went, and what they were signed for, with
//! what a case expects.

use std::fmt::Display;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::Value;
use tinsmith_runtime::config::Config;
use tinsmith_runtime::config::retry::RetryConfig;
use tinsmith_runtime::credentials::Credentials;
use tinsmith_runtime::http::Request;
use tinsmith_runtime::region::Region;
use tinsmith_runtime::test_util::{FixedClock, FixedRandom, InstantSleep, Reply, ScriptedTransport};
use tinsmith_runtime::token::Token;

/// What a case says of the client.
#[derive(Default)]
pub(crate) struct Settings {
    pub region: Option<&'static str>,
    pub use_fips: Option<bool>,
    pub use_dual_stack: Option<bool>,
    pub endpoint_url: Option<&'static str>,
}

/// What is known of an operation.
pub(crate) struct Operation {
    /// What it puts before the host of any endpoint.
    pub prefix: &'static str,
    /// Whether its requests are signed, whatever else may be possible.
    pub is_signed: bool,
}

/// Calls, and looks where the request goes, or that there is none for the reason of the case.
pub(crate) fn check<F: Future<Output = Result<O, E>>, O, E: Display>(
    about: &str,
    expected: &str,
    operation: Operation,
    settings: Settings,
    call: impl FnOnce(Config) -> F,
) {
    let expected: Value = serde_json::from_str(expected).unwrap();
    let transport = ScriptedTransport::new([Reply::new(200)]);
    let mut config = Config::builder()
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "case"))
        .token_provider(Token::new("token", None))
        .retry_config(RetryConfig::disabled())
        .http_client(transport.clone())
        .time_source(FixedClock::at_unix(1_500_000_000))
        .sleep_impl(InstantSleep::default())
        .randomness(FixedRandom::new(0));
    config
        .set_region(settings.region.map(Region::from_static))
        .set_use_fips(settings.use_fips)
        .set_use_dual_stack(settings.use_dual_stack)
        .set_endpoint_url(settings.endpoint_url.map(str::to_owned));
    let future = pin!(call(config.build()));
    let Poll::Ready(result) = future.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("{about}: the call waits for something, where all its doors answer at once");
    };
    match (expected["error"].as_str(), transport.requests().as_slice()) {
        (None, [request]) => sent(about, request, &operation, &expected["endpoint"]),
        (Some(error), []) => {
            let found = result.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(found.contains(error), "{about}: expected `{error}`, found `{found}`");
        }
        (_, requests) => panic!("{about}: {} requests were sent: {:?}", requests.len(), result.err().map(|e| e.to_string())),
    }
}

fn sent(about: &str, request: &Request, operation: &Operation, endpoint: &Value) {
    let url = endpoint["url"].as_str().unwrap();
    let (scheme, rest) = url.split_once("://").unwrap();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    assert_eq!(request.origin, format!("{scheme}://{}{authority}", operation.prefix), "{about}");
    let below = request.path.strip_prefix(path.trim_end_matches('/'));
    assert!(below.is_some_and(|rest| rest.starts_with('/')), "{about}: {} is not below {path}", request.path);
    for (name, values) in endpoint["headers"].as_object().into_iter().flatten() {
        let expected: Vec<_> = values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
        assert_eq!(request.headers.get_all(name).collect::<Vec<_>>(), expected, "{about}: header {name}");
    }
    let authorization = request.headers.get("authorization").filter(|value| value.starts_with("AWS4"));
    assert!(authorization.is_some() || !operation.is_signed, "{about}: it is not signed");
    let schemes = endpoint["properties"]["authSchemes"].as_array();
    let Some(scheme) = schemes.into_iter().flatten().find(|scheme| scheme["name"] == "sigv4") else { return };
    let Some(authorization) = authorization else { return };
    for (place, name) in [(2, "signingRegion"), (3, "signingName")] {
        let said = authorization.split('/').nth(place).unwrap();
        assert!(scheme[name].is_null() || scheme[name] == said, "{about}: signed for {said}, not {}", scheme[name]);
    }
}
