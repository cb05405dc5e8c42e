//! HTTP/2: one connection for all calls to a host.
//!
//! Which version a server speaks is known when the TLS handshake is over. Of calls that begin at once, each would open a
//! connection, and all but one would be thrown away. So the first goes ahead until it is connected, and the others wait
//! for that, and for no longer; where there is no connection, they are told so as the first is.

use std::collections::HashMap;
use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::http::uri::{Authority, Scheme};
use hyper::http::{Extensions, Uri};
use hyper::{Request, Response};
use hyper_util::client::legacy::connect::{CaptureConnection, Connected, capture_connection};
use hyper_util::client::legacy::{Builder, ResponseFuture};
use hyper_util::rt::TokioTimer;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::failure::{ClientError, Failure};

/// How often a server is asked whether it is still there while calls wait for it, and how long it has to answer. One
/// connection that died unseen would hold up all of them.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));

/// How many hosts are remembered; beyond that, what was learned is learned anew.
const HOSTS: usize = 256;

/// Beyond this, a limit on the time to connect is none: the end of a longer one may be no time that there is.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Sets what differs from hyper's defaults.
pub(super) fn configure(builder: &mut Builder, max_headers_length: u32) {
    builder
        .timer(TokioTimer::new())
        .http2_max_header_list_size(max_headers_length)
        .http2_keep_alive_interval(PING.0)
        .http2_keep_alive_timeout(PING.1);
}

/// A connection that is shared says so, and as long as its stream keeps the other end of this, it is open.
#[derive(Clone, Debug)]
struct Open(Weak<()>);

/// Marks a connection as one that is shared until `stream` is dropped.
pub(super) fn shared(stream: &Arc<()>) -> Connected {
    Connected::new().negotiated_h2().extra(Open(Arc::downgrade(stream)))
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
pub(super) struct Hosts {
    known: Arc<Mutex<HashMap<Authority, Known>>>,
    connect_timeout: Duration,
}

enum Known {
    /// Somebody is connecting. This ends when that is over, and says why there is no connection.
    Connecting(watch::Receiver<Option<ClientError>>),
    /// It speaks HTTP/1.1: each call needs a connection.
    Http1,
    /// It speaks HTTP/2 on this connection.
    Http2(Open),
}

/// What a call does next.
enum Turn {
    /// It is sent: it can share a connection, or it is known that it cannot.
    Send,
    /// It connects, for all.
    Connect(First),
    /// It waits for who is connecting.
    Wait(watch::Receiver<Option<ClientError>>),
}

impl Hosts {
    /// Knows nothing. A call waits so long at most until it is connected, whoever connects.
    pub(super) fn new(connect_timeout: Duration) -> Self {
        Self { known: Arc::default(), connect_timeout }
    }

    /// Sends a request when it can share a connection, or it is known that it cannot.
    pub(super) async fn send<B: Send + 'static>(
        &self,
        mut request: Request<B>,
        send: impl FnOnce(Request<B>) -> ResponseFuture,
    ) -> Result<Response<Incoming>, Failure> {
        // The limit of who did not wait is the connector's.
        let mut deadline = None;
        loop {
            match self.turn(request.uri()) {
                Turn::Send => return Ok(send(request).await?),
                Turn::Connect(first) => {
                    let connection = capture_connection(&mut request);
                    // On a task of its own: others wait for it, whether or not who began it goes on to poll.
                    let mut task = Task(tokio::spawn(first.go(connection, send(request), deadline)));
                    return (&mut task.0).await.unwrap_or_else(|error| Err(Failure::Task(error)));
                }
                Turn::Wait(mut over) => {
                    let limit = self.connect_timeout.min(A_YEAR);
                    let deadline = *deadline.get_or_insert_with(|| Instant::now() + limit);
                    // It ends without a word where there is a connection, and where who was connecting was dropped.
                    let _ = timeout_at(deadline, over.changed()).await.map_err(|_| self.late())?;
                    if let Some(error) = over.borrow().clone() {
                        return Err(Failure::Client(error));
                    }
                }
            }
        }
    }

    fn turn(&self, to: &Uri) -> Turn {
        let Some(authority) = to.authority().filter(|_| to.scheme() == Some(&Scheme::HTTPS)) else {
            return Turn::Send;
        };
        let mut known = self.lock();
        match known.get(authority) {
            Some(Known::Http1) => Turn::Send,
            Some(Known::Http2(Open(stream))) if stream.strong_count() > 0 => Turn::Send,
            Some(Known::Connecting(over)) => Turn::Wait(over.clone()),
            Some(Known::Http2(_)) | None => {
                if known.len() >= HOSTS {
                    known.retain(|_, known| matches!(known, Known::Connecting(_)));
                }
                let (failed, over) = watch::channel(None);
                known.insert(authority.clone(), Known::Connecting(over));
                Turn::Connect(First { hosts: self.clone(), authority: authority.clone(), learned: None, failed })
            }
        }
    }

    fn late(&self) -> Failure {
        Failure::Late(self.connect_timeout)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Authority, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who connects to a host, for all. When it is dropped, whatever it learned, the others go on.
struct First {
    hosts: Hosts,
    authority: Authority,
    learned: Option<Known>,
    failed: watch::Sender<Option<ClientError>>,
}

impl First {
    async fn go(
        mut self,
        mut connection: CaptureConnection,
        response: ResponseFuture,
        deadline: Option<Instant>,
    ) -> Result<Response<Incoming>, Failure> {
        let mut response = pin!(response);
        let mut connected = pin!(connection.wait_for_connection_metadata());
        let connecting = poll_fn(|cx| match connected.as_mut().poll(cx) {
            Poll::Ready(connected) => {
                self.learned = connected.as_ref().map(known);
                Poll::Ready(None)
            }
            Poll::Pending => response.as_mut().poll(cx).map(Some),
        });
        let over = match deadline {
            Some(deadline) => timeout_at(deadline, connecting).await.map_err(|_| self.hosts.late())?,
            None => connecting.await,
        };
        match over {
            None => {
                drop(self);
                Ok(response.await?)
            }
            Some(sent) => sent.map_err(|error| {
                let error = ClientError::from(error);
                if error.is_connect() {
                    self.failed.send_replace(Some(error.clone()));
                }
                Failure::Client(error)
            }),
        }
    }
}

fn known(connected: &Connected) -> Known {
    let mut extras = Extensions::new();
    connected.get_extras(&mut extras);
    extras.remove().map_or(Known::Http1, Known::Http2)
}

impl Drop for First {
    fn drop(&mut self) {
        let mut known = self.hosts.lock();
        match self.learned.take() {
            Some(learned) => known.insert(self.authority.clone(), learned),
            None => known.remove(&self.authority),
        };
    }
}

/// A task that ends when nobody waits for it any more.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
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
