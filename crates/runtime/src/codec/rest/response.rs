//! Reads a response into an operation's output, or into an error: each member from its place.

use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;

use super::{DocumentReader, ReadDocument, list};
use crate::codec::ReadError;
use crate::codec::error::{not_utf8, quoted};
use crate::codec::text::parse_float;
use crate::http::Response;
use crate::primitives::{Blob, DateTime, DateTimeFormat, Document, base64, is_number};
use crate::wire::{ELEMENT, Key, Member, Place, Reader, Wire};

/// Reads a response whose body is whole.
///
/// What is not there leaves its member as it is by default: a header, a document, or a payload of no bytes.
pub(crate) fn read_response<'a, D: DocumentReader<'a>, T: Wire>(response: &'a Response) -> Result<T, ReadError> {
    let mut output = T::default();
    // The document comes first: it sets the structure as a whole.
    if has_document(response, T::MEMBERS) {
        D::read_body(response.bytes(), &mut |document| document.structure(&ELEMENT, &mut output))?;
    }
    // Most shapes have none: what would read their members from there is not even compiled.
    if const { is_bound(T::MEMBERS) } {
        read_bound(response, T::MEMBERS, &mut |reader: &mut Bound<'a, D>, index, at| {
            output.read_member(index, at, reader)
        })?;
    }
    Ok(output)
}

fn has_document(response: &Response, members: &'static [Member]) -> bool {
    !response.bytes().is_empty() && members.iter().any(Member::in_document)
}

/// Whether HTTP carries any of these members.
const fn is_bound(mut members: &[Member]) -> bool {
    while let [member, rest @ ..] = members {
        if matches!(member.place, Place::Header | Place::PrefixHeaders | Place::ResponseCode | Place::Payload) {
            return true;
        }
        members = rest;
    }
    false
}

/// Reads the value of a member, by its place in the table.
type ReadMember<'r, 'a, D> = dyn FnMut(&mut Bound<'a, D>, usize, &'static Member) -> Result<(), ReadError> + 'r;

/// Reads the members that HTTP carries, whatever shape has them.
fn read_bound<'a, D: DocumentReader<'a>>(
    response: &'a Response,
    members: &'static [Member],
    read: &mut ReadMember<'_, 'a, D>,
) -> Result<(), ReadError> {
    for (index, at) in members.iter().enumerate() {
        let mut reader = Bound::<D>::new(response, at);
        if reader.find() {
            read(&mut reader, index, at)?;
        } else if at.facets.required {
            let path = format!("header {}", at.name);
            return Err(ReadError::new(path, None, "a value, which the model requires", "no such header".to_owned()));
        }
    }
    Ok(())
}

/// Reads one member that HTTP carries.
struct Bound<'a, D> {
    response: &'a Response,
    at: &'static Member,
    /// What is left of the header.
    text: &'a str,
    /// Whether the header is a list, so that a value ends at a comma.
    listed: bool,
    document: PhantomData<D>,
}

impl<'a, D: DocumentReader<'a>> Bound<'a, D> {
    fn new(response: &'a Response, at: &'static Member) -> Self {
        Self { response, at, text: "", listed: false, document: PhantomData }
    }

    /// Looks for what is to be read; false if there is nothing.
    fn find(&mut self) -> bool {
        match self.at.place {
            Place::Header => match self.response.headers().get(self.at.name) {
                Some(value) => self.text = value.trim(),
                None => return false,
            },
            Place::PrefixHeaders => return self.prefixed().next().is_some(),
            Place::ResponseCode => {}
            Place::Payload => return !self.response.bytes().is_empty(),
            _ => return false,
        }
        true
    }

    /// The headers that begin with the name of the member, without that.
    fn prefixed(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a, D> {
        let prefix = self.at.name;
        self.response.headers().iter().filter_map(move |(name, value)| {
            let (start, rest) = name.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some((rest, value))
        })
    }

    /// Reads the body as a document of its own.
    fn payload(&self, read: &mut ReadDocument<'_, D>) -> Result<(), ReadError> {
        if self.at.place != Place::Payload {
            return Err(self.error("a value that this place can hold", self.text));
        }
        D::read_body(self.response.bytes(), read)
    }

    /// Takes the next value of the header.
    fn take(&mut self) -> Result<Cow<'a, str>, ReadError> {
        let text = self.text;
        if !self.listed {
            return Ok(Cow::Borrowed(text));
        }
        list::next(&mut self.text).ok_or_else(|| self.error("values between commas", text))
    }

    /// Takes the next value, and parses it.
    fn parse<V>(
        &mut self,
        expected: impl Into<Cow<'static, str>>,
        parse: impl FnOnce(&str) -> Option<V>,
    ) -> Result<V, ReadError> {
        let text = self.take()?;
        parse(&text).ok_or_else(|| self.error(expected, &text))
    }

    #[cold]
    fn error(&self, expected: impl Into<Cow<'static, str>>, found: &str) -> ReadError {
        let path = match self.at.place {
            Place::Payload => String::new(),
            _ => format!("header {}", self.at.name),
        };
        ReadError::new(path, None, expected, quoted(found))
    }
}

