//! A response body: whole, or still arriving.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;

use crate::transport::TransportError;

/// The bytes of a response.
pub struct Body(Inner);

enum Inner {
    Whole(Bytes),
    Arriving(Pin<Box<dyn Chunks>>),
}

/// Chunks of a body, as a transport receives them.
pub trait Chunks: Send + Sync + 'static {
    /// The next chunk, or `None` after the last one.
    fn poll_chunk(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>>;
}

impl Body {
    /// A body that is complete.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        Self(Inner::Whole(bytes.into()))
    }

    /// A body that arrives in chunks.
    pub fn arriving(chunks: impl Chunks) -> Self {
        Self(Inner::Arriving(Box::pin(chunks)))
    }

    /// The bytes, if the body has been read whole.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Whole(bytes) => Some(bytes),
            Inner::Arriving(_) => None,
        }
    }

    /// The next chunk; a whole body is one chunk.
    pub fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        match &mut self.0 {
            Inner::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Inner::Whole(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Inner::Arriving(chunks) => chunks.as_mut().poll_chunk(cx),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::whole(Bytes::new())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::whole(bytes)
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Inner::Whole(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Inner::Arriving(_) => f.write_str("Body(arriving)"),
        }
    }
}
