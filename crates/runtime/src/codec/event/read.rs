//! Reads a message as an event: each member from its place.

use std::collections::HashMap;
use std::marker::PhantomData;

use super::{BYTES, CONTENT_TYPE, EVENT_TYPE, TEXT};
use crate::codec::ReadError;
use crate::codec::error::{not_utf8, quoted};
use crate::codec::rest::{DocumentReader, ReadDocument};
use crate::event_stream::{HeaderValue, Message};
use crate::primitives::{Blob, DateTime, Document};
use crate::wire::{ELEMENT, Key, Member, Place, Reader, Wire};

/// Reads an event into its union. One that the model does not list is the unknown variant.
///
/// # Errors
///
/// The message says no event, or has something else where the model says what there is.
pub(crate) fn read_event<'a, D: DocumentReader<'a>, T: Wire>(message: &'a Message) -> Result<T, ReadError> {
    let name = text_of(message, EVENT_TYPE)?;
    let mut event = T::default();
    let named = T::MEMBERS.iter().enumerate().find(|(_, member)| member.name == name);
    if let Some((index, at)) = named {
        event.read_member(index, at, &mut EventReader::<D>::of(message)).map_err(|error| error.within(at.name))?;
    }
    Ok(event)
}

/// The text in a header that every message of its kind has.
///
/// # Errors
///
/// There is no such header, or it is no text.
pub(crate) fn text_of<'a>(message: &'a Message, name: &'static str) -> Result<&'a str, ReadError> {
    match message.header(name) {
        Some(HeaderValue::String(text)) => Ok(text.as_str()),
        found => Err(in_header(name, "text", found)),
    }
}

/// Reads the members of an exception.
///
/// # Errors
///
/// The message has something else where the model says what there is.
pub(crate) fn read_exception<'a, D: DocumentReader<'a>, T: Wire>(message: &'a Message) -> Result<T, ReadError> {
    let mut exception = T::default();
    EventReader::<D>::of(message).structure(&ELEMENT, &mut exception)?;
    Ok(exception)
}

struct EventReader<'a, D> {
    message: &'a Message,
    source: Source<'a>,
    document: PhantomData<D>,
}

/// Where the value at hand is.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// It is the event.
    Message,
    /// In the header of this name.
    Header(&'static str, &'a HeaderValue),
    /// It is the payload.
    Payload,
}

impl<'a, D: DocumentReader<'a>> EventReader<'a, D> {
    fn of(message: &'a Message) -> Self {
        Self { message, source: Source::Message, document: PhantomData }
    }

    /// Reads an event, member by member. What is not there leaves its member as it is by default.
    fn members<T: Wire>(&mut self, into: &mut T) -> Result<(), ReadError> {
        // The document comes first: it sets the structure as a whole.
        if !self.message.payload().is_empty() && T::MEMBERS.iter().any(Member::in_document) {
            self.read_document(&mut |document| document.structure(&ELEMENT, into))?;
        }
        for (index, at) in T::MEMBERS.iter().enumerate() {
            self.source = match at.place {
                Place::EventHeader => match self.message.header(at.name) {
                    Some(value) => Source::Header(at.name, value),
                    None => continue,
                },
                Place::EventPayload if self.has_payload() => Source::Payload,
                _ => continue,
            };
            into.read_member(index, at, self)?;
        }
        Ok(())
    }

    /// Whether there is a payload, which may be empty where the message says what it is.
    fn has_payload(&self) -> bool {
        !self.message.payload().is_empty() || self.message.header(CONTENT_TYPE).is_some()
    }

    fn read_document(&self, read: &mut ReadDocument<'_, D>) -> Result<(), ReadError> {
        self.content_type(D::MEDIA_TYPE)?;
        D::read_body(self.message.payload(), read)
    }

    /// Reads the payload as a document of its own.
    fn payload(&self, read: &mut ReadDocument<'_, D>) -> Result<(), ReadError> {
        match self.source {
            Source::Payload if self.message.payload().is_empty() => Ok(()),
            Source::Payload => self.read_document(read),
            _ => Err(self.error("a value that this place can hold")),
        }
    }

    /// Makes sure that the payload is what the model says, where the message tells what it is.
    fn content_type(&self, expected: &'static str) -> Result<(), ReadError> {
        let Some(found) = self.message.header(CONTENT_TYPE) else { return Ok(()) };
        let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected);
        match found {
            HeaderValue::String(text) if essence(text.as_str()) => Ok(()),
            found => Err(ReadError::new(String::new(), None, format!("a payload of {expected}"), shown(found))),
        }
    }

    #[cold]
    fn error(&self, expected: &'static str) -> ReadError {
        match self.source {
            Source::Header(name, value) => ReadError::new(name.to_owned(), None, expected, shown(value)),
            Source::Payload | Source::Message => ReadError::new(String::new(), None, expected, "another".to_owned()),
        }
    }
}

