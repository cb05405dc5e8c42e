//! Reads the format.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use bytes::Bytes;

use super::{Exchange, NetworkTraffic};
use crate::codec::json;
use crate::http::Headers;
use crate::primitives::{Document, Number, base64};

impl NetworkTraffic {
    /// Reads a recording, as [`to_json`](Self::to_json) or the official crates write it.
    ///
    /// # Errors
    ///
    /// It is no recording; the error says which event is wrong.
    pub fn from_json(json: &[u8]) -> Result<Self, TrafficError> {
        let document: Document = json::read(json).map_err(|error| TrafficError(error.to_string()))?;
        let version = document.member("version").and_then(Document::as_string);
        if version.is_some_and(|version| version != "V0") {
            return Err(TrafficError(format!("its version is {version:?}, and V0 is the one that is known")));
        }
        let events = document.member("events").and_then(Document::as_array);
        let events = events.ok_or_else(|| TrafficError("it has no list `events`".to_owned()))?;
        let mut exchanges: BTreeMap<u64, Exchange> = BTreeMap::new();
        for (place, event) in events.iter().enumerate() {
            take(&mut exchanges, event).map_err(|what| TrafficError(format!("events[{place}] {what}")))?;
        }
        let docs = document.member("docs").and_then(Document::as_string).map(str::to_owned);
        Ok(Self { exchanges: exchanges.into_values().collect(), docs })
    }
}

/// A text that is no recording of exchanges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficError(String);

impl fmt::Display for TrafficError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a recording of exchanges: {}", self.0)
    }
}

impl std::error::Error for TrafficError {}

impl From<TrafficError> for std::io::Error {
    fn from(error: TrafficError) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, error)
    }
}

/// Adds an event to the exchange that it belongs to.
fn take(exchanges: &mut BTreeMap<u64, Exchange>, event: &Document) -> Result<(), String> {
    let Some(Number::PosInt(id)) = event.member("connection_id").and_then(Document::as_number) else {
        return Err("has no `connection_id`".to_owned());
    };
    let exchange = exchanges.entry(*id).or_default();
    let action = event.member("action").and_then(Document::as_object).and_then(|action| action.iter().next());
    let (kind, action) = action.ok_or("has no `action`")?;
    let is_request = action.member("direction").and_then(Document::as_string) == Some("Request");
    match kind.as_str() {
        "Request" => {
            let request = action.member("request").ok_or("has no `request`")?;
            (exchange.method, exchange.uri) = (text(request, "method")?, text(request, "uri")?);
            exchange.request_headers = headers(request)?;
        }
        "Response" => exchange.response = response(action)?,
        "Data" if is_request => exchange.request_body = joined(&exchange.request_body, data(action)?),
        "Data" => exchange.response_body = joined(&exchange.response_body, data(action)?),
        "Eof" => {}
        other => return Err(format!("is of an unknown kind, {other:?}")),
    }
    Ok(())
}

fn response(action: &Document) -> Result<Result<(u16, Headers), String>, String> {
    let response = action.member("response").ok_or("has no `response`")?;
    let Some(answer) = response.member("Ok") else {
        let why = response.member("Err").and_then(Document::as_string).unwrap_or("the connection failed");
        return Ok(Err(why.to_owned()));
    };
    match answer.member("status").and_then(Document::as_number) {
        Some(Number::PosInt(status)) => {
            let status = u16::try_from(*status).map_err(|_| format!("has the status {status}"))?;
            Ok(Ok((status, headers(answer)?)))
        }
        _ => Err("has no `status`".to_owned()),
    }
}

fn data(action: &Document) -> Result<Bytes, String> {
    let data = action.member("data").ok_or("has no `data`")?;
    if let Some(utf8) = data.member("Utf8").and_then(Document::as_string) {
        return Ok(Bytes::copy_from_slice(utf8.as_bytes()));
    }
    let bytes = data.member("Base64").and_then(Document::as_string).and_then(base64::decode);
    bytes.map(Bytes::from).ok_or_else(|| "has data that is neither `Utf8` nor `Base64`".to_owned())
}

fn joined(first: &Bytes, second: Bytes) -> Bytes {
    if first.is_empty() { second } else { [&first[..], &second[..]].concat().into() }
}

fn text(of: &Document, name: &str) -> Result<String, String> {
    of.member(name).and_then(Document::as_string).map(str::to_owned).ok_or_else(|| format!("has no `{name}`"))
}

/// Each name with its value, or with the list of its values; in the order of the names, since an object has none.
fn headers(of: &Document) -> Result<Headers, String> {
    let empty = HashMap::new();
    let object = of.member("headers").and_then(Document::as_object).unwrap_or(&empty);
    let mut headers = Headers::new();
    for (name, values) in object.iter().collect::<BTreeMap<_, _>>() {
        let values = values.as_array().map_or_else(|| std::slice::from_ref(values), Vec::as_slice);
        for value in values {
            let value = value.as_string().ok_or_else(|| format!("has a header {name:?} that is no text"))?;
            headers.append(name.clone(), value);
        }
    }
    Ok(headers)
}

impl Document {
    fn member(&self, name: &str) -> Option<&Document> {
        self.as_object().and_then(|object| object.get(name))
    }
}
