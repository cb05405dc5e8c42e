//! Reads JSON into wire tables.
//!
//! What is JSON at all is as `serde_json` has it, also in members that nobody asked for. Beyond that: `1.0` is an
//! integer and `"1"` is none; `null` leaves a member unset and is skipped in a dense list or map; of duplicate keys the
//! last one wins; nesting ends at [`MAX_DEPTH`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;

use super::path::path_to;
use super::scan::{Fault, Scanner};
use super::walk::Next;
use crate::codec::ReadError;
use crate::codec::error::not_utf8;
use crate::codec::rest::{DocumentReader, ReadDocument};
use crate::codec::text::parse_float;
use crate::primitives::{Blob, DateTime, DateTimeFormat, Decimal, Document, Number, base64};
use crate::wire::{Key, Member, Reader, Wire};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 128;

/// Reads one document.
pub(crate) struct JsonReader<'a> {
    pub(super) scan: Scanner<'a>,
    /// How many arrays and objects are open.
    pub(super) depth: usize,
    /// Whether a structure may hold what an earlier value under its name left there. One that is fresh is not cleared.
    again: bool,
    /// Whether a list or a map is open, within which a list may be one of very many.
    within: bool,
    /// The value of the last string that had escapes.
    pub(super) scratch: String,
}

impl<'a> JsonReader<'a> {
    /// Reads the one member of a union. Names of types, which some services add, do not count, and neither do `null`s.
    fn union<T: Wire>(&mut self, into: &mut T) -> Result<(), ReadError> {
        let start = self.open(b'{', "an object with exactly one member")?;
        // What came before under the same name must leave nothing behind.
        *into = T::default();
        let mut chosen = None;
        let mut more = !self.take_end(b'}');
        while more {
            let next = self.next_member(T::MEMBERS)?;
            let name = match next {
                Next::Member(index, _) => Ok(index),
                Next::Unknown(at) => Err(self.name_at(at)),
            };
            if name == Err("__type") {
                self.skip()?;
            } else if !self.null()? {
                if chosen.is_some_and(|other| other != name) {
                    return Err(self.error("no second member in a union"));
                }
                self.again = chosen.is_some();
                chosen = Some(name);
                match next {
                    Next::Member(index, member) => into.read_member(index, member, self)?,
                    Next::Unknown(_) => self.skip()?,
                }
            }
            more = self.more(b'}')?;
        }
        match chosen {
            Some(_) => Ok(()),
            None => Err(self.explain(Fault { offset: start, expected: "exactly one member in a union" })),
        }
    }

    /// Reads the members of a structure that is open, each by `read`. It is the same for all structures, so that it is
    /// compiled once.
    fn members(
        &mut self,
        members: &'static [Member],
        read: &mut dyn FnMut(&mut Self, usize, &'static Member) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let mut seen = 0u64;
        let mut more = !self.take_end(b'}');
        while more {
            match self.next_member(members)? {
                Next::Unknown(_) => self.skip()?,
                Next::Member(index, member) => {
                    // Members past the 64th share one mark, the last.
                    let mark = 1 << index.min(63);
                    self.again = seen & mark != 0;
                    seen |= mark;
                    let start = self.scan.at();
                    match read(self, index, member) {
                        // Only an optional member takes a `null`; any other keeps what it has.
                        Err(_) if self.is_null_at(start) => self.literal("null")?,
                        result => result?,
                    }
                }
            }
            more = self.more(b'}')?;
        }
        Ok(())
    }

    /// Whether the reader came no further than to a `null` that is the value after `start`.
    #[cold]
    fn is_null_at(&mut self, start: usize) -> bool {
        let reached = self.scan.at();
        self.scan.rewind(start);
        self.scan.peek() == b'n' && self.scan.at() == reached
    }

    /// Takes a `null` that a dense list or map does not keep.
    fn dense_null<T: Wire>(&mut self) -> Result<bool, ReadError> {
        Ok(self.scan.peek() == b'n' && !T::default().absent() && self.null()?)
    }

    fn literal(&mut self, word: &'static str) -> Result<(), ReadError> {
        self.scan.literal(word).map_err(|fault| self.explain(fault))
    }

    /// Takes an integer, however it is spelt.
    fn any_integer(&mut self) -> Result<Option<i64>, Fault> {
        let number = self.scan.number()?;
        if number.integer {
            return Ok(number.text.parse().ok());
        }
        Ok(Decimal::parse(number.text, 0).filter(|decimal| decimal.exact).and_then(|d| i64::try_from(d.value).ok()))
    }

    /// Takes the digits of a number. Where it is to be whole, `1.0` and `1e3` are spelt out, up to 38 digits.
    fn any_digits(&mut self, whole: bool) -> Result<Option<String>, Fault> {
        let number = self.scan.number()?;
        if !whole || number.integer {
            return Ok(Some(number.text.to_owned()));
        }
        let decimal = Decimal::parse(number.text, 0).filter(|decimal| decimal.exact);
        Ok(decimal.map(|decimal| decimal.value.to_string()))
    }

    /// Takes a number, or the text of one that JSON has no number for.
    fn any_float<F: FromStr + Into<f64> + Copy>(&mut self) -> Result<Option<F>, Fault> {
        if self.scan.peek() != b'"' {
            return Ok(parse_float(self.scan.number()?.text));
        }
        let text = self.scan.string(&mut self.scratch)?;
        Ok(parse_float(text).filter(|value: &F| !(*value).into().is_finite()))
    }

    /// Gives the value that `read` takes, if it passes; else the reader stands before it, and the error says so.
    #[inline]
    fn value<V>(
        &mut self,
        expected: impl FnOnce() -> Cow<'static, str>,
        read: impl FnOnce(&mut Self) -> Result<Option<V>, Fault>,
    ) -> Result<V, ReadError> {
        self.scan.peek();
        let start = self.scan.at();
        match read(self) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(self.mismatch(start, None, expected())),
            Err(fault) => Err(self.mismatch(start, Some(fault), expected())),
        }
    }
}

