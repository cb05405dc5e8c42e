//! The protocol restJson1: HTTP bindings around JSON documents.

use super::json::{self, JsonReader, JsonWriter};
use super::rest::{self, Route};
use super::{ReadError, WriteError, event};
use crate::error::ErrorMetadata;
use crate::event_stream::{EventProtocol, Message};
use crate::http::{Request, Response};
use crate::operation::{Meta, Protocol};
use crate::random::Random;
use crate::wire::{Member, Reader, Wire};

/// JSON bodies, with members in path, query and headers (`aws.protocols#restJson1`).
#[derive(Clone, Copy, Debug)]
pub struct RestJson1;

impl Protocol for RestJson1 {
    fn write_request<T: Wire>(meta: &Meta, input: &T, random: &dyn Random) -> Result<Request, WriteError> {
        let route = Route { method: meta.method, host_prefix: meta.host_prefix, uri: meta.uri };
        write_request(route, input, random)
    }

    fn read_response<T: Wire>(response: &Response) -> Result<T, ReadError> {
        read_response(response)
    }

    fn read_error<T: Wire>(response: &Response) -> Result<T, ReadError> {
        read_response(response)
    }

    fn error_metadata(response: &Response) -> ErrorMetadata {
        let (code, message) = error_code_and_message(response);
        ErrorMetadata::of(response, code, message)
    }
}

impl EventProtocol for RestJson1 {
    fn write_event<T: Wire>(event: &T) -> Result<Message, WriteError> {
        event::write_event::<JsonWriter, T>(event)
    }

    fn write_exception<T: Wire>(name: &'static str, exception: &T) -> Result<Message, WriteError> {
        event::write_exception::<JsonWriter, T>(name, exception)
    }

    fn read_event<T: Wire>(message: &Message) -> Result<T, ReadError> {
        event::read_event::<JsonReader<'_>, T>(message)
    }

    fn read_exception<T: Wire>(message: &Message) -> Result<T, ReadError> {
        event::read_exception::<JsonReader<'_>, T>(message)
    }
}

/// Writes the request of an operation, without an origin.
///
/// Idempotency tokens that the caller did not give are made of `random`.
///
/// # Errors
/// A label without a value, a header with line breaks, or a time that its format cannot spell; each names its member.
pub fn write_request<T: Wire>(route: Route, input: &T, random: &dyn Random) -> Result<Request, WriteError> {
    rest::write_request::<JsonWriter, T>(route, input, random)
}

/// Reads the output of an operation, or a modelled error, from a response whose body is whole.
///
/// # Errors
/// What is not as the model says; the error names the path of members and the place in the body.
pub fn read_response<T: Wire>(response: &Response) -> Result<T, ReadError> {
    rest::read_response::<JsonReader<'_>, T>(response)
}

/// The name of the error in a response: from the header `x-amzn-errortype`, or from `code`, `__type` or `Code` in the
/// body, without namespace and address. And its message, from `message`, `Message` or `errorMessage`.
///
/// Whatever the body is, HTML or cut short, this takes what can be understood and never fails.
pub fn error_code_and_message(response: &Response) -> (Option<String>, Option<String>) {
    let body = error_body(response.bytes());
    let header = error_type(response).map(str::to_owned);
    let in_body = [body.code, body.dunder_type, body.upper_code].into_iter().flatten();
    let code = header.or_else(|| in_body.filter_map(|text| bare_code(&text).map(str::to_owned)).next());
    (code, body.message.or(body.upper_message).or(body.error_message))
}

/// The name of an error that a response carries in its header `x-amzn-errortype`, whatever its status.
pub fn error_type(response: &Response) -> Option<&str> {
    bare_code(response.headers().get("x-amzn-errortype")?)
}

/// `aws.some#Code:http://…` without what is not the code.
fn bare_code(text: &str) -> Option<&str> {
    let text = text.split(':').next().unwrap_or_default();
    let code = text.rsplit('#').next().unwrap_or_default().trim();
    (!code.is_empty()).then_some(code)
}

/// What the body says before it stops being JSON.
fn error_body(body: &[u8]) -> ErrorBody {
    let mut error = ErrorBody::default();
    let _ = json::read_into(body, &mut error);
    error
}

#[derive(Default)]
struct ErrorBody {
    code: Option<String>,
    dunder_type: Option<String>,
    upper_code: Option<String>,
    message: Option<String>,
    upper_message: Option<String>,
    error_message: Option<String>,
}

impl Wire for ErrorBody {
    const MEMBERS: &'static [Member] = &[
        Member::body("code"),
        Member::body("__type"),
        Member::body("Code"),
        Member::body("message"),
        Member::body("Message"),
        Member::body("errorMessage"),
    ];

    fn read_member<R: Reader>(&mut self, index: usize, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        let member = match index {
            0 => &mut self.code,
            1 => &mut self.dunder_type,
            2 => &mut self.upper_code,
            3 => &mut self.message,
            4 => &mut self.upper_message,
            _ => &mut self.error_message,
        };
        // A code may be a number somewhere; the members beside it are worth reading all the same.
        if r.text(at, &mut |text| *member = Some(text.to_owned())).is_err() { r.skip() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
