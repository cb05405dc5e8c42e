//! How work that many wait for is driven, whatever comes of it.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::transport::BoxFuture;

/// Work that many wait for. Clones share it.
///
/// One of those who wait drives the work, and the others sleep until it is done. Where the driver goes away, another one
/// takes over; where all go away, the work is dropped. A driver that stays, and is not polled, keeps the others waiting:
/// [`spawn`](Waiting::spawn) gives the work a driver that always is. Without a runtime of tokio there is none to be had.
#[derive(Clone)]
pub(super) struct Work(Arc<Mutex<State>>);

struct State {
    stage: Stage,
    /// Who waits, in the order of their numbers; none of them has a waker before it is first polled.
    waiting: Vec<(u64, Option<Waker>)>,
    joined: u64,
    /// The one that is a task of its own, and drives from when it was spawned on.
    task: Option<u64>,
}

enum Stage {
    /// Nobody drives it at the moment.
    Resting(BoxFuture<'static, ()>),
    /// The one with this number has it in hand: between polls, it is kept here.
    Driven(u64, Option<BoxFuture<'static, ()>>),
    /// It is done, or came to no end: nobody waited for it, or it panicked.
    Over,
}

impl Work {
    /// Work that nobody drives yet.
    pub(super) fn new(work: BoxFuture<'static, ()>) -> Self {
        let stage = Stage::Resting(work);
        Self(Arc::new(Mutex::new(State { stage, waiting: Vec::new(), joined: 0, task: None })))
    }

    /// Waits until it is over, from now on.
    pub(super) fn join(&self) -> Waiting {
        self.joined(self.lock())
    }

    /// The same, unless it is over.
    pub(super) fn join_underway(&self) -> Option<Waiting> {
        let state = self.lock();
        let is_over = matches!(state.stage, Stage::Over);
        (!is_over).then(|| self.joined(state))
    }

    fn joined(&self, mut state: MutexGuard<'_, State>) -> Waiting {
        let number = state.joined;
        state.joined = number.wrapping_add(1);
        state.waiting.push((number, None));
        Waiting { work: self.clone(), number }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the work. The lock is not held while others are woken.
    fn end(mut state: MutexGuard<'_, State>) {
        let before = std::mem::replace(&mut state.stage, Stage::Over);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop(before);
        waiting.into_iter().filter_map(|(_, waker)| waker).for_each(Waker::wake);
    }
}

impl State {
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

/// One who waits, until the work is over.
pub(super) struct Waiting {
    work: Work,
    number: u64,
}

impl Waiting {
    /// Has a task drive the work from now on, where there is a runtime of tokio to do so, and says whether there is.
    pub(super) fn spawn(&self) -> bool {
        #[cfg(feature = "rt-tokio")]
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let task = self.work.join();
            if task.takes_over() {
                crate::task::spawn(&runtime, Box::pin(task));
            }
            return true;
        }
        false
    }

    /// Takes the work from whoever drives it, unless that is a task already. One who polls it right now hands it on after
    /// that.
    #[cfg(feature = "rt-tokio")]
    fn takes_over(&self) -> bool {
        let mut state = self.work.lock();
        if state.task.is_some() {
            return false;
        }
        state.task = Some(self.number);
        if let Stage::Driven(number, Some(_)) = &mut state.stage {
            *number = self.number;
        }
        true
    }

    /// The work, if it is for this one to drive, or whether it is over.
    fn take(&self, cx: &Context<'_>) -> Result<BoxFuture<'static, ()>, Poll<()>> {
        let mut state = self.work.lock();
        let stage = std::mem::replace(&mut state.stage, Stage::Driven(self.number, None));
        match stage {
            Stage::Resting(work) => return Ok(work),
            Stage::Driven(number, Some(work)) if number == self.number => return Ok(work),
            other => state.stage = other,
        }
        if matches!(state.stage, Stage::Over) {
            return Err(Poll::Ready(()));
        }
        state.wait(self.number, cx);
        Err(Poll::Pending)
    }

    /// Keeps the work until it goes on: for the task, if there is one, and then this one waits like the others.
    fn put_back(&self, work: BoxFuture<'static, ()>, cx: &Context<'_>) {
        let mut state = self.work.lock();
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

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut work = match self.take(cx) {
            Ok(work) => work,
            Err(taken) => return taken,
        };
        // The lock is not held here: the work may well join another flight, and others join this one meanwhile. Work that
        // panicked is not polled again, so that nobody sees what it left half done.
        if let Ok(Poll::Pending) = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            self.put_back(work, cx);
            return Poll::Pending;
        }
        Work::end(self.work.lock());
        Poll::Ready(())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.work.lock();
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
            return Work::end(state);
        }
        // One who was never polled will be, and then drives it, or is dropped, and comes by here.
        let next = state.waiting.iter_mut().find_map(|(_, waker)| waker.take());
        drop(state);
        next.into_iter().for_each(Waker::wake);
    }
}