impl<'a, D: DocumentReader<'a>> Reader for Bound<'a, D> {
    type Error = ReadError;

    fn skip(&mut self) -> Result<(), ReadError> {
        self.take().map(drop)
    }

    /// What is not there is not read at all, so that nothing is ever `null`.
    fn null(&mut self) -> Result<bool, ReadError> {
        Ok(false)
    }

    fn structure<T: Wire>(&mut self, at: &'static Member, into: &mut T) -> Result<(), ReadError> {
        self.payload(&mut |document| document.structure(at, into))
    }

    fn list<T: Wire>(&mut self, at: &'static Member, into: &mut Vec<T>) -> Result<(), ReadError> {
        if self.at.place != Place::Header {
            return self.payload(&mut |document| document.list(at, into));
        }
        into.clear();
        self.listed = true;
        for line in self.response.headers().get_all(self.at.name) {
            self.text = line.trim();
            while !self.text.is_empty() {
                let mut item = T::default();
                item.read(at.element(), self)?;
                into.push(item);
            }
        }
        Ok(())
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, into: &mut HashMap<K, T>) -> Result<(), ReadError> {
        if self.at.place != Place::PrefixHeaders {
            return self.payload(&mut |document| document.map(at, into));
        }
        into.clear();
        for (key, value) in self.prefixed() {
            let mut item = T::default();
            self.text = value.trim();
            item.read(at.value(), self)?;
            into.insert(key.into(), item);
        }
        Ok(())
    }

    fn text(&mut self, at: &'static Member, see: &mut dyn FnMut(&str)) -> Result<(), ReadError> {
        if self.at.place != Place::Payload {
            if at.facets.media_type.is_some() {
                let decode = |text: &str| String::from_utf8(base64::decode(text)?).ok();
                see(&self.parse("text in base64", decode)?);
            } else {
                see(&self.take()?);
            }
            return Ok(());
        }
        let text = std::str::from_utf8(self.response.bytes()).map_err(not_utf8)?;
        see(text);
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, ReadError> {
        self.parse("true or false", |text| text.parse().ok())
    }

    fn integer(&mut self, _: &'static Member, min: i64, max: i64) -> Result<i64, ReadError> {
        if self.at.place == Place::ResponseCode {
            return Ok(self.response.status().as_u16().into());
        }
        let fits = |text: &str| text.parse().ok().filter(|value| (min..=max).contains(value));
        self.parse(format!("an integer from {min} to {max}"), fits)
    }

    fn single(&mut self, _: &'static Member) -> Result<f32, ReadError> {
        self.parse("a number of single precision", parse_float)
    }

    fn float(&mut self, _: &'static Member) -> Result<f64, ReadError> {
        self.parse("a number of double precision", parse_float)
    }

    fn number(&mut self, _: &'static Member, whole: bool) -> Result<String, ReadError> {
        let expected = if whole { "an integer" } else { "a number" };
        self.parse(expected, |text| is_number(text, whole).then(|| text.to_owned()))
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, ReadError> {
        if self.at.place == Place::Payload {
            return Ok(Blob::from(self.response.bytes()));
        }
        self.parse("base64", base64::decode).map(Blob::new)
    }

    fn timestamp(&mut self, at: &'static Member) -> Result<DateTime, ReadError> {
        let format = at.timestamp.or(DateTimeFormat::HttpDate);
        if self.listed && format == DateTimeFormat::HttpDate {
            let date = list::next_date(&mut self.text);
            return DateTime::from_str(date, format).map_err(|_| self.error(format.describe(), date));
        }
        self.parse(format.describe(), |text| DateTime::from_str(text, format).ok())
    }

    fn document(&mut self, at: &'static Member) -> Result<Document, ReadError> {
        let mut value = Document::Null;
        self.payload(&mut |document| document.document(at).map(|read| value = read))?;
        Ok(value)
    }
}
