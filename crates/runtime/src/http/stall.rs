//! A response body that a program reads as it comes: how long it may stand still, and what becomes of it when the stream
//! of the request fails that is still on its way.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;

use super::body::{Body, Chunks};
use super::sent::{Mark, Progress};
use super::whole::BodyError;
use crate::time::Sleep;
use crate::transport::{BoxFuture, TransportError, TransportErrorKind};

impl Body {
    /// The same body, for who reads it as it comes. It fails when nothing of it comes for too long while somebody waits for
    /// it, and with the stream of a request that is still on its way. Once nobody reads it any more, no more of that is
    /// sent.
    pub(crate) fn handed_on(self, silence: Option<Silence>, request: Option<Progress>) -> Self {
        if silence.is_none() && request.is_none() {
            return self;
        }
        Self::arriving(Arriving { body: self, silence: Mutex::new(silence), request })
    }
}

struct Arriving {
    body: Body,
    /// Behind a lock that nobody waits for, since timers are not `Sync`.
    silence: Mutex<Option<Silence>>,
    /// None where the request was whole, and once the answer is at its end.
    request: Option<Progress>,
}

impl Chunks for Arriving {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let Self { body, silence, request } = &mut *self;
        // This has us woken by whatever happens to the request from here on.
        let mark = request.as_ref().map_or(Mark::WHOLE, |request| request.mark(cx));
        let mut next = body.poll_chunk(cx);
        // Why the request failed says more than what came of that. What came before it did is handed on first.
        if matches!(next, Poll::Pending | Poll::Ready(Some(Err(_))))
            && let Some(error) = request.as_ref().and_then(Progress::failure)
        {
            next = Poll::Ready(Some(Err(error)));
        }
        if let Some(silence) = silence.get_mut().unwrap_or_else(PoisonError::into_inner) {
            if next.is_ready() {
                silence.is_broken();
            } else {
                ready!(silence.poll(mark, cx));
                let stalled = BodyError::Stalled(silence.most);
                next = Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Io, stalled))));
            }
        }
        if matches!(next, Poll::Ready(None | Some(Err(_)))) {
            *request = None;
        }
        if let Poll::Ready(Some(Err(_))) = next {
            // What is left of it goes, and the connection with it.
            *body = Body::taken();
        }
        next
    }

    fn content_length(&self) -> Option<u64> {
        self.body.content_length()
    }
}

/// How long a server says nothing that somebody waits for: neither brings anything, nor takes anything of the request. Who
/// reads slowly may, and a program may send as slowly as it likes: that is no silence.
pub(crate) struct Silence {
    most: Duration,
    sleep: Arc<dyn Sleep>,
    timer: Option<BoxFuture<'static, ()>>,
    /// Where the request was when the timer began to run.
    since: Mark,
}

impl Silence {
    /// A silence that lasts for so long at the most.
    pub(crate) fn new(most: Duration, sleep: Arc<dyn Sleep>) -> Self {
        Self { most, sleep, timer: None, since: Mark::default() }
    }

