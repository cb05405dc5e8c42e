//! Where a listing stopped, as a token that boto3 takes for its `StartingToken`, and gives as its `resume_token`.
//!
//! The token is base64 of JSON: the page token under its wire name, and under `boto_truncate_amount` how many items
//! of that page were given already. `{"Marker": null, "boto_truncate_amount": 2}` stands inside the first page,
//! `{"Marker": "m2"}` at the beginning of a later one.

use std::fmt;
use std::marker::PhantomData;

use super::Paginated;
use crate::codec::json;
use crate::primitives::base64;
use crate::wire::{Member, Reader, Wire, Writer};

/// The first thing that was not given yet: a page, and how many of its items to pass over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) token: Option<String>,
    pub(super) skip: usize,
}

impl Position {
    /// Reads a token; what cannot be one is refused.
    pub(super) fn parse<O: Paginated>(token: &str) -> Result<Self, InvalidResumeToken> {
        let refuse = |why: String| InvalidResumeToken { operation: O::META.name, member: O::TOKEN, why };
        let json = base64::decode(token).filter(|json| !json.is_empty());
        let json = json.ok_or_else(|| refuse("it is not base64 of anything".to_owned()))?;
        let document: Document<O> = json::read(&json).map_err(|error| refuse(error.to_string()))?;
        if !document.names_token {
            // The token of another operation would start this listing anew, without a word.
            return Err(refuse(format!("it has no member {}", O::TOKEN)));
        }
        let skip = usize::try_from(document.skip.unwrap_or(0))
            .map_err(|_| refuse(format!("{TRUNCATE_AMOUNT} is negative")))?;
        Ok(Self { token: document.token, skip })
    }

    /// Writes the token, byte for byte as boto3 does.
    pub(super) fn render<O: Paginated>(&self) -> String {
        let token = self.token.as_deref().map_or("null".to_owned(), quoted);
        let skip = match self.skip {
            0 => String::new(),
            n => format!(", \"{TRUNCATE_AMOUNT}\": {n}"),
        };
        base64::encode(format!("{{{}: {token}{skip}}}", quoted(O::TOKEN)).as_bytes())
    }
}

/// A text as Python writes it in JSON: in ASCII, everything else escaped.
fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'"') => json.push_str("\\\""),
            Ok(b'\\') => json.push_str("\\\\"),
            Ok(b'\n') => json.push_str("\\n"),
            Ok(b'\r') => json.push_str("\\r"),
            Ok(b'\t') => json.push_str("\\t"),
            Ok(0x08) => json.push_str("\\b"),
            Ok(0x0c) => json.push_str("\\f"),
            Ok(plain @ 0x20..0x7f) => json.push(plain.into()),
            _ => json.push_str(&format!("\\u{unit:04x}")),
        }
    }
    json.push('"');
    json
}

/// The name is boto3's, and stands in every token that a user may have stored.
const TRUNCATE_AMOUNT: &str = "boto_truncate_amount";

/// The JSON inside a token.
struct Document<O> {
    token: Option<String>,
    /// Whether the token is there, and be it as `null`.
    names_token: bool,
    skip: Option<i64>,
    operation: PhantomData<fn() -> O>,
}

impl<O> Default for Document<O> {
    fn default() -> Self {
        Self { token: None, names_token: false, skip: None, operation: PhantomData }
    }
}

impl<O: Paginated> Wire for Document<O> {
    const MEMBERS: &'static [Member] = &[Member::body(O::TOKEN), Member::body(TRUNCATE_AMOUNT)];

    fn read_member<R: Reader>(&mut self, index: usize, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        match index {
            0 => {
                self.names_token = true;
                self.token.read(at, r)
            }
            1 => self.skip.read(at, r),
            _ => r.skip(),
        }
    }

    #[allow(clippy::indexing_slicing, reason = "the table above has two members")]
    fn write_members<W: Writer>(&self, w: &mut W) -> Result<(), W::Error> {
        w.member(&Self::MEMBERS[0], &self.token)?;
        w.member(&Self::MEMBERS[1], &self.skip)
    }
}

/// A text that is no resume token of the operation.
#[derive(Clone, Debug)]
pub struct InvalidResumeToken {
    operation: &'static str,
    member: &'static str,
    why: String,
}

impl fmt::Display for InvalidResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, member, why } = self;
        write!(
            f,
            "the starting token is none of {operation}: {why}; give the resume token of an earlier listing, \
             which is base64 of JSON with the member {member}"
        )
    }
}

impl std::error::Error for InvalidResumeToken {}
