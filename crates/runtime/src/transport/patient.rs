//! A TCP connection that is given up when its peer takes nothing of what is sent for too long.

use std::error::Error;
use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// It lies below TLS, where each byte that the peer takes is seen.
pub(super) struct Patient<T> {
    io: T,
    limit: Option<Duration>,
    /// There only while something waits to be sent.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// The peer took nothing for so long.
#[derive(Debug)]
struct Stalled(Duration);

impl<T> Patient<T> {
    /// A connection whose writes may stand still for so long, or for ever.
    pub(super) fn new(io: T, limit: Option<Duration>) -> Self {
        Self { io, limit, stalled: None }
    }

    /// What became of a write: an error, where it has waited for too long.
    fn bounded<R>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        let Some(limit) = self.limit else { return written };
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        stalled.as_mut().poll(cx).map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, Stalled(limit))))
    }
}

/// Whether an error, or one of its causes, is that a peer took nothing for too long.
pub(super) fn is_stall(error: &(dyn Error + 'static)) -> bool {
    let cause = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    cause.is_some_and(|cause| cause.is::<Stalled>() || is_stall(cause))
}

impl<T: AsyncRead + Unpin> AsyncRead for Patient<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Patient<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.bounded(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.bounded(cx, written)
    }
}

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server took nothing of the request for {:?}", self.0)
    }
}

impl Error for Stalled {}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Takes what it is told to, and then nothing.
    struct Peer(usize);

    impl AsyncWrite for Peer {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            let taken = self.0.min(bytes.len());
            self.0 -= taken;
            if taken > 0 { Poll::Ready(Ok(taken)) } else { Poll::Pending }
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    const LIMIT: Duration = Duration::from_secs(20);

    fn write(io: &mut Patient<Peer>) -> Poll<Result<usize, String>> {
        let written = Pin::new(io).poll_write(&mut Context::from_waker(Waker::noop()), &[0; 4]);
        written.map_err(|error| {
            assert!(is_stall(&error) && is_stall(&io::Error::other(io::Error::other(error))));
            "stalled".to_owned()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_given_up_and_a_slow_one_is_not() {
        let mut io = Patient::new(Peer(4), Some(LIMIT));
        assert_eq!((write(&mut io), io.stalled.is_none()), (Poll::Ready(Ok(4)), true));
        for _ in 0..3 {
            assert_eq!(write(&mut io), Poll::Pending);
            tokio::time::advance(LIMIT - Duration::from_secs(1)).await;
            assert_eq!(write(&mut io), Poll::Pending);
            io.io.0 = 1;
            assert_eq!((write(&mut io), io.stalled.is_none()), (Poll::Ready(Ok(1)), true));
        }
        assert_eq!(write(&mut io), Poll::Pending);
        tokio::time::advance(LIMIT + Duration::from_millis(1)).await;
        assert_eq!(write(&mut io), Poll::Ready(Err("stalled".to_owned())));
        assert_eq!(Stalled(LIMIT).to_string(), "the server took nothing of the request for 20s");

        let mut for_ever = Patient::new(Peer(0), None);
        assert_eq!(write(&mut for_ever), Poll::Pending);
        tokio::time::advance(10 * LIMIT).await;
        assert_eq!(write(&mut for_ever), Poll::Pending);
    }
}
