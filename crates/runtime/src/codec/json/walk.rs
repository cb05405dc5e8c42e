//! Goes from name to name and from element to element of the arrays and objects of a document.

use super::read::{JsonReader, MAX_DEPTH};
use super::scan::Fault;
use crate::codec::ReadError;
use crate::wire::Member;

/// Where in an array or an object the reader is.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Start,
    Index(usize),
    Member(&'static Member),
    /// The name of a map's entry or of an unknown member, as a place in the text.
    Key(usize),
}

/// For how many places, by depth and member, a reader remembers the member that followed. What shares a place, or is
/// past the 256th member of a shape, is only found later.
pub(super) const FOLLOWERS: usize = 64;

/// What a name in an object stands for.
pub(super) enum Named {
    Member(usize, &'static Member),
    /// It begins here.
    Unknown(usize),
}

impl JsonReader<'_> {
    /// Takes the opening bracket, and says where it stood.
    pub(super) fn open(&mut self, bracket: u8, expected: &'static str) -> Result<usize, ReadError> {
        if !self.scan.take(bracket) {
            return Err(self.error(expected));
        }
        let start = self.scan.at() - 1;
        if self.path.len() == MAX_DEPTH {
            return Err(self.explain(Fault { offset: start, expected: "no deeper nesting than 128" }));
        }
        self.path.push(Step::Start);
        Ok(start)
    }

    /// Goes to the next element of the array, or leaves it.
    pub(super) fn next_element(&mut self) -> Result<bool, ReadError> {
        let index = match self.path.last() {
            Some(Step::Index(index)) => index + 1,
            _ => 0,
        };
        match self.scan.peek() {
            b']' => {
                self.scan.advance(1);
                self.path.pop();
                return Ok(false);
            }
            b',' if index > 0 => self.scan.advance(1),
            _ if index > 0 => return Err(self.error("`,` or `]`")),
            _ => {}
        }
        self.step(Step::Index(index));
        Ok(true)
    }

    /// Goes to the next name of the object, which it does not take, or leaves the object. Where it goes on, the step
    /// of the path is still the one before.
    #[inline]
    pub(super) fn next_name(&mut self) -> Result<bool, ReadError> {
        let first = matches!(self.path.last(), Some(Step::Start));
        match self.scan.peek() {
            b'}' => {
                self.scan.advance(1);
                self.path.pop();
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
    pub(super) fn next_member(&mut self, members: &'static [Member], hint: usize) -> Result<Option<Named>, ReadError> {
        if !self.next_name()? {
            return Ok(None);
        }
        let place = (self.path.len() * 16 + hint) % FOLLOWERS;
        let follower = self.followers.get(place).map_or(0, |index| usize::from(*index));
        let rest = self.scan.rest();
        let found = match members.get(follower) {
            Some(member) if is_string(rest, member.name) && member.in_document() => Some((follower, member)),
            _ => find(members, hint, |name| is_string(rest, name)),
        };
        let named = match found {
            Some((index, member)) => {
                self.followers[place] = index as u8;
                self.scan.advance(member.name.len() + 2);
                self.step(Step::Member(member));
                Named::Member(index, member)
            }
            None => self.other_name(members)?,
        };
        self.colon()?;
        Ok(Some(named))
    }

    /// Takes a name that is no member's as it is spelt: an unknown one, or one with escapes.
    fn other_name(&mut self, members: &'static [Member]) -> Result<Named, ReadError> {
        let start = self.scan.at();
        self.step(Step::Key(start));
        match self.scan.string(&mut self.scratch) {
            Err(fault) => Err(self.explain(fault)),
            Ok(name) => Ok(match find(members, 0, |member| member == name) {
                Some((index, member)) => Named::Member(index, member),
                None => Named::Unknown(start),
            }),
        }
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), ReadError> {
        if self.scan.take(b':') { Ok(()) } else { Err(self.error("`:`")) }
    }

    #[inline]
    pub(super) fn step(&mut self, step: Step) {
        if let Some(last) = self.path.last_mut() {
            *last = step;
        }
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
