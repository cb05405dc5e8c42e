//! Writes wire tables to a serializer.

use std::collections::HashMap;

use serde_core::ser::{Error, SerializeMap, SerializeSeq, SerializeTuple};
use serde_core::{Serialize, Serializer};

use super::path::{Expected, Path};
use crate::codec::sorted;
use crate::codec::text::float_name;
use crate::primitives::{Blob, DateTime, Document, base64};
use crate::wire::{Key, Member, StreamMember, Wire, Writer};

/// Writes a value by itself.
pub(super) fn value<T: Wire, S: Serializer>(
    at: &'static Member,
    value: &T,
    path: Path<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut writer = DataWriter { state: State::Value(serializer), path };
    value.write(at, &mut writer)?;
    match writer.state {
        State::Done(done) => Ok(done),
        _ => Err(writer.misused()),
    }
}

/// Writes bytes: as base64 where people read them.
pub(super) fn bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.serialize_str(&base64::encode(bytes))
    } else {
        serializer.serialize_bytes(bytes)
    }
}

/// What a program is told whose stream is not in memory.
pub(super) const NOT_IN_MEMORY: &str = "the bytes of a stream that is not in memory cannot be written as data: \
                                        `collect` them first";

/// Writes one value, or the members of one structure.
struct DataWriter<'p, S: Serializer> {
    state: State<S>,
    path: Path<'p>,
}

enum State<S: Serializer> {
    /// It stands before the value.
    Value(S),
    /// It counts the members that there are to be written: some formats say first how many come.
    Counted(usize),
    /// It writes them.
    Members(S::SerializeMap),
    Done(S::Ok),
    Failed,
}

impl<S: Serializer> DataWriter<'_, S> {
    /// Writes the value by `write`.
    fn once(&mut self, write: impl FnOnce(S) -> Result<S::Ok, S::Error>) -> Result<(), S::Error> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Value(serializer) => {
                self.state = State::Done(write(serializer)?);
                Ok(())
            }
            _ => Err(self.misused()),
        }
    }

    /// The error of a `Wire` that writes twice, not at all, or members where there is no structure.
    #[cold]
    fn misused(&self) -> S::Error {
        S::Error::custom(Expected("a shape that writes itself once was expected", self.path))
    }
}

