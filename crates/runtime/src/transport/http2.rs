//! HTTP/2: one connection for all calls to a host.
//!
//! Which version a server speaks is known when the TLS handshake is over. Of calls that begin at once, each would open a
//! connection, and all but one would be thrown away. So the first opens one for all, and the others wait for that, and for no
//! longer; where there is no connection, they are told so as the first is. Where it turns out to be one in HTTP/1.1, one of
//! them has it.

use std::collections::HashMap;
use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use hyper::Uri;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::cleaner::{Cleaner, Keeper};
use super::connect::{ConnectError, Connector, Opening};
use super::connection::{Connection, Host, Http1};
use super::failure::Failure;
use super::headers::MAX_LENGTH;
use super::hyper::OutgoingBody;
use super::settings::{A_YEAR, HyperSettings};
use super::stream::{BoxedIo, Silence, Stream};
use crate::task;

/// How often a server is asked whether it is still there while calls wait for it, and how long it has to answer. One
/// connection that died unseen would hold up all of them.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));

/// How many hosts are remembered; beyond that, what was learned is learned anew.
const HOSTS: usize = 256;

/// How often connections with calls on them are looked at, where idle ones are kept for less.
const LOOK: Duration = Duration::from_secs(1);

/// A connection in HTTP/2. Clones share it: each call that is on it has one, up to the end of its answer.
#[derive(Clone)]
pub(super) struct Http2 {
    pub(super) sender: SendRequest<OutgoingBody>,
    /// Whether it was there before the call that uses it.
    pub(super) is_kept: bool,
    /// When a call on it was over last.
    used: Arc<Mutex<Instant>>,
}

impl Http2 {
    /// Speaks HTTP on a connection. It is driven by a task, which ends when either side is done with it.
    pub(super) async fn open(io: BoxedIo) -> hyper::Result<Self> {
        let (mut sender, driver) = Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(MAX_LENGTH as u32)
            .keep_alive_interval(PING.0)
            .keep_alive_timeout(PING.1)
            .handshake(TokioIo::new(Stream::new(io, Silence::default())))
            .await?;
        task::spawn(&Handle::current(), Box::pin(async { drop(driver.await) }));
        sender.ready().await?;
        Ok(Self { sender, is_kept: false, used: Arc::new(Mutex::new(Instant::now())) })
    }

    /// Whether this is the only one left, and since when; for the one that is kept.
    fn idle_since(&self) -> Option<Instant> {
        (Arc::strong_count(&self.used) == 1).then(|| *lock(&self.used))
    }

    /// Whether a call can be sent on it that has been idle for less than this.
    fn is_fresh(&self, idle_timeout: Duration) -> bool {
        self.sender.is_ready() && self.idle_since().is_none_or(|since| since.elapsed() < idle_timeout)
    }
}

impl Drop for Http2 {
    fn drop(&mut self) {
        *lock(&self.used) = Instant::now();
    }
}

/// Whether an error is that the server does not keep to HTTP/2, or passed a limit of ours.
///
/// Of h2, which finds it, hyper shows the words alone, and a dependency on it would be there without hyper too. The words
/// are matched from the first: what the server said may stand at the end of them.
pub(super) fn is_malformed(error: &hyper::Error) -> bool {
    let found = error.source().map(ToString::to_string).unwrap_or_default();
    DETECTED.iter().any(|detected| found.starts_with(detected))
}

/// How h2 tells what it found by itself: not what the server sent word of (`received`), nor what we ended (`sent`).
const DETECTED: [&str; 2] = ["connection error detected: ", "stream error detected: "];

/// What is known of hosts. Clones share it.
#[derive(Clone)]
pub(super) struct Hosts(Arc<Shared>);

struct Shared {
    idle_timeout: Duration,
    learned: Mutex<Learned>,
}

#[derive(Default)]
struct Learned {
    hosts: HashMap<Host, Known>,
    cleaner: Cleaner,
}

enum Known {
    /// A connection is being opened. This tells what came of it.
    Connecting(watch::Sender<Opened>),
    /// It speaks HTTP/1.1: each call needs a connection.
    Http1,
    /// It speaks HTTP/2 on this connection.
    Http2(Http2),
}

