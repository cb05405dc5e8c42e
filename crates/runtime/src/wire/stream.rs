//! Members that are streams: they are the body of a message as it comes, and stay out of the table.

use crate::codec::WriteError;
use crate::event_stream;
use crate::http::{Body, Request};

/// A type of which a stream is made, or that is made of one.
pub trait Streamed {
    /// Takes the body of a request out of it.
    fn take(&mut self) -> Body {
        Body::empty()
    }

    /// Keeps the body of a response.
    fn put(&mut self, body: Body) {
        let _ = body;
    }

    /// Its bytes, where they are in memory.
    fn in_memory(&self) -> Option<&[u8]> {
        None
    }
}

/// The member that is the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamMember {
    /// The name of its field.
    pub name: &'static str,
    /// What it holds, where no header of the input says so.
    pub media_type: &'static str,
    /// Whether its length has to be known before it is sent (`smithy.api#requiresLength`).
    pub requires_length: bool,
    /// Whether it consists of events, between which nothing comes for as long as nothing happens.
    pub has_events: bool,
    /// The name that the model gives it, where that is another.
    #[cfg(feature = "serde")]
    pub called: Option<&'static str>,
}

impl StreamMember {
    /// A member of bytes, of which nothing more is to be said.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            media_type: "application/octet-stream",
            requires_length: false,
            has_events: false,
            #[cfg(feature = "serde")]
            called: None,
        }
    }

    /// A member of events.
    pub const fn events(name: &'static str) -> Self {
        Self { media_type: event_stream::MEDIA_TYPE, has_events: true, ..Self::new(name) }
    }

    /// With the name that the model gives it, where that is another than its field's; see [`Member::called`].
    ///
    /// [`Member::called`]: super::Member::called
    pub const fn called(self, name: &'static str) -> Self {
        #[cfg(feature = "serde")]
        return Self { called: Some(name), ..self };
        #[cfg(not(feature = "serde"))]
        {
            let _ = name;
            self
        }
    }

    /// With what its bytes are.
    pub const fn media_type(self, media_type: &'static str) -> Self {
        Self { media_type, ..self }
    }

    /// With a length that has to be known.
    pub const fn requires_length(self) -> Self {
        Self { requires_length: true, ..self }
    }

    /// Makes a stream the body of a request.
    pub(crate) fn put(self, body: Body, request: &mut Request) -> Result<(), WriteError> {
        let is_unknown = || body.content_length().is_none() && request.headers.get("content-length").is_none();
        if self.requires_length && is_unknown() {
            return Err(WriteError::new(
                self.name,
                "is a stream of unknown length, and the service wants to know it before it comes: give bytes or a file, \
                 or say the length by `ByteStream::with_length`",
            ));
        }
        if request.headers.get("content-type").is_none() {
            request.headers.insert("content-type", self.media_type);
        }
        request.body = body;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll};

    use super::*;
    use crate::http::Chunks;
    use crate::transport::TransportError;

    struct Unknown;

    impl Chunks for Unknown {
        fn poll_chunk(
            self: std::pin::Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<bytes::Bytes, TransportError>>> {
            Poll::Ready(None)
        }
    }

    #[test]
    fn a_length_that_is_required_is_known_before_anything_is_sent() {
        let check = |body: Body, length: Option<&str>, expected: bool| {
            let mut request = Request::default();
            length.into_iter().for_each(|length| request.headers.insert("content-length", length));
            let member = StreamMember::new("body").media_type("text/plain").requires_length();
            let put = member.put(body, &mut request);
            assert_eq!(put.is_ok(), expected);
            let told = put.map_err(|error| error.to_string()).err().unwrap_or_default();
            assert!(expected || told.starts_with("body is a stream of unknown length"), "{told}");
            assert_eq!(request.headers.get("content-type"), expected.then_some("text/plain"));
        };
        check(Body::empty(), None, true);
        check(Body::from("abc"), None, true);
        check(Body::arriving(Unknown).with_length(3), None, true);
        check(Body::arriving(Unknown), Some("3"), true);
        check(Body::arriving(Unknown), None, false);
    }

    #[test]
    fn a_content_type_of_the_input_stays() {
        let mut request = Request::default();
        request.headers.insert("content-type", "image/png");
        assert_eq!(StreamMember::new("body").put(Body::from("abc"), &mut request), Ok(()));
        assert_eq!((request.headers.get("content-type"), request.bytes()), (Some("image/png"), &b"abc"[..]));
    }
}
