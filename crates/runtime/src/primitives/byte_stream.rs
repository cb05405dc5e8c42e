//! Bytes that need not be in memory all at once: the bodies of operations that stream them, in and out.

mod aggregated;
pub mod error;
#[cfg(feature = "rt-tokio")]
mod file;
#[cfg(feature = "rt-tokio")]
mod read;

use std::fmt;
use std::future::poll_fn;
#[cfg(feature = "rt-tokio")]
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

pub use self::aggregated::AggregatedBytes;
use self::error::Error;
#[cfg(feature = "rt-tokio")]
pub use self::file::{FsBuilder, Length};
use crate::error::BoxError;
use crate::http::Body;
use crate::wire::Streamed;

/// A stream of bytes.
///
/// To be sent, it is made of bytes, of a file ([`from_path`](Self::from_path), with the feature `rt-tokio`), or of any
/// [`Stream`] of chunks. What comes of an operation is read chunk by chunk, as it arrives; a body that is not wanted any
/// more is dropped. It is a [`Stream`] itself.
///
/// ```
/// use tinsmith_runtime::primitives::ByteStream;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut stream = ByteStream::from_static(b"much, and then more");
/// while let Some(chunk) = stream.try_next().await? {
///     println!("{} bytes came", chunk.len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct ByteStream(Body);

impl ByteStream {
    /// The bytes of a body.
    pub fn new(body: Body) -> Self {
        Self(body)
    }

    /// Bytes of the program.
    pub fn from_static(bytes: &'static [u8]) -> Self {
        Self(Body::whole(bytes))
    }

    /// The chunks of a stream. It can be sent once, so that a call with it has one attempt. Where its length is known, say it
    /// by [`with_length`](Self::with_length): some operations ask for that.
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self(Body::from_stream(stream))
    }

    /// Says how many bytes it has in all. A request with more or fewer is never completed, and fails.
    pub fn with_length(self, length: u64) -> Self {
        Self(self.0.with_length(length))
    }

    /// The bytes of a file, which is read when they are sent, and again for another attempt.
    ///
    /// # Errors
    ///
    /// The file cannot be looked at.
    #[cfg(feature = "rt-tokio")]
    pub async fn from_path(path: impl AsRef<Path>) -> Result<Self, Error> {
        FsBuilder::new().path(path).build().await
    }

    /// The bytes of a part of a file, to be said bit by bit.
    #[cfg(feature = "rt-tokio")]
    pub fn read_from() -> FsBuilder {
        FsBuilder::new()
    }

    /// What `change` makes of its body, each time that it is begun.
    pub fn map(self, change: impl Fn(Body) -> Body + Send + Sync + 'static) -> Self {
        Self(self.0.map(change))
    }

    /// The body that it is made of.
    pub fn into_inner(self) -> Body {
        self.0
    }

    /// The next chunk, or `None` after the last one. An [`Error`] says that the rest does not come.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }

    /// The next chunk, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// The rest does not come: see [`Error`].
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        self.next().await.transpose()
    }

    /// The bytes, where they are in memory.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.0.bytes()
    }

    /// How many bytes are still to come: at the least, and at the most where that is known.
    pub fn size_hint(&self) -> (u64, Option<u64>) {
        let length = self.0.content_length();
        (length.unwrap_or_default(), length)
    }

    /// Reads all of it into memory, however much that is.
    ///
    /// # Errors
    ///
    /// It broke off: see [`Error`].
    pub async fn collect(mut self) -> Result<AggregatedBytes, Error> {
        let mut whole = AggregatedBytes::default();
        while let Some(chunk) = self.try_next().await? {
            whole.push(chunk);
        }
        Ok(whole)
    }

    /// Reads it by the traits of tokio.
    #[cfg(feature = "rt-tokio")]
    pub fn into_async_read(self) -> impl tokio::io::AsyncBufRead + Send + Sync + Unpin + 'static {
        read::Buffered::new(self)
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        self.0.poll_chunk(cx).map(|chunk| chunk.map(|chunk| chunk.map_err(Error::of_body)))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(cx)
    }
}

impl Streamed for ByteStream {
    fn take(&mut self) -> Body {
        std::mem::take(&mut self.0)
    }

    fn put(&mut self, body: Body) {
        self.0 = body;
    }

    fn in_memory(&self) -> Option<&[u8]> {
        self.bytes()
    }
}

impl<T: Into<Body>> From<T> for ByteStream {
    fn from(body: T) -> Self {
        Self(body.into())
    }
}

/// How much it is; the bytes themselves may be secret.
impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteStream({:?})", self.0)
    }
}

#[cfg(test)]
mod tests;
