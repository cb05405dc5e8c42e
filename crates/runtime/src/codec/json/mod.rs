//! JSON documents over wire tables.

mod explain;
mod read;
mod scan;
#[cfg(test)]
mod tests;

mod write;

pub use read::{JsonReader, MAX_DEPTH};
pub use write::JsonWriter;

use super::{ReadError, WriteError};
use crate::wire::{ELEMENT, Wire};

/// Reads a whole body. No bytes at all are a structure without members.
pub fn read<T: Wire>(body: &[u8]) -> Result<T, ReadError> {
    let mut value = T::default();
    if !body.is_empty() {
        let mut reader = JsonReader::new(body)?;
        value.read(&ELEMENT, &mut reader)?;
        reader.finish()?;
    }
    Ok(value)
}

/// Writes a whole body.
pub fn write<T: Wire>(value: &T) -> Result<Vec<u8>, WriteError> {
    let mut writer = JsonWriter::default();
    value.write(&ELEMENT, &mut writer)?;
    Ok(writer.into_bytes())
}
