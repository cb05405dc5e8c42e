//! Values that Rust's standard library has no type for: bytes as the wire carries them, points in time, numbers of any
//! size, documents, and streams.

pub(crate) mod base64;
mod big_number;
pub mod byte_stream;
mod date_time;
mod decimal;
mod document;
pub(crate) mod hex;

pub use crate::http::Body as SdkBody;
pub(crate) use big_number::is_number;
pub use big_number::{BigDecimal, BigInteger, BigNumberError};
pub use byte_stream::error::Error as ByteStreamError;
pub use byte_stream::{AggregatedBytes, ByteStream};
#[cfg(feature = "rt-tokio")]
pub use byte_stream::{FsBuilder, Length};
pub use date_time::{ConversionError, DateTime, DateTimeFormat, DateTimeFormatError, DateTimeParseError};
pub(crate) use decimal::Decimal;
pub use document::{Document, Number};

/// Bytes, as a member of a shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blob(Vec<u8>);

impl Blob {
    /// Wraps bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Gives the bytes back.
    pub fn into_inner(self) -> Vec<u8> {
        self.0
    }
}

impl AsRef<[u8]> for Blob {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Blob> for Vec<u8> {
    fn from(blob: Blob) -> Self {
        blob.0
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Blob {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}