impl<S: Serializer> Writer for DataWriter<'_, S> {
    type Error = S::Error;

    fn member<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), S::Error> {
        if value.absent() {
            return Ok(());
        }
        match &mut self.state {
            State::Counted(members) => {
                *members = members.saturating_add(1);
                Ok(())
            }
            State::Members(map) => {
                let name = at.called.unwrap_or(at.name);
                map.serialize_entry(name, &Held { at, value, path: self.path.name(name), is_some: false })
            }
            _ => Err(self.misused()),
        }
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, value: &T) -> Result<(), S::Error> {
        let path = self.path;
        self.once(|serializer| {
            let mut writer = DataWriter { state: State::<S>::Counted(0), path };
            value.write_members(&mut writer)?;
            let State::Counted(members) = writer.state else { return Err(writer.misused()) };
            if T::UNION && members != 1 {
                return Err(S::Error::custom(Expected(
                    "an unknown variant cannot be written: it is known only to the service",
                    path,
                )));
            }
            let stream = stream(value, path)?;
            let members = members.saturating_add(usize::from(stream.is_some()));
            writer.state = State::Members(serializer.serialize_map(Some(members))?);
            value.write_members(&mut writer)?;
            let State::Members(mut map) = writer.state else { return Err(writer.misused()) };
            if let Some((name, bytes)) = stream {
                map.serialize_entry(name, &Streamed(bytes))?;
            }
            map.end()
        })
    }

    fn list<T: Wire>(&mut self, at: &'static Member, items: &[T]) -> Result<(), S::Error> {
        let path = self.path;
        self.once(|serializer| {
            let mut seq = serializer.serialize_seq(Some(items.len()))?;
            for (index, value) in items.iter().enumerate() {
                seq.serialize_element(&Held { at: at.element(), value, path: path.index(index), is_some: false })?;
            }
            seq.end()
        })
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, entries: &HashMap<K, T>) -> Result<(), S::Error> {
        let path = self.path;
        self.once(|serializer| {
            let mut map = serializer.serialize_map(Some(entries.len()))?;
            for (key, value) in sorted(entries) {
                map.serialize_entry(key, &Held { at: at.value(), value, path: path.name(key), is_some: false })?;
            }
            map.end()
        })
    }

    fn null(&mut self) -> Result<(), S::Error> {
        self.once(S::serialize_none)
    }

    fn text(&mut self, _: &'static Member, text: &str) -> Result<(), S::Error> {
        self.once(|serializer| serializer.serialize_str(text))
    }

    fn boolean(&mut self, _: &'static Member, value: bool) -> Result<(), S::Error> {
        self.once(|serializer| serializer.serialize_bool(value))
    }

    fn integer(&mut self, _: &'static Member, value: i64) -> Result<(), S::Error> {
        self.once(|serializer| serializer.serialize_i64(value))
    }

    fn sized_integer(&mut self, at: &'static Member, value: i64, bits: u32) -> Result<(), S::Error> {
        // The value comes of a type with so many bits, so that the casts lose nothing.
        match bits {
            8 => self.once(|serializer| serializer.serialize_i8(value as i8)),
            16 => self.once(|serializer| serializer.serialize_i16(value as i16)),
            32 => self.once(|serializer| serializer.serialize_i32(value as i32)),
            _ => self.integer(at, value),
        }
    }

    fn single(&mut self, _: &'static Member, value: f32) -> Result<(), S::Error> {
        self.once(|serializer| match float_name(value.into()) {
            Some(name) if serializer.is_human_readable() => serializer.serialize_str(name),
            _ => serializer.serialize_f32(value),
        })
    }

    fn float(&mut self, _: &'static Member, value: f64) -> Result<(), S::Error> {
        self.once(|serializer| match float_name(value) {
            Some(name) if serializer.is_human_readable() => serializer.serialize_str(name),
            _ => serializer.serialize_f64(value),
        })
    }

    fn number(&mut self, at: &'static Member, digits: &str) -> Result<(), S::Error> {
        self.text(at, digits)
    }

    fn blob(&mut self, _: &'static Member, value: &Blob) -> Result<(), S::Error> {
        self.once(|serializer| bytes(value.as_ref(), serializer))
    }

    fn timestamp(&mut self, _: &'static Member, value: &DateTime) -> Result<(), S::Error> {
        let path = self.path;
        self.once(|serializer| {
            if serializer.is_human_readable() {
                let year = || S::Error::custom(Expected("a year between 1 and 9999 was expected", path));
                return serializer.serialize_str(&value.to_exact_text().ok_or_else(year)?);
            }
            let mut pair = serializer.serialize_tuple(2)?;
            pair.serialize_element(&value.secs())?;
            pair.serialize_element(&value.subsec_nanos())?;
            pair.end()
        })
    }

    fn document(&mut self, _: &'static Member, value: &Document) -> Result<(), S::Error> {
        self.once(|serializer| super::values::document(value, serializer))
    }
}

/// The stream of a structure, where there is something to write of it: under which name, and what.
fn stream<'a, T: Wire, E: Error>(value: &'a T, path: Path<'_>) -> Result<Option<(&'static str, &'a [u8])>, E> {
    let Some(at) = T::STREAM.filter(|at| !at.has_events) else { return Ok(None) };
    let name = name_of(&at);
    let bytes = value.stream_in_memory().ok_or_else(|| E::custom(Expected(NOT_IN_MEMORY, path.name(name))))?;
    Ok((!bytes.is_empty()).then_some((name, bytes)))
}

/// What the model calls a stream.
pub(super) fn name_of(stream: &StreamMember) -> &'static str {
    stream.called.unwrap_or(stream.name)
}

/// What a structure, a list or a map holds: an option, so that formats which do not say what comes next can have `null`
/// here.
struct Held<'a, T> {
    at: &'static Member,
    value: &'a T,
    path: Path<'a>,
    /// Whether that it is there was written.
    is_some: bool,
}

impl<T: Wire> Serialize for Held<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_some {
            value(self.at, self.value, self.path, serializer)
        } else if self.value.absent() {
            serializer.serialize_none()
        } else {
            serializer.serialize_some(&Self { is_some: true, ..*self })
        }
    }
}

/// The bytes of a stream, held as [`Held`] holds a value.
struct Streamed<'a>(&'a [u8]);

impl Serialize for Streamed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Bytes<'a>(&'a [u8]);

        impl Serialize for Bytes<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                bytes(self.0, serializer)
            }
        }

        serializer.serialize_some(&Bytes(self.0))
    }
}
