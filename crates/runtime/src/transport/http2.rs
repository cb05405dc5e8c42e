//! HTTP/2: one connection for all calls to a host.
//!
//! Which version a server speaks is known when the TLS handshake is over. Of calls that begin at once, each would open a
//! connection, and all but one would be thrown away. So the first goes ahead until it is connected, and the others wait
//! for that, and for no longer.

use std::collections::HashMap;
use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::http::uri::{Authority, Scheme};
use hyper::http::{Extensions, Uri};
use hyper::{Request, Response};
use hyper_util::client::legacy::connect::{CaptureConnection, Connected, capture_connection};
use hyper_util::client::legacy::{self, Builder, ResponseFuture};
use hyper_util::rt::TokioTimer;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How often a server is asked whether it is still there while calls wait for it, and how long it has to answer. One
/// connection that died unseen would hold up all of them.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));

/// How many hosts are remembered; beyond that, what was learned is learned anew.
const HOSTS: usize = 256;

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
pub(super) fn is_malformed(error: &hyper::Error) -> bool {
    error.source().and_then(|cause| cause.downcast_ref()).is_some_and(h2::Error::is_library)
}

/// What is known of hosts. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Hosts(Arc<Mutex<HashMap<Authority, Known>>>);

enum Known {
    /// Somebody is connecting, and tells when it is over.
    Connecting(Arc<Notify>),
    /// It speaks HTTP/1.1: each call needs a connection.
    Separate,
    /// It speaks HTTP/2 on this connection.
    Shared(Open),
}

impl Hosts {
    /// Sends a request when it can share a connection, or knows that it cannot.
    ///
    /// # Errors
    ///
    /// `None` where the runtime shut down meanwhile.
    pub(super) async fn send<B: Send + 'static>(
        &self,
        mut request: Request<B>,
        send: impl FnOnce(Request<B>) -> ResponseFuture,
    ) -> Result<Response<Incoming>, Option<legacy::Error>> {
        match self.enter(request.uri()).await {
            None => send(request).await.map_err(Some),
            Some(first) => {
                let connection = capture_connection(&mut request);
                // On a task of its own: others wait for it, whether or not who began it goes on to poll.
                let mut task = Task(tokio::spawn(first.go(connection, send(request))));
                (&mut task.0).await.map_or(Err(None), |sent| sent.map_err(Some))
            }
        }
    }

    /// Waits for whoever is connecting to the host. Who is the first goes on as such.
    async fn enter(&self, to: &Uri) -> Option<First> {
        let authority = to.authority().filter(|_| to.scheme() == Some(&Scheme::HTTPS))?;
        let over = {
            let mut hosts = self.lock();
            match hosts.get(authority) {
                Some(Known::Separate) => return None,
                Some(Known::Shared(Open(stream))) if stream.strong_count() > 0 => return None,
                Some(Known::Connecting(over)) => over.clone().notified_owned(),
                Some(Known::Shared(_)) | None => {
                    if hosts.len() >= HOSTS {
                        hosts.retain(|_, known| matches!(known, Known::Connecting(_)));
                    }
                    hosts.insert(authority.clone(), Known::Connecting(Arc::default()));
                    return Some(First { hosts: self.clone(), authority: authority.clone(), learned: None });
                }
            }
        };
        over.await;
        None
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Authority, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who connects to a host, for all. When it is dropped, whatever it learned, the others go on.
struct First {
    hosts: Hosts,
    authority: Authority,
    learned: Option<Known>,
}

impl First {
    async fn go(
        mut self,
        mut connection: CaptureConnection,
        response: ResponseFuture,
    ) -> Result<Response<Incoming>, legacy::Error> {
        let mut connected = pin!(async move {
            if let Some(connected) = connection.wait_for_connection_metadata().await.as_ref() {
                self.learned = Some(known(connected));
            }
            drop(self);
        });
        let mut response = pin!(response);
        let mut is_connected = false;
        poll_fn(|cx| {
            is_connected = is_connected || connected.as_mut().poll(cx).is_ready();
            response.as_mut().poll(cx)
        })
        .await
    }
}

fn known(connected: &Connected) -> Known {
    let mut extras = Extensions::new();
    connected.get_extras(&mut extras);
    extras.remove().map_or(Known::Separate, Known::Shared)
}

impl Drop for First {
    fn drop(&mut self) {
        let mut hosts = self.hosts.lock();
        let before = match self.learned.take() {
            Some(known) => hosts.insert(self.authority.clone(), known),
            None => hosts.remove(&self.authority),
        };
        if let Some(Known::Connecting(over)) = before {
            over.notify_waiters();
        }
    }
}

/// A task that ends when nobody waits for it any more.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
