//! A transport that answers as it is recorded in `http-traffic.json`, and compares what it is asked.

use std::collections::{BTreeMap, VecDeque};
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};

use crate::world::Outcome;

/// The headers that are compared: others are the recording program's own.
const COMPARED: [&str; 2] = ["content-type", "x-aws-ec2-metadata-token"];

/// Exchanges in the order in which they were begun. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorded(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    left: VecDeque<Exchange>,
    asked: Vec<String>,
    wrong: Vec<String>,
}

#[derive(Debug, Default)]
struct Exchange {
    /// Method, address and headers, where they are compared.
    request: Option<(String, String, [Option<String>; COMPARED.len()])>,
    status: Option<u16>,
    headers: Headers,
    body: String,
}

impl Recorded {
    pub(crate) fn new(traffic: &Value) -> Outcome<Self> {
        let mut exchanges: BTreeMap<u64, Exchange> = BTreeMap::new();
        for event in traffic["events"].as_array().ok_or("there are no events")? {
            let number = event["connection_id"].as_u64().ok_or("an event has no connection_id")?;
            let exchange = exchanges.entry(number).or_default();
            let (kind, action) =
                event["action"].as_object().and_then(|action| action.iter().next()).ok_or("an event has no action")?;
            match (kind.as_str(), action["direction"].as_str()) {
                ("Request", _) => exchange.request = Some(request(&action["request"])),
                ("Response", _) => {
                    let response = &action["response"]["Ok"];
                    exchange.status = response["status"].as_u64().and_then(|status| status.try_into().ok());
                    exchange.headers = headers(&response["headers"]);
                }
                ("Data", Some("Response")) => {
                    exchange.body.push_str(action["data"]["Utf8"].as_str().ok_or("a body is not text")?);
                }
                ("Data" | "Eof", _) => {}
                (other, _) => return Err(format!("there is an event of an unknown kind: {other}").into()),
            }
        }
        let left = exchanges.into_values().collect();
        Ok(Self(Arc::new(Mutex::new(State { left, ..State::default() }))))
    }

    /// Answers with these bodies, whatever is asked.
    pub(crate) fn answers<const N: usize>(bodies: [&str; N]) -> Self {
        let exchange = |body: &str| Exchange { status: Some(200), body: body.to_owned(), ..Exchange::default() };
        let left = bodies.into_iter().map(exchange).collect();
        Self(Arc::new(Mutex::new(State { left, ..State::default() })))
    }

    /// The addresses that were asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).asked.clone()
    }

    /// Whether all was asked for as it is recorded, and nothing else.
    pub(crate) fn check(&self) -> Outcome {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (state.wrong.first(), state.left.front()) {
            (Some(wrong), _) => Err(wrong.clone().into()),
            (None, Some(left)) => Err(format!("nobody sent {:?}", left.request).into()),
            (None, None) => Ok(()),
        }
    }
}

fn request(request: &Value) -> (String, String, [Option<String>; COMPARED.len()]) {
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let headers = headers(&request["headers"]);
    (text("method"), address(&text("uri")), COMPARED.map(|name| headers.get(name).map(str::to_owned)))
}

/// An address as it is compared: with a path, and its parameters in order.
fn address(uri: &str) -> String {
    let (place, query) = uri.split_once('?').unwrap_or((uri, ""));
    let has_path = place.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    let mut parameters: Vec<&str> = query.split('&').collect();
    parameters.sort_unstable();
    format!("{place}{}?{}", if has_path { "" } else { "/" }, parameters.join("&"))
}

fn headers(object: &Value) -> Headers {
    let pairs = object.as_object().into_iter().flatten();
    let pairs =
        pairs.flat_map(|(name, values)| values.as_array().into_iter().flatten().map(move |value| (name, value)));
    pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?))).collect()
}

impl Transport for Recorded {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked.push(request.uri());
        let headers = COMPARED.map(|name| request.headers.get(name).map(str::to_owned));
        let sent = (request.method.to_owned(), address(&request.uri()), headers);
        let exchange = state.left.pop_front();
        let recorded = exchange.as_ref().map(|exchange| exchange.request.as_ref().unwrap_or(&sent));
        if recorded != Some(&sent) {
            state.wrong.push(format!("sent {sent:?}, expected {recorded:?}"));
        }
        let answer = exchange.and_then(|Exchange { status, headers, body, .. }| {
            Some(Response::new(StatusCode::new(status?), headers, Body::whole(body)))
        });
        let silent = || TransportError::new(TransportErrorKind::Io, "no answer is recorded");
        Box::pin(ready(answer.ok_or_else(silent)))
    }
}
