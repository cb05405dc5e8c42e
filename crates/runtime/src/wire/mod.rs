//! Wire tables: each shape carries its members as a table and is read and written by member index, so that one
//! codec a protocol serves every shape, and a shape serves every protocol.
//!
//! A generated structure implements [`Wire`] with its table, one `match` that reads a member and one line a member
//! that writes it. Everything else (nesting, `null`, paths, limits, what a number may look like) lives in the codecs.

mod open_enum;
mod stream;
mod values;

use std::collections::HashMap;
use std::hash::Hash;

pub use open_enum::{UnknownValue, UnknownVariantError};
pub use stream::{StreamMember, Streamed};

use crate::http::Body;
use crate::primitives::{Blob, DateTime, DateTimeFormat, Document};

/// Where a member travels (the HTTP binding traits of Smithy; protocols without bindings put all in the body).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the document that is the body.
    Body,
    /// In the query, under its wire name.
    Query,
    /// In the query: every entry of a map.
    QueryParams,
    /// In a header of its wire name.
    Header,
    /// In headers: every entry of a map, the wire name before its key.
    PrefixHeaders,
    /// In the path, at the label of its wire name.
    Label,
    /// It is the body.
    Payload,
    /// The status code.
    ResponseCode,
    /// In a header of the message that is the event.
    EventHeader,
    /// It is the payload of the message that is the event.
    EventPayload,
}

/// How a timestamp is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampFormat {
    /// As the protocol has it for the place of the member.
    Default,
    /// Seconds since 1970, with a fraction.
    EpochSeconds,
    /// RFC 3339, in UTC.
    DateTime,
    /// The fixed form of RFC 9110: `Tue, 29 Apr 2014 18:30:38 GMT`.
    HttpDate,
}

impl TimestampFormat {
    /// This format, or `default` where the model leaves it to the protocol.
    pub(crate) fn or(self, default: DateTimeFormat) -> DateTimeFormat {
        match self {
            Self::Default => default,
            Self::EpochSeconds => DateTimeFormat::EpochSeconds,
            // Clients must understand offsets (Smithy, timestampFormat); they never write one.
            Self::DateTime => DateTimeFormat::DateTimeWithOffset,
            Self::HttpDate => DateTimeFormat::HttpDate,
        }
    }
}

/// A member of a shape, as it appears on the wire.
#[derive(Debug)]
pub struct Member {
    /// The name on the wire; none for an element, a key or a value that goes by the protocol's.
    pub name: &'static str,
    /// Nothing for a scalar, the element of a list, key and value of a map; nothing too where they need no word.
    pub inner: &'static [Member],
    /// Where it travels.
    pub place: Place,
    /// The format of a timestamp.
    pub timestamp: TimestampFormat,
    /// What few members need to say.
    pub facets: &'static Facets,
    /// How its name begins in a JSON document: the quote and three bytes, which tell most members of a shape apart; 0 for
    /// what is no part of a document.
    pub(crate) start: u32,
    /// The name that the model gives it, where that is another than the one on the wire.
    #[cfg(feature = "serde")]
    pub called: Option<&'static str>,
}

#[cfg(not(feature = "serde"))]
const _: () = assert!(size_of::<Member>() <= 48);

/// What few members need to say. It stands behind a reference, so that the others do not carry it.
#[derive(Debug)]
pub struct Facets {
    /// What text or bytes are that travel outside the document, as a content type.
    pub media_type: Option<&'static str>,
    /// Whether a request says a fresh UUID here where the caller gives nothing.
    pub idempotency_token: bool,
    /// Whether the prefix of the host has a label of this name, beside what becomes of the member elsewhere.
    pub host_label: bool,
    /// Whether the elements of the list, or the entries of the map, stand in the structure itself, each under the name of
    /// the member (Smithy's `xmlFlattened`).
    pub flattened: bool,
    /// Whether it is an attribute of the element of its structure (Smithy's `xmlAttribute`).
    pub attribute: bool,
    /// Whether an answer without it is none, as those are that precede a stream of events.
    pub required: bool,
}

impl Facets {
    /// Nothing to say.
    pub const NONE: Self = Self {
        media_type: None,
        idempotency_token: false,
        host_label: false,
        flattened: false,
        attribute: false,
        required: false,
    };
}

/// The element of a list, or the value of a map, of which nothing more is to be said.
pub static ELEMENT: Member = Member::body("");

impl Member {
    /// A member of the body.
    pub const fn body(name: &'static str) -> Self {
        Self::at(Place::Body, name)
    }

    /// A member of the query.
    pub const fn query(name: &'static str) -> Self {
        Self::at(Place::Query, name)
    }

