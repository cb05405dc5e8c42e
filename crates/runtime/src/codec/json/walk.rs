//! Goes from name to name and from element to element of the arrays and objects of a document.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "places and lengths are those of a text, which began an object or a list a byte before; depth ends at its limit"
)]

use super::read::{JsonReader, MAX_DEPTH};
use super::scan::Fault;
use crate::codec::ReadError;
use crate::wire::Member;

/// What is next in an object.
#[derive(Clone, Copy)]
pub(super) enum Next {
    /// The value of a member, which has this place in the table.
    Member(usize, &'static Member),
    /// The value of a name that no member has. The name begins here.
    Unknown(usize),
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

    /// Leaves the array or object that was opened if there is nothing in it, and says whether it did.
    #[inline]
    pub(super) fn take_end(&mut self, end: u8) -> bool {
        let ends = self.scan.take(end);
        self.depth -= usize::from(ends);
        ends
    }

    /// Goes from an element or a member to the next one, or leaves the array or object behind.
    #[inline]
    pub(super) fn more(&mut self, end: u8) -> Result<bool, ReadError> {
        match self.scan.peek() {
            b',' => {
                self.scan.advance(1);
                Ok(true)
            }
            byte if byte == end => {
                self.scan.advance(1);
                self.depth -= 1;
                Ok(false)
            }
            _ => Err(self.error(if end == b'}' { "`,` or `}`" } else { "`,` or `]`" })),
        }
    }

    /// How many more elements a list may have of which `read` ones came since `start`: as many as there is text left for. What
    /// follows may be something else, so that it is never more than fifteen times what came.
    pub(super) fn more_elements(&self, start: usize, read: usize) -> usize {
        let length = (self.scan.at() - start).checked_div(read).unwrap_or(usize::MAX);
        (self.scan.rest().len() / length.max(1)).min(read.saturating_mul(15))
    }

    /// Takes the name of a member, and the colon behind it.
    #[inline]
    pub(super) fn next_member(&mut self, members: &'static [Member]) -> Result<Next, ReadError> {
        if self.scan.peek() == b'"'
            && let Some(next) = self.plain_name(members)
        {
            return Ok(next);
        }
        self.other_name(members)
    }

    /// Takes the name of a member that is spelt without escapes, right before its colon, as nearly all are; else nothing.
    ///
    /// A service writes members in an order of its own, so that it does not matter which member was the last one.
    #[inline]
    fn plain_name(&mut self, members: &'static [Member]) -> Option<Next> {
        let text = self.scan.rest();
        let start = u32::from_le_bytes(*text.first_chunk()?);
        let text = text.get(1..)?;
        for (index, member) in members.iter().enumerate() {
            if member.start == start && is_name(text, member.name) {
                self.scan.advance(member.name.len() + 3);
                return Some(Next::Member(index, member));
            }
        }
        None
    }

    /// Takes a name however it is spelt: an unknown one, or one with escapes.
    #[cold]
    fn other_name(&mut self, members: &'static [Member]) -> Result<Next, ReadError> {
        self.quote()?;
        let start = self.scan.at();
        let next = match self.scan.string(&mut self.scratch) {
            Err(fault) => return Err(self.explain(fault)),
            Ok(name) => {
                let of_name = |(_, member): &(usize, &Member)| member.name == name && member.in_document();
                let found = members.iter().enumerate().find(of_name);
                found.map_or(Next::Unknown(start), |(index, member)| Next::Member(index, member))
            }
        };
        self.colon()?;
        Ok(next)
    }

    /// Goes to a name, which it does not take.
    #[inline]
    pub(super) fn quote(&mut self) -> Result<(), ReadError> {
        if self.scan.peek() == b'"' { Ok(()) } else { Err(self.error("a name in quotes")) }
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), ReadError> {
        if self.scan.take(b':') { Ok(()) } else { Err(self.error("`:`")) }
    }
}

/// Whether the text begins with this name, its quote and a colon. Up to three bytes have been compared.
#[inline]
fn is_name(text: &[u8], name: &str) -> bool {
    let Some((spelt, [b'"', b':', ..])) = text.split_at_checked(name.len()) else { return false };
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
