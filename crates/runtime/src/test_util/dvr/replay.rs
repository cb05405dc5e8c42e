//! Plays recorded exchanges again.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::{Exchange, NetworkTraffic, redact};
use crate::codec::json;
use crate::http::{Body, Request, Response, StatusCode};
use crate::primitives::Document;
use crate::test_util::{lock, read_body};
use crate::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};

/// Answers requests as they were answered when they were recorded. Clones share what is left and what was asked.
///
/// A request gets the answer of the first exchange that is left and has the same method and address; the order of query
/// parameters does not matter, so that calls may overlap. A request that was not recorded fails, and is not retried: the
/// error shows it, and what is left.
#[derive(Clone, Debug)]
pub struct ReplayingClient {
    left: Arc<Mutex<Vec<Exchange>>>,
    requests: Arc<Mutex<Vec<Request>>>,
    rules: Rules,
}

/// What a request must have in common with a recorded one, beside method, path and query.
#[derive(Clone, Debug, Default)]
struct Rules {
    any_host: bool,
    headers: Vec<String>,
    bodies: bool,
}

impl ReplayingClient {
    /// Plays these exchanges.
    pub fn new(traffic: NetworkTraffic) -> Self {
        // Official recordings have their secrets still.
        let left = traffic.exchanges.into_iter().map(redact::request).collect();
        Self { left: Arc::new(Mutex::new(left)), requests: Arc::default(), rules: Rules::default() }
    }

    /// Plays the exchanges of a file, as [`RecordingClient::dump_to_file`](super::RecordingClient::dump_to_file) or the
    /// official crates write it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no recording.
    pub fn from_file(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::new(NetworkTraffic::from_json(&std::fs::read(path)?)?))
    }

    /// Takes the answers of any host, whatever endpoint they were recorded from.
    pub fn any_host(mut self) -> Self {
        self.rules.any_host = true;
        self
    }

    /// Compares these headers too. Secret ones are redacted in the recording, so that they match whatever they are.
    pub fn matching_headers(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.rules.headers = names.into_iter().map(Into::into).collect();
        self
    }

    /// Compares bodies too: as JSON where both are, else byte for byte.
    pub fn matching_bodies(mut self) -> Self {
        self.rules.bodies = true;
        self
    }

    /// The requests so far, as they were sent.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.requests).iter().filter_map(Request::try_clone).collect()
    }

    /// How many exchanges nobody has asked for yet.
    pub fn left(&self) -> usize {
        lock(&self.left).len()
    }

    fn answer(&self, request: &Request) -> Result<Response, TransportError> {
        let mut left = lock(&self.left);
        let Some(place) = left.iter().position(|exchange| self.rules.hold(exchange, request)) else {
            let asked: Vec<_> = left.iter().take(3).map(|left| format!("{} {}", left.method, left.uri)).collect();
            let why = format!(
                "no exchange that is left matches {} {}; {} are left: {}",
                request.method,
                redact::uri(&request.uri()),
                left.len(),
                asked.join(", ")
            );
            return Err(TransportError::new(TransportErrorKind::User, why));
        };
        let exchange = left.remove(place);
        let (status, headers) = exchange.response.map_err(|why| TransportError::new(TransportErrorKind::Io, why))?;
        Ok(Response::new(StatusCode::new(status), headers, Body::whole(exchange.response_body)))
    }
}

impl Transport for ReplayingClient {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            read_body(&mut request).await?;
            let answer = self.answer(&request);
            lock(&self.requests).push(request);
            answer
        })
    }
}

impl Rules {
    fn hold(&self, exchange: &Exchange, request: &Request) -> bool {
        let sent = redact::headers(&request.headers);
        let same_header = |name: &String| exchange.request_headers.get_all(name).eq(sent.get_all(name));
        exchange.method == request.method
            && self.address(&exchange.uri) == self.address(&redact::uri(&request.uri()))
            && self.headers.iter().all(same_header)
            && (!self.bodies || same_body(&exchange.request_body, &redact::request_body(request.bytes())))
    }

    /// An address as it is compared: host, unless any will do; path; parameters in order.
    fn address<'a>(&self, uri: &'a str) -> (&'a str, &'a str, Vec<&'a str>) {
        let (place, query) = uri.split_once('?').unwrap_or((uri, ""));
        let host = place.split_once("://").map_or(place, |(_, host)| host);
        let path = host.find('/').and_then(|at| host.get(at..)).unwrap_or_default();
        let origin = place.strip_suffix(path).unwrap_or(place);
        let mut parameters: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        parameters.sort_unstable();
        (if self.any_host { "" } else { origin }, if path.is_empty() { "/" } else { path }, parameters)
    }
}

fn same_body(recorded: &Bytes, sent: &Bytes) -> bool {
    let document = |body: &Bytes| (!body.is_empty()).then(|| json::read::<Document>(body).ok()).flatten();
    recorded == sent || document(recorded).is_some_and(|recorded| Some(recorded) == document(sent))
}
