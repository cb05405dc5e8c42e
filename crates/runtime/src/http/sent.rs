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
        let sending = Arc::new(Sending { stream: Mutex::new(self), state: Mutex::default() });
        let measure = Measure { announced, come: 0, held: None };
        let body = Self::arriving(Watched { sending: sending.clone(), measure });
        let body = match announced {
            Some(length) => body.with_length(length),
            None => body,
        };
        (body, Progress(sending))
    }
}

/// How far the sending of a stream has come, for who waits for what it is answered.
///
/// Once that is dropped, nobody waits any more: the stream is dropped too, and no more of it is sent. A transport may
/// send it on a task of its own, which nothing else would tell.
pub(crate) struct Progress(Arc<Sending>);

/// What who sends and who waits have in common.
struct Sending {
    /// The stream of the program, locked while a chunk is asked for. Nothing is left of it once it is over.
    stream: Mutex<Body>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    mark: Mark,
    failure: Option<TransportError>,
    is_abandoned: bool,
    /// Who waits for an answer.
    waits: Option<Waker>,
    /// Who sends, while the program's next chunk is waited for.
    sends: Option<Waker>,
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

impl Mark {
    /// That of a request whose body is whole.
    pub(crate) const WHOLE: Self = Self { asked: 0, is_due: false, is_over: true };
}

impl Progress {
    /// Where it is. Whoever asks is woken when the stream goes on after a wait for the program, when it is over, and
    /// when it fails.
    pub(crate) fn mark(&self, cx: &Context<'_>) -> Mark {
        let mut state = self.0.state();
        state.waits = Some(cx.waker().clone());
        state.mark
    }

    /// Why the stream failed, if it did; told once.
    pub(crate) fn failure(&self) -> Option<TransportError> {
        self.0.state().failure.take()
    }

    /// Whether all of the stream was handed on.
    pub(crate) fn is_over(&self) -> bool {
        self.0.state().mark.is_over
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let mut state = self.0.state();
        if state.mark.is_over {
            return;
        }
        state.is_abandoned = true;
        let sends = state.sends.take();
        drop(state);
        // Where it is locked, the program is asked for a chunk right now, on this thread or another; who asks looks then.
        let stream = self.0.stream.try_lock().map(|mut stream| std::mem::replace(&mut *stream, Body::taken()));
        drop(stream);
        if let Some(sends) = sends {
            sends.wake();
        }
    }
}

impl Sending {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stream(&self) -> MutexGuard<'_, Body> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the stream go.
    fn end(&self) {
        let stream = std::mem::replace(&mut *self.stream(), Body::taken());
        // Here it is not locked any more: what the program does at its end may end the wait for the answer.
        drop(stream);
    }

    /// Keeps what has been reached, and tells who waits for the answer of what concerns them.
    fn reach(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        let (before, had_failed) = (state.mark, state.failure.is_some());
        change(&mut state);
        let mark = state.mark;
        let goes_on = before.is_due && !mark.is_due || mark.is_over && !before.is_over;
        let waits = if goes_on || state.failure.is_some() && !had_failed { state.waits.take() } else { None };
        // Who is woken may look at once.
        drop(state);
        if let Some(waits) = waits {
            waits.wake();
        }
    }
}

struct Watched {
    sending: Arc<Sending>,
    measure: Measure,
}

/// A transport that lets the body go asks for no more of it: the program's turn is over.
impl Drop for Watched {
    fn drop(&mut self) {
        self.sending.reach(|state| state.mark.is_due = false);
    }
}

impl Chunks for Watched {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let Self { sending, measure } = &mut *self;
        sending.state().sends = Some(cx.waker().clone());
        let mut stream = sending.stream();
        let next = measure.poll_next(&mut stream, cx);
        let is_last = stream.is_empty() && measure.held.is_none();
        drop(stream);
        sending.reach(|state| {
            state.mark.asked = state.mark.asked.wrapping_add(1);
            (state.mark.is_due, state.mark.is_over) = (next.is_pending(), is_last);
        });
        if sending.state().is_abandoned {
            sending.end();
        }
        next.map(|next| next.map(|chunk| chunk.map_err(|error| sending.break_off(error))))
    }
}

impl Sending {
    /// Keeps why the stream failed, and gives what the transport is told in its place: of that, not all transports would
    /// tell.
    fn break_off(&self, error: TransportError) -> TransportError {
        self.end();
        self.reach(|state| {
            state.failure.get_or_insert(error);
        });
        failed("it broke off")
    }
}

/// Whether a stream is as long as announced.
struct Measure {
    announced: Option<u64>,
    /// How many bytes have come of the stream.
    come: u64,
    /// What completes the announced length.
    held: Option<Bytes>,
}

impl Measure {
    fn poll_next(&mut self, stream: &mut Body, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        loop {
            let next = ready!(stream.poll_chunk(cx)).transpose();
            let chunk = match next {
                Ok(Some(chunk)) if chunk.is_empty() => continue,
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Poll::Ready(self.end(stream).transpose()),
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
    fn end(&mut self, stream: &mut Body) -> Result<Option<Bytes>, TransportError> {
        let come = self.come;
        match self.announced {
            Some(announced) if come < announced => {
                Err(failed(format!("it ended after {come} bytes, and {announced} were announced")))
            }
            _ => {
                *stream = Body::empty();
                Ok(self.held.take())
            }
        }
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

    #[test]
    fn a_stream_goes_with_who_waits_unless_it_is_over() {
        let mut cx = Context::from_waker(Waker::noop());
        let abc = || Body::arriving(Given([b"ab", &b"c"[..]].map(|chunk| Ok(Bytes::from_static(chunk))).into_iter()));
        let (mut body, progress) = abc().watched(Some(3));
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Ok(_)))));
        drop(progress);
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))), "it is not taken for a whole one");
        let (mut body, progress) = abc().watched(Some(3));
        assert!(body.poll_chunk(&mut cx).is_ready() && body.poll_chunk(&mut cx).is_ready());
        assert!(progress.is_over());
        drop(progress);
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(None)));
    }

    #[test]
    fn it_is_nobodys_turn_once_the_transport_let_go() {
        let mut cx = Context::from_waker(Waker::noop());
        let (mut body, progress) = Body::arriving(Waits).watched(None);
        assert!(body.poll_chunk(&mut cx).is_pending() && progress.mark(&cx).is_due);
        drop(body);
        assert_eq!(progress.mark(&cx), Mark { asked: 1, is_due: false, is_over: false });
    }

    /// Gives nothing yet.
    struct Waits;

    impl Chunks for Waits {
        fn poll_chunk(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
            Poll::Pending
        }
    }

    /// A program whose stream waits for the answer, and drops it, ends both.
    #[test]
    fn a_stream_may_end_the_wait_itself() {
        struct Ends(Option<Progress>);

        impl Chunks for Ends {
            fn poll_chunk(
                mut self: Pin<&mut Self>,
                _: &mut Context<'_>,
            ) -> Poll<Option<Result<Bytes, TransportError>>> {
                self.0 = None;
                Poll::Pending
            }
        }

        let (mut body, progress) = Body::empty().watched(None);
        let sending = progress.0.clone();
        *sending.stream() = Body::arriving(Ends(Some(progress)));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(body.poll_chunk(&mut cx).is_pending());
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))));
    }
}
