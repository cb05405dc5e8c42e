//! A response body: whole, or still arriving.

use bytes::{Bytes, BytesMut};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::transport::TransportError;

/// The bytes of a response.
pub struct Body(Inner);

enum Inner {
    Whole(Bytes),
    Arriving(Pin<Box<dyn Chunks>>),
}

/// Chunks of a body, as a transport receives them.
pub trait Chunks: Send + 'static {
    /// The next chunk, or `None` after the last one.
    fn poll_chunk(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>>;
}

/// Why a body could not be read whole.
#[derive(Debug)]
pub enum BodyError {
    /// The connection failed before the end of the body.
    Transport(TransportError),
    /// The body is longer than this limit in bytes.
    TooLong(usize),
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

    /// Reads the rest of the body; more than `limit` bytes are an error, and are not kept.
    pub async fn read_whole(&mut self, limit: usize) -> Result<Bytes, BodyError> {
        let mut whole = match self.chunk().await? {
            Some(first) => first,
            None => return Ok(Bytes::new()),
        };
        while whole.len() <= limit {
            match self.chunk().await? {
                // A body of one chunk, the usual one, is never copied.
                None => return Ok(whole),
                Some(next) => {
                    let mut longer = BytesMut::from(whole);
                    longer.extend_from_slice(&next);
                    whole = longer.freeze();
                }
            }
        }
        Err(BodyError::TooLong(limit))
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        std::future::poll_fn(|cx| self.poll_chunk(cx)).await.transpose().map_err(BodyError::Transport)
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