    /// A member in a header.
    pub const fn header(name: &'static str) -> Self {
        Self::at(Place::Header, name)
    }

    /// A member in the path.
    pub const fn label(name: &'static str) -> Self {
        Self::at(Place::Label, name)
    }

    /// A member anywhere.
    pub const fn at(place: Place, name: &'static str) -> Self {
        Self {
            name,
            inner: &[],
            place,
            timestamp: TimestampFormat::Default,
            facets: &Facets::NONE,
            start: start(place, name),
            #[cfg(feature = "serde")]
            called: None,
        }
    }

    /// With the name that the model gives it, where that is another than the one on the wire. Only the feature `serde`
    /// goes by it; without that, it is not kept.
    pub const fn called(self, name: &'static str) -> Self {
        #[cfg(feature = "serde")]
        return Self { called: Some(name), ..self };
        #[cfg(not(feature = "serde"))]
        {
            let _ = name;
            self
        }
    }

    /// With its element, or its key and value.
    pub const fn of(self, inner: &'static [Member]) -> Self {
        Self { inner, ..self }
    }

    /// With a format of its timestamp.
    pub const fn timestamp(self, timestamp: TimestampFormat) -> Self {
        Self { timestamp, ..self }
    }

    /// With what few members say.
    pub const fn with(self, facets: &'static Facets) -> Self {
        Self { facets, ..self }
    }

