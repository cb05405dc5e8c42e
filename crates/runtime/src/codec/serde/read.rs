//! Reads wire tables from a deserializer.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde_core::Deserializer;
use serde_core::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::path::{Expected, Path};
use super::visit::{Boolean, Bytes, Float, Integer, Number, Text, Time};
use super::write::name_of;
use crate::http::Body;
use crate::primitives::{Blob, DateTime, Document};
use crate::wire::{Key, Member, Reader, StreamMember, Wire};

/// Reads a value by itself.
pub(super) fn value<'de, T: Wire, D: Deserializer<'de>>(
    at: &'static Member,
    into: &mut T,
    path: Path<'_>,
    deserializer: D,
) -> Result<(), D::Error> {
    into.read(at, &mut DataReader { deserializer: Some(deserializer), path, of: PhantomData })
}

/// Reads bytes: from base64 where people write them.
pub(super) fn bytes<'de, D: Deserializer<'de>>(path: Path<'_>, deserializer: D) -> Result<Blob, D::Error> {
    let is_text = deserializer.is_human_readable();
    let visitor = Bytes { path, is_text };
    if is_text { deserializer.deserialize_str(visitor) } else { deserializer.deserialize_byte_buf(visitor) }
}

/// Reads one value.
struct DataReader<'p, 'de, D> {
    /// None once it was asked for the value.
    deserializer: Option<D>,
    path: Path<'p>,
    of: PhantomData<&'de ()>,
}

impl<'de, D: Deserializer<'de>> DataReader<'_, 'de, D> {
    /// Gives the value that stands here.
    fn take(&mut self) -> Result<D, D::Error> {
        self.deserializer.take().ok_or_else(|| D::Error::custom(Expected("a shape that reads itself once", self.path)))
    }

    /// Gives what holds values.
    fn open(&mut self) -> Result<D, D::Error> {
        if self.path.is_at_end() {
            return Err(D::Error::custom(Expected("expected no deeper nesting than 128", self.path)));
        }
        self.take()
    }
}

impl<'de, D: Deserializer<'de>> Reader for DataReader<'_, 'de, D> {
    type Error = D::Error;

    fn skip(&mut self) -> Result<(), D::Error> {
        self.take()?.deserialize_ignored_any(IgnoredAny).map(drop)
    }

    /// What holds a value takes its `null`, as it alone can.
    fn null(&mut self) -> Result<bool, D::Error> {
        Ok(false)
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, into: &mut T) -> Result<(), D::Error> {
        self.open()?.deserialize_map(Members { into, path: self.path })
    }

    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), D::Error> {
        self.open()?.deserialize_seq(Elements { into, at, path: self.path })
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), D::Error> {
        self.open()?.deserialize_map(Entries { into, at, path: self.path })
    }

    fn text(&mut self, _: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), D::Error> {
        self.take()?.deserialize_str(Text { see, path: self.path })
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, D::Error> {
        self.take()?.deserialize_bool(Boolean(self.path))
    }

    fn integer(&mut self, _: &'static Member, min: i64, max: i64) -> Result<i64, D::Error> {
        const BYTE: i64 = i8::MAX as i64;
        const SHORT: i64 = i16::MAX as i64;
        const INTEGER: i64 = i32::MAX as i64;
        let (deserializer, visitor) = (self.take()?, Integer { min, max, path: self.path });
        match max {
            // Where people read it, it may come with all its digits: see `PRIVATE_NUMBER`.
            _ if deserializer.is_human_readable() => deserializer.deserialize_any(visitor),
            BYTE => deserializer.deserialize_i8(visitor),
            SHORT => deserializer.deserialize_i16(visitor),
            INTEGER => deserializer.deserialize_i32(visitor),
            _ => deserializer.deserialize_i64(visitor),
        }
    }

    fn single(&mut self, _: &'static Member) -> Result<f32, D::Error> {
        let (deserializer, visitor) = (self.take()?, Float { is_single: true, path: self.path });
        // Where people read it, it may be a word: see `float_name`.
        let read = if deserializer.is_human_readable() { D::deserialize_any } else { D::deserialize_f32 };
        read(deserializer, visitor).map(|value| value as f32)
    }

    fn float(&mut self, _: &'static Member) -> Result<f64, D::Error> {
        let (deserializer, visitor) = (self.take()?, Float { is_single: false, path: self.path });
        let read = if deserializer.is_human_readable() { D::deserialize_any } else { D::deserialize_f64 };
        read(deserializer, visitor)
    }

    fn number(&mut self, _: &'static Member, whole: bool) -> Result<String, D::Error> {
        let (deserializer, visitor) = (self.take()?, Number { whole, path: self.path });
        let read = if deserializer.is_human_readable() { D::deserialize_any } else { D::deserialize_str };
        read(deserializer, visitor)
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, D::Error> {
        bytes(self.path, self.take()?)
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<DateTime, D::Error> {
        let deserializer = self.take()?;
        let is_text = deserializer.is_human_readable();
        let visitor = Time { path: self.path, is_text };
        if is_text { deserializer.deserialize_str(visitor) } else { deserializer.deserialize_tuple(2, visitor) }
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, D::Error> {
        super::values::read_document(self.path, self.take()?)
    }
}

/// Reads a structure or a union.
struct Members<'a, T> {
    into: &'a mut T,
    path: Path<'a>,
}

impl<T: Wire> Members<'_, T> {
    /// Reads the value behind a name, and says whether there was one.
    fn value<'de, A: MapAccess<'de>>(&mut self, named: Named, map: &mut A) -> Result<bool, A::Error> {
        let path = named.name().map_or(self.path, |name| self.path.name(name));
        map.next_value_seed(Slot { into: &mut *self.into, named, path })
    }

    /// Reads the one member of a union. Names of types, which some services add, do not count, and neither do `null`s.
    fn union<'de, A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut chosen = None;
        while let Some(named) = map.next_key_seed(Name::of::<T>(self.path))? {
            if !self.value(named, &mut map)? || matches!(named, Named::Type) {
                continue;
            }
            // Two that are not known may be the same name twice, which nothing tells.
            if chosen.is_some_and(|other| other != named.name() || matches!(named, Named::Unknown)) {
                return Err(A::Error::invalid_length(2, &Expected(ONE, self.path)));
            }
            chosen = Some(named.name());
        }
        chosen.map(drop).ok_or_else(|| A::Error::invalid_length(0, &Expected(ONE, self.path)))
    }
}

