//! Events and exceptions as messages of an event stream: members in headers, as the payload, or in a document that is the
//! payload, which whatever codec of the protocol writes and reads.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::{in_header, read_event, read_exception, text_of};
pub(crate) use write::{write_event, write_exception};

/// What tells an event, an exception and an error apart: the last one is of the stream, and no model lists it.
pub(crate) const MESSAGE_TYPE: &str = ":message-type";
/// Which event it is: the name of its member in the union.
pub(crate) const EVENT_TYPE: &str = ":event-type";
/// Which exception it is.
pub(crate) const EXCEPTION_TYPE: &str = ":exception-type";
/// What the payload is.
pub(crate) const CONTENT_TYPE: &str = ":content-type";
/// What a payload of text is, where the model says nothing else.
const TEXT: &str = "text/plain";
/// What a payload of bytes is, where the model says nothing else.
const BYTES: &str = "application/octet-stream";
