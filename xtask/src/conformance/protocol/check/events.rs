//! Runs the calls of cases of event streams, and compares the messages that were sent or read.

mod failure;

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde_json::{Map, Value};
use tinsmith_runtime::config::Config;
use tinsmith_runtime::error::{CreateUnhandledError, SdkError};
use tinsmith_runtime::event_stream::{self, Decoder, EventReceiver, Header, HeaderValue, Message, RawMessage};
use tinsmith_runtime::http::Request;
use tinsmith_runtime::primitives::{DateTime, DateTimeFormat};
use tinsmith_runtime::test_util::Reply;

use self::failure::Told;

/// Calls, with the response of the case as the answer. What was sent is compared with what the case says of it.
pub(crate) fn call<F: Future<Output = Result<O, E>>, O, E>(case: &str, call: impl FnOnce(Config) -> F) -> Result<O, E> {
    let case: Value = serde_json::from_str(case).unwrap();
    let (transport, result) = super::run(&case, reply(&case), call);
    let requests = transport.requests();
    let [request] = requests.as_slice() else { panic!("{} requests were sent", requests.len()) };
    let expected = &case["initialRequest"];
    if expected.is_object() {
        assert_eq!(request.method, expected["method"], "method");
        assert_eq!(request.path, expected["uri"], "path");
        super::query(expected, request);
        super::headers(expected, request);
        super::body(expected, request);
    }
    messages(&case, request);
    result
}

/// The next event.
pub(crate) fn next<T, E: Debug>(stream: &mut EventReceiver<T, E>) -> T {
    super::at_once(stream.recv()).unwrap().expect("another event")
}

/// Makes sure that the stream ends well.
pub(crate) fn end<T: Debug, E: Debug>(stream: &mut EventReceiver<T, E>) {
    let last = super::at_once(stream.recv()).unwrap();
    assert!(last.is_none(), "no more events were expected: {last:?}");
}

/// The exception that the stream ends with.
pub(crate) fn exception<T, E>(stream: &mut EventReceiver<T, E>) -> E
where
    E: CreateUnhandledError + std::error::Error + Send + Sync + 'static,
{
    loop {
        match super::at_once(stream.recv()) {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended well"),
            Err(error) => return SdkError::<E, RawMessage>::into_service_error(error),
        }
    }
}

/// Makes sure that the call failed, or that its stream does, for the reason that is in the case, or `otherwise`.
pub(crate) fn fails<T, E: Told, F: Told>(
    case: &str,
    otherwise: Option<&'static str>,
    found: Result<EventReceiver<T, E>, SdkError<F>>,
) {
    let mut stream = match found {
        Ok(stream) => stream,
        Err(error) => return refused::<T, F>(case, otherwise, Err(error)),
    };
    loop {
        match super::at_once(stream.recv()) {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended well"),
            Err(error) => return failure::of(&serde_json::from_str(case).unwrap(), otherwise).check(&error),
        }
    }
}

/// Makes sure that the call failed, for the reason that is in the case, or `otherwise`.
pub(crate) fn refused<O, F: Told>(case: &str, otherwise: Option<&'static str>, found: Result<O, SdkError<F>>) {
    let case: Value = serde_json::from_str(case).unwrap();
    let error = found.err().expect("the call is to fail");
    if let Some(status) = case["initialResponse"]["code"].as_u64() {
        let found = error.raw_response().map(|response| u64::from(response.status().as_u16()));
        assert_eq!(found, Some(status), "status: {error}");
    }
    failure::of(&case, otherwise).check(&error);
}

/// The items of a stream that has them all at once.
pub(crate) fn stream<I: Unpin>(items: Vec<I>) -> impl Stream<Item = I> {
    Items(items.into_iter())
}

struct Items<I>(std::vec::IntoIter<I>);

impl<I: Unpin> Stream for Items<I> {
    type Item = I;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I>> {
        Poll::Ready(self.0.next())
    }
}

