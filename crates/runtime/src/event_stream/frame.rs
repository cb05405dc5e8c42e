//! Frames: messages as bytes (`application/vnd.amazon.eventstream`).
//!
//! A frame is the length of the whole and of the headers, a checksum of these two, the headers, the payload, and a
//! checksum of all before it. All numbers have their high bytes first.

use std::fmt;

use bytes::{Buf, Bytes, BytesMut};

use super::crc32;
use super::error::{Fault, FrameError};
use super::headers;
use super::message::Message;

/// The most bytes of headers that a frame may have.
pub(super) const MAX_HEADERS: usize = 128 << 10;
/// The most bytes of an event's payload, as the SDKs for Go and Java have it; the one for Rust has no limit.
pub(super) const MAX_PAYLOAD: usize = 24 << 20;
/// Two lengths and their checksum.
const PRELUDE: usize = 12;
/// The shortest frame: without headers and payload.
pub(super) const LEAST: usize = PRELUDE + CHECKSUM;
/// The longest frame of an event.
const MAX_EVENT: usize = LEAST + MAX_HEADERS + MAX_PAYLOAD;
/// The longest frame: one whose payload is the longest frame of an event, and whose headers sign that.
pub(super) const MAX_FRAME: usize = LEAST + MAX_HEADERS + MAX_EVENT;
const CHECKSUM: usize = 4;

/// The frame of a message.
///
/// # Errors
///
/// A header or the whole is longer than a frame can say, or longer than those who read them take.
pub fn write(message: &Message) -> Result<Bytes, FrameError> {
    write_up_to(message, MAX_PAYLOAD)
}

/// The frame of a message that carries the frame of an event.
///
/// # Errors
///
/// As those of [`write`]; the limit is that of the event.
pub(super) fn write_carrier(message: &Message) -> Result<Bytes, FrameError> {
    write_up_to(message, MAX_EVENT)
}

#[allow(clippy::arithmetic_side_effects, reason = "lengths are added up when they are within their limits")]
fn write_up_to(message: &Message, most: usize) -> Result<Bytes, FrameError> {
    let mut headers = Vec::new();
    headers::write(message.headers(), &mut headers)?;
    let payload = message.payload();
    if headers.len() > MAX_HEADERS {
        return Err(FrameError(Fault::Headers(headers.len() as u64)));
    }
    if payload.len() > most {
        return Err(FrameError(Fault::Payload(payload.len(), most)));
    }
    let length = LEAST + headers.len() + payload.len();
    let mut frame = Vec::with_capacity(length);
    // Both are below the limits, and so within 32 bits.
    frame.extend((length as u32).to_be_bytes());
    frame.extend((headers.len() as u32).to_be_bytes());
    frame.extend(crc32::of(&frame).to_be_bytes());
    frame.extend(headers);
    frame.extend_from_slice(payload);
    frame.extend(crc32::of(&frame).to_be_bytes());
    Ok(frame.into())
}

/// Takes frames out of bytes that come in pieces, whatever these are.
///
/// No more than one frame is ever held, and nothing is believed before its checksum: first that of the lengths, then
/// that of the whole.
#[derive(Default)]
pub struct Decoder {
    /// What came of the frame that is not whole.
    held: BytesMut,
}

/// How much it holds; the bytes themselves may be secret.
impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("held", &format_args!("{} bytes", self.held.len())).finish()
    }
}

impl Decoder {
    /// Takes the next message out of `piece`, or all of that as a part of one.
    ///
    /// # Errors
    ///
    /// What came is no frame. Where the next one would begin is not known then: nothing more can be read.
    pub fn next(&mut self, piece: &mut Bytes) -> Result<Option<Message>, FrameError> {
        if self.held.is_empty()
            && let Some(lengths) = Lengths::of(piece)?
            && piece.len() >= lengths.frame
        {
            // It is here as a whole, and need not be copied.
            return message(piece.split_to(lengths.frame), lengths).map(Some);
        }
        self.hold(piece, PRELUDE);
        let Some(lengths) = Lengths::of(&self.held)? else { return Ok(None) };
        self.hold(piece, lengths.frame);
        if self.held.len() < lengths.frame {
            return Ok(None);
        }
        message(std::mem::take(&mut self.held).freeze(), lengths).map(Some)
    }

    /// Takes of a piece what is lacking to so many bytes. What is held grows with what comes, not with what a frame says
    /// of itself.
    fn hold(&mut self, piece: &mut Bytes, wanted: usize) {
        let lacking = wanted.saturating_sub(self.held.len()).min(piece.len());
        self.held.extend_from_slice(&piece.split_to(lacking));
    }

    /// Makes sure that the stream ended between two frames.
    ///
    /// # Errors
    ///
    /// It ended within one.
    pub fn finish(&self) -> Result<(), FrameError> {
        if self.held.is_empty() { Ok(()) } else { Err(FrameError(Fault::End(self.held.len()))) }
    }
}

/// What the prelude of a frame says.
#[derive(Clone, Copy)]
struct Lengths {
    frame: usize,
    headers: usize,
}

impl Lengths {
    /// Reads them, if the prelude is whole.
    fn of(bytes: &[u8]) -> Result<Option<Self>, FrameError> {
        let Some(mut prelude) = bytes.get(..PRELUDE) else { return Ok(None) };
        let is = crc32::of(prelude.get(..PRELUDE - CHECKSUM).unwrap_or_default());
        let (frame, headers, said) = (prelude.get_u32(), prelude.get_u32(), prelude.get_u32());
        if said != is {
            return Err(FrameError(Fault::Prelude(said, is)));
        }
        let fits = usize::try_from(frame).ok().filter(|frame| (LEAST..=MAX_FRAME).contains(frame));
        let frame = fits.ok_or(FrameError(Fault::Length(frame.into())))?;
        let content = frame.saturating_sub(LEAST);
        let fits = usize::try_from(headers).ok().filter(|headers| *headers <= MAX_HEADERS.min(content));
        let headers = fits.ok_or(FrameError(Fault::Headers(headers.into())))?;
        let payload = content.saturating_sub(headers);
        if payload > MAX_EVENT {
            return Err(FrameError(Fault::Payload(payload, MAX_EVENT)));
        }
        Ok(Some(Self { frame, headers }))
    }
}

/// Reads a frame that is whole.
fn message(mut frame: Bytes, lengths: Lengths) -> Result<Message, FrameError> {
    let mut checksum = frame.split_off(frame.len().saturating_sub(CHECKSUM));
    let (said, is) = (checksum.get_u32(), crc32::of(&frame));
    if said != is {
        return Err(FrameError(Fault::Message(said, is)));
    }
    let mut rest = frame.split_off(PRELUDE);
    let headers = headers::read(rest.split_to(lengths.headers))?;
    Ok(Message::new_from_parts(headers, rest))
}

#[cfg(test)]
mod tests;
