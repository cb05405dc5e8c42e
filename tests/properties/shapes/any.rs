//! Any value of any shape: a reader that takes from no document, but makes up what its wire table asks for.

use std::collections::HashMap;
use std::convert::Infallible;

use tinsmith_runtime::primitives::{Blob, DateTime, Document, Number};
use tinsmith_runtime::wire::{ELEMENT, Key, Member, Place, Reader, TimestampFormat, Wire};

/// How many structures, lists and maps may be within each other.
const DEEPEST: usize = 6;
/// Characters that wires spell in ways of their own, beside those of one byte.
const CHARACTERS: [char; 12] =
    ['é', 'ß', '\u{a0}', '\u{2028}', '測', '🛠', '\u{feff}', '\u{10ffff}', '"', '\\', '&', ','];

/// What carries the values, and with it what cannot be carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wires {
    /// HTTP messages around a document in JSON, and messages of an event stream.
    Http,
    /// A document in XML. It has no control characters and no documents of its own (XML 1.0, section 2.2), and what Smithy
    /// binds to headers has no place in it.
    Xml,
}

/// A value that follows from these choices. Fewer and smaller ones make a smaller value, so that what fails can be made as
/// small as it gets.
pub(crate) fn any<T: Wire>(choices: &[u8], wires: Wires) -> T {
    let mut value = T::default();
    let mut maker = Maker { choices, wires, at: &ELEMENT, is_needed: true, depth: 0 };
    value.read(&ELEMENT, &mut maker).unwrap_or_else(|never| match never {});
    value
}

struct Maker<'a> {
    /// What is left of the choices.
    choices: &'a [u8],
    wires: Wires,
    /// The member of the message that is being made: its place is that of all within it.
    at: &'static Member,
    /// Whether the value that follows must be there.
    is_needed: bool,
    depth: usize,
}

