//! A response body: whole, or still arriving.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use crate::time::{Sleep, within};
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

/// Why a body could not be read whole.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The connection failed before the end of the body.
    Transport(TransportError),
    /// No bytes came for this long.
    Stalled(Duration),
    /// The body is longer than so many bytes, which have been read.
    TooLong(usize),
}

impl std::fmt::Display for BodyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Stalled(limit) => write!(f, "the body of the response stood still for {limit:?}"),
            Self::TooLong(limit) => {
                write!(f, "the body of the response is longer than {limit} bytes, the most that is read")
            }
        }
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Its own line was that of the transport's error.
            Self::Transport(error) => error.source(),
            _ => None,
        }
    }
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

    /// Reads the rest of the body. It may have `limit` bytes, and no chunk may be `stall` in coming. Of a body that is
    /// longer, those bytes are left in it.
    pub(crate) async fn read_whole(
        &mut self,
        limit: usize,
        sleep: &dyn Sleep,
        stall: Duration,
    ) -> Result<Bytes, BodyError> {
        let mut whole = Bytes::new();
        loop {
            // A chunk that is here already, as the whole of a short body mostly is, needs no timer.
            let ready = poll_fn(|cx| Poll::Ready(self.poll_chunk(cx))).await;
            let chunk = match ready {
                Poll::Ready(chunk) => chunk,
                Poll::Pending => within(sleep, stall, poll_fn(|cx| self.poll_chunk(cx)))
                    .await
                    .map_err(|_| BodyError::Stalled(stall))?,
            };
            let Some(chunk) = chunk.transpose().map_err(BodyError::Transport)? else { return Ok(whole) };
            whole = if whole.is_empty() { chunk } else { join(whole, &chunk) };
            if whole.len() > limit {
                *self = Self::whole(whole.slice(..limit));
                return Err(BodyError::TooLong(limit));
            }
        }
    }
}

fn join(begun: Bytes, next: &[u8]) -> Bytes {
    let mut longer = BytesMut::from(begun);
    longer.extend_from_slice(next);
    longer.freeze()
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
