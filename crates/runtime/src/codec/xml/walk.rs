//! Goes from element to element of a document, and says where it is.

use super::scan::{Attribute, Attributes, Fault, Scanner, Tag, Token, is_space};
use crate::codec::ReadError;
use crate::codec::error::{SHOWN, not_utf8, quoted};
use crate::codec::json::MAX_DEPTH;
use crate::wire::Reader;

/// Reads one document.
pub(crate) struct XmlReader<'a> {
    pub(super) scan: Scanner<'a>,
    /// What is open, the root first: its length is the depth.
    pub(super) open: Vec<Open<'a>>,
}

/// An element that is open, or an attribute.
#[derive(Clone, Copy)]
pub(super) struct Open<'a> {
    pub(super) name: &'a str,
    /// Where it begins.
    pub(super) start: usize,
    pub(super) inside: Inside<'a>,
    pub(super) shown: Shown,
}

/// What is to come of what is open.
#[derive(Clone, Copy)]
pub(super) enum Inside<'a> {
    /// What stands up to the end tag.
    Element(Attributes<'a>),
    /// Nothing: it was an empty tag.
    Empty(Attributes<'a>),
    /// The value of an attribute.
    Value(Attribute<'a>),
}

/// How the path of an error shows what is open.
#[derive(Clone, Copy)]
pub(super) enum Shown {
    /// Not at all: elements around the value that belong to the protocol.
    No,
    /// By its name.
    Name,
    /// As an element of the list around it.
    Item(usize),
    /// By its name, as one of several.
    NamedItem(usize),
}

impl<'a> XmlReader<'a> {
    /// Stands within the root of a document. Bytes that are not UTF-8 are an error.
    pub(crate) fn new(body: &'a [u8]) -> Result<Self, ReadError> {
        let text = std::str::from_utf8(body).map_err(not_utf8)?;
        let mut reader = Self { scan: Scanner::new(text), open: Vec::new() };
        if !reader.next_child("the root element")? {
            return Err(reader.error(reader.scan.at(), "the root element"));
        }
        reader.hide();
        Ok(reader)
    }

    /// Leaves what is still open, and checks that nothing follows the document.
    pub(crate) fn finish(mut self) -> Result<(), ReadError> {
        while !self.open.is_empty() {
            self.skip()?;
        }
        if self.next_child("the end of the document")? {
            let start = self.open.pop().map_or(0, |open| open.start);
            return Err(self.error(start, "the end of the document"));
        }
        Ok(())
    }

    /// The name of the element that the reader stands in, without its prefix.
    pub(crate) fn name(&self) -> &'a str {
        self.open.last().map_or("", |open| local(open.name))
    }

    /// Goes to the first child whose name passes; no path shows it. Without one, the element is left behind.
    pub(crate) fn enter(&mut self, mut is_it: impl FnMut(&str) -> bool) -> Result<bool, ReadError> {
        while self.next_child("an element")? {
            if is_it(self.name()) {
                self.hide();
                return Ok(true);
            }
            self.skip()?;
        }
        Ok(false)
    }

    /// An error about the element that the reader stands in.
    pub(crate) fn unexpected(&self, expected: &'static str) -> ReadError {
        self.error(self.open.last().map_or(0, |open| open.start), expected)
    }

    fn hide(&mut self) {
        self.show(Shown::No);
    }

    pub(super) fn show(&mut self, shown: Shown) {
        if let Some(open) = self.open.last_mut() {
            open.shown = shown;
        }
    }

    /// Goes into the next child of the element, or leaves the element.
    pub(super) fn next_child(&mut self, expected: &'static str) -> Result<bool, ReadError> {
        if self.is_hollow() {
            self.open.pop();
            return Ok(false);
        }
        loop {
            let start = self.scan.at();
            match self.token()? {
                Token::Start(tag) => return self.push(tag, start).map(|()| true),
                Token::End(name) => return self.leave(name, start).map(|()| false),
                Token::Text(text) if text.chars().all(is_space) => {}
                Token::Text(text) => {
                    return Err(ReadError::new(self.path(), Some(start), expected, quoted(text.trim())));
                }
                Token::Nothing if self.open.is_empty() => return Ok(false),
                Token::Nothing => return Err(self.error(start, "an end tag")),
            }
        }
    }

    /// Whether nothing more is to be read of what is open.
    pub(super) fn is_hollow(&self) -> bool {
        self.open.last().is_some_and(|open| !matches!(open.inside, Inside::Element(_)))
    }

    pub(super) fn push(&mut self, tag: Tag<'a>, start: usize) -> Result<(), ReadError> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(start, "no deeper nesting than 128"));
        }
        let Tag { name, is_empty, attributes } = tag;
        let inside = if is_empty { Inside::Empty(attributes) } else { Inside::Element(attributes) };
        self.open.push(Open { name, start, inside, shown: Shown::Name });
        Ok(())
    }

    pub(super) fn leave(&mut self, name: &str, start: usize) -> Result<(), ReadError> {
        if self.open.last().is_none_or(|open| open.name != name) {
            return Err(self.error(start, "the end tag of the element that is open"));
        }
        self.open.pop();
        Ok(())
    }

    pub(super) fn token(&mut self) -> Result<Token<'a>, ReadError> {
        self.scan.next().map_err(|fault| self.explain(fault))
    }

    /// An error about an element that has been left behind.
    #[cold]
    pub(super) fn lacks(&mut self, element: Option<Open<'a>>, expected: &'static str) -> ReadError {
        self.open.extend(element);
        self.unexpected(expected)
    }

    #[cold]
    pub(super) fn error(&self, offset: usize, expected: &'static str) -> ReadError {
        self.explain(Fault { offset, expected })
    }

    /// An error that shows the beginning of what stands there.
    #[cold]
    pub(super) fn explain(&self, Fault { offset, expected }: Fault) -> ReadError {
        let found = self.scan.text().get(offset..).unwrap_or_default();
        let end = found.find(['>', '\n', ';']).map_or(found.len(), |end| end.saturating_add(1));
        let found = found.get(..end).map(str::trim_end).unwrap_or_default();
        let found = if found.is_empty() { "the end of the body".to_owned() } else { quoted(found) };
        ReadError::new(self.path(), Some(offset), expected, found)
    }

    /// The path, as a person writes it: `Credentials.Expiration`, `Items[3].Name`.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for open in &self.open {
            let (name, index) = match open.shown {
                Shown::No => continue,
                Shown::Name => (open.name, None),
                Shown::Item(index) => ("", Some(index)),
                Shown::NamedItem(index) => (open.name, Some(index)),
            };
            if !name.is_empty() && !path.is_empty() {
                path.push('.');
            }
            path.extend(name.chars().take(SHOWN));
            path.extend(index.map(|index| format!("[{index}]")));
        }
        path
    }
}

/// Whether a name of the document is this one of the model, with its prefix or without.
pub(super) fn is_called(found: &str, name: &str) -> bool {
    found == name || local(found) == name
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
