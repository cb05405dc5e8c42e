//! Goes from name to name and from element to element of the arrays and objects of a document.

use super::read::{JsonReader, MAX_DEPTH};
use super::scan::Fault;
use crate::codec::ReadError;
use crate::wire::Member;

/// For how many places, by depth and member, a reader remembers the member that followed. What shares a place, or is
/// past the 256th member of a shape, is only found later.
pub(super) const FOLLOWERS: usize = 64;

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
    ///
    /// A service writes members in an order of its own, which is not the model's, but the same in each element of a
    /// list: what followed the last time is tried first.
    #[inline]
    pub(super) fn next_member(
        &mut self,
        members: &'static [Member],
        hint: usize,
        first: bool,
    ) -> Result<Next, ReadError> {
        let follower = usize::from(self.followers[self.place(hint)]);
        match members.get(follower) {
            Some(member) if member.in_document() && self.scan.take_name(member.name, first) => {
                Ok(Next::Member(follower))
            }
            _ => self.find_member(members, hint, first),
        }
    }

    /// Where it stands what follows the member before `hint`, at this depth.
    #[inline]
    fn place(&self, hint: usize) -> usize {
        (self.depth * 16 + hint) % FOLLOWERS
    }

    fn find_member(&mut self, members: &'static [Member], hint: usize, first: bool) -> Result<Next, ReadError> {
        if !self.next_name(first)? {
            return Ok(Next::End);
        }
        let rest = self.scan.rest();
        let next = match find(members, hint, |name| is_string(rest, name)) {
            Some((index, member)) => {
                self.followers[self.place(hint)] = index as u8;
                self.scan.advance(member.name.len() + 2);
                Next::Member(index)
            }
            None => self.other_name(members)?,
        };
        self.colon()?;
        Ok(next)
    }

    /// Takes a name that is no member's as it is spelt: an unknown one, or one with escapes.
    #[cold]
    fn other_name(&mut self, members: &'static [Member]) -> Result<Next, ReadError> {
        let start = self.scan.at();
        match self.scan.string(&mut self.scratch) {
            Err(fault) => Err(self.explain(fault)),
            Ok(name) => Ok(match find(members, 0, |member| member == name) {
                Some((index, _)) => Next::Member(index),
                None => Next::Unknown(start),
            }),
        }
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), ReadError> {
        if self.scan.take(b':') { Ok(()) } else { Err(self.error("`:`")) }
    }
}

/// The member with this name, looked for from `hint` on and then from the start.
fn find(
    members: &'static [Member],
    hint: usize,
    mut is_name: impl FnMut(&str) -> bool,
) -> Option<(usize, &'static Member)> {
    let (before, after) = members.split_at(hint.min(members.len()));
    let mut is_it = |member: &Member| is_name(member.name) && member.in_document();
    let index = match after.iter().position(&mut is_it) {
        Some(place) => hint + place,
        None => before.iter().position(is_it)?,
    };
    members.get(index).map(|member| (index, member))
}

/// Whether the text begins with this string, spelt without escapes; it begins with a quote.
#[inline]
fn is_string(text: &[u8], string: &str) -> bool {
    let end = string.len() + 1;
    // The quote at the end is looked at first: it tells most strings apart.
    text.get(end) == Some(&b'"') && text.get(1..end) == Some(string.as_bytes())
}
