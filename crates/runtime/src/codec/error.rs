//! Why a message could not be read or written: which member, where, what was expected.

use std::borrow::Cow;
use std::fmt;

/// What arrived is not what the model says.
///
/// Its text is one line that names the path of members, what was expected there, and what was found, cut short and
/// escaped.
pub struct ReadError(Box<Details>);

// A box keeps the results of the codecs, which nearly always are fine, as small as a pointer.
struct Details {
    path: String,
    offset: Option<usize>,
    expected: Cow<'static, str>,
    found: String,
}

impl ReadError {
    #[cold]
    pub(crate) fn new(
        path: String,
        offset: Option<usize>,
        expected: impl Into<Cow<'static, str>>,
        found: String,
    ) -> Self {
        Self(Box::new(Details { path, offset, expected: expected.into(), found }))
    }

    /// The same error with the path to its place.
    pub(crate) fn at(mut self, path: impl FnOnce(usize) -> String) -> Self {
        self.0.path = self.0.offset.map(path).unwrap_or_default();
        self
    }

    /// The same error in a value of this name.
    pub(crate) fn within(mut self, name: &str) -> Self {
        let dot = if self.0.path.is_empty() { "" } else { "." };
        self.0.path.insert_str(0, &[name, dot].concat());
        self
    }

    /// The members that lead to the place, `Layers[3].LatestMatchingVersion.Version`; empty for the body as a whole.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The place in the body, in bytes from its start; none for what was no part of a document.
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { path, offset, expected, found } = &*self.0;
        let path = if path.is_empty() { "the body" } else { path };
        write!(f, "{path}: expected {expected}, found {found}")?;
        offset.map_or(Ok(()), |offset| write!(f, " (at byte {offset})"))
    }
}

impl fmt::Debug for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadError({self})")
    }
}

impl std::error::Error for ReadError {}

/// How many characters of the input an error shows.
pub(crate) const SHOWN: usize = 40;

/// The start of some text, quoted and escaped, for an error.
pub(crate) fn quoted(text: &str) -> String {
    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(end, _)| end);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{:?}{dots}", text.get(..end).unwrap_or_default())
}

/// The error of a body that is not UTF-8.
pub(crate) fn not_utf8(error: std::str::Utf8Error) -> ReadError {
    ReadError::new(String::new(), Some(error.valid_up_to()), "text in UTF-8", "other bytes".to_owned())
}

/// What the caller gave cannot be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct WriteError {
    member: Cow<'static, str>,
    reason: &'static str,
}

impl WriteError {
    pub(crate) fn new(member: impl Into<Cow<'static, str>>, reason: &'static str) -> Self {
        Self { member: member.into(), reason }
    }

    /// The wire name of the member at fault.
    pub fn member(&self) -> &str {
        &self.member
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A prefix header is named by the caller, who may have put anything into the name.
        write!(f, "{} {}", self.member.escape_debug(), self.reason)
    }
}

impl fmt::Debug for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WriteError({self})")
    }
}

impl std::error::Error for WriteError {}
