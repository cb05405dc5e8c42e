//! Shapes and values as data of programs: in files, caches and messages of their own, in formats of `serde` that tell
//! numbers, booleans and text apart.
//!
//! With the feature `serde`, every structure, union and enum of a generated crate is `Serialize` and `Deserialize`, errors
//! too, and so are the values of [`primitives`](crate::primitives).
//!
//! | what | in formats for people (JSON, YAML, TOML) | in others (CBOR, MessagePack, bincode) |
//! |---|---|---|
//! | structure | a map, by the names of the model: `FunctionName`, wherever that travels | the same |
//! | union | a map with exactly one entry | the same |
//! | enum | its text | the same |
//! | [`Blob`], [`ByteStream`] | base64 | bytes |
//! | [`DateTime`] | RFC 3339, to the nanosecond | a pair: seconds, and the nanoseconds after them |
//! | [`BigInteger`], [`BigDecimal`] | their digits, as text | the same |
//! | `NaN`, `Infinity`, `-Infinity` | these words, as text | floats |
//! | [`Document`] | what it says; `NaN` and infinities in it come back as text | what it says |
//!
//! What is absent is not written, and entries of maps are written in the order of their keys. Reading follows what
//! holds for answers of services: members that are not known are passed over, `null` is as good as absent, and what is
//! absent is as `Default` has it, so that nothing is ever missing. `null` is kept in sparse lists and maps, and passed over
//! in others. What is known nests up to [`MAX_DEPTH`], and what is passed over as deep as the format takes it. Errors name
//! the path of members and what was expected there; what they say of text that was found instead is the format's.
//!
//! - **What is sensitive is written like the rest.** It is data; only `Debug` hides it.
//! - The unknown variant of a union cannot be written: what it was is not known.
//! - A [`ByteStream`] can be written where its bytes are in memory. One that is read is in memory.
//! - Streams of events are conversations, no data: they are left out where they are written, and cannot be read.
//! - What is known of a response beyond its members is left out: request ids, codes of errors, numbers of attempts.
//! - Formats in which all is text (queries of URLs, XML) can be written, as far as they take such data, but not read: text
//!   is no number.
//! - In formats that do not say what comes next (bincode, postcard), documents cannot be read, and neither can data with
//!   members that are not known. All else can, by the same version of a crate or a later one.
//!
//! [`Blob`]: crate::primitives::Blob
//! [`ByteStream`]: crate::primitives::ByteStream
//! [`DateTime`]: crate::primitives::DateTime
//! [`BigInteger`]: crate::primitives::BigInteger
//! [`BigDecimal`]: crate::primitives::BigDecimal
//! [`Document`]: crate::primitives::Document

mod path;
mod read;
#[cfg(test)]
mod tests;
mod values;
mod visit;
mod write;

pub use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

pub use super::json::MAX_DEPTH;
use crate::wire::{ELEMENT, Wire};
use path::Path;

/// Writes a shape; what [`data!`](crate::data) gives it calls this.
#[doc(hidden)]
pub fn serialize<T: Wire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    write::value(&ELEMENT, value, Path::START, serializer)
}

/// Reads a shape; what [`data!`](crate::data) gives it calls this.
#[doc(hidden)]
pub fn deserialize<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    read::value(&ELEMENT, &mut value, Path::START, deserializer)?;
    Ok(value)
}
