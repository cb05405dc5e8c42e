//! Events that a caller sends: a stream of the program, made a body of signed frames as it is polled.

use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use bytes::Bytes;
use futures_core::Stream;

use super::{Event, EventError, EventProtocol, Message, frame};
use crate::codec::WriteError;
use crate::error::BoxError;
use crate::http::{Body, Chunks, failed};
use crate::sign::FrameSigner;
use crate::transport::TransportError;
use crate::wire::Streamed;

/// Sends events: made of any stream of them.
///
/// The stream is asked for an event when there is room for it on the way to the service, and is dropped when the call
/// ends. An `Err` in it is sent as the exception that it is.
pub struct EventStreamSender<T, E> {
    /// Behind a lock that nobody waits for, since a stream need not be `Sync`, and inputs are.
    events: Mutex<Events<T, E>>,
}

type Events<T, E> = Pin<Box<dyn Stream<Item = Result<T, E>> + Send>>;

impl<T: Send + 'static, E: Send + 'static> EventStreamSender<T, E> {
    /// Sends a single event, or a single exception.
    pub fn once(item: Result<T, E>) -> Self {
        Self::from(Once(Some(item)))
    }
}

impl<T, E, S: Stream<Item = Result<T, E>> + Send + 'static> From<S> for EventStreamSender<T, E> {
    fn from(stream: S) -> Self {
        Self { events: Mutex::new(Box::pin(stream)) }
    }
}

impl<T, E> fmt::Debug for EventStreamSender<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStreamSender")
    }
}

/// Sends nothing.
impl<T: Send + 'static, E: Send + 'static> Default for EventStreamSender<T, E> {
    fn default() -> Self {
        Self::from(Once(None))
    }
}

/// Gives the body that consists of the events. It can be sent once.
impl<T: Event> Streamed for EventStreamSender<T, T::Error> {
    fn take(&mut self) -> Body {
        let write = |item: &Result<T, T::Error>| match item {
            Ok(event) => T::Protocol::write_event(event),
            Err(error) => error.write::<T::Protocol>(),
        };
        let events = std::mem::take(self).events;
        Body::arriving(Frames { events, write, signing: None, has_ended: false })
    }
}

/// What signs the frames of a body, and by what time.
#[doc(hidden)]
pub struct FrameSigning {
    pub(crate) signer: FrameSigner,
    pub(crate) now: Box<dyn Fn() -> SystemTime + Send + Sync>,
}

impl FrameSigning {
    /// The frame that carries this one; no bytes at all for the end.
    fn wrap(&mut self, frame: Bytes) -> Result<Bytes, BoxError> {
        Ok(frame::write_carrier(&self.signer.sign(frame, (self.now)())?)?)
    }
}

/// The frames of a request, written when the transport asks for them.
struct Frames<T, E> {
    events: Mutex<Events<T, E>>,
    write: fn(&Result<T, E>) -> Result<Message, WriteError>,
    /// None where the caller does not sign.
    signing: Option<FrameSigning>,
    has_ended: bool,
}

impl<T: Send + 'static, E: Send + 'static> Chunks for Frames<T, E> {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        let events = self.events.get_mut().unwrap_or_else(PoisonError::into_inner);
        let item = ready!(events.as_mut().poll_next(cx));
        let frame = self.frame(item).map_err(failed);
        self.has_ended |= matches!(frame, Err(_) | Ok(None));
        Poll::Ready(frame.transpose())
    }

    fn is_event_stream(&self) -> bool {
        true
    }

    fn sign_frames(mut self: Pin<&mut Self>, signing: FrameSigning) {
        self.signing = Some(signing);
    }
}

impl<T, E> Frames<T, E> {
    /// The frame of an event, or of the end, which has one only where frames are signed.
    fn frame(&mut self, item: Option<Result<T, E>>) -> Result<Option<Bytes>, BoxError> {
        let Some(item) = item else {
            self.has_ended = true;
            return self.signing.as_mut().map(|signing| signing.wrap(Bytes::new())).transpose();
        };
        let frame = frame::write(&(self.write)(&item)?)?;
        match &mut self.signing {
            Some(signing) => signing.wrap(frame).map(Some),
            None => Ok(Some(frame)),
        }
    }
}

/// A stream of one item.
struct Once<I>(Option<I>);

// Nothing in it is ever pinned.
impl<I> Unpin for Once<I> {}

impl<I> Stream for Once<I> {
    type Item = I;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I>> {
        Poll::Ready(self.0.take())
    }
}

#[cfg(test)]
mod tests;
