//! The body of a message: whole, or a stream of chunks.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::error::BoxError;
use crate::event_stream::FrameSigning;
use crate::transport::{TransportError, TransportErrorKind};

/// The bytes of a request or of a response.
///
/// A stream is read once, as it comes, and is never held in memory as a whole. It may know its length, and it may be one
/// that can be begun again, as each attempt of a call needs it: a call whose body cannot be begun again has one attempt.
#[derive(Default)]
pub struct Body(Inner);

enum Inner {
    Whole(Bytes),
    Stream(Chunked),
    /// Somebody else has it.
    Taken,
}

struct Chunked {
    chunks: Pin<Box<dyn Chunks>>,
    /// Nothing, and no allocation, where the chunks say all that there is to know, as those of a transport do.
    known: Option<Box<Known>>,
}

/// What is known of a stream beside its chunks.
#[derive(Default)]
struct Known {
    /// How many bytes it has in all.
    length: Option<u64>,
    /// How many of them were read.
    read: u64,
    again: Option<Again>,
}

/// Makes the same body from its beginning.
type Again = Arc<dyn Fn() -> Body + Send + Sync>;

/// Chunks of a body, as a transport receives them, or as a program brings them.
pub trait Chunks: Send + Sync + 'static {
    /// The next chunk, or `None` after the last one.
    fn poll_chunk(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>>;

    /// How many bytes are still to come, where the chunks know it themselves.
    fn content_length(&self) -> Option<u64> {
        None
    }

    /// Whether they are frames of an event stream, which are signed one by one.
    #[doc(hidden)]
    fn is_event_stream(&self) -> bool {
        false
    }

    /// Has the frames signed.
    #[doc(hidden)]
    fn sign_frames(self: Pin<&mut Self>, signing: FrameSigning) {
        let _ = signing;
    }
}

impl Body {
    /// A body that is complete.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        Self(Inner::Whole(bytes.into()))
    }

    /// A body without bytes.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A body that is somewhere else by now: to read it is an error.
    pub fn taken() -> Self {
        Self(Inner::Taken)
    }

    /// A body that arrives in chunks. It can be read once; say its length, if that is known, by
    /// [`with_length`](Body::with_length).
    pub fn arriving(chunks: impl Chunks) -> Self {
        Self(Inner::Stream(Chunked { chunks: Box::pin(chunks), known: None }))
    }

    /// The chunks of a stream. It can be read once; say its length, if that is known, by
    /// [`with_length`](Body::with_length).
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::arriving(Streamed(Mutex::new(Box::pin(stream))))
    }

    /// A body that can be begun again: `begin` makes it anew, from its first byte.
    pub fn retryable(begin: impl Fn() -> Self + Send + Sync + 'static) -> Self {
        let mut body = begin();
        if let Inner::Stream(stream) = &mut body.0 {
            stream.known().again = Some(Arc::new(begin));
        }
        body
    }

    /// A body that `change` makes of this one, each time that it is begun.
    pub fn map(self, change: impl Fn(Self) -> Self + Send + Sync + 'static) -> Self {
        if !self.is_repeatable() {
            return change(self);
        }
        Self::retryable(move || change(self.try_clone().unwrap_or_else(Self::taken)))
    }

    /// Says how many bytes a stream has in all. A request with more or fewer is never completed, and fails.
    pub fn with_length(mut self, length: u64) -> Self {
        if let Inner::Stream(stream) = &mut self.0 {
            stream.known().length = Some(length);
        }
        self
    }

    /// The bytes, if the body is whole.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Whole(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// How many bytes are still to be read, where that is known.
    pub fn content_length(&self) -> Option<u64> {
        match &self.0 {
            Inner::Whole(bytes) => Some(bytes.len() as u64),
            Inner::Stream(stream) => match stream.known.as_deref() {
                Some(Known { length: Some(length), read, .. }) => Some(length.saturating_sub(*read)),
                _ => stream.chunks.content_length(),
            },
            Inner::Taken => None,
        }
    }

    /// Whether it is known that nothing is to be read.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Inner::Whole(bytes) if bytes.is_empty())
    }

    /// Whether the bytes come as a stream.
    pub fn is_streaming(&self) -> bool {
        !matches!(self.0, Inner::Whole(_))
    }

    /// Whether it consists of the frames of an event stream.
    pub(crate) fn is_event_stream(&self) -> bool {
        matches!(&self.0, Inner::Stream(stream) if stream.chunks.is_event_stream())
    }

    /// Has the frames of an event stream signed, each after the one before.
    pub(crate) fn sign_frames(&mut self, signing: FrameSigning) {
        if let Inner::Stream(stream) = &mut self.0 {
            stream.chunks.as_mut().sign_frames(signing);
        }
    }

    /// Whether it can be begun again.
    pub fn is_repeatable(&self) -> bool {
        match &self.0 {
            Inner::Whole(_) => true,
            Inner::Stream(stream) => stream.known.as_ref().is_some_and(|known| known.again.is_some()),
            Inner::Taken => false,
        }
    }

    /// The same body once more: the bytes, or the stream from its beginning. None where it cannot be begun again.
    pub fn try_clone(&self) -> Option<Self> {
        match &self.0 {
            Inner::Whole(bytes) => Some(Self::whole(bytes.clone())),
            Inner::Stream(stream) => stream.again(),
            Inner::Taken => None,
        }
    }

    /// The body of an attempt: once more, where it can be begun again, and else itself, for the last time.
    pub(crate) fn next(&mut self) -> Self {
        self.try_clone().unwrap_or_else(|| std::mem::replace(self, Self::taken()))
    }

    /// The next chunk; a whole body is one chunk. After an error nothing comes any more.
    pub fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        match &mut self.0 {
            Inner::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Inner::Whole(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Inner::Stream(stream) => stream.poll_chunk(cx),
            Inner::Taken => Poll::Ready(Some(Err(failed("it can be read once only, and was")))),
        }
    }
}