/// A header that is another than expected, or missing.
#[cold]
pub(crate) fn in_header(name: &str, expected: &'static str, found: Option<&HeaderValue>) -> ReadError {
    let found = found.map_or_else(|| "no such header".to_owned(), shown);
    ReadError::new(format!("header {name}"), None, expected, found)
}

/// What a header holds, for an error: text itself, and of all else what it is.
fn shown(value: &HeaderValue) -> String {
    match value {
        HeaderValue::String(text) => quoted(text.as_str()),
        other => other.describe().to_owned(),
    }
}

impl<'a, D: DocumentReader<'a>> Reader for EventReader<'a, D> {
    type Error = ReadError;

    fn skip(&mut self) -> Result<(), ReadError> {
        Ok(())
    }

    /// What is not there is not read at all, so that nothing is ever `null`.
    fn null(&mut self) -> Result<bool, ReadError> {
        Ok(false)
    }

    fn structure<T: Wire>(&mut self, at: &'static Member, into: &mut T) -> Result<(), ReadError> {
        match self.source {
            Source::Message => self.members(into),
            _ => self.payload(&mut |document| document.structure(at, into)),
        }
    }

    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), ReadError> {
        self.payload(&mut |document| document.list(at, into))
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), ReadError> {
        self.payload(&mut |document| document.map(at, into))
    }

    fn text(&mut self, at: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), ReadError> {
        match self.source {
            Source::Header(_, HeaderValue::String(text)) => see(text.as_str()),
            Source::Payload => {
                self.content_type(at.facets.media_type.unwrap_or(TEXT))?;
                see(str::from_utf8(self.message.payload()).map_err(not_utf8)?);
            }
            _ => return Err(self.error("text")),
        }
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, ReadError> {
        match self.source {
            Source::Header(_, HeaderValue::Bool(value)) => Ok(*value),
            _ => Err(self.error("a boolean")),
        }
    }

    fn integer(&mut self, _: &'static Member, min: i64, max: i64) -> Result<i64, ReadError> {
        let value = match self.source {
            Source::Header(_, HeaderValue::Byte(value)) => i64::from(*value),
            Source::Header(_, HeaderValue::Int16(value)) => i64::from(*value),
            Source::Header(_, HeaderValue::Int32(value)) => i64::from(*value),
            Source::Header(_, HeaderValue::Int64(value)) => *value,
            _ => return Err(self.error("an integer")),
        };
        // A narrow type may come in a wide one.
        if (min..=max).contains(&value) { Ok(value) } else { Err(self.error("an integer that its member can hold")) }
    }

    fn single(&mut self, _: &'static Member) -> Result<f32, ReadError> {
        Err(self.error("a value that this place can hold"))
    }

    fn float(&mut self, _: &'static Member) -> Result<f64, ReadError> {
        Err(self.error("a value that this place can hold"))
    }

    fn number(&mut self, _: &'static Member, _: bool) -> Result<String, ReadError> {
        Err(self.error("a value that this place can hold"))
    }

    fn blob(&mut self, at: &'static Member) -> Result<Blob, ReadError> {
        match self.source {
            Source::Header(_, HeaderValue::ByteArray(bytes)) => Ok(Blob::from(&bytes[..])),
            Source::Payload => {
                self.content_type(at.facets.media_type.unwrap_or(BYTES))?;
                Ok(Blob::from(&self.message.payload()[..]))
            }
            _ => Err(self.error("bytes")),
        }
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<DateTime, ReadError> {
        match self.source {
            Source::Header(_, HeaderValue::Timestamp(time)) => Ok(*time),
            _ => Err(self.error("a point in time")),
        }
    }

    fn document(&mut self, at: &'static Member) -> Result<Document, ReadError> {
        let mut value = Document::Null;
        self.payload(&mut |document| document.document(at).map(|read| value = read))?;
        Ok(value)
    }
}
