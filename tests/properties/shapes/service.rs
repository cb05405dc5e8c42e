//! What a service does with HTTP: it reads a request, and writes a response.

use std::collections::HashMap;

use serde_json::Value;
use tinsmith_runtime::codec::rest_json::write_request;
use tinsmith_runtime::codec::{RestJson1, Route, json};
use tinsmith_runtime::http::{Body, Request, Response, StatusCode};
use tinsmith_runtime::operation::{Meta, Protocol};
use tinsmith_runtime::primitives::{Blob, DateTime, DateTimeFormat, Document};
use tinsmith_runtime::test_util::FixedRandom;
use tinsmith_runtime::wire::{Key, Member, Place, Reader, Wire};

/// Reads the input of an operation from its request.
pub(crate) fn read_input<T: Wire>(meta: &Meta, request: Request) -> T {
    let labels = labels(meta.uri, &request.path);
    let query: Vec<_> = pairs(&request.query);
    // Headers and document of a request are like those of a response.
    let (document, payload) = match T::MEMBERS.iter().any(|member| member.place == Place::Payload) {
        true => (Body::empty(), request.body),
        false => (request.body, Body::empty()),
    };
    let rest = Response::new(StatusCode::new(200), request.headers, document);
    let mut input: T = RestJson1::read_response(&rest).unwrap();
    for (index, member) in T::MEMBERS.iter().enumerate() {
        let given: Vec<_> = match member.place {
            Place::Label => labels.iter().filter(|(name, _)| name == member.name).cloned().collect(),
            Place::Query => query.iter().filter(|(name, _)| name == member.name).cloned().collect(),
            Place::QueryParams => query.clone(),
            Place::Payload if !payload.is_empty() => vec![(String::new(), payload.bytes().unwrap().to_vec())],
            _ => continue,
        };
        if !given.is_empty() {
            input.read_member(index, member, &mut Values(given)).unwrap();
        }
    }
    input
}

/// Writes an output as a response with this status.
pub(crate) fn write_output<T: Wire>(output: &T, status: u16) -> Response {
    // Headers and body of a response are like those of a request, but for the status, which becomes a member without a
    // name there: nobody reads that from a document, and a document with nothing else is none.
    let route = Route { method: "POST", host_prefix: "", uri: "/" };
    let mut request = write_request(route, output, &FixedRandom::new(0)).unwrap();
    if request.body.bytes() == Some(format!(r#"{{"":{status}}}"#).as_bytes()) {
        request.body = Body::empty();
        // One that the output says itself is another: no text that is made up is as long.
        if request.headers.get("content-type") == Some("application/json") {
            request.headers.remove("content-type");
        }
    }
    Response::new(StatusCode::new(status), request.headers, request.body)
}

/// The status that an output is bound to, of the output as data; 200 for all others.
pub(crate) fn status_of<T: Wire>(data: &Value) -> u16 {
    let member = T::MEMBERS.iter().find(|member| member.place == Place::ResponseCode);
    let status = member.and_then(|member| data.get(member.called.unwrap_or(member.name))).and_then(Value::as_u64);
    status.map_or(200, |status| u16::try_from(status).unwrap())
}

/// The labels of a pattern, and what stands in their places.
fn labels(pattern: &str, path: &str) -> Vec<(String, Vec<u8>)> {
    let pattern = pattern.split('?').next().unwrap();
    assert_eq!(pattern.split('/').count(), path.split('/').count(), "{pattern} and {path}");
    let segments = pattern.split('/').zip(path.split('/'));
    let labels = segments.filter_map(|(label, value)| Some((label.strip_prefix('{')?.strip_suffix('}')?, value)));
    labels.map(|(label, value)| (label.to_owned(), decoded(value))).collect()
}

fn pairs(query: &str) -> Vec<(String, Vec<u8>)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(a, b)| (text(decoded(a)), decoded(b))).collect()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn decoded(text: &str) -> Vec<u8> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).unwrap());
        bytes.extend(rest.bytes());
    }
    bytes
}

/// Reads values from a path or a query, where all is text, and from a body: of pairs, the values.
struct Values(Vec<(String, Vec<u8>)>);

impl Values {
    fn take(&mut self) -> String {
        text(self.0.remove(0).1)
    }
}

impl Reader for Values {
    type Error = String;

    fn skip(&mut self) -> Result<(), String> {
        Ok(())
    }

    fn null(&mut self) -> Result<bool, String> {
        Ok(false)
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, into: &mut T) -> Result<(), String> {
        *into = json::read(&self.0.remove(0).1).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), String> {
        while !self.0.is_empty() {
            let mut item = T::default();
            item.read(at.element(), self)?;
            into.push(item);
        }
        Ok(())
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), String> {
        while let Some((key, _)) = self.0.first() {
            let (key, mut value) = (K::from(key), T::default());
            value.read(at.value(), self)?;
            into.insert(key, value);
        }
        Ok(())
    }

    fn text(&mut self, _: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), String> {
        see(&self.take());
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, String> {
        self.take().parse().map_err(|error| format!("{error}"))
    }

    fn integer(&mut self, _: &'static Member, _: i64, _: i64) -> Result<i64, String> {
        self.take().parse().map_err(|error| format!("{error}"))
    }

    fn single(&mut self, _: &'static Member) -> Result<f32, String> {
        self.take().parse().map_err(|error| format!("{error}"))
    }

    fn float(&mut self, _: &'static Member) -> Result<f64, String> {
        self.take().parse().map_err(|error| format!("{error}"))
    }

    fn number(&mut self, _: &'static Member, _: bool) -> Result<String, String> {
        Ok(self.take())
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, String> {
        Ok(Blob::new(self.0.remove(0).1))
    }

    fn timestamp(&mut self, at: &'static Member) -> Result<DateTime, String> {
        assert_eq!(at.timestamp, tinsmith_runtime::wire::TimestampFormat::Default, "{at:?}");
        DateTime::from_str(&self.take(), DateTimeFormat::DateTime).map_err(|error| error.to_string())
    }

    fn document(&mut self, at: &'static Member) -> Result<Document, String> {
        Err(format!("no document is bound to {at:?}"))
    }
}
