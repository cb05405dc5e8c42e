//! The values of [`primitives`](crate::primitives) by themselves, and documents wherever they stand.

use std::collections::HashMap;
use std::fmt;

use serde_core::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_core::ser::{Error as _, SerializeMap};
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use super::path::{Expected, Path};
use super::visit::PRIVATE_NUMBER;
use super::{read, write};
use crate::codec::sorted;
use crate::codec::text::{float_name, parse_float};
use crate::primitives::{BigDecimal, BigInteger, Blob, ByteStream, DateTime, Document, Number, is_number};

crate::data! { Blob }
crate::data! { DateTime }
crate::data! { Document }
crate::data! { BigInteger }
crate::data! { BigDecimal }

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::PosInt(number) => serializer.serialize_u64(number),
            Self::NegInt(number) => serializer.serialize_i64(number),
            Self::Float(number) => match float_name(number) {
                Some(name) if serializer.is_human_readable() => serializer.serialize_str(name),
                _ => serializer.serialize_f64(number),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match read_document(Path::START, deserializer)? {
            Document::Number(number) => Ok(number),
            // It was written as a word: see above.
            Document::String(text) => match parse_float(&text) {
                Some(number) if !f64::is_finite(number) => Ok(Self::Float(number)),
                _ => Err(D::Error::custom("expected a number")),
            },
            _ => Err(D::Error::custom("expected a number")),
        }
    }
}

/// The bytes, where they are in memory; of any other stream it fails.
impl Serialize for ByteStream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = self.bytes().ok_or_else(|| S::Error::custom(write::NOT_IN_MEMORY))?;
        write::bytes(bytes, serializer)
    }
}

/// Bytes, which are in memory then.
impl<'de> Deserialize<'de> for ByteStream {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read::bytes(Path::START, deserializer).map(|bytes| Self::from(bytes.into_inner()))
    }
}

/// Writes a document as what it says.
pub(super) fn document<S: Serializer>(value: &Document, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Document::Object(entries) => {
            let mut map = serializer.serialize_map(Some(entries.len()))?;
            sorted(entries).into_iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
            map.end()
        }
        Document::Array(items) => serializer.collect_seq(items),
        Document::Number(number) => number.serialize(serializer),
        Document::String(text) => serializer.serialize_str(text),
        Document::Bool(value) => serializer.serialize_bool(*value),
        Document::Null => serializer.serialize_none(),
    }
}

/// Reads whatever is there. The format has to say what that is.
pub(super) fn read_document<'de, D: Deserializer<'de>>(path: Path<'_>, deserializer: D) -> Result<Document, D::Error> {
    Anything(path).deserialize(deserializer)
}

/// Reads a document.
struct Anything<'p>(Path<'p>);

impl Anything<'_> {
    fn open<E: serde_core::de::Error>(&self) -> Result<(), E> {
        if self.0.is_at_end() {
            return Err(E::custom(Expected("expected no deeper nesting than 128", self.0)));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Anything<'_> {
    type Value = Document;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Anything<'_> {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expects(f, "what JSON can say")
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_none<E>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Document, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Document, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Document, A::Error> {
        self.open()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Anything(self.0.index(items.len())))? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        self.open()?;
        let mut entries = HashMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(Anything(self.0.name(&key)))?;
            entries.insert(key, value);
        }
        let Some(digits) = digits(&entries) else { return Ok(entries.into()) };
        let other = || A::Error::invalid_value(Unexpected::Other("another number"), &self);
        Number::parse(digits).map(Document::Number).ok_or_else(other)
    }
}

/// The digits of a number that came as the only entry of a map. Any other map is what it says, whatever its names.
fn digits(entries: &HashMap<String, Document>) -> Option<&str> {
    let (key, value) = entries.iter().next().filter(|_| entries.len() == 1)?;
    let text = value.as_string().filter(|_| key == PRIVATE_NUMBER)?;
    is_number(text, false).then_some(text)
}