const ONE: &str = "exactly one member in a union";

impl<'de, T: Wire> Visitor<'de> for Members<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if T::UNION { "a map with exactly one entry" } else { "a map of members" };
        self.path.expects(f, what)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        *self.into = T::default();
        if T::UNION {
            return self.union(map);
        }
        while let Some(named) = map.next_key_seed(Name::of::<T>(self.path))? {
            self.value(named, &mut map)?;
        }
        Ok(())
    }
}

/// What a name in a structure stands for.
#[derive(Clone, Copy)]
enum Named {
    Member(usize, &'static Member),
    Stream(StreamMember),
    /// The name of a type, in a union.
    Type,
    Unknown,
}

impl Named {
    /// The name, if it is a member's.
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Member(_, at) => Some(at.called.unwrap_or(at.name)),
            Self::Stream(at) => Some(name_of(&at)),
            Self::Type | Self::Unknown => None,
        }
    }
}

/// Reads the name of a member.
#[derive(Clone, Copy)]
struct Name<'p> {
    members: &'static [Member],
    stream: Option<StreamMember>,
    is_union: bool,
    path: Path<'p>,
}

impl<'p> Name<'p> {
    fn of<T: Wire>(path: Path<'p>) -> Self {
        Self { members: T::MEMBERS, stream: T::STREAM, is_union: T::UNION, path }
    }

    /// What this name stands for.
    fn find(self, name: &str) -> Named {
        let is_it = |member: &Member| member.called.unwrap_or(member.name) == name;
        let index = self.members.iter().position(is_it);
        if let Some((index, member)) = index.and_then(|index| Some((index, self.members.get(index)?))) {
            return Named::Member(index, member);
        }
        match self.stream {
            Some(stream) if name_of(&stream) == name => Named::Stream(stream),
            _ if self.is_union && name == "__type" => Named::Type,
            _ => Named::Unknown,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Named;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Named, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, "the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Named, E> {
        Ok(self.find(name))
    }
}

/// Reads what stands behind the name of a member, and says whether something does. `null` leaves the member as it is.
struct Slot<'a, T> {
    into: &'a mut T,
    named: Named,
    path: Path<'a>,
}

impl<'de, T: Wire> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for Slot<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, "a value or nothing")
    }

    fn visit_none<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        let Self { into, named, path } = self;
        let mut reader = DataReader { deserializer: Some(deserializer), path, of: PhantomData };
        match named {
            Named::Member(index, at) => into.read_member(index, at, &mut reader)?,
            Named::Stream(at) if at.has_events => {
                return Err(D::Error::custom(Expected("a stream of events cannot be read from data", path)));
            }
            Named::Stream(_) => into.put_stream(Body::whole(bytes(path, reader.take()?)?.into_inner())),
            Named::Type | Named::Unknown => reader.skip()?,
        }
        Ok(true)
    }
}

/// Reads a list.
struct Elements<'a, T> {
    into: &'a mut Vec<T>,
    at: &'static Member,
    path: Path<'a>,
}

impl<'de, T: Wire> Visitor<'de> for Elements<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, "a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.into.clear();
        for index in 0.. {
            let element = Element::new(self.at.element(), self.path.index(index));
            match seq.next_element_seed(element)? {
                Some(item) => self.into.extend(item),
                None => break,
            }
        }
        Ok(())
    }
}

/// Reads a map.
struct Entries<'a, K, T> {
    into: &'a mut HashMap<K, T>,
    at: &'static Member,
    path: Path<'a>,
}

impl<'de, K: Key, T: Wire> Visitor<'de> for Entries<'_, K, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, "a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.into.clear();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(Element::new(self.at.value(), self.path.name(&key)))?;
            self.into.extend(value.map(|value| (K::from(&key), value)));
        }
        Ok(())
    }
}

/// Reads a value within a list or a map; none of a `null` that these do not keep.
struct Element<'p, T> {
    at: &'static Member,
    path: Path<'p>,
    of: PhantomData<T>,
}

impl<'p, T> Element<'p, T> {
    fn new(at: &'static Member, path: Path<'p>) -> Self {
        Self { at, path, of: PhantomData }
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for Element<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for Element<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.expects(f, "a value or nothing")
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        // What is absent by default is what can be: see `Wire::absent`.
        Ok(Some(T::default()).filter(T::absent))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        let mut item = T::default();
        value(self.at, &mut item, self.path, deserializer)?;
        Ok(Some(item))
    }
}
