//! HTTP/2: one connection for all calls to a host.
//!
//! Which version a server speaks is known when the TLS handshake is over. Of calls that begin at once, each would open a
//! connection, and all but one would be thrown away. So the first opens one for all, and the others wait for that, and for no
//! longer; where there is no connection, they are told so as the first is.

use std::collections::HashMap;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use hyper::Uri;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::connect::{ConnectError, Connector};
use super::connection::{Connection, Host};
use super::failure::Failure;
use super::headers::MAX_LENGTH;
use super::hyper::OutgoingBody;
use super::pool::Pool;
use super::settings::A_YEAR;
use super::stream::{BoxedIo, Silence, Stream};

/// How often a server is asked whether it is still there while calls wait for it, and how long it has to answer. One
/// connection that died unseen would hold up all of them.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));

/// How many hosts are remembered; beyond that, what was learned is learned anew.
const HOSTS: usize = 256;

/// A connection in HTTP/2. Clones share it.
#[derive(Clone)]
pub(super) struct Http2 {
    pub(super) sender: SendRequest<OutgoingBody>,
    /// Whether it was there before the call that uses it.
    pub(super) is_kept: bool,
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
        tokio::spawn(driver);
        sender.ready().await?;
        Ok(Self { sender, is_kept: false })
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
#[derive(Clone, Default)]
pub(super) struct Hosts(Arc<Mutex<HashMap<Host, Known>>>);

enum Known {
    /// A connection is being opened. This ends when that is over, and says why there is none.
    Connecting(watch::Sender<Option<Arc<ConnectError>>>),
    /// It speaks HTTP/1.1: each call needs a connection.
    Http1,
    /// It speaks HTTP/2 on this connection.
    Http2(Http2),
}

/// What a call does next.
enum Turn {
    /// It is sent: on this connection or, where there is none to be shared, on one of its own.
    Send(Option<Http2>),
    /// It opens a connection, for all.
    Connect(First),
    /// It waits for the one that is being opened.
    Wait(watch::Receiver<Option<Arc<ConnectError>>>),
}

impl Hosts {
    /// The connection that calls to a host share; none where it speaks HTTP/1.1. What is opened here and cannot be shared
    /// goes to the pool.
    pub(super) async fn shared(
        &self,
        host: &Host,
        address: &Uri,
        connector: &Connector,
        pool: &Pool,
    ) -> Result<Option<Http2>, Failure> {
        let mut deadline = None;
        loop {
            let mut over = match self.turn(host) {
                Turn::Send(None) => return Ok(None),
                Turn::Send(Some(connection)) => return Ok(Some(Http2 { is_kept: deadline.is_none(), ..connection })),
                Turn::Connect(first) => {
                    let over = first.over.subscribe();
                    // On a task of its own: others wait for it, whether or not who began it goes on to poll.
                    tokio::spawn(first.go(connector.clone().open(address.clone()), pool.clone()));
                    over
                }
                Turn::Wait(over) => over,
            };
            let limit = connector.timeout().min(A_YEAR);
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + limit);
            // It ends without a word where there is a connection, and where the task ended.
            let _ = timeout_at(deadline, over.changed()).await.map_err(|_| connector.late(address))?;
            if let Some(error) = over.borrow().clone() {
                return Err(Failure::Connect(error));
            }
        }
    }

    fn turn(&self, host: &Host) -> Turn {
        if !host.is_https {
            return Turn::Send(None);
        }
        let mut known = self.lock();
        match known.get(host) {
            Some(Known::Http1) => Turn::Send(None),
            Some(Known::Http2(connection)) if connection.sender.is_ready() => Turn::Send(Some(connection.clone())),
            Some(Known::Connecting(over)) => Turn::Wait(over.subscribe()),
            Some(Known::Http2(_)) | None => {
                if known.len() >= HOSTS {
                    known.retain(|_, known| matches!(known, Known::Connecting(_)));
                }
                let over = watch::Sender::new(None);
                known.insert(host.clone(), Known::Connecting(over.clone()));
                Turn::Connect(First { hosts: self.clone(), host: host.clone(), learned: None, over })
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Host, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who connects to a host, for all. When it is dropped, whatever it learned, the others go on.
struct First {
    hosts: Hosts,
    host: Host,
    learned: Option<Known>,
    over: watch::Sender<Option<Arc<ConnectError>>>,
}

impl First {
    /// Waits for the connection, as long as anybody else does.
    async fn go(mut self, opening: impl Future<Output = Result<Connection, ConnectError>>, pool: Pool) {
        let (mut opening, mut unwanted) = (pin!(opening), pin!(self.over.closed()));
        let opened = poll_fn(|cx| match opening.as_mut().poll(cx) {
            Poll::Pending => unwanted.as_mut().poll(cx).map(|()| None),
            Poll::Ready(opened) => Poll::Ready(Some(opened)),
        });
        match opened.await {
            Some(Ok(Connection::Http2(connection))) => self.learned = Some(Known::Http2(connection)),
            Some(Ok(Connection::Http1(connection))) => {
                pool.put(&self.host, connection);
                self.learned = Some(Known::Http1);
            }
            Some(Err(error)) => drop(self.over.send_replace(Some(Arc::new(error)))),
            None => {}
        }
    }
}

impl Drop for First {
    fn drop(&mut self) {
        let mut known = self.hosts.lock();
        match self.learned.take() {
            Some(learned) => known.insert(self.host.clone(), learned),
            None => known.remove(&self.host),
        };
    }
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