impl Chunked {
    fn known(&mut self) -> &mut Known {
        self.known.get_or_insert_default()
    }

    fn again(&self) -> Option<Body> {
        let of_this = self.known.as_ref()?;
        let again = of_this.again.as_ref()?;
        let mut body = again();
        if let Inner::Stream(stream) = &mut body.0 {
            let known = stream.known();
            known.again = Some(again.clone());
            known.length = known.length.or(of_this.length);
        }
        Some(body)
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let chunk = ready!(self.chunks.as_mut().poll_chunk(cx));
        if let (Some(Ok(bytes)), Some(known)) = (&chunk, &mut self.known) {
            known.read = known.read.saturating_add(bytes.len() as u64);
        }
        Poll::Ready(chunk)
    }
}

/// The failure of a body that a program brings.
pub(crate) fn failed(reason: impl Into<BoxError>) -> TransportError {
    TransportError::new(TransportErrorKind::Body, reason)
}

/// A stream of a program. Behind a lock that nobody waits for, since it need not be `Sync`, and bodies are.
struct Streamed<S>(Mutex<Pin<Box<S>>>);

impl<S, E> Chunks for Streamed<S>
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Into<BoxError>,
{
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let stream = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        stream.as_mut().poll_next(cx).map(|chunk| chunk.map(|chunk| chunk.map_err(failed)))
    }
}

impl Default for Inner {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

macro_rules! whole_from {
    ($($bytes:ty),*) => {$(
        impl From<$bytes> for Body {
            fn from(bytes: $bytes) -> Self {
                Self::whole(bytes)
            }
        }
    )*};
}

whole_from!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

/// How much it is; the bytes themselves may be secret.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Whole(bytes) => write!(f, "{} bytes", bytes.len()),
            Inner::Stream(_) => match self.content_length() {
                Some(length) => write!(f, "a stream of {length} bytes"),
                None => f.write_str("a stream"),
            },
            Inner::Taken => f.write_str("taken"),
        }
    }
}
