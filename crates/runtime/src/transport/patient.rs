//! Patience with a peer that takes nothing of what is sent, and its end.

use std::error::Error;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Sleep;

use super::watched::Watch;

/// Watches a TCP connection, and gives it up when its writes stand still for too long. It lies below TLS, where each byte
/// that the peer takes is seen.
pub(super) struct Patience {
    limit: Option<Duration>,
    /// There only while something waits to be sent.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// The peer took nothing for so long.
#[derive(Debug)]
struct Stalled(Duration);

impl Patience {
    /// Writes may stand still for so long, or for ever.
    pub(super) fn new(limit: Option<Duration>) -> Self {
        Self { limit, stalled: None }
    }
}

impl Watch for Patience {
    fn write(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
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

    const LIMIT: Duration = Duration::from_secs(20);

    /// Tells of a write that the peer took so many bytes of.
    fn write(patience: &mut Patience, taken: usize) -> Poll<Result<usize, String>> {
        let written = if taken > 0 { Poll::Ready(Ok(taken)) } else { Poll::Pending };
        patience.write(&mut Context::from_waker(Waker::noop()), written).map_err(|error| {
            assert!(is_stall(&error) && is_stall(&io::Error::other(io::Error::other(error))));
            "stalled".to_owned()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_given_up_and_a_slow_one_is_not() {
        let mut patience = Patience::new(Some(LIMIT));
        assert_eq!((write(&mut patience, 4), patience.stalled.is_none()), (Poll::Ready(Ok(4)), true));
        for _ in 0..3 {
            assert_eq!(write(&mut patience, 0), Poll::Pending);
            tokio::time::advance(LIMIT - Duration::from_secs(1)).await;
            assert_eq!(write(&mut patience, 0), Poll::Pending);
            assert_eq!((write(&mut patience, 1), patience.stalled.is_none()), (Poll::Ready(Ok(1)), true));
        }
        assert_eq!(write(&mut patience, 0), Poll::Pending);
        tokio::time::advance(LIMIT + Duration::from_millis(1)).await;
        assert_eq!(write(&mut patience, 0), Poll::Ready(Err("stalled".to_owned())));
        assert_eq!(Stalled(LIMIT).to_string(), "the server took nothing of the request for 20s");

        let mut for_ever = Patience::new(None);
        assert_eq!(write(&mut for_ever, 0), Poll::Pending);
        tokio::time::advance(10 * LIMIT).await;
        assert_eq!(write(&mut for_ever, 0), Poll::Pending);
    }
}