/// What came of opening a connection for all who wait for it.
enum Opened {
    /// Nothing yet, or never.
    Nothing,
    /// One that a call has for itself: the first that looks.
    Http1(Mutex<Option<Http1>>),
    /// One that all share.
    Http2(Http2),
    Failed(Arc<ConnectError>),
}

/// What a call does next.
enum Turn {
    /// It is sent: on this connection or, where there is none to be shared, on one of its own.
    Send(Option<Http2>),
    /// It opens a connection, for all.
    Connect(First),
    /// It waits for the one that is being opened.
    Wait(watch::Receiver<Opened>),
}

impl Hosts {
    pub(super) fn new(settings: &HyperSettings) -> Self {
        // Where none is kept, calls share a connection for as long as there is always one of them on it.
        let is_kept = settings.pool_max_idle_per_host > 0;
        let idle_timeout = if is_kept { settings.pool_idle_timeout.min(A_YEAR) } else { Duration::ZERO };
        Self(Arc::new(Shared { idle_timeout, learned: Mutex::default() }))
    }

    /// The connection that calls to a host share, or the one that was opened to find out. There is none where the host is
    /// known to speak HTTP/1.1.
    pub(super) async fn connection(
        &self,
        host: &Host,
        address: &Uri,
        connector: &Connector,
    ) -> Result<Option<Connection>, Failure> {
        let mut deadline = None;
        loop {
            let mut opened = match self.turn(host) {
                Turn::Send(shared) => return Ok(shared.map(Connection::Http2)),
                Turn::Connect(first) => {
                    let opened = first.tell.subscribe();
                    // On a task of its own: others wait for it, whether or not who began it goes on to poll.
                    let opening = connector.open(address.clone());
                    task::spawn(&Handle::current(), Box::pin(first.go(opening)));
                    opened
                }
                Turn::Wait(opened) => opened,
            };
            let limit = connector.timeout().min(A_YEAR);
            #[allow(clippy::arithmetic_side_effects, reason = "a year from now can be told")]
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + limit);
            // It ends without a word where the task ended.
            let _ = timeout_at(deadline, opened.changed()).await.map_err(|_| connector.late(address))?;
            match &*opened.borrow() {
                Opened::Nothing => {}
                Opened::Http1(connection) => return Ok(lock(connection).take().map(Connection::Http1)),
                Opened::Http2(connection) => return Ok(Some(Connection::Http2(connection.clone()))),
                Opened::Failed(error) => return Err(Failure::Connect(error.clone())),
            }
        }
    }

    fn turn(&self, host: &Host) -> Turn {
        if !host.is_https {
            return Turn::Send(None);
        }
        let mut learned = lock(&self.0.learned);
        match learned.hosts.get(host) {
            Some(Known::Http1) => Turn::Send(None),
            Some(Known::Http2(kept)) if kept.is_fresh(self.0.idle_timeout) => {
                Turn::Send(Some(Http2 { is_kept: true, sender: kept.sender.clone(), used: kept.used.clone() }))
            }
            Some(Known::Connecting(opened)) => Turn::Wait(opened.subscribe()),
            Some(Known::Http2(_)) | None => {
                let tell = watch::Sender::new(Opened::Nothing);
                learned.insert(host, Known::Connecting(tell.clone()));
                Turn::Connect(First { hosts: self.clone(), host: host.clone(), opened: Opened::Nothing, tell })
            }
        }
    }

    /// Learns from a connection that a call opened for itself: a host that spoke HTTP/1.1 may speak HTTP/2 by now.
    pub(super) fn learn(&self, host: &Host, opened: &Connection) {
        let Connection::Http2(opened) = opened else { return };
        let mut learned = lock(&self.0.learned);
        match learned.hosts.get(host) {
            Some(Known::Connecting(_)) => {}
            Some(Known::Http2(kept)) if kept.is_fresh(self.0.idle_timeout) => {}
            _ => self.share(&mut learned, host, opened),
        }
    }

    /// Shares a connection with the calls that come.
    fn share(&self, learned: &mut Learned, host: &Host, opened: &Http2) {
        learned.insert(host, Known::Http2(opened.clone()));
        learned.cleaner.work_for(&self.0);
    }
}

