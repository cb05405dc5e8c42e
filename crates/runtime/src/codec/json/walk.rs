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

    /// How many more elements, each of `size` bytes in memory, a list may have of which `read` ones came since `start`: as
    /// many as there is text left for. A list within another one tells nothing by that. What arrived bounds the memory.
    pub(super) fn more_elements(&self, start: usize, read: usize, size: usize) -> usize {
        let rest = self.scan.rest().len();
        match (self.scan.at() - start).checked_div(read) {
            Some(length) if self.depth <= 2 => (rest / length.max(1)).min(rest / size.max(1)),
            _ => 0,
        }
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

    /// Goes to the value of the next member, or leaves the object. `hint` is the index past the member before.
    #[inline]
    pub(super) fn next_member(
        &mut self,
        members: &'static [Member],
        hint: usize,
        first: bool,
    ) -> Result<Next, ReadError> {
        if !self.next_name(first)? {
            return Ok(Next::End);
        }
        match self.take_member(members, hint) {
            Some(index) => Ok(Next::Member(index)),
            None => self.other_name(members),
        }
    }

    /// Takes the name of a member and the colon behind it, as nearly all documents have them. `None` means that there is
    /// something else.
    #[inline]
    fn take_member(&mut self, members: &'static [Member], hint: usize) -> Option<usize> {
        let text = self.scan.rest();
        let start = u32::from_le_bytes(*text.first_chunk()?);
        let text = text.get(1..)?;
        let is_it = |member: &Member| member.start == start && is_name(text, member.name);
        let (before, after) = members.split_at_checked(hint)?;
        let index = match after.iter().position(is_it) {
            Some(place) => hint + place,
            None => before.iter().position(is_it)?,
        };
        self.scan.advance(members.get(index)?.name.len() + 3);
        Some(index)
    }

    /// Takes a name and its colon however they are spelt: an unknown name, or one with escapes or white space.
    #[cold]
    fn other_name(&mut self, members: &'static [Member]) -> Result<Next, ReadError> {
        let start = self.scan.at();
        let next = match self.scan.string(&mut self.scratch) {
            Err(fault) => return Err(self.explain(fault)),
            Ok(name) => match members.iter().position(|member| member.name == name && member.in_document()) {
                Some(index) => Next::Member(index),
                None => Next::Unknown(start),
            },
        };
        self.colon()?;
        Ok(next)
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), ReadError> {
        if self.scan.take(b':') { Ok(()) } else { Err(self.error("`:`")) }
    }
}

/// Whether the text begins with this name, a quote and a colon. The first three bytes have been compared.
#[inline]
fn is_name(text: &[u8], name: &str) -> bool {
    let Some((spelt, after)) = text.split_at_checked(name.len()) else { return false };
    let name = name.as_bytes();
    after.first_chunk() == Some(b"\":")
        && match (spelt.last_chunk::<8>(), name.last_chunk::<8>()) {
            // Names are too short to call for a comparison of memory.
            (Some(a), Some(b)) => {
                a == b && spelt.as_chunks::<8>().0.iter().zip(name.as_chunks::<8>().0).all(|(a, b)| a == b)
            }
            _ => spelt.last_chunk::<4>() == name.last_chunk::<4>(),
        }
}