    /// Ready once it has lasted for too long, with the request where it is now.
    pub(crate) fn poll(&mut self, mark: Mark, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if mark.is_due || mark.is_over != self.since.is_over {
                self.timer = None;
            }
            if mark.is_due {
                return Poll::Pending;
            }
            let timer = self.timer.get_or_insert_with(|| {
                self.since = mark;
                self.sleep.sleep(self.most)
            });
            ready!(timer.as_mut().poll(cx));
            self.timer = None;
            if mark == self.since {
                return Poll::Ready(());
            }
        }
    }

    /// Something came.
    fn is_broken(&mut self) {
        self.timer = None;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::error::Error as _;
    use std::task::Waker;

    use super::*;
    use crate::test_util::InstantSleep;

    /// Gives a chunk, is not ready the next time, and so on.
    struct EverySecondTime(u32);

    impl Chunks for EverySecondTime {
        fn poll_chunk(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
            self.0 += 1;
            if self.0.is_multiple_of(2) { Poll::Pending } else { Poll::Ready(Some(Ok(Bytes::from_static(b"x")))) }
        }
    }

    /// A sleep that never ends.
    #[derive(Debug)]
    struct Endless;

    impl Sleep for Endless {
        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(std::future::pending())
        }
    }

    #[test]
    fn a_body_is_given_up_when_it_stands_still() {
        let grace = Duration::from_secs(20);
        let mut cx = Context::from_waker(Waker::noop());
        let mut body = Body::arriving(EverySecondTime(0)).handed_on(Some(Silence::new(grace, Arc::new(Endless))), None);
        for _ in 0..5 {
            assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Ok(_)))));
            assert!(body.poll_chunk(&mut cx).is_pending());
        }
        let sleep = InstantSleep::default();
        let body = Body::arriving(EverySecondTime(0)).with_length(9);
        let mut body = body.handed_on(Some(Silence::new(grace, Arc::new(sleep.clone()))), None);
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Ok(_)))));
        assert_eq!((body.content_length(), sleep.slept()), (Some(8), vec![]));
        let Poll::Ready(Some(Err(error))) = body.poll_chunk(&mut cx) else { panic!("it stands still") };
        let reason = error.source().map(ToString::to_string);
        assert_eq!(reason.as_deref(), Some("the body of the response stood still for 20s"));
        assert_eq!(sleep.slept(), [grace]);
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))), "it is not taken for a whole one");
    }

    #[test]
    fn a_service_is_not_silent_while_it_is_the_programs_turn() {
        let (sleep, grace) = (InstantSleep::default(), Duration::from_secs(20));
        let mut cx = Context::from_waker(Waker::noop());
        let (mut request, progress) = Body::arriving(EverySecondTime(0)).watched(None);
        let silence = Silence::new(grace, Arc::new(sleep.clone()));
        let mut answer = Body::arriving(Silent).handed_on(Some(silence), Some(progress));
        assert!(request.poll_chunk(&mut cx).is_ready() && request.poll_chunk(&mut cx).is_pending());
        assert!(answer.poll_chunk(&mut cx).is_pending());
        assert_eq!(sleep.slept(), Vec::<Duration>::new());
        // A chunk is handed on, and nobody asks for another.
        assert!(request.poll_chunk(&mut cx).is_ready());
        assert!(matches!(answer.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))));
        assert_eq!(sleep.slept(), [grace]);
        assert!(
            matches!(request.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))),
            "nobody waits for the answer any more"
        );
    }

    #[test]
    fn a_service_is_silent_where_the_transport_let_the_request_go() {
        let (sleep, grace) = (InstantSleep::default(), Duration::from_secs(20));
        let mut cx = Context::from_waker(Waker::noop());
        let (mut request, progress) = Body::arriving(Silent).watched(None);
        let mut answer =
            Body::arriving(Silent).handed_on(Some(Silence::new(grace, Arc::new(sleep.clone()))), Some(progress));
        assert!(request.poll_chunk(&mut cx).is_pending() && answer.poll_chunk(&mut cx).is_pending());
        drop(request);
        assert!(matches!(answer.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))));
        assert_eq!(sleep.slept(), [grace]);
    }

    /// An answer of which this has come when its request fails: what is read of it.
    fn read_of(came: &[Told]) -> Vec<String> {
        let mut cx = Context::from_waker(Waker::noop());
        let (mut request, progress) = given(&[Poll::Ready(Some(Err("it tore")))]).watched(None);
        assert!(matches!(request.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))));
        let mut answer = given(came).handed_on(None, Some(progress));
        let mut read = Vec::new();
        loop {
            match answer.poll_chunk(&mut cx) {
                Poll::Ready(Some(Ok(chunk))) => read.push(String::from_utf8_lossy(&chunk).into_owned()),
                Poll::Ready(Some(Err(error))) => {
                    read.push(error.source().unwrap().to_string());
                    return read;
                }
                Poll::Ready(None) => return read,
                Poll::Pending => panic!("the request failed: {read:?}"),
            }
        }
    }

    #[test]
    fn what_came_before_the_request_failed_is_read() {
        let (a, b) = (Poll::Ready(Some(Ok("a"))), Poll::Ready(Some(Ok("b"))));
        let reset = Poll::Ready(Some(Err("it was reset")));
        assert_eq!(read_of(&[Poll::Pending]), ["it tore"]);
        assert_eq!(read_of(&[a, b, Poll::Pending]), ["a", "b", "it tore"]);
        assert_eq!(read_of(&[a, reset]), ["a", "it tore"]);
        assert_eq!(read_of(&[a, Poll::Ready(None)]), ["a"]);
    }

    /// Gives these one after the other.
    struct Given(VecDeque<Told>);

    type Told = Poll<Option<Result<&'static str, &'static str>>>;

    fn given(told: &[Told]) -> Body {
        Body::arriving(Given(told.iter().copied().collect()))
    }

    impl Chunks for Given {
        fn poll_chunk(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
            let torn = |why| TransportError::new(TransportErrorKind::Io, why);
            let next = self.0.pop_front().unwrap_or(Poll::Ready(None));
            next.map(|next| next.map(|chunk| chunk.map(|text| Bytes::from_static(text.as_bytes())).map_err(torn)))
        }
    }

    /// Never says anything.
    struct Silent;

    impl Chunks for Silent {
        fn poll_chunk(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
            Poll::Pending
        }
    }
}
