//! Connections in HTTP/1.1 that are kept for the next call.
//!
//! A call takes the one that was used last, which is the most likely to be open still. Where none is idle it opens one, and
//! takes what another call is done with if that comes first; the one that was being opened is kept then.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use super::cleaner::{Cleaner, Keeper};
use super::connect::Opening;
use super::connection::{Connection, Host, Http1};
use super::failure::Failure;
use super::settings::{A_YEAR, HyperSettings};
use crate::task;

/// Idle connections. Clones share them.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    idle_timeout: Duration,
    max_idle_per_host: usize,
    kept: Mutex<Kept>,
    /// Tells who opens a connection for the pool that it is gone.
    gone: watch::Sender<()>,
}

#[derive(Default)]
struct Kept {
    hosts: HashMap<Host, Queue>,
    /// How many calls have waited for a connection.
    waited: u64,
    cleaner: Cleaner,
}

/// What is kept of one host.
#[derive(Default)]
struct Queue {
    /// The one that was used last is the last.
    idle: Vec<Idle>,
    /// Calls that are opening a connection, and would take one that is done with, in the order of their numbers.
    waiting: VecDeque<(u64, oneshot::Sender<Http1>)>,
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
            gone: watch::Sender::default(),
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
    pub(super) async fn first_of(&self, host: &Host, mut opening: Opening) -> Result<Connection, Failure> {
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
                let (pool, gone) = (Arc::downgrade(&self.0), self.0.gone.subscribe());
                task::spawn(&Handle::current(), Box::pin(keep(pool, gone, host.clone(), opening)));
                Ok(Connection::Http1(connection))
            }
        }
    }

    fn wait<'a>(&'a self, host: &'a Host) -> Waiting<'a> {
        let (waiting, done) = oneshot::channel();
        let mut kept = self.0.lock();
        let number = kept.waited;
        kept.waited = number.wrapping_add(1);
        kept.hosts.entry(host.clone()).or_default().waiting.push_back((number, waiting));
        Waiting { pool: self, host, number, done }
    }

    /// Lends a connection for the rest of an answer. One that calls share is not idle until then.
    pub(super) fn lend(&self, host: Host, connection: Connection) -> Lease {
        Lease { pool: self.clone(), lent: Some((host, connection)) }
    }

    /// Hands a connection to who waits for one, or keeps it.
    pub(super) fn put(&self, host: &Host, mut connection: Http1) {
        // Where none is kept, nobody waits either.
        if self.0.max_idle_per_host == 0 {
            return;
        }
        connection.is_kept = true;
        let mut kept = self.0.lock();
        let queue = kept.hosts.entry(host.clone()).or_default();
        while let Some((_, waiting)) = queue.waiting.pop_front() {
            match waiting.send(connection) {
                Ok(()) => return,
                Err(refused) => connection = refused,
            }
        }
        if queue.idle.len() < self.0.max_idle_per_host {
            queue.idle.push(Idle { connection, since: Instant::now() });
            kept.cleaner.work_for(&self.0);
        }
    }
}

/// Keeps a connection when it is open, and can be used. It is given up where the pool is gone before.
async fn keep(pool: Weak<Shared>, mut gone: watch::Receiver<()>, host: Host, mut opening: Opening) {
    let mut gone = pin!(gone.changed());
    let opened = poll_fn(|cx| match gone.as_mut().poll(cx) {
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending => opening.as_mut().poll(cx).map(Result::ok),
    });
    if let Some(Connection::Http1(mut opened)) = opened.await
        && opened.ready().await
        && let Some(pool) = pool.upgrade()
    {
        Pool(pool).put(&host, opened);
    }
}

/// A call that waits for a connection.
struct Waiting<'a> {
    pool: &'a Pool,
    host: &'a Host,
    number: u64,
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
            if let Ok(place) = queue.waiting.binary_search_by_key(&self.number, |(number, _)| *number) {
                queue.waiting.remove(place);
            }
            if queue.idle.is_empty() && queue.waiting.is_empty() {
                kept.hosts.remove(self.host);
            }
        }
    }
}

/// A connection on which a call was answered. The pool gets it back when this is dropped.
pub(super) struct Lease {
    pool: Pool,
    lent: Option<(Host, Connection)>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some((host, Connection::Http1(mut connection))) = self.lent.take() else { return };
        if connection.is_ready() {
            self.pool.put(&host, connection);
        } else if let (false, Ok(runtime)) = (connection.is_closed(), Handle::try_current()) {
            // The rest of the answer, or of the request, is still on its way.
            let pool = self.pool.clone();
            let put = async move {
                if connection.ready().await {
                    pool.put(&host, connection);
                }
            };
            task::spawn(&runtime, Box::pin(put));
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper for Shared {
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
            kept.cleaner.let_go();
        }
        oldest.and_then(|since| since.checked_add(self.idle_timeout))
    }
}
