//! Reads a body whole: how much of it, and how slowly it may come.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::Body;
use super::sent::Progress;
use crate::time::Sleep;
use crate::transport::{BoxFuture, TransportError};

/// Why a body could not be read whole.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The connection failed before the end of the body.
    Transport(TransportError),
    /// The stream of the request failed, which was still on its way.
    Request(TransportError),
    /// Next to nothing came for this long.
    Stalled(Duration),
    /// The body is longer than this many bytes, the most that is read.
    TooLong(usize),
}

impl std::fmt::Display for BodyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Transport(error) | Self::Request(error) => error.fmt(f),
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
            Self::Transport(error) | Self::Request(error) => error.source(),
            _ => None,
        }
    }
}

impl Body {
    /// Reads the rest of the body, at most `limit` bytes of it; it may not come slower than a byte a second for as long as
    /// `grace`, where there is one. What came stays in the body, however it ended. While a stream of the request is still
    /// on its way, time counts only when it is not the program's turn to send.
    pub(crate) async fn read_whole(
        &mut self,
        limit: usize,
        sleep: &dyn Sleep,
        grace: Option<Duration>,
        request: Option<&Progress>,
    ) -> Result<(), BodyError> {
        let mut come = Come::default();
        let mut pace = Pace { sleep, grace, request, timer: None, come: 0 };
        let ended = loop {
            match poll_fn(|cx| self.poll_in_time(cx, &mut pace)).await {
                Ok(None) => break Ok(()),
                Ok(Some(chunk)) if come.take(&chunk, limit) => {}
                Ok(Some(_)) => break Err(BodyError::TooLong(limit)),
                Err(error) => break Err(error),
            }
        };
        *self = Self::whole(come.whole());
        ended
    }

    fn poll_in_time(&mut self, cx: &mut Context<'_>, pace: &mut Pace<'_>) -> Poll<Result<Option<Bytes>, BodyError>> {
        let is_due = pace.request.is_some_and(|request| request.mark(cx).is_due);
        let next = self.poll_chunk(cx);
        if let Some(error) = pace.request.and_then(Progress::failure) {
            return Poll::Ready(Err(BodyError::Request(error)));
        }
        match next {
            Poll::Ready(chunk) => {
                pace.count(&chunk);
                Poll::Ready(chunk.transpose().map_err(BodyError::Transport))
            }
            Poll::Pending if is_due => {
                pace.timer = None;
                Poll::Pending
            }
            Poll::Pending => pace.poll_too_slow(cx).map(|grace| Err(BodyError::Stalled(grace))),
        }
    }
}

/// The slowest that a body may come, in bytes a second.
const SLOWEST: u64 = 1;

/// How fast a body comes: each time that enough for a grace period has come, another period begins. A body that is here
/// already, as a short one mostly is, needs no timer.
struct Pace<'a> {
    sleep: &'a dyn Sleep,
    grace: Option<Duration>,
    /// The request, while it is on its way.
    request: Option<&'a Progress>,
    /// Runs since a chunk was waited for in this period.
    timer: Option<BoxFuture<'static, ()>>,
    /// How many bytes came in this period.
    come: u64,
}

impl Pace<'_> {
    fn count(&mut self, chunk: &Option<Result<Bytes, TransportError>>) {
        let Some((Ok(chunk), grace)) = chunk.as_ref().zip(self.grace) else { return };
        self.come = self.come.saturating_add(chunk.len() as u64);
        if self.come >= grace.as_secs().saturating_mul(SLOWEST).max(1) {
            (self.timer, self.come) = (None, 0);
        }
    }

    /// Ready with the period once it is over.
    fn poll_too_slow(&mut self, cx: &mut Context<'_>) -> Poll<Duration> {
        let Some(grace) = self.grace else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| self.sleep.sleep(grace));
        timer.as_mut().poll(cx).map(|()| grace)
    }
}

/// What came of a body. The first chunk is kept as it is, so that a body of one chunk is never copied; from the second
/// on they are joined in a buffer that grows by doubling.
#[derive(Default)]
struct Come {
    first: Bytes,
    joined: BytesMut,
}

impl Come {
    /// Takes a chunk, as far as the limit, and says whether that was all of it.
    fn take(&mut self, chunk: &Bytes, limit: usize) -> bool {
        let room = limit.saturating_sub(self.first.len().saturating_add(self.joined.len()));
        let fits = chunk.len() <= room;
        let chunk = chunk.slice(..chunk.len().min(room));
        if self.first.is_empty() && self.joined.is_empty() {
            self.first = chunk;
        } else {
            self.joined.extend_from_slice(&std::mem::take(&mut self.first));
            self.joined.extend_from_slice(&chunk);
        }
        fits
    }

    fn whole(self) -> Bytes {
        if self.joined.is_empty() { self.first } else { self.joined.freeze() }
    }
}

#[cfg(test)]
mod tests {
    use std::iter::repeat_n;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::http::Chunks;
    use crate::transport::TransportErrorKind;

    /// A time that moves a second whenever a chunk is asked for that is not there yet.
    #[derive(Clone, Debug, Default)]
    struct Seconds(Arc<AtomicU64>);

