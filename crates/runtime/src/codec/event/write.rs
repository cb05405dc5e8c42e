//! Writes an event into a message: each member to its place.

use std::collections::HashMap;

use super::{BYTES, CONTENT_TYPE, EVENT_TYPE, EXCEPTION_TYPE, MESSAGE_TYPE, TEXT};
use crate::codec::WriteError;
use crate::codec::rest::DocumentWriter;
use crate::event_stream::{Header, HeaderValue, Message};
use crate::primitives::{Blob, DateTime, Document};
use crate::wire::{ELEMENT, Key, Member, Place, Wire, Writer};

/// Writes an event, which is the one member that its union has.
///
/// # Errors
///
/// It is none of those that the model lists.
pub(crate) fn write_event<D: DocumentWriter, T: Wire>(event: &T) -> Result<Message, WriteError> {
    let mut writer = EventWriter::<D>::new();
    event.write_members(&mut writer)?;
    let name =
        writer.name.ok_or_else(|| WriteError::new("the event", "is none that the model lists: it cannot be sent"))?;
    Ok(writer.finish([(MESSAGE_TYPE, "event"), (EVENT_TYPE, name)]))
}

/// Writes an exception, which goes by the name of its member in the union.
pub(crate) fn write_exception<D: DocumentWriter, T: Wire>(
    name: &'static str,
    exception: &T,
) -> Result<Message, WriteError> {
    let mut writer = EventWriter::<D>::new();
    writer.structure(&ELEMENT, exception)?;
    Ok(writer.finish([(MESSAGE_TYPE, "exception"), (EXCEPTION_TYPE, name)]))
}

struct EventWriter<D> {
    /// The member of the union.
    name: Option<&'static str>,
    /// The member of the event at hand, once that is open.
    at: Option<&'static Member>,
    headers: Vec<Header>,
    /// An open structure that takes the members of the document.
    document: Option<D>,
    /// The member that is the payload, with its content type.
    payload: Option<(&'static str, Vec<u8>)>,
}

impl<D: DocumentWriter> EventWriter<D> {
    fn new() -> Self {
        Self { name: None, at: None, headers: Vec::new(), document: None, payload: None }
    }

    fn finish(self, names: [(&'static str, &'static str); 2]) -> Message {
        let document = self.document.map(|mut document| {
            document.close();
            (D::MEDIA_TYPE, document.into_bytes())
        });
        let (content_type, payload) = self.payload.or(document).unzip();
        let content_type = content_type.map(|of| (CONTENT_TYPE, of));
        let text = |(name, value): (&'static str, &'static str)| Header::new(name, HeaderValue::String(value.into()));
        let headers = names.into_iter().chain(content_type).map(text).chain(self.headers);
        Message::new_from_parts(headers.collect(), payload.unwrap_or_default())
    }

    /// Whether the value at hand is the payload.
    fn is_payload(&self) -> bool {
        self.at.is_some_and(|at| at.place == Place::EventPayload)
    }

    /// Makes a document of its own the payload.
    fn payload(&mut self, write: impl FnOnce(&mut D) -> Result<(), WriteError>) -> Result<(), WriteError> {
        if !self.is_payload() {
            return Err(self.misplaced());
        }
        let mut document = D::default();
        write(&mut document)?;
        self.payload = Some((D::MEDIA_TYPE, document.into_bytes()));
        Ok(())
    }

    fn header(&mut self, value: HeaderValue) -> Result<(), WriteError> {
        match self.at {
            Some(at) if at.place == Place::EventHeader => self.headers.push(Header::new(at.name, value)),
            _ => return Err(self.misplaced()),
        }
        Ok(())
    }

    /// No valid model puts such a value there.
    fn misplaced(&self) -> WriteError {
        let name = self.at.map_or("the event", |at| at.name);
        WriteError::new(name, "has a value that cannot travel where the model puts it")
    }
}

impl<D: DocumentWriter> Writer for EventWriter<D> {
    type Error = WriteError;

    fn member<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), WriteError> {
        if self.name.is_none() && self.at.is_none() {
            self.name = Some(at.name);
            return value.write(at, self);
        }
        match at.place {
            Place::EventHeader | Place::EventPayload => self.at = Some(at),
            _ => return self.document.as_mut().map_or(Ok(()), |document| document.member(at, value)),
        }
        if !value.absent() {
            return value.write(at, self);
        }
        // A structure that is the payload is empty where it is absent; a union cannot be.
        if self.is_payload() && !T::MEMBERS.is_empty() && !T::UNION {
            return self.payload(|document| {
                document.open();
                document.close();
                Ok(())
            });
        }
        Ok(())
    }

    fn structure<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), WriteError> {
        if self.at.is_some() {
            return self.payload(|document| document.structure(at, value));
        }
        // From here on, members are those of the event. There is a document if its table has a member for one.
        self.at = Some(&ELEMENT);
        if T::MEMBERS.iter().any(|member| member.place == Place::Body) {
            self.document = Some(opened());
        }
        value.write_members(self)
    }

    fn list<T: Wire>(&mut self, at: &'static Member, items: &[T]) -> Result<(), WriteError> {
        self.payload(|document| document.list(at, items))
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, entries: &HashMap<K, T>) -> Result<(), WriteError> {
        self.payload(|document| document.map(at, entries))
    }

    /// Outside documents nothing stands for what is absent.
    fn null(&mut self) -> Result<(), WriteError> {
        Ok(())
    }

    fn text(&mut self, at: &'static Member, text: &str) -> Result<(), WriteError> {
        if self.is_payload() {
            self.payload = Some((at.facets.media_type.unwrap_or(TEXT), text.as_bytes().to_vec()));
            return Ok(());
        }
        self.header(HeaderValue::String(text.to_owned().into()))
    }

    fn boolean(&mut self, _: &'static Member, value: bool) -> Result<(), WriteError> {
        self.header(HeaderValue::Bool(value))
    }

    fn integer(&mut self, _: &'static Member, value: i64) -> Result<(), WriteError> {
        self.header(HeaderValue::Int64(value))
    }

    fn sized_integer(&mut self, _: &'static Member, value: i64, bits: u32) -> Result<(), WriteError> {
        // Each fits the type that it came from.
        self.header(match bits {
            8 => HeaderValue::Byte(value as i8),
            16 => HeaderValue::Int16(value as i16),
            32 => HeaderValue::Int32(value as i32),
            _ => HeaderValue::Int64(value),
        })
    }

    fn single(&mut self, _: &'static Member, _: f32) -> Result<(), WriteError> {
        Err(self.misplaced())
    }

    fn float(&mut self, _: &'static Member, _: f64) -> Result<(), WriteError> {
        Err(self.misplaced())
    }

    fn number(&mut self, _: &'static Member, _: &str) -> Result<(), WriteError> {
        Err(self.misplaced())
    }

    fn blob(&mut self, at: &'static Member, value: &Blob) -> Result<(), WriteError> {
        let bytes = value.as_ref().to_vec();
        if self.is_payload() {
            self.payload = Some((at.facets.media_type.unwrap_or(BYTES), bytes));
            return Ok(());
        }
        self.header(HeaderValue::ByteArray(bytes.into()))
    }

    fn timestamp(&mut self, _: &'static Member, value: &DateTime) -> Result<(), WriteError> {
        self.header(HeaderValue::Timestamp(*value))
    }

    fn document(&mut self, at: &'static Member, value: &Document) -> Result<(), WriteError> {
        self.payload(|document| document.document(at, value))
    }
}

/// A document whose structure is open.
fn opened<D: DocumentWriter>() -> D {
    let mut document = D::default();
    document.open();
    document
}
