//! What the targets have in common: a shape with a member of every kind, values of it that are drawn from bytes, and the words of
//! a text that may be anything.

pub mod document;
pub mod everything;

pub use everything::{Choice, Everything};

use arbitrary::{Result, Unstructured};

/// Some text: pieces that mean something to one format or another, and any characters.
///
/// # Errors
///
/// The bytes are at their end.
pub fn text(u: &mut Unstructured<'_>, pieces: &[&str]) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=6)? {
        match u.ratio(3, 4)? {
            true if !pieces.is_empty() => text.push_str(u.choose(pieces)?),
            _ => text.push(u.arbitrary()?),
        }
    }
    Ok(text)
}
