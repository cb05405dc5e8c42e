//! The headers of a frame: a name behind its length, a type, a value.

use bytes::{Buf, Bytes};

use super::error::{Fault, FrameError};
use super::message::{Header, HeaderValue, StrBytes};
use crate::primitives::DateTime;

/// The longest value: its length has 16 bits, of which all SDKs use 15.
const LONGEST: usize = i16::MAX as usize;

/// The most headers of a frame: far more than any event has, and few enough to be looked through for each that is wanted.
pub(super) const MAX_COUNT: usize = 1000;

/// The types that a value can be of.
mod kind {
    pub(super) const TRUE: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const BYTE: u8 = 2;
    pub(super) const INT_16: u8 = 3;
    pub(super) const INT_32: u8 = 4;
    pub(super) const INT_64: u8 = 5;
    pub(super) const BYTES: u8 = 6;
    pub(super) const TEXT: u8 = 7;
    pub(super) const TIME: u8 = 8;
    pub(super) const UUID: u8 = 9;
}

/// Adds the bytes of these headers.
///
/// # Errors
///
/// One is longer than a frame can say, or names a time that it cannot; or they are too many.
pub(crate) fn write(headers: &[Header], out: &mut Vec<u8>) -> Result<(), FrameError> {
    if headers.len() > MAX_COUNT {
        return Err(FrameError(Fault::Count(MAX_COUNT)));
    }
    headers.iter().try_for_each(|header| write_one(header, out))
}

fn write_one(header: &Header, out: &mut Vec<u8>) -> Result<(), FrameError> {
    let name = header.name().as_bytes();
    let too_long = || FrameError(Fault::TooLong(header.name().as_str().to_owned()));
    let length = u8::try_from(name.len()).ok().filter(|length| *length > 0).ok_or_else(too_long)?;
    out.push(length);
    out.extend_from_slice(name);
    let mut put = |kind, bytes: &[u8]| {
        out.push(kind);
        out.extend_from_slice(bytes);
    };
    match header.value() {
        HeaderValue::Bool(true) => put(kind::TRUE, &[]),
        HeaderValue::Bool(false) => put(kind::FALSE, &[]),
        HeaderValue::Byte(value) => put(kind::BYTE, &value.to_be_bytes()),
        HeaderValue::Int16(value) => put(kind::INT_16, &value.to_be_bytes()),
        HeaderValue::Int32(value) => put(kind::INT_32, &value.to_be_bytes()),
        HeaderValue::Int64(value) => put(kind::INT_64, &value.to_be_bytes()),
        HeaderValue::Timestamp(time) => {
            let millis = time.to_millis().map_err(|_| FrameError(Fault::Time(header.name().as_str().to_owned())))?;
            put(kind::TIME, &millis.to_be_bytes());
        }
        HeaderValue::Uuid(value) => put(kind::UUID, &value.to_be_bytes()),
        HeaderValue::ByteArray(value) => put_long(kind::BYTES, value, out).ok_or_else(too_long)?,
        HeaderValue::String(value) => put_long(kind::TEXT, value.as_bytes(), out).ok_or_else(too_long)?,
    }
    Ok(())
}

/// A value behind its length; none if that is too long.
fn put_long(kind: u8, value: &Bytes, out: &mut Vec<u8>) -> Option<()> {
    let length = u16::try_from(value.len()).ok().filter(|_| value.len() <= LONGEST)?;
    out.push(kind);
    out.extend(length.to_be_bytes());
    out.extend_from_slice(value);
    Some(())
}

/// Reads the headers that are all of these bytes.
///
/// # Errors
///
/// What is wrong, and in which of them.
pub(super) fn read(bytes: Bytes) -> Result<Vec<Header>, FrameError> {
    let whole = bytes.len();
    let (mut rest, mut headers) = (bytes, Vec::new());
    while !rest.is_empty() {
        let at = whole.saturating_sub(rest.len());
        if headers.len() == MAX_COUNT {
            return Err(FrameError(Fault::Count(MAX_COUNT)));
        }
        headers.push(read_one(&mut rest, at)?);
    }
    Ok(headers)
}

/// Reads the header that begins at this byte.
fn read_one(rest: &mut Bytes, at: usize) -> Result<Header, FrameError> {
    let cut = || FrameError(Fault::Cut(at));
    let text = |bytes: Bytes| StrBytes::try_from(bytes).map_err(|_| FrameError(Fault::Text(at)));
    let [length] = take(rest).ok_or_else(cut)?;
    if length == 0 {
        return Err(FrameError(Fault::Nameless(at)));
    }
    let name = text(take_bytes(rest, length.into()).ok_or_else(cut)?)?;
    let [kind] = take(rest).ok_or_else(cut)?;
    let value = match kind {
        kind::TRUE => Some(HeaderValue::Bool(true)),
        kind::FALSE => Some(HeaderValue::Bool(false)),
        kind::BYTE => take(rest).map(i8::from_be_bytes).map(HeaderValue::Byte),
        kind::INT_16 => take(rest).map(i16::from_be_bytes).map(HeaderValue::Int16),
        kind::INT_32 => take(rest).map(i32::from_be_bytes).map(HeaderValue::Int32),
        kind::INT_64 => take(rest).map(i64::from_be_bytes).map(HeaderValue::Int64),
        kind::BYTES => take_long(rest).map(HeaderValue::ByteArray),
        kind::TEXT => take_long(rest).map(text).transpose()?.map(HeaderValue::String),
        kind::TIME => take(rest).map(i64::from_be_bytes).map(DateTime::from_millis).map(HeaderValue::Timestamp),
        kind::UUID => take(rest).map(u128::from_be_bytes).map(HeaderValue::Uuid),
        unknown => return Err(FrameError(Fault::Type(at, unknown))),
    };
    Ok(Header::new(name, value.ok_or_else(cut)?))
}

/// The next bytes, if there are as many.
fn take<const COUNT: usize>(rest: &mut Bytes) -> Option<[u8; COUNT]> {
    let taken = *rest.first_chunk()?;
    rest.advance(COUNT);
    Some(taken)
}

fn take_bytes(rest: &mut Bytes, count: usize) -> Option<Bytes> {
    (count <= rest.len()).then(|| rest.split_to(count))
}

/// A value behind its length.
fn take_long(rest: &mut Bytes) -> Option<Bytes> {
    let length = u16::from_be_bytes(take(rest)?);
    take_bytes(rest, length.into())
}