/// The response that the case gives, with the messages in it.
fn reply(case: &Value) -> Reply {
    let response = &case["initialResponse"];
    let mut reply = Reply::new(u16::try_from(response["code"].as_u64().unwrap_or(200)).unwrap());
    for (name, value) in response["headers"].as_object().into_iter().flatten() {
        reply = reply.header(name.clone().leak(), value.as_str().unwrap());
    }
    let mut body = response["body"].as_str().unwrap_or_default().as_bytes().to_vec();
    for event in events(case, "response") {
        body.extend(match event["bytes"].as_str() {
            Some(bytes) => base64(bytes),
            None => event_stream::write(&abstracted(event)).unwrap().to_vec(),
        });
    }
    reply.body(body)
}

fn events<'a>(case: &'a Value, of: &'static str) -> impl Iterator<Item = &'a Value> {
    case["events"].as_array().into_iter().flatten().filter(move |event| event["type"] == of)
}

/// Compares the messages of the request with those of the case.
fn messages(case: &Value, request: &Request) {
    let mut found = decoded(request.bytes()).into_iter().map(unwrapped);
    for event in events(case, "request") {
        let found = found.next().flatten().expect("another message was to be sent");
        if let Some(bytes) = event["bytes"].as_str() {
            same(&found, &decoded(&base64(bytes)).pop().expect("the case has a message"));
        }
        if event["headers"].is_object() {
            same(&found, &abstracted(event));
        }
    }
    // The end is signed too, where there is anything to end.
    assert!(found.all(|message| message.is_none()), "more messages were sent than expected");
}

/// What a signed message carries; nothing at the end.
fn unwrapped(signed: Message) -> Option<Message> {
    let names: Vec<_> = signed.headers().iter().map(|header| header.name().as_str()).collect();
    assert_eq!(names, [":date", ":chunk-signature"], "each message is signed");
    decoded(signed.payload()).pop()
}

fn decoded(bytes: &[u8]) -> Vec<Message> {
    let (mut decoder, mut piece, mut messages) = (Decoder::default(), bytes.to_vec().into(), Vec::new());
    while let Some(message) = decoder.next(&mut piece).unwrap() {
        messages.push(message);
    }
    decoder.finish().unwrap();
    messages
}

/// Compares headers in any order, and payloads by what they are.
fn same(found: &Message, expected: &Message) {
    let headers = |message: &Message| {
        let mut all: Vec<_> = message.headers().iter().map(|header| format!("{header:?}")).collect();
        all.sort();
        all
    };
    assert_eq!(headers(found), headers(expected), "headers");
    let json = |message: &Message| serde_json::from_slice::<Value>(message.payload()).ok().map(super::canonical);
    if json(expected).is_none_or(|expected| json(found) != Some(expected)) {
        assert_eq!(found.payload(), expected.payload(), "payload");
    }
}

/// The message as a case says it without bytes.
fn abstracted(event: &Value) -> Message {
    let headers = event["headers"].as_object().into_iter().flatten();
    let headers = headers.map(|(name, value)| Header::new(name.clone(), header(value.as_object().unwrap())));
    Message::new_from_parts(headers.collect(), event["body"].as_str().unwrap_or_default().to_owned())
}

fn header(value: &Map<String, Value>) -> HeaderValue {
    let (kind, value) = value.iter().next().unwrap();
    let text = || value.as_str().unwrap().to_owned();
    let number = || value.as_i64().unwrap();
    match kind.as_str() {
        "boolean" => HeaderValue::Bool(value.as_bool().unwrap()),
        "byte" => HeaderValue::Byte(number().try_into().unwrap()),
        "short" => HeaderValue::Int16(number().try_into().unwrap()),
        "integer" => HeaderValue::Int32(number().try_into().unwrap()),
        "long" => HeaderValue::Int64(number()),
        "blob" => HeaderValue::ByteArray(base64(&text()).into()),
        "string" => HeaderValue::String(text().into()),
        "timestamp" => HeaderValue::Timestamp(DateTime::from_str(&text(), DateTimeFormat::DateTime).unwrap()),
        other => panic!("a header of an unknown type {other}"),
    }
}

/// Bytes from base64 (RFC 4648, section 4).
fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<_> = text.chars().filter_map(|digit| DIGITS.find(digit)).collect();
    let group = |group: &[usize]| {
        let bits = (0..4).fold(0, |bits, at| bits << 6 | group.get(at).copied().unwrap_or_default());
        (0..group.len() - 1).map(move |at| (bits >> (16 - 8 * at)) as u8).collect::<Vec<_>>()
    };
    digits.chunks(4).flat_map(group).collect()
}
