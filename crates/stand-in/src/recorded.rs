//! A request as it came over the wire, kept for whoever wants to look at it afterwards.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::SystemTime;

use crate::query;

/// A request that was read whole. Its `Debug` shows names and sizes, no header values: they hold session tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query as sent, without its `?`; empty where there is none.
    pub query: String,
    /// The headers: lower-case names, and values in the order in which a name's repetitions came.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When it was read, by the machine's clock: the offset of the stand-in's own clock is not in it.
    pub at: SystemTime,
    /// The number of the connection that it came on, from 1.
    pub connection: u64,
}

impl RecordedRequest {
    /// The first value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The names and values of the query, decoded as a form is (`+` is a space), in the order sent.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        query::pairs(&self.query).map(|(name, value)| (query::decode_form(name), query::decode_form(value))).collect()
    }

    /// The first value of a query parameter, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs().into_iter().find(|(n, _)| n == name).map(|(_, value)| value)
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &names(&self.query_pairs()))
            .field("headers", &names(&self.headers))
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("at", &self.at)
            .field("connection", &self.connection)
            .finish()
    }
}

/// The latest requests, the oldest first; how many are kept has a limit, how many came is counted on.
#[derive(Debug)]
pub(crate) struct Recorder {
    limit: usize,
    count: u64,
    kept: VecDeque<RecordedRequest>,
}

impl Recorder {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, count: 0, kept: VecDeque::new() }
    }

    pub(crate) fn record(&mut self, request: RecordedRequest) {
        self.count += 1;
        self.kept.push_back(request);
        while self.kept.len() > self.limit {
            self.kept.pop_front();
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.kept.iter().cloned().collect()
    }

    /// How many of the kept requests each call made, by the id that all attempts of a call have in common.
    pub(crate) fn by_call(&self) -> BTreeMap<String, u64> {
        let mut calls = BTreeMap::new();
        for request in &self.kept {
            *calls.entry(request.header("amz-sdk-invocation-id").unwrap_or_default().to_owned()).or_default() += 1;
        }
        calls
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn forget(&mut self) {
        self.kept.clear();
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &str) -> RecordedRequest {
        RecordedRequest {
            method: "GET".into(),
            path: "/".into(),
            query: query.into(),
            headers: vec![("x-amz-security-token".into(), "TOP-SECRET".into())],
            body: Vec::new(),
            at: SystemTime::UNIX_EPOCH,
            connection: 1,
        }
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let shown = format!("{:?}", request("X-Amz-Security-Token=TOP-SECRET&Marker=a"));
        assert!(shown.contains("x-amz-security-token") && shown.contains("Marker"), "{shown}");
        assert!(!shown.contains("TOP-SECRET"), "{shown}");
    }

    #[test]
    fn the_recorder_keeps_the_latest() {
        let mut recorder = Recorder::new(2);
        for query in ["a", "b", "c"] {
            recorder.record(request(query));
        }
        assert_eq!(recorder.count(), 3);
        assert_eq!(recorder.requests().iter().map(|r| r.query.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    }
}
