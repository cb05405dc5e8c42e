//! What a JSON reader says where the document is not as expected: the place, what was expected, and what was found, cut
//! short. The path of members is found from the place, once the error leaves the reader.

use std::borrow::Cow;

use super::path::name_at;
use super::read::JsonReader;
use super::scan::Fault;
use crate::codec::ReadError;
use crate::codec::error::{SHOWN, quoted};

impl<'a> JsonReader<'a> {
    /// An error about the grammar, where the reader stands.
    #[cold]
    pub(super) fn error(&self, expected: &'static str) -> ReadError {
        self.explain(self.scan.fault(expected))
    }

    /// An error about the grammar. It shows one character of the input.
    #[cold]
    pub(super) fn explain(&self, fault: Fault) -> ReadError {
        let found = self.scan.text().get(fault.offset..).and_then(|rest| rest.chars().next());
        let found = found.map_or("the end of the body".to_owned(), |found| format!("{found:?}"));
        ReadError::new(String::new(), Some(fault.offset), fault.expected, found)
    }

    /// An error about the value at `offset`, before which the reader stands from then on. It shows the value, or the
    /// start of it, unless that broke off, past its first byte, with `fault`.
    #[cold]
    pub(super) fn mismatch(&mut self, offset: usize, fault: Option<Fault>, expected: Cow<'static, str>) -> ReadError {
        self.scan.rewind(offset);
        if let Some(fault) = fault.filter(|fault| fault.offset > offset) {
            return self.explain(fault);
        }
        let found = match self.scan.peek() {
            b'{' => "an object".to_owned(),
            b'[' => "an array".to_owned(),
            b'"' => self.scan.string(&mut self.scratch).map_or("a broken string".to_owned(), quoted),
            b'-' | b'0'..=b'9' => match self.scan.number() {
                Ok(number) => number.text.chars().take(SHOWN).collect(),
                Err(fault) => return self.explain(fault),
            },
            _ => match ["null", "true", "false"].into_iter().find(|word| self.scan.literal(word).is_ok()) {
                Some(word) => word.to_owned(),
                None => return self.explain(Fault { offset, expected: "a value of JSON" }),
            },
        };
        self.scan.rewind(offset);
        ReadError::new(String::new(), Some(offset), expected, found)
    }

    /// The name that begins with the quote at this place, as it is spelt there.
    pub(super) fn name_at(&self, at: usize) -> &'a str {
        name_at(self.scan.text(), at)
    }
}