    impl Sleep for Seconds {
        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            let (seconds, end) = (self.clone(), self.now() + duration.as_secs());
            Box::pin(poll_fn(move |_| if seconds.now() < end { Poll::Pending } else { Poll::Ready(()) }))
        }
    }

    impl Seconds {
        fn now(&self) -> u64 {
            self.0.load(Ordering::Relaxed)
        }
    }

    /// Gives these chunks, each so many seconds after the one before; then it ends, breaks or stands still.
    struct Script<I> {
        seconds: Seconds,
        chunks: I,
        every: u64,
        next: u64,
        end: End,
    }

    #[derive(Clone, Copy)]
    enum End {
        Whole,
        Broken,
        Still,
    }

    impl<I: Iterator<Item = Bytes> + Send + Sync + Unpin + 'static> Chunks for Script<I> {
        fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
            let is_there = self.seconds.now() >= self.next;
            match is_there.then(|| self.chunks.next().ok_or(self.end)) {
                Some(Ok(chunk)) => {
                    self.next += self.every;
                    Poll::Ready(Some(Ok(chunk)))
                }
                Some(Err(End::Whole)) => Poll::Ready(None),
                Some(Err(End::Broken)) => Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Io, "cut")))),
                None | Some(Err(End::Still)) => {
                    self.seconds.0.fetch_add(1, Ordering::Relaxed);
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
            }
        }
    }

    /// Reads at most so many bytes. Gives what came, why that is not all, and how many seconds it took.
    async fn read<I>(chunks: I, every: u64, end: End, limit: usize, grace: Option<u64>) -> (Bytes, Option<String>, u64)
    where
        I: Iterator<Item = Bytes> + Send + Sync + Unpin + 'static,
    {
        let seconds = Seconds::default();
        let mut body = Body::arriving(Script { seconds: seconds.clone(), chunks, every, next: every, end });
        let ended = body.read_whole(limit, &seconds, grace.map(Duration::from_secs), None).await;
        let came = Bytes::copy_from_slice(body.bytes().unwrap());
        (came, ended.err().map(|error| error.to_string()), seconds.now())
    }

    #[tokio::test]
    async fn what_came_is_kept_however_it_ends() {
        let long = Some("the body of the response is longer than 8 bytes, the most that is read");
        let broken = Some("the connection broke");
        let still = Some("the body of the response stood still for 20s");
        /// The chunks, how they end, what is read of them, and the error.
        type Case<'a> = (&'static [&'static [u8]], End, &'a [u8], Option<&'a str>);
        let cases: &[Case<'_>] = &[
            (&[], End::Whole, b"", None),
            (&[b"", b"ab", b""], End::Whole, b"ab", None),
            (&[b"abcdefgh"], End::Whole, b"abcdefgh", None),
            (&[b"abcdefghi"], End::Whole, b"abcdefgh", long),
            (&[b"abc", b"def", b"gh"], End::Whole, b"abcdefgh", None),
            (&[b"abc", b"def", b"ghi", b"jkl"], End::Whole, b"abcdefgh", long),
            (&[b"abcdefgh", b"i"], End::Whole, b"abcdefgh", long),
            (&[], End::Broken, b"", broken),
            (&[b"ab", b"c"], End::Broken, b"abc", broken),
            (&[b"ab", b"c"], End::Still, b"abc", still),
        ];
        for (chunks, end, came, why) in cases {
            for every in [0, 1] {
                let pieces = chunks.iter().map(|chunk| Bytes::from_static(chunk));
                let got = read(pieces, every, *end, 8, Some(20)).await;
                assert_eq!((&got.0[..], got.1.as_deref()), (*came, *why), "{chunks:?}, each after {every} s");
            }
        }
    }

    #[tokio::test]
    async fn less_than_a_byte_a_second_for_the_whole_period_is_too_slow() {
        let check = async |every, size, grace: Option<u64>, expected: usize, after: u64| {
            let ten = repeat_n(Bytes::from(vec![7; size]), 10);
            let (came, why, seconds) = read(ten, every, End::Whole, 1 << 20, grace).await;
            assert_eq!(why.is_none(), expected == 10 * size, "{size} bytes each {every} s");
            assert_eq!((came.len(), seconds), (expected, after), "{size} bytes each {every} s");
        };
        check(1, 1, Some(20), 10, 11).await;
        check(19, 20, Some(20), 200, 209).await;
        // A period begins with the first second that is waited for.
        check(22, 1000, Some(20), 0, 21).await;
        check(22, 1000, None, 10_000, 242).await;
        // A trickle keeps nobody waiting: what comes in the period is too little.
        check(9, 9, Some(20), 18, 21).await;
        check(9, 10, Some(20), 100, 99).await;
        // A byte a second is enough, in whatever period.
        check(1, 1, Some(2), 10, 11).await;
    }

    #[tokio::test]
    async fn a_body_of_one_chunk_is_not_copied() {
        let whole = Bytes::from(vec![7; 100]);
        let mut body = Body::whole(whole.clone());
        body.read_whole(100, &Seconds::default(), Some(Duration::ZERO), None).await.unwrap();
        assert_eq!(body.bytes().unwrap().as_ptr(), whole.as_ptr());
    }

    /// Joined anew for each chunk, half a million chunks would copy 125 GB.
    #[tokio::test]
    async fn many_small_chunks_are_joined_in_linear_time() {
        let crumbs = repeat_n(Bytes::from_static(b"x"), 500_000);
        assert_eq!(read(crumbs, 0, End::Whole, 1 << 20, Some(0)).await.0.len(), 500_000);
    }
}
