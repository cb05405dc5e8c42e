//! The doors to time: what it is, and how to wait.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::transport::BoxFuture;

/// Tells the time of day, for signatures and the expiry of credentials.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;
}

impl Clock for Arc<dyn Clock> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Waits, between attempts and for timeouts.
pub trait Sleep: fmt::Debug + Send + Sync + 'static {
    /// Resolves after the duration.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

impl Sleep for Arc<dyn Sleep> {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep(duration)
    }
}

/// Timers of tokio; the runtime of the caller must have its time driver on.
#[cfg(feature = "rt-tokio")]
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioSleep;

#[cfg(feature = "rt-tokio")]
impl Sleep for TokioSleep {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A timer for programs without an async runtime that has timers: a thread that sleeps, for each wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadSleep;

impl Sleep for ThreadSleep {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let alarm = Arc::new(Alarm::default());
        let sleeper = alarm.clone();
        Box::pin(async move {
            // Where no thread can be had, not to wait is better than never to wake.
            let begun = thread::Builder::new().spawn(move || {
                thread::sleep(duration);
                sleeper.ring();
            });
            if begun.is_ok() {
                poll_fn(|cx| alarm.poll(cx)).await;
            }
        })
    }
}

/// What the thread and the future share.
#[derive(Debug, Default)]
struct Alarm(Mutex<(bool, Option<Waker>)>);

impl Alarm {
    fn ring(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = true;
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// Waits for a future, but no longer than this.
pub(crate) async fn within<T>(
    sleep: &dyn Sleep,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Result<T, Elapsed> {
    let mut timer = sleep.sleep(limit);
    let mut future = pin!(future);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Ok(value)),
        Poll::Pending => timer.as_mut().poll(cx).map(|()| Err(Elapsed)),
    })
    .await
}

/// A wait that was longer than it may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed;
