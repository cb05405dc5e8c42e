//! Goes from name to name and from element to element of the arrays and objects of a document.

use super::read::{JsonReader, MAX_DEPTH};
use super::scan::Fault;
use crate::codec::ReadError;
use crate::wire::Member;

/// What is next in an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The value of the member with this index.
    Member(usize),
    /// The value of a name that no member has. The name begins here.
    Unknown(usize),
    /// Nothing: the object is behind the reader.
    End,
}

impl JsonReader<'_> {
    /// Takes the opening bracket, and says where it stood.
    #[inline]
    pub(super) fn open(&mut self, bracket: u8, expected: &'static str) -> Result<usize, ReadError> {
        if !self.scan.take(bracket) {
            return Err(self.error(expected));
        }
        let start = self.scan.at() - 1;
        if self.depth == MAX_DEPTH {
            return Err(self.explain(Fault { offset: start, expected: "no deeper nesting than 128" }));
        }
        self.depth += 1;
        Ok(start)
    }

    /// Goes to the next element of the array, or leaves it.
    #[inline]
    pub(super) fn next_element(&mut self, first: bool) -> Result<bool, ReadError> {
        match self.scan.peek() {
            b']' => {
                self.scan.advance(1);
                self.depth -= 1;
                return Ok(false);
            }
            b',' if !first => self.scan.advance(1),
            _ if !first => return Err(self.error("`,` or `]`")),
            _ => {}
        }
        Ok(true)
    }

    /// How many more elements a list may have of which `read` ones came since `start`: as many as there is text left for. What
    /// follows may be something else, so that it is never more than fifteen times what came.
    pub(super) fn more_elements(&self, start: usize, read: usize) -> usize {
        let length = (self.scan.at() - start).checked_div(read).unwrap_or(usize::MAX);
        (self.scan.rest().len() / length.max(1)).min(read.saturating_mul(15))
    }

    /// Goes to the next name of the object, which it does not take, or leaves the object.
    #[inline]
    pub(super) fn next_name(&mut self, first: bool) -> Result<bool, ReadError> {
        match self.scan.peek() {
            b'}' => {
                self.scan.advance(1);
                self.depth -= 1;
                return Ok(false);
            }
            b',' if !first => self.scan.advance(1),
            _ if !first => return Err(self.error("`,` or `}`")),
            _ => {}
        }
        if self.scan.peek() != b'"' {
            return Err(self.error("a name in quotes"));
        }
        Ok(true)
    }

    /// Goes to the value of the next member, or leaves the object.
    #[inline]
    pub(super) fn next_member(&mut self, members: &'static [Member], first: bool) -> Result<Next, ReadError> {
        if !self.next_name(first)? {
            return Ok(Next::End);
        }
        let next = match self.take_member(members) {
            Some(index) => Next::Member(index),
            None => self.other_name(members)?,
        };
        self.colon()?;
        Ok(next)
    }

    /// Takes the name of a member that is spelt without escapes, as nearly all are; else nothing.
    ///
    /// A service writes members in an order of its own, so that it does not matter which member was the last one.
    #[inline]
    fn take_member(&mut self, members: &'static [Member]) -> Option<usize> {
        let text = self.scan.rest();
        let start = u32::from_le_bytes(*text.first_chunk()?);
        let text = text.get(1..)?;
        let index = members.iter().position(|member| member.start == start && is_name(text, member.name))?;
        self.scan.advance(members.get(index)?.name.len() + 2);
        Some(index)
    }

    /// Takes a name however it is spelt: an unknown one, or one with escapes.
    #[cold]
    fn other_name(&mut self, members: &'static [Member]) -> Result<Next, ReadError> {
        let start = self.scan.at();
        match self.scan.string(&mut self.scratch) {
            Err(fault) => Err(self.explain(fault)),
            Ok(name) => Ok(match members.iter().position(|member| member.name == name && member.in_document()) {
                Some(index) => Next::Member(index),
                None => Next::Unknown(start),
            }),
        }
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), ReadError> {
        if self.scan.take(b':') { Ok(()) } else { Err(self.error("`:`")) }
    }
}

/// Whether the text begins with this name and a quote. Up to three bytes have been compared.
#[inline]
fn is_name(text: &[u8], name: &str) -> bool {
    let (Some(b'"'), Some(spelt)) = (text.get(name.len()), text.get(..name.len())) else { return false };
    // Names are too short to call for a comparison of memory.
    let name = name.as_bytes();
    match (spelt.last_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(one), Some(other)) => {
            let (ones, _) = spelt.as_chunks::<8>();
            let (others, _) = name.as_chunks::<8>();
            one == other && ones.iter().zip(others).all(|(one, other)| one == other)
        }
        _ => spelt.last_chunk::<4>() == name.last_chunk::<4>(),
    }
}
