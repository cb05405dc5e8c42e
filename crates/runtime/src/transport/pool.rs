//! Connections in HTTP/1.1 that are kept for the next call.
//!
//! A call takes the one that was used last, which is the most likely to be open still. Where none is idle it opens one, and
//! takes what another call is done with if that comes first; the one that was being opened is kept then.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::connect::ConnectError;
use super::connection::{Connection, Host, Http1};
use super::failure::Failure;
use super::settings::{A_YEAR, HyperSettings};

/// Idle connections. Clones share them.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    idle_timeout: Duration,
    max_idle_per_host: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    hosts: HashMap<Host, Queue>,
    /// Tells the task that closes what was idle for too long that the pool is gone.
    cleaner: Option<oneshot::Sender<Infallible>>,
}

/// What is kept of one host.
#[derive(Default)]
struct Queue {
    /// The one that was used last is the last.
    idle: Vec<Idle>,
    /// Calls that are opening a connection, and would take one that is done with.
    waiting: VecDeque<oneshot::Sender<Http1>>,
}

struct Idle {
    connection: Http1,
    since: Instant,
}

impl Pool {
    pub(super) fn new(settings: &HyperSettings) -> Self {
        Self(Arc::new(Shared {
            idle_timeout: settings.pool_idle_timeout.min(A_YEAR),
            max_idle_per_host: settings.pool_max_idle_per_host,
            kept: Mutex::default(),
        }))
    }

    /// An idle connection to a host, if there is one.
    pub(super) fn take(&self, host: &Host) -> Option<Http1> {
        let mut kept = self.0.lock();
        let idle = &mut kept.hosts.get_mut(host)?.idle;
        while let Some(Idle { connection, since }) = idle.pop() {
            if since.elapsed() >= self.0.idle_timeout {
                // Those before it have been idle for longer.
                idle.clear();
            } else if connection.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    /// What comes first: the connection that is being opened to a host, or one that another call is done with.
    pub(super) async fn first_of(
        &self,
        host: &Host,
        opening: impl Future<Output = Result<Connection, ConnectError>> + Send + 'static,
    ) -> Result<Connection, Failure> {
        let mut opening = Box::pin(opening);
        if self.0.max_idle_per_host == 0 {
            return Ok(opening.await?);
        }
        let mut waiting = self.wait(host);
        let opened = poll_fn(|cx| match waiting.poll(cx) {
            Some(connection) => Poll::Ready(Err(connection)),
            None => opening.as_mut().poll(cx).map(Ok),
        });
        match opened.await {
            Ok(opened) => Ok(opened?),
            Err(connection) => {
                let (pool, host) = (self.clone(), host.clone());
                tokio::spawn(async move {
                    if let Ok(Connection::Http1(opened)) = opening.await {
                        pool.put(&host, opened);
                    }
                });
                Ok(Connection::Http1(connection))
            }
        }
    }

    fn wait<'a>(&'a self, host: &'a Host) -> Waiting<'a> {
        let (waiting, done) = oneshot::channel();
        self.0.lock().hosts.entry(host.clone()).or_default().waiting.push_back(waiting);
        Waiting { pool: self, host, done }
    }

    /// Lends a connection for the rest of an answer.
    pub(super) fn lend(&self, host: Host, connection: Http1) -> Lease {
        Lease { pool: self.clone(), lent: Some((host, connection)) }
    }

    /// Hands a connection to who waits for one, or keeps it.
    pub(super) fn put(&self, host: &Host, mut connection: Http1) {
        let mut kept = self.0.lock();
        let queue = kept.hosts.entry(host.clone()).or_default();
        while let Some(waiting) = queue.waiting.pop_front() {
            match waiting.send(connection) {
                Ok(()) => return,
                Err(refused) => connection = refused,
            }
        }
        if queue.idle.len() < self.0.max_idle_per_host {
            queue.idle.push(Idle { connection, since: Instant::now() });
            self.keep_clean(&mut kept);
        }
    }

    /// Sees to it that a task closes what is idle for too long.
    fn keep_clean(&self, kept: &mut Kept) {
        // One whose runtime ended has closed its end.
        if kept.cleaner.as_ref().is_some_and(|cleaner| !cleaner.is_closed()) {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let (cleaner, gone) = oneshot::channel();
            kept.cleaner = Some(cleaner);
            runtime.spawn(clean(Arc::downgrade(&self.0), gone));
        }
    }
}

/// A call that waits for a connection.
struct Waiting<'a> {
    pool: &'a Pool,
    host: &'a Host,
    done: oneshot::Receiver<Http1>,
}

impl Waiting<'_> {
    /// What another call is done with. The pool holds the other end for as long as this is there.
    fn poll(&mut self, cx: &mut Context<'_>) -> Option<Http1> {
        match Pin::new(&mut self.done).poll(cx) {
            Poll::Ready(done) => done.ok(),
            Poll::Pending => None,
        }
    }
}

/// What was handed over meanwhile goes back, and nothing is kept of a host to which there is no connection.
impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.done.close();
        if let Ok(connection) = self.done.try_recv() {
            self.pool.put(self.host, connection);
        }
        let mut kept = self.pool.0.lock();
        if let Some(queue) = kept.hosts.get_mut(self.host) {
            queue.waiting.retain(|waiting| !waiting.is_closed());
            if queue.idle.is_empty() && queue.waiting.is_empty() {
                kept.hosts.remove(self.host);
            }
        }
    }
}

/// A connection on which a call was answered. The pool gets it back when this is dropped.
pub(super) struct Lease {
    pool: Pool,
    lent: Option<(Host, Http1)>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some((host, mut connection)) = self.lent.take() else { return };
        connection.is_kept = true;
        if connection.is_ready() {
            self.pool.put(&host, connection);
        } else if let (false, Ok(runtime)) = (connection.is_closed(), Handle::try_current()) {
            // The rest of the answer, or of the request, is still on its way.
            let pool = self.pool.clone();
            runtime.spawn(async move {
                if connection.ready().await {
                    pool.put(&host, connection);
                }
            });
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes what has been idle for too long, and says when there is more to close.
    fn close_expired(&self) -> Option<Instant> {
        let mut kept = self.lock();
        let mut oldest: Option<Instant> = None;
        kept.hosts.retain(|_, queue| {
            queue.idle.retain(|idle| idle.since.elapsed() < self.idle_timeout && !idle.connection.is_closed());
            let first = queue.idle.first().map(|idle| idle.since);
            oldest = oldest.into_iter().chain(first).min();
            first.is_some() || !queue.waiting.is_empty()
        });
        if oldest.is_none() {
            kept.cleaner = None;
        }
        oldest.map(|since| since + self.idle_timeout)
    }
}

/// Closes connections when they have been idle for too long, until there are none, or the pool is gone.
async fn clean(pool: Weak<Shared>, mut gone: oneshot::Receiver<Infallible>) {
    while let Some(next) = pool.upgrade().and_then(|pool| pool.close_expired()) {
        if timeout_at(next, &mut gone).await.is_ok() {
            return;
        }
    }
}
