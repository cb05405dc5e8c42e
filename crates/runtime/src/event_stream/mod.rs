//! Event streams: messages that travel one by one in the body of a request or a response, until one side has said all.
//!
//! ```text
//! frame    messages as bytes, checked          message  headers that have types, and a payload
//! receiver events that a service sends         sender   events that a caller sends, signed one by one
//! ```
//!
//! How an event of a service's model becomes a message is for the protocol to say: see [`codec`](crate::codec).

pub(crate) mod crc32;
mod error;
#[cfg(test)]
mod fixture;
mod frame;
mod headers;
mod message;
mod protocol;
mod receiver;
mod sender;

pub use error::FrameError;
pub use frame::{Decoder, write};
pub(crate) use headers::write as write_headers;
pub use message::{Header, HeaderValue, Message, RawMessage, StrBytes};
pub use protocol::{Event, EventError, EventProtocol, Received};
#[doc(hidden)]
pub use protocol::{read_modeled, unhandled};
pub use receiver::EventReceiver;
pub use sender::EventStreamSender;
#[doc(hidden)]
pub use sender::FrameSigning;

/// What a body is that consists of messages.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.amazon.eventstream";