    /// The element of a list.
    pub fn element(&'static self) -> &'static Member {
        self.inner.first().unwrap_or(&ELEMENT)
    }

    /// The key of a map.
    pub fn key(&'static self) -> &'static Member {
        self.inner.first().unwrap_or(&ELEMENT)
    }

    /// The value of a map.
    pub fn value(&'static self) -> &'static Member {
        self.inner.get(1).unwrap_or(&ELEMENT)
    }

    /// Its name, or this one where the model gives it none: elements, keys and values go by names of the protocol then.
    pub(crate) fn name_or(&self, default: &'static str) -> &'static str {
        if self.name.is_empty() { default } else { self.name }
    }

    /// Whether it is a part of the document in a response.
    pub(crate) fn in_document(&self) -> bool {
        self.place.is_in_document()
    }
}

impl Place {
    /// Whether it is in the document of a response. What requests carry elsewhere is there.
    const fn is_in_document(self) -> bool {
        use Place::{EventHeader, EventPayload, Header, Payload, PrefixHeaders, ResponseCode};
        !matches!(self, Header | PrefixHeaders | Payload | ResponseCode | EventHeader | EventPayload)
    }
}

/// The first bytes of `"name":`, or nothing for what is no part of a document.
const fn start(place: Place, name: &str) -> u32 {
    u32::from_le_bytes(match *name.as_bytes() {
        _ if !place.is_in_document() => [0; 4],
        [] => *b"\"\":\0",
        [a] => [b'"', a, b'"', b':'],
        [a, b] => [b'"', a, b, b'"'],
        [a, b, c, ..] => [b'"', a, b, c],
    })
}

/// A value that travels.
///
/// Generated structures give the table and the two methods below it. Scalars, `Option`, `Vec`, `HashMap` and `Box`
/// override [`read`](Wire::read) and [`write`](Wire::write) instead.
pub trait Wire: Sized + Default {
    /// The members, in the order of the model.
    const MEMBERS: &'static [Member] = &[];
    /// Whether exactly one member is set; `Default` is then the unknown variant.
    const UNION: bool = false;

    /// The member that is the body as a stream, and no part of the table.
    const STREAM: Option<StreamMember> = None;

    /// Reads the value of `MEMBERS[index]`.
    fn read_member<R: Reader>(&mut self, index: usize, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        let _ = (index, at);
        r.skip()
    }

    /// Writes every member.
    fn write_members<W: Writer>(&self, w: &mut W) -> Result<(), W::Error> {
        let _ = w;
        Ok(())
    }

    /// Reads this value; the reader stands before it.
    fn read<R: Reader>(&mut self, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        r.structure(at, self)
    }

    /// Writes this value.
    fn write<W: Writer>(&self, at: &'static Member, w: &mut W) -> Result<(), W::Error> {
        w.structure(at, self)
    }

    /// Takes the stream of an input out of it.
    fn take_stream(&mut self) -> Body {
        Body::empty()
    }

    /// Puts the body of a response into the output that has it as a stream.
    fn put_stream(&mut self, body: Body) {
        let _ = body;
    }

    /// The bytes of the stream, where they are in memory.
    fn stream_in_memory(&self) -> Option<&[u8]> {
        None
    }

    /// Whether there is nothing to write. Only `Option` and a document that is `null` say so, which also tells a list
    /// that may hold `null` from a dense one.
    fn absent(&self) -> bool {
        false
    }
}

/// The key of a map: text, or an open enum, which goes by its text.
pub trait Key: Eq + Hash + AsRef<str> + for<'a> From<&'a str> {}

impl<K: Eq + Hash + AsRef<str> + for<'a> From<&'a str>> Key for K {}

/// Takes values off the wire. A codec implements it; its errors say the path of members.
pub trait Reader: Sized {
    /// What this codec fails with.
    type Error;

    /// Passes over the value.
    fn skip(&mut self) -> Result<(), Self::Error>;
    /// Takes a `null` if one is next, and says whether it did.
    fn null(&mut self) -> Result<bool, Self::Error>;
    /// Reads a structure or a union, member by member.
    fn structure<T: Wire>(&mut self, at: &'static Member, into: &mut T) -> Result<(), Self::Error>;
    /// Reads a list, replacing what `into` holds, or one element of a flattened list, which is added.
    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), Self::Error>;
    /// Reads a map, replacing what `into` holds, or one entry of a flattened map, which is added.
    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), Self::Error>;
    /// Reads text and shows it to `see`, borrowed where that is possible.
    fn text(&mut self, at: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), Self::Error>;
    /// Reads text that is kept.
    fn string(&mut self, at: &'static Member, into: &mut String) -> Result<(), Self::Error> {
        self.text(at, &mut |text| text.clone_into(into))
    }
    /// Reads a boolean.
    fn boolean(&mut self, at: &'static Member) -> Result<bool, Self::Error>;
    /// Reads an integer within these bounds, both included.
    fn integer(&mut self, at: &'static Member, min: i64, max: i64) -> Result<i64, Self::Error>;
    /// Reads a number of single precision; `NaN`, `Infinity` and `-Infinity` come as text.
    fn single(&mut self, at: &'static Member) -> Result<f32, Self::Error>;
    /// Reads a number of double precision; `NaN`, `Infinity` and `-Infinity` come as text.
    fn float(&mut self, at: &'static Member) -> Result<f64, Self::Error>;
    /// Reads a number of any size as the digits that spell it, as JSON has them: without fraction and exponent where it
    /// is to be `whole`.
    fn number(&mut self, at: &'static Member, whole: bool) -> Result<String, Self::Error>;
    /// Reads bytes.
    fn blob(&mut self, at: &'static Member) -> Result<Blob, Self::Error>;
    /// Reads a point in time.
    fn timestamp(&mut self, at: &'static Member) -> Result<DateTime, Self::Error>;
    /// Reads whatever is there.
    fn document(&mut self, at: &'static Member) -> Result<Document, Self::Error>;
}

/// Puts values on the wire.
pub trait Writer: Sized {
    /// What this codec fails with.
    type Error;

    /// Writes a member of the structure at hand, unless it is absent.
    fn member<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), Self::Error>;
    /// Writes a structure or a union.
    fn structure<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), Self::Error>;
    /// Writes a list; an absent element is a `null`.
    fn list<T: Wire>(&mut self, at: &'static Member, items: &[T]) -> Result<(), Self::Error>;
    /// Writes a map; an absent value is a `null`.
    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, entries: &HashMap<K, T>) -> Result<(), Self::Error>;
    /// Writes a `null`.
    fn null(&mut self) -> Result<(), Self::Error>;
    /// Writes text.
    fn text(&mut self, at: &'static Member, text: &str) -> Result<(), Self::Error>;
    /// Writes a boolean.
    fn boolean(&mut self, at: &'static Member, value: bool) -> Result<(), Self::Error>;
    /// Writes an integer.
    fn integer(&mut self, at: &'static Member, value: i64) -> Result<(), Self::Error>;
    /// Writes an integer of a type with so many bits. Few codecs care how many these are.
    fn sized_integer(&mut self, at: &'static Member, value: i64, bits: u32) -> Result<(), Self::Error> {
        let _ = bits;
        self.integer(at, value)
    }
    /// Writes a number of single precision.
    fn single(&mut self, at: &'static Member, value: f32) -> Result<(), Self::Error>;
    /// Writes a number of double precision.
    fn float(&mut self, at: &'static Member, value: f64) -> Result<(), Self::Error>;
    /// Writes a number of any size, of which these are the digits.
    fn number(&mut self, at: &'static Member, digits: &str) -> Result<(), Self::Error>;
    /// Writes bytes.
    fn blob(&mut self, at: &'static Member, value: &Blob) -> Result<(), Self::Error>;
    /// Writes a point in time.
    fn timestamp(&mut self, at: &'static Member, value: &DateTime) -> Result<(), Self::Error>;
    /// Writes a document.
    fn document(&mut self, at: &'static Member, value: &Document) -> Result<(), Self::Error>;
}
