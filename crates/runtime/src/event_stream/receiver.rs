//! Events that a service sends, one by one, as they come.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::{Decoder, Event, FrameError, Message, RawMessage, Received};
use crate::codec::ReadError;
use crate::error::SdkError;
use crate::http::Body;
use crate::transport::TransportError;
use crate::wire::Streamed;

/// Receives the events of a stream. Dropping it ends the stream, the connection with it, and the sending of events that the
/// program still sends in the same call.
///
/// It holds one message at most, and as much of the next one as came with it: a service is not asked for more than is
/// read.
pub struct EventReceiver<T, E> {
    body: Body,
    decoder: Decoder,
    /// What came, and is not decoded yet.
    piece: Bytes,
    read: fn(&Message) -> Result<Received<T, E>, ReadError>,
    has_ended: bool,
}

/// Why no event came.
type Failed<E> = SdkError<E, RawMessage>;

impl<T, E> EventReceiver<T, E> {
    /// The next event; none once the service has said all.
    ///
    /// An error is the last thing that a stream gives. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// The service sent an exception; or the connection broke, nothing came for too long, or what came is no event; or the
    /// events that the program sends in the same call failed.
    pub async fn recv(&mut self) -> Result<Option<T>, SdkError<E, RawMessage>> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<T>, Failed<E>>> {
        if self.has_ended {
            return Poll::Ready(Ok(None));
        }
        let next = ready!(self.poll_message(cx)).and_then(|message| message.map(|it| self.meaning(it)).transpose());
        if !matches!(next, Ok(Some(_))) {
            self.has_ended = true;
            // The connection is of no use to anybody from here on.
            self.body = Body::default();
            self.piece = Bytes::new();
        }
        Poll::Ready(next.map_err(|error| error.within("the event stream")))
    }

    /// The next message; none at the end.
    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Message>, Failed<E>>> {
        loop {
            match self.decoder.next(&mut self.piece) {
                Ok(None) => {}
                Ok(message) => return Poll::Ready(Ok(message)),
                Err(error) => return Poll::Ready(Err(no_message(error))),
            }
            match ready!(self.body.poll_chunk(cx)) {
                Some(Ok(chunk)) => self.piece = chunk,
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                None => return Poll::Ready(self.decoder.finish().map(|()| None).map_err(no_message)),
            }
        }
    }

    fn meaning(&self, message: Message) -> Result<T, Failed<E>> {
        match (self.read)(&message) {
            Ok(Received::Event(event)) => Ok(event),
            Ok(Received::Error(error)) => Err(SdkError::service_error(error, RawMessage::Decoded(message))),
            Err(error) => Err(SdkError::response_error(error, RawMessage::Decoded(message))),
        }
    }
}

fn no_message<E>(error: FrameError) -> Failed<E> {
    SdkError::response_error(error, RawMessage::Invalid(None))
}

fn broken<E>(error: TransportError) -> Failed<E> {
    SdkError::dispatch_failure(error.into())
}

/// Receives what comes in the body of a response.
impl<T: Event> Streamed for EventReceiver<T, T::Error> {
    fn put(&mut self, body: Body) {
        *self = Self { body, read: Received::read::<T::Protocol>, has_ended: false, ..Self::default() };
    }
}

/// One whose stream has ended.
impl<T, E> Default for EventReceiver<T, E> {
    fn default() -> Self {
        let read = |_: &Message| Err(ReadError::new(String::new(), None, "no event", "one".to_owned()));
        let (body, decoder, piece) = (Body::default(), Decoder::default(), Bytes::new());
        Self { body, decoder, piece, read, has_ended: true }
    }
}

/// The same events as [`recv`](EventReceiver::recv) gives.
impl<T, E> Stream for EventReceiver<T, E> {
    type Item = Result<T, SdkError<E, RawMessage>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_recv(cx).map(Result::transpose)
    }
}

impl<T, E> fmt::Debug for EventReceiver<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReceiver").field("has_ended", &self.has_ended).finish()
    }
}

#[cfg(test)]
mod tests;
