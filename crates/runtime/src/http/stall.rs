//! A response body that a program reads as it comes: how long it may stand still.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;

use super::body::{Body, Chunks};
use super::whole::BodyError;
use crate::time::Sleep;
use crate::transport::{BoxFuture, TransportError, TransportErrorKind};

impl Body {
    /// The same body, which fails when nothing of it comes for as long as `grace` while somebody waits for it. Who reads
    /// slowly may: time counts only from when a chunk was asked for that is not there.
    pub(crate) fn given_up_after(self, grace: Duration, sleep: Arc<dyn Sleep>) -> Self {
        let length = self.content_length();
        let body = Self::arriving(Impatient { body: self, grace, sleep, timer: Mutex::new(None) });
        match length {
            Some(length) => body.with_length(length),
            None => body,
        }
    }
}

struct Impatient {
    body: Body,
    grace: Duration,
    sleep: Arc<dyn Sleep>,
    /// Runs while a chunk is waited for. Behind a lock that nobody waits for, since timers are not `Sync`.
    timer: Mutex<Option<BoxFuture<'static, ()>>>,
}

impl Chunks for Impatient {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let Self { body, grace, sleep, timer } = &mut *self;
        let timer = timer.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Poll::Ready(chunk) = body.poll_chunk(cx) {
            *timer = None;
            return Poll::Ready(chunk);
        }
        ready!(timer.get_or_insert_with(|| sleep.sleep(*grace)).as_mut().poll(cx));
        // What is left of it goes, and the connection with it.
        *body = Body::taken();
        let stalled = TransportError::new(TransportErrorKind::Io, BodyError::Stalled(*grace));
        Poll::Ready(Some(Err(stalled)))
    }
}

#[cfg(test)]
mod tests {
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
        let mut body = Body::arriving(EverySecondTime(0)).given_up_after(grace, Arc::new(Endless));
        for _ in 0..5 {
            assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Ok(_)))));
            assert!(body.poll_chunk(&mut cx).is_pending());
        }
        let sleep = InstantSleep::default();
        let mut body = Body::arriving(EverySecondTime(0)).with_length(9).given_up_after(grace, Arc::new(sleep.clone()));
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Ok(_)))));
        assert_eq!((body.content_length(), sleep.slept()), (Some(8), vec![]));
        let Poll::Ready(Some(Err(error))) = body.poll_chunk(&mut cx) else { panic!("it stands still") };
        let reason = error.source().map(ToString::to_string);
        assert_eq!(reason.as_deref(), Some("the body of the response stood still for 20s"));
        assert_eq!(sleep.slept(), [grace]);
        assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Err(_)))), "it is not taken for a whole one");
    }
}
