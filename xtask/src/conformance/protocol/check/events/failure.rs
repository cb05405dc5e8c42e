//! What a case has to fail with that names no error: cases say so by what comes, and for which fault it is refused is read
//! from that here, by none of the code that is tested.

use std::error::Error;

use serde_json::Value;
use tinsmith_runtime::error::{ProvideErrorMetadata, SdkError};
use tinsmith_runtime::event_stream::{Header, HeaderValue};

/// Errors of which code and message are known.
pub(crate) trait Told: ProvideErrorMetadata + Error + Send + Sync + 'static {}
impl<E: ProvideErrorMetadata + Error + Send + Sync + 'static> Told for E {}

/// A failure.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The service says that something went wrong, which no model lists: code and message.
    Said(Option<String>, Option<String>),
    /// What comes cannot be read, and the error says this of it.
    Unreadable(&'static str),
}

/// What a case has to fail with. Where its events are events, it is for the reason `otherwise`, which has to be known then:
/// an error that says anything would do else.
pub(crate) fn of(case: &Value, otherwise: Option<&'static str>) -> Failure {
    let Some(last) = super::events(case, "response").last() else { return Failure::Said(None, None) };
    let message = match last["bytes"].as_str().map(super::base64) {
        None => super::abstracted(last),
        Some(bytes) => match damage(&bytes) {
            Some(damage) => return Failure::Unreadable(damage),
            None => super::decoded(&bytes).pop().expect("it is whole"),
        },
    };
    let text = |name: &str| {
        let header = message.headers().iter().find(|header| header.name().as_str() == name);
        match header.map(Header::value) {
            Some(HeaderValue::String(text)) => Some(text.as_str().to_owned()),
            _ => None,
        }
    };
    match text(":message-type").as_deref() {
        Some("error") => Failure::Said(text(":error-code"), text(":error-message")),
        Some("exception") if text(":exception-type").is_some() => Failure::Said(text(":exception-type"), None),
        Some("exception") => Failure::Unreadable(":exception-type"),
        Some("event") if text(":event-type").is_none() => Failure::Unreadable(":event-type"),
        Some("event") => Failure::Unreadable(otherwise.expect("the case does not say why it fails")),
        _ => Failure::Unreadable(":message-type"),
    }
}

impl Failure {
    pub(crate) fn check<E: Told, R: std::fmt::Debug>(&self, error: &SdkError<E, R>) {
        match (self, error) {
            (Self::Said(code, message), SdkError::ServiceError(_)) => {
                let about = |expected: &Option<String>, found: Option<&str>| {
                    assert!(expected.is_none() || expected.as_deref() == found, "expected {self:?}: {error}");
                };
                about(code, error.code());
                about(message, error.message());
            }
            (Self::Unreadable(reason), SdkError::ResponseError(_)) => {
                assert!(error.to_string().contains(reason), "expected {self:?}: {error}");
            }
            _ => panic!("expected {self:?}: {error}"),
        }
    }
}

/// What is wrong with the bytes of a frame: two lengths, their checksum, headers and payload, the checksum of all.
fn damage(frame: &[u8]) -> Option<&'static str> {
    let number = |at: usize| Some(u32::from_be_bytes(frame.get(at..at + 4)?.try_into().ok()?));
    let (Some(length), Some(headers), Some(prelude)) = (number(0), number(4), number(8)) else {
        return Some("ended within a frame");
    };
    let length = length as usize;
    if checksum(&frame[..8]) != prelude {
        return Some("its prelude says the checksum");
    }
    if length < 16 {
        return Some("bytes: expected");
    }
    if headers as usize > length - 16 {
        return Some("bytes of headers");
    }
    if frame.len() < length {
        return Some("ended within a frame");
    }
    (number(length - 4) != Some(checksum(&frame[..length - 4]))).then_some("it says the checksum")
}

/// CRC-32 as zlib has it, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let bit = |sum: u32| (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| bit(sum)))
}
