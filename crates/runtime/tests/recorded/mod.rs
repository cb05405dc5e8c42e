//! A transport that answers as it is recorded in `http-traffic.json`, and compares what it is asked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};

use crate::world::Outcome;

/// The headers that are compared: others are the recording program's own.
const COMPARED: [&str; 3] = ["content-type", "x-aws-ec2-metadata-token", "x-amz-sso_bearer_token"];

/// Exchanges in the order in which they were begun. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorded(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    left: VecDeque<Exchange>,
    settings: Settings,
    asked: Vec<String>,
    wrong: Vec<String>,
}

/// The values that stand in a scenario's variables and files.
pub(crate) type Settings = BTreeSet<String>;

/// The parameters of a form.
pub(crate) type Form = BTreeMap<String, String>;

/// What is compared of a request.
#[derive(Debug, Default, PartialEq)]
struct Sent {
    method: String,
    address: String,
    headers: [Option<String>; COMPARED.len()],
    form: Form,
}

#[derive(Debug, Default)]
struct Exchange {
    /// `None` where whatever is asked gets this answer.
    request: Option<Sent>,
    status: Option<u16>,
    headers: Headers,
    body: String,
}

impl Recorded {
    pub(crate) fn new(traffic: &Value, settings: Settings) -> Outcome<Self> {
        let mut exchanges: BTreeMap<u64, Exchange> = BTreeMap::new();
        for event in traffic["events"].as_array().ok_or("there are no events")? {
            let number = event["connection_id"].as_u64().ok_or("an event has no connection_id")?;
            let exchange = exchanges.entry(number).or_default();
            let (kind, action) =
                event["action"].as_object().and_then(|action| action.iter().next()).ok_or("an event has no action")?;
            match (kind.as_str(), action["direction"].as_str()) {
                ("Request", _) => exchange.request = Some(request(&action["request"])),
                ("Data", Some("Request")) => {
                    let text = action["data"]["Utf8"].as_str().ok_or("a body is not text")?;
                    exchange.request.get_or_insert_default().form = told(form(text), &settings, true);
                }
                ("Response", _) => {
                    let response = &action["response"]["Ok"];
                    exchange.status = response["status"].as_u64().and_then(|status| status.try_into().ok());
                    exchange.headers = headers(&response["headers"]);
                }
                ("Data", Some("Response")) => {
                    exchange.body.push_str(action["data"]["Utf8"].as_str().ok_or("a body is not text")?);
                }
                ("Eof", _) => {}
                (other, _) => return Err(format!("there is an event of an unknown kind: {other}").into()),
            }
        }
        let left = exchanges.into_values().collect();
        Ok(Self(Arc::new(Mutex::new(State { left, settings, ..State::default() }))))
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

fn request(request: &Value) -> Sent {
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let headers = compared(&headers(&request["headers"]));
    Sent { method: text("method"), address: address(&text("uri")), headers, form: Form::new() }
}

fn compared(headers: &Headers) -> [Option<String>; COMPARED.len()] {
    COMPARED.map(|name| headers.get(name).map(str::to_owned))
}

/// A form as it is compared. Recordings are of other roles and tokens than their scenarios have: of these it is compared
/// whether they are sent, and are the scenario's; a session is named by the scenario, or its name is made up.
fn told(form: Form, settings: &Settings, is_recorded: bool) -> Form {
    let told = |(name, value): (String, String)| {
        let is_set = settings.contains(value.trim()) || (is_recorded && name != "RoleSessionName");
        let value = match name.as_str() {
            "Action" | "Version" => value,
            _ if is_set => "(of the scenario)".to_owned(),
            _ => "(of another)".to_owned(),
        };
        (name, value)
    };
    form.into_iter().map(told).collect()
}

/// The parameters of a body that is a form.
pub(crate) fn form(body: &str) -> Form {
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

/// A text without percent-encoding, as far as it is ASCII.
fn decoded(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => decoded.extend(std::iter::once(char::from(byte)).chain(piece.chars().skip(2))),
            None => decoded.extend(std::iter::once('%').chain(piece.chars())),
        }
    }
    decoded
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
        let sent = Sent {
            method: request.method.to_owned(),
            address: address(&request.uri()),
            headers: compared(&request.headers),
            form: told(form(&String::from_utf8_lossy(request.bytes())), &state.settings, false),
        };
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
