//! JSON documents over wire tables.

mod explain;
mod path;
mod read;
mod scan;
#[cfg(test)]
mod tests;
mod walk;
mod write;

pub(crate) use read::JsonReader;
pub use read::MAX_DEPTH;
pub(crate) use write::JsonWriter;

use super::rest::{DocumentReader, DocumentWriter};
use super::{ReadError, WriteError};
use crate::wire::{ELEMENT, Wire};

/// Reads a whole body. No bytes at all are a structure without members.
///
/// # Errors
///
/// The body is no JSON, or does not have the form of the shape; the error names the member and the byte.
pub fn read<T: Wire>(body: &[u8]) -> Result<T, ReadError> {
    let mut value = T::default();
    read_into(body, &mut value)?;
    Ok(value)
}

/// Reads a whole body into a value, which keeps what was read if an error follows.
pub(super) fn read_into<T: Wire>(body: &[u8], value: &mut T) -> Result<(), ReadError> {
    if body.is_empty() {
        return Ok(());
    }
    JsonReader::read_body(body, &mut |reader| value.read(&ELEMENT, reader))
}

/// Writes a whole body.
///
/// # Errors
///
/// A member has a value that JSON cannot carry; the error names it.
pub fn write<T: Wire>(value: &T) -> Result<Vec<u8>, WriteError> {
    let mut writer = JsonWriter::default();
    value.write(&ELEMENT, &mut writer)?;
    Ok(writer.into_bytes())
}
