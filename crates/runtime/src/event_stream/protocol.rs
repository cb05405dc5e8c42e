//! What the messages of a stream mean: events, exceptions that the model lists, and errors of the stream.

use super::Message;
use crate::codec::event::{EXCEPTION_TYPE, MESSAGE_TYPE, in_header, text_of};
use crate::codec::{ReadError, WriteError};
use crate::error::{CreateUnhandledError, ErrorMetadata, ProvideErrorMetadata};
use crate::http::{Body, Headers, Response, StatusCode};
use crate::operation::{ModeledError, Protocol};
use crate::wire::Wire;

/// A protocol that has event streams: how events and exceptions travel in messages. Writing fails where a value has no form
/// on the wire, reading where a message is no such value.
pub trait EventProtocol: Protocol {
    /// Writes an event, which is a union of all that the stream may have.
    fn write_event<T: Wire>(event: &T) -> Result<Message, WriteError>;
    /// Writes an exception, by its name in that union.
    fn write_exception<T: Wire>(name: &'static str, exception: &T) -> Result<Message, WriteError>;
    /// Reads an event; one that the model does not list is the unknown variant.
    fn read_event<T: Wire>(message: &Message) -> Result<T, ReadError>;
    /// Reads the members of an exception.
    fn read_exception<T: Wire>(message: &Message) -> Result<T, ReadError>;
}

/// The events of a stream: a union.
pub trait Event: Wire + Send + 'static {
    /// The exceptions of the stream.
    type Error: EventError;
    /// How both travel.
    type Protocol: EventProtocol;
}

/// The error enum of a stream: the exceptions among the members of its union.
pub trait EventError:
    CreateUnhandledError + ProvideErrorMetadata + std::error::Error + Send + Sync + Sized + 'static
{
    /// Reads the variant that the code in `meta` names; the unhandled one for a code that the model does not list.
    fn read<P: EventProtocol>(message: &Message, meta: ErrorMetadata) -> Self;
    /// Writes the exception that this is.
    ///
    /// # Errors
    ///
    /// It is none that the model lists, or holds what cannot be sent.
    fn write<P: EventProtocol>(&self) -> Result<Message, WriteError>;
}

/// What a message says.
#[derive(Debug)]
pub enum Received<T, E> {
    /// An event.
    Event(T),
    /// What went wrong, after which nothing comes.
    Error(E),
}

impl<T: Wire, E: EventError> Received<T, E> {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// It says nothing that a message can say, or has something else where the model says what there is.
    pub fn read<P: EventProtocol>(message: &Message) -> Result<Self, ReadError> {
        match text_of(message, MESSAGE_TYPE)? {
            "event" => P::read_event(message).map(Self::Event),
            "exception" => {
                let code = text_of(message, EXCEPTION_TYPE)?;
                Ok(Self::Error(E::read::<P>(message, said::<P>(message, code))))
            }
            "error" => Ok(Self::Error(E::read::<P>(message, of_the_stream(message)))),
            _ => Err(in_header(MESSAGE_TYPE, "event, exception or error", message.header(MESSAGE_TYPE))),
        }
    }
}

/// Reads an exception. One whose payload cannot be read keeps its type, code and message, without its members.
#[doc(hidden)]
pub fn read_modeled<P: EventProtocol, T: ModeledError>(message: &Message, meta: ErrorMetadata) -> T {
    P::read_exception::<T>(message).unwrap_or_default().with_metadata(meta)
}

/// Why an error that no model lists is not sent.
#[doc(hidden)]
pub fn unhandled() -> WriteError {
    WriteError::new("the exception", "is none that the model lists: it cannot be sent")
}

/// Code and message of an exception, whether the model lists it or not.
fn said<P: EventProtocol>(message: &Message, code: &str) -> ErrorMetadata {
    let body = Response::new(StatusCode::default(), Headers::new(), Body::whole(message.payload().clone()));
    let known = ErrorMetadata::builder().code(code);
    match P::error_metadata(&body).message() {
        Some(said) => known.message(said).build(),
        None => known.build(),
    }
}

/// Code and message of an error that no model lists. Both stand in headers, and either may be missing.
fn of_the_stream(message: &Message) -> ErrorMetadata {
    let mut known = ErrorMetadata::builder();
    if let Ok(code) = text_of(message, ":error-code") {
        known = known.code(code);
    }
    if let Ok(said) = text_of(message, ":error-message") {
        known = known.message(said);
    }
    known.build()
}

#[cfg(test)]
mod tests;
