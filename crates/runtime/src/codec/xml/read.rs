//! Reads XML into wire tables.
//!
//! For every method of [`Reader`] the reader stands within the element that is the value; it leaves it behind. Unknown
//! elements are passed over; of two elements for one member the last wins; text between the elements of a structure is
//! an error, unless it is white space. Nesting ends at [`MAX_DEPTH`](crate::codec::json::MAX_DEPTH).

#![allow(clippy::arithmetic_side_effects, reason = "indices are those of members, and of tags in a text")]

use std::borrow::Cow;
use std::collections::HashMap;

use super::scan::{Attribute, Token, resolved};
use super::walk::{Inside, Open, Shown, XmlReader, is_called};
use crate::codec::ReadError;
use crate::codec::error::quoted;
use crate::codec::text::parse_float;
use crate::primitives::{Blob, DateTime, DateTimeFormat, Document, base64, is_number};
use crate::wire::{Key, Member, Reader, Wire};

/// Reads the value of a member, by its place in the table. What walks a structure is told this and the table, not the
/// type, so that it is compiled once for all shapes.
type ReadMember<'r, 'a> = dyn FnMut(&mut XmlReader<'a>, usize, &'static Member) -> Result<(), ReadError> + 'r;

impl<'a> XmlReader<'a> {
    /// Reads the members of a structure, those that are attributes first.
    fn members(&mut self, members: &'static [Member], read: &mut ReadMember<'_, 'a>) -> Result<(), ReadError> {
        self.attributes(members, read)?;
        let mut hint = 0;
        while self.next_child("an element")? {
            match self.member(members, hint) {
                Some((index, member)) => {
                    read(self, index, member)?;
                    // A flattened list goes on under the same name.
                    hint = if member.facets.flattened { index } else { index + 1 };
                }
                None => self.skip()?,
            }
        }
        Ok(())
    }

    /// Reads the members of a structure that are attributes of its element.
    fn attributes(&mut self, members: &'static [Member], read: &mut ReadMember<'_, 'a>) -> Result<(), ReadError> {
        let Some(Open { inside: Inside::Element(attributes) | Inside::Empty(attributes), start, .. }) =
            self.open.last()
        else {
            return Ok(());
        };
        let (attributes, start) = (*attributes, *start);
        for (index, member) in members.iter().enumerate().filter(|(_, member)| member.facets.attribute) {
            if let Some(found) = attributes.into_iter().find(|attribute| is_called(attribute.name, member.name)) {
                self.open.push(Open { name: found.name, start, inside: Inside::Value(found), shown: Shown::Name });
                read(self, index, member)?;
            }
        }
        Ok(())
    }

    /// The member that the element is, looked for from `hint` on and then from the start.
    fn member(&self, members: &'static [Member], hint: usize) -> Option<(usize, &'static Member)> {
        let name = self.open.last().map_or("", |open| open.name);
        let (before, after) = members.split_at_checked(hint)?;
        let is_it = |member: &Member| is_called(name, member.name) && member.in_document() && !member.facets.attribute;
        let index = match after.iter().position(is_it) {
            Some(place) => hint + place,
            None => before.iter().position(is_it)?,
        };
        Some((index, members.get(index)?))
    }

    fn union(&mut self, members: &'static [Member], read: &mut ReadMember<'_, 'a>) -> Result<(), ReadError> {
        let here = self.open.last().copied();
        let mut chosen = None;
        while self.next_child("an element")? {
            let (name, at) = self.open.last().map_or(("", 0), |open| (open.name, open.start));
            // The same member once more replaces the one before, as in structures.
            if chosen.is_some_and(|other| other != name) {
                return Err(self.error(at, "no second member in a union"));
            }
            chosen = Some(name);
            match self.member(members, 0) {
                Some((index, member)) => read(self, index, member)?,
                None => self.skip()?,
            }
        }
        match chosen {
            Some(_) => Ok(()),
            None => Err(self.lacks(here, "exactly one member in a union")),
        }
    }

