//! Why bytes are no message, or a message cannot be made bytes.

use std::fmt;

/// What is wrong with a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameError(pub(super) Fault);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The checksum of the first eight bytes, as it is said and as it is.
    Prelude(u32, u32),
    /// The checksum of the frame, as it is said and as it is.
    Message(u32, u32),
    /// This length of the whole is none that a frame can have.
    Length(u64),
    /// These headers do not fit, or are too long.
    Headers(u64),
    /// The payload has so many bytes, and may have as many.
    Payload(usize, usize),
    /// There are more headers than this in a frame.
    Count(usize),
    /// The header that begins at this byte of the headers has no name.
    Nameless(usize),
    /// The header that begins at this byte of the headers ends after them.
    Cut(usize),
    /// The header of this place has a type that is not known.
    Type(usize, u8),
    /// Name or value of the header of this place is not UTF-8.
    Text(usize),
    /// The name, or the value, of this header is longer than headers can be.
    TooLong(String),
    /// The time in this header is none that a header can hold.
    Time(String),
    /// The stream ended after so many bytes of a frame.
    End(usize),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = super::frame::MAX_HEADERS;
        match &self.0 {
            Fault::Prelude(said, is) => {
                write!(
                    f,
                    "a frame of the event stream is damaged: its prelude says the checksum {said:08x}, and has {is:08x}"
                )
            }
            Fault::Message(said, is) => {
                write!(f, "a frame of the event stream is damaged: it says the checksum {said:08x}, and has {is:08x}")
            }
            Fault::Length(length) => {
                let (least, most) = (super::frame::LEAST, super::frame::MAX_FRAME);
                write!(f, "a frame of the event stream has {length} bytes: expected {least} to {most}")
            }
            Fault::Headers(length) => {
                write!(
                    f,
                    "a frame of the event stream has {length} bytes of headers: expected no more than fit into it, and at most {most}"
                )
            }
            Fault::Payload(length, most) => {
                write!(f, "a frame of the event stream has a payload of {length} bytes: expected at most {most}")
            }
            Fault::Count(most) => {
                write!(f, "a frame of the event stream has more than {most} headers, the most that is read")
            }
            Fault::Nameless(at) => write!(f, "the header at byte {at} of a frame's headers has no name"),
            Fault::Cut(at) => {
                write!(
                    f,
                    "a frame of the event stream is cut short: the header at byte {at} of its headers goes on beyond them"
                )
            }
            Fault::Type(at, kind) => {
                write!(f, "the header at byte {at} of a frame's headers has the type {kind}: expected 0 to 9")
            }
            Fault::Text(at) => write!(f, "the header at byte {at} of a frame's headers is not text in UTF-8"),
            Fault::TooLong(name) => {
                write!(
                    f,
                    "the header {name:?} is too long for a frame: names have 1 to 255 bytes, values at most 32767"
                )
            }
            Fault::Time(name) => write!(f, "the header {name:?} has a time that cannot be said in milliseconds"),
            Fault::End(come) => write!(f, "the event stream ended within a frame, after {come} bytes of it"),
        }
    }
}

impl std::error::Error for FrameError {}
