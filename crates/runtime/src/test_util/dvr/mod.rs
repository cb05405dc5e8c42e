//! Exchanges recorded from real services and played again, by the names of the official crates and in their format
//! (`http-traffic.json`, version V0), so that what either has recorded the other can play.
//!
//! ```
//! # use tinsmith_runtime::test_util::dvr::{RecordingClient, ReplayingClient};
//! # use tinsmith_runtime::test_util::{Reply, ScriptedTransport};
//! # let real = ScriptedTransport::new([]);
//! # let folder = std::env::temp_dir();
//! // Once, with credentials and a transport to the service:
//! let recording = RecordingClient::new(real);
//! // … calls of a client with `.http_client(recording.clone())` …
//! recording.dump_to_file(folder.join("list.json"))?;
//! // In each test, with neither:
//! let replaying = ReplayingClient::from_file(folder.join("list.json"))?;
//! # std::fs::remove_file(folder.join("list.json"))?;
//! # std::io::Result::Ok(())
//! ```

mod read;
mod record;
mod redact;
mod replay;
#[cfg(test)]
mod tests;
mod write;

use bytes::Bytes;

use crate::http::Headers;

pub use read::TrafficError;
pub use record::RecordingClient;
pub use replay::ReplayingClient;

/// Exchanges, in the order in which they were begun.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NetworkTraffic {
    /// The exchanges.
    pub exchanges: Vec<Exchange>,
    /// What the recording is of, for who reads the file.
    pub docs: Option<String>,
}

/// A request, and what came of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The whole address.
    pub uri: String,
    /// The headers of the request.
    pub request_headers: Headers,
    /// The body of the request.
    pub request_body: Bytes,
    /// The status and the headers of the response, or why none came.
    pub response: Result<(u16, Headers), String>,
    /// The body of the response, as far as it came.
    pub response_body: Bytes,
}

impl Default for Exchange {
    /// A request that nothing is known of yet, and that got no answer.
    fn default() -> Self {
        Self {
            method: String::new(),
            uri: String::new(),
            request_headers: Headers::new(),
            request_body: Bytes::new(),
            response: Err("no answer came".to_owned()),
            response_body: Bytes::new(),
        }
    }
}
