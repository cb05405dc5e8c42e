//! What a function is given, and what comes of it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::pace::{Gate, Pace};

/// What a function is given when it is invoked. Its `Debug` shows no payload.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invocation {
    /// JSON; `{}` where the request had no body.
    pub payload: Vec<u8>,
    /// The client context, JSON, where there is one and the invocation is a synchronous one.
    pub client_context: Option<Vec<u8>>,
    /// The version that runs: a number, or `$LATEST`.
    pub version: String,
    /// The tenant, where the request named one.
    pub tenant_id: Option<String>,
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation")
            .field("payload", &format_args!("{} bytes", self.payload.len()))
            .field("client_context", &self.client_context.is_some())
            .field("version", &self.version)
            .field("tenant_id", &self.tenant_id)
            .finish()
    }
}

/// What comes of an invocation: what the function writes, whether it fails then, and what it logs.
///
/// In a file it has the members `Answer`, any JSON, or else `Pieces`, a list of texts; `PauseMilliseconds` before each
/// piece; `Error` with `errorType` and `errorMessage`; and `Log`. With neither `Answer` nor `Pieces` a function gives
/// back what it is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Entry")]
pub struct Outcome {
    /// `None` where the function writes what it is given.
    pieces: Option<Vec<Vec<u8>>>,
    failure: Option<Failure>,
    log: String,
    pace: Pace,
}

/// The error that a function ends with, in the form in which Lambda tells of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    pub(crate) error_message: String,
    pub(crate) error_type: String,
}

impl Outcome {
    /// What the function was given.
    pub fn echo() -> Self {
        Self::default()
    }

    /// This answer, JSON by custom.
    pub fn answer(json: impl Into<Vec<u8>>) -> Self {
        Self { pieces: Some(vec![json.into()]), ..Self::default() }
    }

    /// An answer in pieces, each of which is an event where the answer is streamed.
    pub fn pieces<T: Into<Vec<u8>>>(pieces: impl IntoIterator<Item = T>) -> Self {
        Self { pieces: Some(pieces.into_iter().map(Into::into).collect()), ..Self::default() }
    }

    /// An error, and nothing before it.
    pub fn failure(error_type: impl Into<String>, message: impl Into<String>) -> Self {
        Self::pieces(Vec::<Vec<u8>>::new()).then_fails(error_type, message)
    }

    /// Ends with an error. Where the answer is streamed, what was written before is sent all the same.
    #[must_use]
    pub fn then_fails(mut self, error_type: impl Into<String>, message: impl Into<String>) -> Self {
        self.failure = Some(Failure { error_type: error_type.into(), error_message: message.into() });
        self
    }

    /// What the function writes to its log.
    #[must_use]
    pub fn log(mut self, text: impl Into<String>) -> Self {
        self.log = text.into();
        self
    }

    /// Waits for this long before each event of a streamed answer.
    #[must_use]
    pub fn pause(mut self, pause: Duration) -> Self {
        self.pace.pause = pause;
        self
    }

    /// Holds each event of a streamed answer back until the gate lets it pass, the last one included.
    #[must_use]
    pub fn gate(mut self, gate: &Gate) -> Self {
        self.pace.gate = Some(gate.clone());
        self
    }

    pub(crate) fn into_parts(self, payload: Vec<u8>) -> Parts {
        let Self { pieces, failure, log, pace } = self;
        Parts { pieces: pieces.unwrap_or_else(|| vec![payload]), failure, log, pace }
    }
}

/// An outcome, with nothing left open.
pub(crate) struct Parts {
    pub(crate) pieces: Vec<Vec<u8>>,
    pub(crate) failure: Option<Failure>,
    pub(crate) log: String,
    pub(crate) pace: Pace,
}

/// An outcome in a file.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Entry {
    #[serde(default, deserialize_with = "present")]
    answer: Option<Value>,
    pieces: Option<Vec<String>>,
    #[serde(default)]
    pause_milliseconds: u64,
    error: Option<Failure>,
    #[serde(default)]
    log: String,
}

/// A member that is there, be it `null`.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

impl TryFrom<Entry> for Outcome {
    type Error = &'static str;

    fn try_from(entry: Entry) -> Result<Self, Self::Error> {
        let Entry { answer, pieces, pause_milliseconds, error: failure, log } = entry;
        let pieces = match (answer, pieces) {
            (Some(_), Some(_)) => return Err("an outcome has an Answer or Pieces, not both"),
            (Some(answer), None) => Some(vec![answer.to_string().into_bytes()]),
            (None, pieces) => pieces.map(|pieces| pieces.into_iter().map(String::into_bytes).collect()),
        };
        let pace = Pace { pause: Duration::from_millis(pause_milliseconds), gate: None };
        Ok(Self { pieces, failure, log, pace })
    }
}
