//! One piece of work that many wait for. It goes on as long as anybody does, whoever began it.

mod work;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use self::work::{Waiting, Work};

/// Work whose outcome is shared. Clones share it. How it is driven is the same whatever comes of it: see [`Work`].
pub(crate) struct Flight<T> {
    work: Work,
    /// What came of it, once it is done.
    outcome: Arc<OnceLock<T>>,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Work that nobody drives yet.
    pub(crate) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        let outcome = Arc::new(OnceLock::new());
        let kept = outcome.clone();
        let work = Work::new(Box::pin(async move {
            // It ends once, so that nothing is there yet.
            let _ = kept.set(work.await);
        }));
        Self { work, outcome }
    }

    /// Waits for the outcome, from now on; it is none where the work was lost.
    pub(crate) fn join(&self) -> Join<T> {
        Join { waiting: self.work.join(), outcome: self.outcome.clone() }
    }

    /// The same, unless there is nothing left to wait for.
    pub(crate) fn join_underway(&self) -> Option<Join<T>> {
        let waiting = self.work.join_underway()?;
        Some(Join { waiting, outcome: self.outcome.clone() })
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self { work: self.work.clone(), outcome: self.outcome.clone() }
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flight").finish_non_exhaustive()
    }
}

/// One who waits.
pub(crate) struct Join<T> {
    waiting: Waiting,
    outcome: Arc<OnceLock<T>>,
}

impl<T: Clone> Join<T> {
    /// Waits for the outcome. A task goes on with work that does not end at once, where there is a runtime of tokio.
    pub(crate) async fn land(mut self) -> Option<T> {
        match self.once().await {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => {
                self.spawn();
                self.await
            }
        }
    }

    /// Polls once: most work ends at once, and needs no timer, and no task.
    pub(crate) async fn once(&mut self) -> Poll<Option<T>> {
        poll_fn(|cx| Poll::Ready(Pin::new(&mut *self).poll(cx))).await
    }

    /// Has a task drive the work from now on, where there is a runtime of tokio to do so, and says whether there is. It
    /// goes on though all who wait go away, or are there and are not polled, as the branches of a `select!` may be.
    pub(crate) fn spawn(&self) -> bool {
        self.waiting.spawn()
    }
}

impl<T: Clone> Future for Join<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.waiting).poll(cx).map(|()| self.outcome.get().cloned())
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    /// Work that ends when it is told to, and shows when it is dropped.
    fn work() -> (Flight<u32>, oneshot::Sender<u32>) {
        let (tell, told) = oneshot::channel();
        (Flight::new(async move { told.await.unwrap_or_default() }), tell)
    }

    #[tokio::test]
    async fn another_one_takes_over_from_a_driver_that_goes_away() {
        let (flight, tell) = work();
        let mut driver = flight.join();
        assert!(driver.once().await.is_pending());
        let other = tokio::spawn(flight.join());
        let third = tokio::spawn(flight.join());
        tokio::task::yield_now().await;
        drop(driver);
        tokio::task::yield_now().await;
        assert_eq!(tell.send(7), Ok(()));
        assert_eq!((other.await.unwrap(), third.await.unwrap()), (Some(7), Some(7)));
        assert!(flight.join_underway().is_none());
        assert_eq!(flight.join().await, Some(7));
    }

    #[tokio::test]
    async fn a_task_takes_over_from_a_driver_that_is_not_polled() {
        let (flight, tell) = work();
        let mut parked = flight.join();
        assert!(parked.once().await.is_pending());
        // However often it is asked for, there is one.
        assert!(parked.spawn() && parked.spawn());
        let other = tokio::spawn(flight.join());
        assert_eq!(tell.send(7), Ok(()));
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(flight.join_underway().is_none() && other.is_finished());
        assert_eq!((parked.await, other.await.unwrap()), (Some(7), Some(7)));
    }

    #[tokio::test]
    async fn a_task_takes_over_from_a_driver_that_is_at_it() {
        let (tell, told) = oneshot::channel();
        let itself = Arc::new(Mutex::new(None::<Flight<u32>>));
        let known = itself.clone();
        let flight = Flight::new(async move {
            assert!(known.lock().unwrap().take().unwrap().join().spawn());
            told.await.unwrap_or_default()
        });
        *itself.lock().unwrap() = Some(flight.clone());
        let mut parked = flight.join();
        assert!(parked.once().await.is_pending());
        assert_eq!(tell.send(7), Ok(()));
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(flight.join_underway().is_none());
        assert_eq!(parked.await, Some(7));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_dropped() {
        let (flight, tell) = work();
        let (mut driver, other) = (flight.join(), flight.join());
        assert!(driver.once().await.is_pending());
        drop(driver);
        assert!(flight.join_underway().is_some() && !tell.is_closed());
        drop(other);
        assert!(flight.join_underway().is_none() && tell.is_closed());
        assert_eq!(flight.join().await, None);
    }

    #[tokio::test]
    async fn a_panic_ends_the_wait_of_all() {
        let polls = Arc::new(AtomicU32::new(0));
        let counted = polls.clone();
        let flight = Flight::<u32>::new(async move {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            if counted.load(Ordering::Relaxed) == 1 {
                panic!("as a broken provider does");
            }
            pending().await
        });
        let driver = tokio::spawn(flight.join());
        let other = tokio::spawn(flight.join());
        assert_eq!((driver.await.unwrap(), other.await.unwrap()), (None, None));
        assert_eq!(polls.load(Ordering::Relaxed), 1);
    }
}