impl Maker<'_> {
    /// The next choice; the least one where none is left.
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.choices.split_first().unwrap_or((&0, &[]));
        self.choices = rest;
        *first
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    /// Small numbers as often as large ones.
    fn bits(&mut self) -> u64 {
        let count = self.below(9);
        (0..count).fold(0, |bits, _| bits << 8 | u64::from(self.byte()))
    }

    /// How many a list or a map has.
    fn count(&mut self, at: &'static Member) -> usize {
        let count = if self.depth < DEEPEST { self.below(4) } else { 0 };
        // An empty list in a query, and a flattened one in XML, is as one that is absent.
        let is_hidden = self.is_in(&[Place::Query, Place::QueryParams, Place::PrefixHeaders])
            || self.wires == Wires::Xml && at.facets.flattened;
        if is_hidden { count.max(1) } else { count }
    }

    /// Whether HTTP carries the value at hand in one of these places.
    fn is_in(&self, places: &[Place]) -> bool {
        self.wires == Wires::Http && places.contains(&self.at.place)
    }

    fn any_text(&mut self) -> String {
        let count = self.below(8);
        let text = (0..count).map(|_| match self.byte() {
            byte @ 0..128 => char::from(byte),
            byte => CHARACTERS[usize::from(byte) % CHARACTERS.len()],
        });
        text.collect()
    }

    /// Text that its place can hold.
    fn fitting_text(&mut self) -> String {
        let mut text = self.any_text();
        let in_header = self.is_in(&[Place::Header, Place::PrefixHeaders]);
        let in_xml = self.wires == Wires::Xml;
        if in_header || in_xml {
            text.retain(|c| !c.is_control() || (in_xml && matches!(c, '\n' | '\t' | '\r')));
        }
        if in_header {
            // Space around a value is not part of it (RFC 9110, section 5.5).
            text = text.trim().to_owned();
        }
        // A label has to be there, a body of no bytes is none, and nothing at the end of a list in a header would not show.
        let is_none = text.is_empty() && self.is_in(&[Place::Label, Place::Payload, Place::Header]);
        let leads_elsewhere = matches!(&*text, "." | "..") && self.is_in(&[Place::Label]);
        if is_none || leads_elsewhere { "x".to_owned() } else { text }
    }

    /// Within something that holds others.
    fn within(&mut self, make: impl FnOnce(&mut Self) -> Result<(), Infallible>) -> Result<(), Infallible> {
        self.depth += 1;
        make(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn any_document(&mut self) -> Document {
        let kinds = if self.depth < DEEPEST { 8 } else { 6 };
        self.depth += 1;
        let document = match self.below(kinds) {
            0 => Document::Null,
            1 => Document::Bool(self.below(2) == 1),
            2 => Document::String(self.any_text()),
            3 => Document::Number(Number::PosInt(self.bits())),
            4 => Document::Number(Number::NegInt(-1 - (self.bits() >> 1) as i64)),
            // JSON has no names for what is no number, and a document no member that would say so.
            5 => Document::Number(Number::Float(finite(f64::from_bits(self.bits())))),
            6 => Document::Array((0..self.below(3)).map(|_| self.any_document()).collect()),
            _ => Document::Object((0..self.below(3)).map(|_| (self.any_text(), self.any_document())).collect()),
        };
        self.depth -= 1;
        document
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.5 }
}

impl Reader for Maker<'_> {
    type Error = Infallible;

    fn skip(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    /// Half of what may be absent is, and all of it where that would go too deep.
    fn null(&mut self) -> Result<bool, Infallible> {
        let is_needed = std::mem::take(&mut self.is_needed);
        Ok(!is_needed && (self.depth > DEEPEST || self.below(2) == 0))
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, into: &mut T) -> Result<(), Infallible> {
        self.is_needed = false;
        let outer = self.at;
        self.within(|maker| {
            if T::UNION {
                let index = maker.below(T::MEMBERS.len());
                maker.is_needed = true;
                return into.read_member(index, &T::MEMBERS[index], maker);
            }
            for (index, member) in T::MEMBERS.iter().enumerate() {
                let bound = [Place::Header, Place::PrefixHeaders, Place::Payload, Place::ResponseCode];
                if maker.wires == Wires::Xml && bound.contains(&member.place) {
                    continue;
                }
                if maker.depth == 1 || matches!(member.place, Place::EventHeader | Place::EventPayload) {
                    maker.at = member;
                }
                // Without a label there is no path, a token that is absent is made up by the writer, and a structure that is a
                // payload is written without members where it is absent.
                maker.is_needed = matches!(member.place, Place::Label | Place::Payload | Place::EventPayload)
                    || member.facets.idempotency_token;
                into.read_member(index, member, maker)?;
            }
            Ok(())
        })?;
        self.at = outer;
        Ok(())
    }

    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), Infallible> {
        let count = self.count(at);
        self.within(|maker| {
            for _ in 0..count {
                let mut item = T::default();
                // Of what may be `null`, XML, headers and queries carry only what is not.
                maker.is_needed = maker.wires == Wires::Xml || maker.at.place != Place::Body;
                item.read(at.element(), maker)?;
                into.push(item);
            }
            Ok(())
        })
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), Infallible> {
        let count = self.count(at);
        self.within(|maker| {
            for _ in 0..count {
                let key = maker.fitting_text();
                let mut value = T::default();
                maker.is_needed = maker.wires == Wires::Xml || maker.at.place != Place::Body;
                value.read(at.value(), maker)?;
                into.insert(key.as_str().into(), value);
            }
            Ok(())
        })
    }

    fn text(&mut self, _: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), Infallible> {
        see(&self.fitting_text());
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, Infallible> {
        Ok(self.below(2) == 1)
    }

    fn integer(&mut self, _: &'static Member, min: i64, max: i64) -> Result<i64, Infallible> {
        if self.at.place == Place::ResponseCode {
            return Ok(200 + self.below(100) as i64);
        }
        let value = self.bits() as i64;
        Ok(if (min..=max).contains(&value) { value } else { min + value.rem_euclid(max - min + 1) })
    }

    fn single(&mut self, _: &'static Member) -> Result<f32, Infallible> {
        Ok(f32::from_bits(self.bits() as u32))
    }

    fn float(&mut self, _: &'static Member) -> Result<f64, Infallible> {
        Ok(f64::from_bits(self.bits()))
    }

    fn number(&mut self, _: &'static Member, whole: bool) -> Result<String, Infallible> {
        let digits = format!("{}{}", if self.below(2) == 1 { "-" } else { "" }, self.bits().max(1));
        Ok(match self.below(3) {
            1 => format!("{digits}0000000000000000000000000000000000000001"),
            2 if !whole => format!("{digits}.00000000000000000000000{}e-{}", self.bits(), self.bits()),
            _ => digits,
        })
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, Infallible> {
        let count = self.below(8);
        let bytes: Vec<_> = (0..count).map(|_| self.byte()).collect();
        let is_none = bytes.is_empty() && self.is_in(&[Place::Payload]);
        Ok(Blob::new(if is_none { vec![0] } else { bytes }))
    }

    fn timestamp(&mut self, at: &'static Member) -> Result<DateTime, Infallible> {
        // The years 1 to 9999, which are those that have a text.
        const FIRST: i64 = -62_135_596_800;
        const LAST: i64 = 253_402_300_799;
        let seconds = (self.bits() as i64).rem_euclid(LAST - FIRST + 1) + FIRST;
        let is_whole = at.timestamp == TimestampFormat::HttpDate
            || at.timestamp == TimestampFormat::Default && self.is_in(&[Place::Header, Place::PrefixHeaders]);
        let micros = if is_whole { 0 } else { self.bits() % 1_000_000 };
        // Events count milliseconds; all else is written to the microsecond.
        let micros = if self.at.place == Place::EventHeader { micros / 1000 * 1000 } else { micros };
        Ok(DateTime::from_secs_and_nanos(seconds, micros as u32 * 1000))
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, Infallible> {
        if self.wires == Wires::Xml {
            return Ok(Document::Null);
        }
        Ok(self.any_document())
    }
}