    /// Reads an entry of a map: an element with a key and a value, in whatever order.
    fn entry<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), ReadError> {
        let here = self.open.last().copied();
        let (mut key, mut value): (Option<String>, Option<T>) = (None, None);
        while self.next_child("a key and a value")? {
            let name = self.open.last().map_or("", |open| open.name);
            if is_called(name, at.key().name_or("key")) {
                key.get_or_insert_default().read(at.key(), self)?;
            } else if is_called(name, at.value().name_or("value")) {
                value.insert(T::default()).read(at.value(), self)?;
            } else {
                self.skip()?;
            }
        }
        let (Some(key), Some(value)) = (key, value) else {
            return Err(self.lacks(here, "an entry with a key and a value"));
        };
        into.insert(K::from(&key), value);
        Ok(())
    }

    /// The text of an element or an attribute, which `parse` makes a value of, and leaves it.
    fn value<V>(
        &mut self,
        expected: impl FnOnce() -> Cow<'static, str>,
        parse: impl FnOnce(&str) -> Option<V>,
    ) -> Result<V, ReadError> {
        let (offset, text) = self.content()?;
        match parse(&text) {
            Some(value) => {
                self.open.pop();
                Ok(value)
            }
            None => Err(self.mismatch(offset, expected(), &text)),
        }
    }

    #[cold]
    fn mismatch(&self, offset: usize, expected: Cow<'static, str>, found: &str) -> ReadError {
        ReadError::new(self.path(), Some(offset), expected, quoted(found))
    }

    /// All text of what is open, which stays open for the path of an error, and where it begins.
    fn content(&mut self) -> Result<(usize, Cow<'a, str>), ReadError> {
        let offset = self.scan.at();
        match self.open.last().map(|open| open.inside) {
            Some(Inside::Value(Attribute { raw, offset, .. })) => {
                let text = resolved(raw, offset).map_err(|fault| self.explain(fault))?;
                return Ok((offset, text));
            }
            Some(Inside::Element(_)) => {}
            Some(Inside::Empty(_)) | None => return Ok((offset, Cow::Borrowed(""))),
        }
        let mut text = Cow::Borrowed("");
        loop {
            let start = self.scan.at();
            match self.token()? {
                Token::Text(more) if text.is_empty() => text = more,
                Token::Text(more) => text.to_mut().push_str(&more),
                Token::End(name) if self.open.last().is_some_and(|open| open.name == name) => {
                    return Ok((offset, text));
                }
                Token::End(_) => return Err(self.error(start, "the end tag of the element that is open")),
                Token::Start(_) => return Err(self.error(start, "text")),
                Token::Nothing => return Err(self.error(start, "an end tag")),
            }
        }
    }
}

impl Reader for XmlReader<'_> {
    type Error = ReadError;

    fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.open.len();
        while self.open.len() >= depth.max(1) {
            if self.is_hollow() {
                self.open.pop();
                continue;
            }
            let start = self.scan.at();
            match self.token()? {
                Token::Start(tag) => self.push(tag, start)?,
                Token::End(name) => self.leave(name, start)?,
                Token::Text(_) => {}
                Token::Nothing => return Err(self.error(start, "an end tag")),
            }
        }
        Ok(())
    }

    /// Nothing in XML stands for what is absent.
    fn null(&mut self) -> Result<bool, ReadError> {
        Ok(false)
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, into: &mut T) -> Result<(), ReadError> {
        // What came before under the same name must leave nothing behind.
        *into = T::default();
        let read = &mut |reader: &mut Self, index, member| into.read_member(index, member, reader);
        if T::UNION { self.union(T::MEMBERS, read) } else { self.members(T::MEMBERS, read) }
    }

    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), ReadError> {
        if at.facets.flattened {
            self.show(Shown::NamedItem(into.len()));
            let mut item = T::default();
            item.read(at.element(), self)?;
            into.push(item);
            return Ok(());
        }
        into.clear();
        let name = at.element().name_or("member");
        while self.next_child("elements of a list")? {
            if !self.open.last().is_some_and(|open| is_called(open.name, name)) {
                self.skip()?;
                continue;
            }
            self.show(Shown::Item(into.len()));
            let mut item = T::default();
            item.read(at.element(), self)?;
            into.push(item);
        }
        Ok(())
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), ReadError> {
        if at.facets.flattened {
            self.show(Shown::NamedItem(into.len()));
            return self.entry(at, into);
        }
        into.clear();
        let mut index = 0;
        while self.next_child("entries of a map")? {
            if !self.open.last().is_some_and(|open| is_called(open.name, "entry")) {
                self.skip()?;
                continue;
            }
            self.show(Shown::Item(index));
            index += 1;
            self.entry(at, into)?;
        }
        Ok(())
    }

    fn text(&mut self, _: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), ReadError> {
        let (_, text) = self.content()?;
        see(&text);
        self.open.pop();
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, ReadError> {
        self.value(|| "true or false".into(), |text| text.trim().parse().ok())
    }

    fn integer(&mut self, _: &'static Member, min: i64, max: i64) -> Result<i64, ReadError> {
        let fits = |text: &str| text.trim().parse().ok().filter(|value| (min..=max).contains(value));
        self.value(|| format!("an integer from {min} to {max}").into(), fits)
    }

    fn single(&mut self, _: &'static Member) -> Result<f32, ReadError> {
        self.value(|| "a number of single precision".into(), |text| parse_float(text.trim()))
    }

    fn float(&mut self, _: &'static Member) -> Result<f64, ReadError> {
        self.value(|| "a number of double precision".into(), |text| parse_float(text.trim()))
    }

    fn number(&mut self, _: &'static Member, whole: bool) -> Result<String, ReadError> {
        let expected = || if whole { "an integer" } else { "a number" }.into();
        self.value(expected, |text| Some(text.trim()).filter(|text| is_number(text, whole)).map(str::to_owned))
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, ReadError> {
        let decode = |text: &str| base64::decode(&text.split_whitespace().collect::<String>()).map(Blob::new);
        self.value(|| "base64".into(), decode)
    }

    fn timestamp(&mut self, at: &'static Member) -> Result<DateTime, ReadError> {
        let format = at.timestamp.or(DateTimeFormat::DateTimeWithOffset);
        self.value(|| format.describe().into(), |text| DateTime::from_str(text.trim(), format).ok())
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, ReadError> {
        self.value(|| "no document, which XML has no form for".into(), |_| None)
    }
}