impl<'a> DocumentReader<'a> for JsonReader<'a> {
    const MEDIA_TYPE: &'static str = "application/json";

    /// Bytes that are not UTF-8 are an error.
    fn read_body(body: &'a [u8], read: &mut ReadDocument<'_, Self>) -> Result<(), ReadError> {
        let text = std::str::from_utf8(body).map_err(not_utf8)?;
        let scratch = String::new();
        let mut reader = Self { scan: Scanner::new(text), depth: 0, again: false, within: false, scratch };
        let read = read(&mut reader)
            .and_then(|()| if reader.scan.at_end() { Ok(()) } else { Err(reader.error("the end of the document")) });
        read.map_err(|error| error.at(|offset| path_to(text, offset)))
    }
}

impl Reader for JsonReader<'_> {
    type Error = ReadError;

    fn skip(&mut self) -> Result<(), ReadError> {
        match self.scan.peek() {
            b'{' => {
                self.open(b'{', "an object")?;
                let mut more = !self.take_end(b'}');
                while more {
                    self.quote()?;
                    self.scan.skip_string().map_err(|fault| self.explain(fault))?;
                    self.colon()?;
                    self.skip()?;
                    more = self.more(b'}')?;
                }
                Ok(())
            }
            b'[' => {
                self.open(b'[', "an array")?;
                let mut more = !self.take_end(b']');
                while more {
                    self.skip()?;
                    more = self.more(b']')?;
                }
                Ok(())
            }
            b'"' => self.scan.skip_string().map_err(|fault| self.explain(fault)),
            b'-' | b'0'..=b'9' => self.scan.number().map(drop).map_err(|fault| self.explain(fault)),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => Err(self.error("a value")),
        }
    }

    #[inline]
    fn null(&mut self) -> Result<bool, ReadError> {
        let null = self.scan.peek() == b'n';
        if null && !self.scan.take_null() {
            return Err(self.error("null"));
        }
        Ok(null)
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, into: &mut T) -> Result<(), ReadError> {
        if T::UNION {
            return self.union(into);
        }
        self.open(b'{', "an object")?;
        if self.again {
            self.again = false;
            *into = T::default();
        }
        self.members(T::MEMBERS, &mut |reader, index, member| into.read_member(index, member, reader))
    }

    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), ReadError> {
        self.open(b'[', "an array")?;
        let start = self.scan.at();
        into.clear();
        self.again = false;
        let within = std::mem::replace(&mut self.within, true);
        let mut more = !self.take_end(b']');
        while more {
            if !self.dense_null::<T>()? {
                if into.len() == into.capacity() && !within {
                    into.reserve(self.more_elements(start, into.len()));
                }
                into.push(T::default());
                if let Some(item) = into.last_mut() {
                    item.read(at.element(), self)?;
                }
            }
            more = self.more(b']')?;
        }
        self.within = within;
        Ok(())
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), ReadError> {
        self.open(b'{', "an object")?;
        into.clear();
        self.again = false;
        let within = std::mem::replace(&mut self.within, true);
        let mut more = !self.take_end(b'}');
        while more {
            self.quote()?;
            let key = match self.scan.string(&mut self.scratch) {
                Ok(key) => K::from(key),
                Err(fault) => return Err(self.explain(fault)),
            };
            self.colon()?;
            if !self.dense_null::<T>()? {
                let mut value = T::default();
                value.read(at.value(), self)?;
                into.insert(key, value);
            }
            more = self.more(b'}')?;
        }
        self.within = within;
        Ok(())
    }

    fn text(&mut self, _: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), ReadError> {
        if let Some(text) = self.scan.plain_string() {
            see(text);
            return Ok(());
        }
        self.value(
            || "a string".into(),
            |r| {
                see(r.scan.string(&mut r.scratch)?);
                Ok(Some(()))
            },
        )
    }

    #[inline]
    fn string(&mut self, at: &'static Member, into: &mut String) -> Result<(), ReadError> {
        match self.scan.plain_string() {
            Some(text) => *into = text.to_owned(),
            None => return self.text(at, &mut |text| text.clone_into(into)),
        }
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, ReadError> {
        let expected = || "true or false".into();
        self.value(expected, |r| {
            let word = r.scan.peek() == b't';
            r.scan.literal(if word { "true" } else { "false" }).map(|()| Some(word))
        })
    }

    fn integer(&mut self, _: &'static Member, min: i64, max: i64) -> Result<i64, ReadError> {
        let start = self.scan.at();
        match self.scan.plain_integer() {
            Some(value) if (min..=max).contains(&value) => return Ok(value),
            _ => self.scan.rewind(start),
        }
        let expected = || format!("an integer from {min} to {max}").into();
        self.value(expected, |r| Ok(r.any_integer()?.filter(|value| (min..=max).contains(value))))
    }

    fn single(&mut self, _: &'static Member) -> Result<f32, ReadError> {
        self.value(|| "a number of single precision".into(), Self::any_float)
    }

    fn float(&mut self, _: &'static Member) -> Result<f64, ReadError> {
        self.value(|| "a number of double precision".into(), Self::any_float)
    }

    fn number(&mut self, _: &'static Member, whole: bool) -> Result<String, ReadError> {
        let expected = || if whole { "an integer" } else { "a number" }.into();
        self.value(expected, |r| r.any_digits(whole))
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, ReadError> {
        self.value(
            || "base64 in a string".into(),
            |r| Ok(base64::decode(r.scan.string(&mut r.scratch)?).map(Blob::new)),
        )
    }

    fn timestamp(&mut self, at: &'static Member) -> Result<DateTime, ReadError> {
        let format = at.timestamp.or(DateTimeFormat::EpochSeconds);
        self.value(
            || format.describe().into(),
            |r| {
                let text = match format {
                    DateTimeFormat::EpochSeconds => r.scan.number()?.text,
                    _ => r.scan.string(&mut r.scratch)?,
                };
                Ok(DateTime::from_str(text, format).ok())
            },
        )
    }

    fn document(&mut self, at: &'static Member) -> Result<Document, ReadError> {
        match self.scan.peek() {
            b'{' => {
                let mut entries = HashMap::new();
                self.map(at, &mut entries).map(|()| Document::Object(entries))
            }
            b'[' => {
                let mut items = Vec::new();
                self.list(at, &mut items).map(|()| Document::Array(items))
            }
            b'"' => {
                let mut string = String::new();
                self.text(at, &mut |text| string.push_str(text)).map(|()| Document::String(string))
            }
            b't' | b'f' => self.boolean(at).map(Document::Bool),
            b'n' => self.literal("null").map(|()| Document::Null),
            b'-' | b'0'..=b'9' => {
                let expected = || "a number of double precision".into();
                self.value(expected, |r| Ok(Number::parse(r.scan.number()?.text))).map(Document::Number)
            }
            _ => Err(self.error("a value")),
        }
    }
}
