//! Connections that are open, and what is sent on them.

use std::hash::{Hash, Hasher};

use hyper::Response;
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1};
use hyper::http::uri::{Authority, PathAndQuery, Uri};
use hyper_util::rt::TokioIo;
use tokio::runtime::{Handle, Id};

use super::failure::Failure;
use super::headers::MAX_LENGTH;
#[cfg(feature = "http2")]
use super::http2::Http2;
use super::hyper::{Outgoing, OutgoingBody};
use super::route::is_https;
use super::stream::{BoxedIo, Silence, Stream};
use crate::task;

/// Where a connection leads, and who drives it: on another runtime, nobody may look at it for as long as a call waits.
///
/// Names are compared as they are written: to tell each letter's case costs more than what else the pool does in a call, and
/// who writes one name in two ways has two connections.
#[derive(Clone, Debug)]
pub(super) struct Host {
    pub(super) is_https: bool,
    pub(super) authority: Authority,
    runtime: Id,
}

impl Host {
    /// The host of an address, if it has one, for calls on a runtime.
    pub(super) fn of(address: &Uri, runtime: Id) -> Option<Self> {
        Some(Self { is_https: is_https(address), authority: address.authority()?.clone(), runtime })
    }
}

impl PartialEq for Host {
    fn eq(&self, other: &Self) -> bool {
        self.is_https == other.is_https
            && self.runtime == other.runtime
            && self.authority.as_str() == other.authority.as_str()
    }
}

impl Eq for Host {}

impl Hash for Host {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.authority.as_str().hash(state);
    }
}

/// A connection that is open.
pub(super) enum Connection {
    Http1(Http1),
    #[cfg(feature = "http2")]
    Http2(Http2),
}

impl Connection {
    /// Whether it was there before the call that uses it.
    pub(super) fn is_kept(&self) -> bool {
        match self {
            Self::Http1(connection) => connection.is_kept,
            #[cfg(feature = "http2")]
            Self::Http2(connection) => connection.is_kept,
        }
    }

    /// Sends a request, which comes back with the error where nothing of it was sent. A proxy that is handed it whole is
    /// told the whole address.
    pub(super) async fn send(
        &mut self,
        request: Outgoing,
        is_forwarded: bool,
    ) -> Result<Response<Incoming>, TrySendError<Outgoing>> {
        match self {
            Self::Http1(connection) => connection.send(request, is_forwarded).await,
            #[cfg(feature = "http2")]
            Self::Http2(connection) => connection.sender.try_send_request(request).await,
        }
    }

    /// What it means that a request has no answer here.
    pub(super) fn failure(&self, error: hyper::Error) -> Failure {
        match self {
            Self::Http1(connection) => Failure::broken(error, connection.is_kept && connection.silence.lasts()),
            #[cfg(feature = "http2")]
            Self::Http2(_) => Failure::broken(error, false),
        }
    }
}

/// A connection in HTTP/1.1, which a call at a time is sent on.
pub(super) struct Http1 {
    sender: http1::SendRequest<OutgoingBody>,
    silence: Silence,
    /// Whether it was there before the call that uses it: it was idle, or another call is done with it.
    pub(super) is_kept: bool,
}

impl Http1 {
    /// Speaks HTTP on a connection. It is driven by a task, which ends when either side is done with it.
    pub(super) async fn open(io: BoxedIo) -> hyper::Result<Self> {
        let silence = Silence::default();
        let stream = TokioIo::new(Stream::new(io, silence.clone()));
        // The limit on their number is hyper's own; to set it again would cost an allocation an answer.
        let (sender, driver) = http1::Builder::new().max_buf_size(MAX_LENGTH).handshake(stream).await?;
        task::spawn(&Handle::current(), Box::pin(async { drop(driver.await) }));
        Ok(Self { sender, silence, is_kept: false })
    }

    /// Whether a request can be sent now.
    pub(super) fn is_ready(&self) -> bool {
        self.sender.is_ready()
    }

    /// Whether none can be sent any more.
    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Waits until a request can be sent, and says whether that will be.
    pub(super) async fn ready(&mut self) -> bool {
        self.sender.ready().await.is_ok()
    }

    async fn send(
        &mut self,
        mut request: Outgoing,
        is_forwarded: bool,
    ) -> Result<Response<Incoming>, TrySendError<Outgoing>> {
        if !is_forwarded {
            let path = request.uri().path_and_query().cloned();
            *request.uri_mut() = path.unwrap_or_else(|| PathAndQuery::from_static("/")).into();
        }
        self.sender.try_send_request(request).await
    }
}
