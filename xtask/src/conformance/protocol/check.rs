//! Runs the calls of cases over a scripted transport, and compares what was sent or read with what a case expects.

pub(crate) mod events;

use std::fmt::Debug;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tinsmith_runtime::config::Config;
use tinsmith_runtime::config::retry::RetryConfig;
use tinsmith_runtime::credentials::Credentials;
use tinsmith_runtime::http::Request;
use tinsmith_runtime::primitives::ByteStream;
use tinsmith_runtime::region::Region;
use tinsmith_runtime::test_util::{FixedClock, FixedRandom, InstantSleep, Reply, ScriptedTransport};

/// Calls, and compares the request that is sent. What is made of the empty answer is not asked.
pub(crate) fn request<F: Future<Output = Result<O, E>>, O, E: Debug>(case: &str, call: impl FnOnce(Config) -> F) {
    let case: Value = serde_json::from_str(case).unwrap();
    let (transport, result) = run(&case, Reply::new(200), call);
    let requests = transport.requests();
    let [request] = requests.as_slice() else { panic!("{} requests were sent: {:?}", requests.len(), result.err()) };
    assert_eq!(request.method, case["method"], "method");
    assert_eq!(request.path, case["uri"], "path");
    host(&case, request);
    query(&case, request);
    headers(&case, request);
    body(&case, request);
}

/// Calls, with the response of the case as the answer.
pub(crate) fn response<F: Future<Output = Result<O, E>>, O, E>(
    case: &str,
    call: impl FnOnce(Config) -> F,
) -> Result<O, E> {
    let case: Value = serde_json::from_str(case).unwrap();
    let mut reply = Reply::new(u16::try_from(case["code"].as_u64().unwrap()).unwrap());
    for (name, value) in case["headers"].as_object().into_iter().flatten() {
        reply = reply.header(name.clone().leak(), value.as_str().unwrap());
    }
    reply = reply.body(case["body"].as_str().unwrap_or_default().to_owned());
    run(&case, reply, call).1
}

/// Reads data, writes them and reads them again.
pub(crate) fn data<T: Serialize + DeserializeOwned>(data: Value) -> T {
    let value: T = serde_json::from_value(data).unwrap();
    serde_json::from_value(serde_json::to_value(&value).unwrap()).unwrap()
}

/// Compares the value of a field.
pub(crate) fn same<T: PartialEq + Debug>(field: &str, found: &T, expected: &T) {
    assert_eq!(found, expected, "{field}");
}

/// Compares the value of a field by its text, in which one NaN is like another.
pub(crate) fn same_text<T: Debug>(field: &str, found: &T, expected: &T) {
    assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{field}");
}

/// Compares what two streams bring.
pub(crate) fn same_bytes(field: &str, found: ByteStream, expected: ByteStream) {
    let bytes = |stream: ByteStream| at_once(stream.collect()).unwrap().to_vec();
    assert_eq!(bytes(found), bytes(expected), "{field}");
}

/// Calls with settings under which nothing is left to chance, or to a second attempt.
fn run<F: Future>(case: &Value, reply: Reply, call: impl FnOnce(Config) -> F) -> (ScriptedTransport, F::Output) {
    let transport = ScriptedTransport::new([reply]);
    let host = case["host"].as_str().unwrap_or("example.com");
    let config = Config::builder()
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "case"))
        .endpoint_url(format!("https://{host}"))
        .retry_config(RetryConfig::disabled())
        .http_client(transport.clone())
        .time_source(FixedClock::at_unix(1_500_000_000))
        .sleep_impl(InstantSleep::default())
        // The suites expect idempotency tokens that are made of zeros.
        .randomness(FixedRandom::new(0))
        .build();
    let output = at_once(call(config));
    (transport, output)
}

fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something, where all doors answer at once"),
    }
}

fn host(case: &Value, request: &Request) {
    let host = case["host"].as_str().unwrap_or("example.com");
    let expected = case["resolvedHost"].as_str().unwrap_or(host).split('/').next().unwrap();
    assert_eq!(request.authority(), expected, "host");
}

/// Pairs are expected as they are encoded, in any order. Of a query that the case does not speak of, nothing is known.
fn query(case: &Value, request: &Request) {
    let mut found: Vec<_> = request.query.split('&').filter(|pair| !pair.is_empty()).collect();
    found.sort_unstable();
    if case["queryParams"].is_array() {
        assert_eq!(found, sorted(case, "queryParams"), "query");
    }
    let keys: Vec<_> = found.iter().map(|pair| pair.split('=').next().unwrap()).collect();
    for key in sorted(case, "requireQueryParams") {
        assert!(keys.contains(&key), "the query lacks {key}: {found:?}");
    }
    for key in sorted(case, "forbidQueryParams") {
        assert!(!keys.contains(&key), "the query has {key}: {found:?}");
    }
}

fn headers(case: &Value, request: &Request) {
    for (name, expected) in case["headers"].as_object().into_iter().flatten() {
        let found: Vec<_> = request.headers.get_all(name).collect();
        assert_eq!(found.join(", "), expected.as_str().unwrap(), "header {name}");
    }
    for name in sorted(case, "requireHeaders") {
        assert!(is_sent(request, name), "the header {name} is missing");
    }
    for name in sorted(case, "forbidHeaders") {
        assert!(!is_sent(request, name), "the header {name} is there");
    }
}

/// Whether a header is sent. The length of a body is told by the transport, whatever the request says.
fn is_sent(request: &Request, name: &str) -> bool {
    let has_length = !request.body.is_empty() || matches!(request.method, "POST" | "PUT" | "PATCH");
    request.headers.get(name).is_some() || name.eq_ignore_ascii_case("content-length") && has_length
}

fn body(case: &Value, request: &Request) {
    let Some(expected) = case["body"].as_str() else { return };
    let found = String::from_utf8_lossy(request.bytes());
    if case["bodyMediaType"] == "application/x-www-form-urlencoded" {
        let parameters = |body: &str| body.split('&').map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(parameters(&found), parameters(expected), "body");
        return;
    }
    if case["bodyMediaType"] != "application/json" || expected.is_empty() {
        assert_eq!(found, expected, "body");
        return;
    }
    let found: Value = serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error} in the body {found}"));
    let expected: Value = serde_json::from_str(expected).unwrap();
    assert_eq!(canonical(found), canonical(expected), "body");
}

/// JSON in which numbers that are whole are written without a fraction: `1.0` is 1.
fn canonical(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(canonical).collect(),
        Value::Object(entries) => {
            Value::Object(entries.into_iter().map(|(name, value)| (name, canonical(value))).collect())
        }
        other => other,
    }
}

/// A list of names in a case.
fn sorted<'a>(case: &'a Value, list: &str) -> Vec<&'a str> {
    let mut names: Vec<_> = case[list].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()).collect();
    names.sort_unstable();
    names
}
