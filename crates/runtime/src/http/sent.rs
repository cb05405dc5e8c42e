//! A stream on its way into a request: whether it is as long as it was said to be, and how far it has come.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;

use super::body::{Body, Chunks, failed};
use crate::transport::TransportError;

impl Body {
    /// A stream that is watched while it is sent. Where a length was announced, its last chunk is held back until it is
    /// known to be the last one: a request whose body is too long is not completed, no more than one that is too short.
    pub(crate) fn watched(self, announced: Option<u64>) -> (Self, Progress) {
        let progress = Progress::default();
        let watched = Watched { body: self, announced, come: 0, held: None, progress: progress.clone() };
        let body = Self::arriving(watched);
        let body = match announced {
            Some(length) => body.with_length(length),
            None => body,
        };
        (body, progress)
    }
}

/// How far the sending of a stream has come. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    mark: Mark,
    /// Who waits for an answer.
    waker: Option<Waker>,
    failure: Option<TransportError>,
}

/// A point that the sending has reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// How often something of the stream was asked for.
    asked: u64,
    /// Whether the next chunk is waited for: it is the program's turn, not the server's.
    pub(crate) is_due: bool,
    /// Whether the last chunk was handed on.
    pub(crate) is_over: bool,
}

impl Progress {
    /// Where it is. Whoever asks is woken when the stream goes on after a wait for the program, and when it is over.
    pub(crate) fn mark(&self, cx: &Context<'_>) -> Mark {
        let mut state = self.lock();
        state.waker = Some(cx.waker().clone());
        state.mark
    }

    /// Why the stream failed, if it did.
    pub(crate) fn failure(&self) -> Option<TransportError> {
        self.lock().failure.take()
    }

    fn reach(&self, mark: impl FnOnce(&mut Mark)) {
        let mut state = self.lock();
        let before = state.mark;
        mark(&mut state.mark);
        let goes_on = before.is_due && !state.mark.is_due || state.mark.is_over && !before.is_over;
        let waker = if goes_on { state.waker.take() } else { None };
        // Who is woken may look at once.
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Watched {
    body: Body,
    announced: Option<u64>,
    /// How many bytes have come of the stream.
    come: u64,
    /// What completes the announced length.
    held: Option<Bytes>,
    progress: Progress,
}

impl Watched {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        loop {
            let next = ready!(self.body.poll_chunk(cx)).transpose();
            let chunk = match next {
                Ok(Some(chunk)) if chunk.is_empty() => continue,
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Poll::Ready(self.end().transpose()),
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
            self.come = self.come.saturating_add(chunk.len() as u64);
            match self.announced {
                Some(announced) if self.come > announced => {
                    return Poll::Ready(Some(Err(failed(format!(
                        "it is longer than the {announced} bytes announced"
                    )))));
                }
                Some(announced) if self.come == announced => self.held = Some(chunk),
                _ => return Poll::Ready(Some(Ok(chunk))),
            }
        }
    }

    /// What was held back at the end of the stream.
    fn end(&mut self) -> Result<Option<Bytes>, TransportError> {
        let come = self.come;
        match self.announced {
            Some(announced) if come < announced => {
                Err(failed(format!("it ended after {come} bytes, and {announced} were announced")))
            }
            _ => {
                let held = self.held.take();
                self.body = Body::empty();
                Ok(held)
            }
        }
    }
}

impl Chunks for Watched {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let next = self.poll_next(cx);
        let is_last = self.body.is_empty() && self.held.is_none();
        self.progress.reach(|mark| {
            mark.asked = mark.asked.wrapping_add(1);
            (mark.is_due, mark.is_over) = (next.is_pending(), is_last);
        });
        next.map(|next| next.map(|chunk| chunk.map_err(|error| self.break_off(error))))
    }
}

impl Watched {
    /// Keeps why the stream failed, and what the transport is told in its place: of that, not all transports would tell.
    fn break_off(&mut self, error: TransportError) -> TransportError {
        self.body = Body::taken();
        let mut state = self.progress.lock();
        state.failure.get_or_insert(error);
        failed("it broke off")
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    /// What is sent of these chunks, and why it fails.
    fn send(announced: Option<u64>, chunks: &[&'static [u8]], breaks: bool) -> (Vec<u8>, Option<String>) {
        let mut left: Vec<_> = chunks.iter().rev().map(|chunk| Ok(Bytes::from_static(chunk))).collect();
        if breaks {
            left.insert(0, Err(failed("the disk is gone")));
        }
        let chunks = std::iter::from_fn(move || left.pop());
        let (mut body, progress) = Body::arriving(Given(chunks)).watched(announced);
        assert_eq!(body.content_length(), announced);
        let mut cx = Context::from_waker(Waker::noop());
        let mut sent = Vec::new();
        loop {
            match body.poll_chunk(&mut cx) {
                Poll::Ready(Some(Ok(chunk))) => sent.extend_from_slice(&chunk),
                Poll::Ready(Some(Err(_))) => break,
                Poll::Ready(None) => {
                    assert!(progress.mark(&cx).is_over);
                    break;
                }
                Poll::Pending => unreachable!("everything is there"),
            }
        }
        let why = progress.failure().and_then(|error| Some(error.source()?.to_string()));
        if why.is_some() {
            assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))), "it is not taken for a whole one");
        }
        (sent, why)
    }

    struct Given<I>(I);

    impl<I: Iterator<Item = Result<Bytes, TransportError>> + Send + Sync + Unpin + 'static> Chunks for Given<I> {
        fn poll_chunk(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
            Poll::Ready(self.0.next())
        }
    }

    #[test]
    fn a_request_is_complete_only_where_its_body_is_as_long_as_announced() {
        let check = |announced, chunks: &[&'static [u8]], breaks, sent: &[u8], why: Option<&str>| {
            let (came, failure) = send(announced, chunks, breaks);
            assert_eq!((&came[..], failure.as_deref()), (sent, why), "{announced:?} {chunks:?}");
        };
        check(None, &[], false, b"", None);
        check(None, &[b"ab", b"", b"c"], false, b"abc", None);
        check(None, &[b"ab"], true, b"ab", Some("the disk is gone"));
        check(Some(0), &[], false, b"", None);
        check(Some(0), &[b""], false, b"", None);
        check(Some(0), &[b"a"], false, b"", Some("it is longer than the 0 bytes announced"));
        check(Some(3), &[b"ab", b"", b"c", b""], false, b"abc", None);
        check(Some(3), &[b"ab", b"cd"], false, b"ab", Some("it is longer than the 3 bytes announced"));
        check(Some(3), &[b"ab", b"c", b"d"], false, b"ab", Some("it is longer than the 3 bytes announced"));
        check(Some(3), &[b"ab"], false, b"ab", Some("it ended after 2 bytes, and 3 were announced"));
        check(Some(3), &[b"ab", b"c"], true, b"ab", Some("the disk is gone"));
    }
}
