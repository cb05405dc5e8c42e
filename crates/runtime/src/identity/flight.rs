//! One piece of work that many wait for. It goes on as long as anybody does, whoever began it.

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::transport::BoxFuture;

/// Work whose outcome is shared. Clones share it.
///
/// One of those who wait drives the work, and the others sleep until it is done. Where the driver goes away, another one
/// takes over; where all go away, the work is dropped. A driver that stays, and is not polled, keeps the others waiting:
/// [`spawn`](Join::spawn) gives the work a driver that always is. Without a runtime of tokio there is none to be had.
pub(crate) struct Flight<T>(Arc<Mutex<State<T>>>);

struct State<T> {
    stage: Stage<T>,
    /// Who waits, in the order of their numbers; none of them has a waker before it is first polled.
    waiting: Vec<(u64, Option<Waker>)>,
    joined: u64,
    /// The one that is a task of its own, and drives from when it was spawned on.
    task: Option<u64>,
}

enum Stage<T> {
    /// Nobody drives it at the moment.
    Resting(BoxFuture<'static, T>),
    /// The one with this number has it in hand: between polls, it is kept here.
    Driven(u64, Option<BoxFuture<'static, T>>),
    Done(T),
    /// It came to no end: nobody waited for it, or it panicked.
    Lost,
}

impl<T: Clone> Flight<T> {
    /// Work that nobody drives yet.
    pub(crate) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        let stage = Stage::Resting(Box::pin(work));
        Self(Arc::new(Mutex::new(State { stage, waiting: Vec::new(), joined: 0, task: None })))
    }

    /// Waits for the outcome, from now on; it is none where the work was lost.
    pub(crate) fn join(&self) -> Join<T> {
        self.joined(self.lock())
    }

    /// The same, unless there is nothing left to wait for.
    pub(crate) fn join_underway(&self) -> Option<Join<T>> {
        let state = self.lock();
        let is_over = matches!(state.stage, Stage::Done(_) | Stage::Lost);
        (!is_over).then(|| self.joined(state))
    }

    fn joined(&self, mut state: MutexGuard<'_, State<T>>) -> Join<T> {
        let number = state.joined;
        state.joined = number.wrapping_add(1);
        state.waiting.push((number, None));
        Join { flight: self.clone(), number }
    }
}

impl<T> Flight<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the work. The lock is not held while others are woken.
    fn end(mut state: MutexGuard<'_, State<T>>, stage: Stage<T>) {
        let before = std::mem::replace(&mut state.stage, stage);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop(before);
        waiting.into_iter().filter_map(|(_, waker)| waker).for_each(Waker::wake);
    }
}

impl<T> State<T> {
    /// Keeps who is to be woken as the one with this number.
    fn wait(&mut self, number: u64, cx: &Context<'_>) {
        if let Some(waker) = self.waker(number) {
            *waker = Some(cx.waker().clone());
        }
    }

    fn waker(&mut self, number: u64) -> Option<&mut Option<Waker>> {
        let place = self.waiting.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.waiting.get_mut(place).map(|(_, waker)| waker)
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flight").finish_non_exhaustive()
    }
}

/// One who waits.
pub(crate) struct Join<T> {
    flight: Flight<T>,
    number: u64,
}

impl<T: Clone + Send + 'static> Join<T> {
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
        #[cfg(feature = "rt-tokio")]
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let task = self.flight.join();
            if task.takes_over() {
                crate::task::spawn(&runtime, Box::pin(async { drop(task.await) }));
            }
            return true;
        }
        false
    }
}

impl<T: Clone> Join<T> {
    /// Takes the work from whoever drives it, unless that is a task already. One who polls it right now hands it on after
    /// that.
    #[cfg(feature = "rt-tokio")]
    fn takes_over(&self) -> bool {
        let mut state = self.flight.lock();
        if state.task.is_some() {
            return false;
        }
        state.task = Some(self.number);
        if let Stage::Driven(number, Some(_)) = &mut state.stage {
            *number = self.number;
        }
        true
    }

    /// The work, if it is for this one to drive, or what came of it.
    fn take(&self, cx: &Context<'_>) -> Result<BoxFuture<'static, T>, Poll<Option<T>>> {
        let mut state = self.flight.lock();
        let stage = std::mem::replace(&mut state.stage, Stage::Driven(self.number, None));
        let (stage, taken) = match stage {
            Stage::Resting(work) => return Ok(work),
            Stage::Driven(number, Some(work)) if number == self.number => return Ok(work),
            Stage::Done(outcome) => (Stage::Done(outcome.clone()), Poll::Ready(Some(outcome))),
            Stage::Lost => (Stage::Lost, Poll::Ready(None)),
            driven => (driven, Poll::Pending),
        };
        state.stage = stage;
        if taken.is_pending() {
            state.wait(self.number, cx);
        }
        Err(taken)
    }

    /// Keeps the work until it goes on: for the task, if there is one, and then this one waits like the others.
    fn put_back(&self, work: BoxFuture<'static, T>, cx: &Context<'_>) {
        let mut state = self.flight.lock();
        let driver = state.task.unwrap_or(self.number);
        state.stage = Stage::Driven(driver, Some(work));
        // The task may take over later, and then wakes this one as well.
        state.wait(self.number, cx);
        if driver != self.number {
            let waker = state.waker(driver).and_then(Option::take);
            drop(state);
            waker.into_iter().for_each(Waker::wake);
        }
    }
}

impl<T: Clone> Future for Join<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut work = match self.take(cx) {
            Ok(work) => work,
            Err(taken) => return taken,
        };
        // The lock is not held here: the work may well join another flight, and others join this one meanwhile. Work that
        // panicked is not polled again, so that nobody sees what it left half done.
        let outcome = match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(Poll::Pending) => {
                self.put_back(work, cx);
                return Poll::Pending;
            }
            Ok(Poll::Ready(outcome)) => Some(outcome),
            Err(_) => None,
        };
        Flight::end(self.flight.lock(), outcome.clone().map_or(Stage::Lost, Stage::Done));
        Poll::Ready(outcome)
    }
}

impl<T> Drop for Join<T> {
    fn drop(&mut self) {
        let mut state = self.flight.lock();
        state.waiting.retain(|(number, _)| *number != self.number);
        state.task = state.task.filter(|task| *task != self.number);
        if let Stage::Driven(number, work) = &mut state.stage
            && *number == self.number
            && let Some(work) = work.take()
        {
            state.stage = Stage::Resting(work);
        }
        if !matches!(state.stage, Stage::Resting(_)) {
            return;
        }
        if state.waiting.is_empty() {
            return Flight::end(state, Stage::Lost);
        }
        // One who was never polled will be, and then drives it, or is dropped, and comes by here.
        let next = state.waiting.iter_mut().find_map(|(_, waker)| waker.take());
        drop(state);
        next.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
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
