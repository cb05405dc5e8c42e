//! The doors to time: what it is, and how to wait.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use crate::task;
use crate::transport::BoxFuture;

/// Tells the time of day, for signatures and the expiry of credentials; and how much time passes.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;

    /// How long it is since some moment, the same one each time, by a clock that nobody sets, and that never goes back: that
    /// of the machine, where nothing else is said.
    fn steady(&self) -> Duration {
        static BEGUN: OnceLock<Instant> = OnceLock::new();
        BEGUN.get_or_init(Instant::now).elapsed()
    }
}

impl Clock for Arc<dyn Clock> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn steady(&self) -> Duration {
        (**self).steady()
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

    /// Whether waits take no time, as in a test. Then they say nothing about how long something else takes, and the time
    /// that a source of credentials has is not bounded by them.
    fn is_instant(&self) -> bool {
        false
    }
}

impl Sleep for Arc<dyn Sleep> {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep(duration)
    }

    fn is_instant(&self) -> bool {
        (**self).is_instant()
    }
}

/// Timers of tokio; the runtime of the caller must have its time driver on. Where there is none, threads wait.
#[cfg(feature = "rt-tokio")]
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioSleep;

#[cfg(feature = "rt-tokio")]
impl Sleep for TokioSleep {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match tokio::runtime::Handle::try_current() {
            Ok(_) => Box::pin(tokio::time::sleep(duration)),
            Err(_) => ThreadSleep.sleep(duration),
        }
    }
}

/// A timer for programs without an async runtime that has timers: a thread for each wait, which ends with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadSleep;

impl Sleep for ThreadSleep {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(Nap { duration, alarm: None })
    }
}

/// A wait that begins when it is first polled. Most are timeouts that are dropped long before they are over, and must
/// not leave a thread behind that sleeps on.
struct Nap {
    duration: Duration,
    alarm: Option<Arc<Alarm>>,
}

impl Future for Nap {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let duration = self.duration;
        let alarm = self.alarm.get_or_insert_with(|| Alarm::after(duration));
        let mut state = alarm.lock();
        if state.over {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Nap {
    fn drop(&mut self) {
        if let Some(alarm) = &self.alarm {
            *alarm.lock() = State { over: true, waker: None };
            alarm.changed.notify_one();
        }
    }
}

/// What the thread and the future share.
#[derive(Debug, Default)]
struct Alarm {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Whether the time is over, or nobody waits for it any more.
    over: bool,
    waker: Option<Waker>,
}

impl Alarm {
    /// An alarm that rings after this time.
    fn after(duration: Duration) -> Arc<Self> {
        let alarm = Arc::new(Self::default());
        let ringing = alarm.clone();
        if task::thread("tinsmith-sleep", Box::new(move || ringing.ring_after(duration))).is_err() {
            // Where no thread can be had, not to wait is better than never to wake.
            alarm.lock().over = true;
        }
        alarm
    }

    fn ring_after(&self, duration: Duration) {
        let waits = self.changed.wait_timeout_while(self.lock(), duration, |state| !state.over);
        let (mut state, _) = waits.unwrap_or_else(PoisonError::into_inner);
        state.over = true;
        let waker = state.waker.take();
        // A waker may poll at once and on this thread, and polling takes the lock.
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a future, but no longer than this. One that is ready at once, or by the time the limit is reached, counts; the
/// first needs no timer.
pub(crate) async fn within<T>(
    sleep: &dyn Sleep,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Result<T, Elapsed> {
    let mut timer = None;
    let mut future = pin!(future);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Ok(value)),
        Poll::Pending => timer.get_or_insert_with(|| sleep.sleep(limit)).as_mut().poll(cx).map(|()| Err(Elapsed)),
    })
    .await
}

/// A wait that was longer than it may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed;

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::Weak;
    use std::thread;

    use super::*;
    use crate::test_util::InstantSleep;

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn within_gives_the_value_or_the_end_of_the_wait() {
        assert_eq!(within(&ThreadSleep, LONG, ready(1)).await.ok(), Some(1));
        // Both are ready: what was waited for wins.
        assert_eq!(within(&InstantSleep::default(), Duration::ZERO, ready(1)).await.ok(), Some(1));
        assert!(within(&InstantSleep::default(), LONG, pending::<()>()).await.is_err());
        assert!(within(&ThreadSleep, Duration::from_millis(5), pending::<()>()).await.is_err());
        let later = async {
            ThreadSleep.sleep(Duration::from_millis(5)).await;
            1
        };
        assert_eq!(within(&ThreadSleep, LONG, later).await.ok(), Some(1));
    }

    #[test]
    fn the_steady_clock_goes_on() {
        let begun = SystemClock.steady();
        thread::sleep(Duration::from_millis(2));
        let shared: Arc<dyn Clock> = Arc::new(SystemClock);
        assert!(shared.steady() >= begun + Duration::from_millis(2));
    }

    #[tokio::test]
    async fn a_thread_sleeps_as_long_as_it_is_told() {
        let begun = Instant::now();
        ThreadSleep.sleep(Duration::from_millis(30)).await;
        assert!(begun.elapsed() >= Duration::from_millis(30));
        ThreadSleep.sleep(Duration::ZERO).await;
    }

    /// A timeout that was not reached leaves no thread behind.
    #[test]
    fn a_wait_that_is_dropped_ends_its_thread() {
        let mut nap = Nap { duration: LONG, alarm: None };
        assert!(Pin::new(&mut nap).poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let alarm: Weak<Alarm> = nap.alarm.as_ref().map(Arc::downgrade).unwrap();
        drop(nap);
        let begun = Instant::now();
        while alarm.strong_count() > 0 {
            assert!(begun.elapsed() < Duration::from_secs(60), "the thread sleeps on");
            thread::yield_now();
        }
    }
}