impl Learned {
    fn insert(&mut self, host: &Host, known: Known) {
        if self.hosts.len() >= HOSTS {
            self.hosts.retain(|_, known| matches!(known, Known::Connecting(_)));
        }
        self.hosts.insert(host.clone(), known);
    }
}

impl Keeper for Shared {
    fn close_expired(&self) -> Option<Instant> {
        let (mut learned, now) = (lock(&self.learned), Instant::now());
        let mut next: Option<Instant> = None;
        learned.hosts.retain(|_, known| {
            let Known::Http2(kept) = known else { return true };
            let is_fresh = kept.is_fresh(self.idle_timeout);
            if is_fresh {
                let (since, most) = match kept.idle_since() {
                    Some(since) => (since, self.idle_timeout),
                    None => (now, self.idle_timeout.max(LOOK)),
                };
                next = next.into_iter().chain(since.checked_add(most)).min();
            }
            is_fresh
        });
        if next.is_none() {
            learned.cleaner.let_go();
        }
        next
    }
}

/// Who connects to a host, for all. When it is dropped, whatever came of it, the others go on.
struct First {
    hosts: Hosts,
    host: Host,
    opened: Opened,
    tell: watch::Sender<Opened>,
}

impl First {
    /// Waits for the connection, as long as anybody else does.
    async fn go(mut self, mut opening: Opening) {
        let mut unwanted = pin!(self.tell.closed());
        let opened = poll_fn(|cx| match opening.as_mut().poll(cx) {
            Poll::Pending => unwanted.as_mut().poll(cx).map(|()| None),
            Poll::Ready(opened) => Poll::Ready(Some(opened)),
        });
        self.opened = match opened.await {
            Some(Ok(Connection::Http1(connection))) => Opened::Http1(Mutex::new(Some(connection))),
            Some(Ok(Connection::Http2(connection))) => Opened::Http2(connection),
            Some(Err(error)) => Opened::Failed(Arc::new(error)),
            None => Opened::Nothing,
        };
    }
}

/// It is known before it is told: who begins now does not wait for what is over.
impl Drop for First {
    fn drop(&mut self) {
        let mut learned = lock(&self.hosts.0.learned);
        match &self.opened {
            Opened::Http1(_) => learned.insert(&self.host, Known::Http1),
            Opened::Http2(connection) => self.hosts.share(&mut learned, &self.host, connection),
            Opened::Nothing | Opened::Failed(_) => drop(learned.hosts.remove(&self.host)),
        }
        drop(learned);
        self.tell.send_replace(std::mem::replace(&mut self.opened, Opened::Nothing));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use hyper::client::conn::http2::handshake;
    use hyper::{Error, Request};
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::is_malformed;

    /// What a call ends with whose server sends this once it is asked.
    async fn failed(frames: &[u8]) -> Error {
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
        let (mut sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(ours)).await.unwrap();
        tokio::spawn(connection);
        let asked = tokio::spawn(sender.send_request(Request::new(String::new())));
        // The preface, settings and whatever else comes with the request.
        let mut read = 0;
        while read < 60 {
            read += theirs.read(&mut [0; 1024]).await.unwrap();
        }
        theirs.write_all(frames).await.unwrap();
        asked.await.unwrap().unwrap_err()
    }

    /// A frame on the connection itself.
    fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).unwrap();
        [&[0, 0, length, kind, 0, 0, 0, 0, 0], payload].concat()
    }

    #[tokio::test]
    async fn who_breaks_the_rules_is_told_from_who_gives_up() {
        let settings = frame(4, &[]);
        // Data belong to a stream.
        let broken = failed(&[settings.clone(), frame(0, &[])].concat()).await;
        assert!(is_malformed(&broken), "{broken:?}");
        // An end for an internal reason, and what is said beside it.
        let said = b"connection error detected: stream error detected: ";
        let ended = failed(&[settings, frame(7, &[&[0, 0, 0, 0, 0, 0, 0, 2][..], said].concat())].concat()).await;
        assert!(!is_malformed(&ended), "{ended:?}");
    }
}
