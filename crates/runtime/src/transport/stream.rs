//! A connection of the pool, with or without TLS, and what is known of its past when it breaks.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite};

use super::watched::{Watch, Watched};

/// A connection to a server, or to a proxy that is handed requests whole.
pub(super) type Stream = Watched<BoxedIo, Role>;

/// A connection of any kind.
pub(super) type BoxedIo = Pin<Box<dyn Io>>;

pub(super) trait Io: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

/// What a connection is for.
pub(super) enum Role {
    /// A call at a time is sent to the server.
    Server(Past),
    /// The same to a proxy, and requests say the whole address.
    Proxy(Past),
    /// All calls to the server share it, by HTTP/2. What it holds lives as long as it.
    #[cfg(feature = "http2")]
    Http2(Arc<()>),
}

/// What is known of a connection on which a call at a time is sent. The stream and errors of its calls share it; what is
/// read and written is not changed by it: an answer may come, and end, before its request has gone out.
#[derive(Clone, Debug, Default)]
pub(super) struct Past(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Whether an earlier call was answered on it.
    is_kept: AtomicBool,
    /// Whether something was sent, or was to be, and nothing has come since.
    is_waiting: AtomicBool,
}

impl Past {
    /// Notes that a call has its answer.
    pub(super) fn keep(&self) {
        self.0.is_kept.store(true, Ordering::Relaxed);
    }

    /// Whether a connection that breaks now was kept since an earlier call, and nothing of this one's answer has come.
    pub(super) fn is_stale(&self) -> bool {
        self.0.is_kept.load(Ordering::Relaxed) && self.0.is_waiting.load(Ordering::Relaxed)
    }
}

impl Role {
    /// Notes that something comes, or goes out.
    fn notes(&self, is_waiting: bool) {
        match self {
            Self::Server(past) | Self::Proxy(past) => past.0.is_waiting.store(is_waiting, Ordering::Relaxed),
            #[cfg(feature = "http2")]
            Self::Http2(_) => {}
        }
    }
}

impl Watch for Role {
    fn read(&mut self, read: io::Result<&[u8]>) -> io::Result<()> {
        if !read?.is_empty() {
            self.notes(false);
        }
        Ok(())
    }

    fn write(&mut self, _: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.notes(true);
        }
        written
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match &self.watch {
            Role::Server(past) => Connected::new().extra(past.clone()),
            Role::Proxy(past) => Connected::new().proxy(true).extra(past.clone()),
            #[cfg(feature = "http2")]
            Role::Http2(open) => super::http2::shared(open),
        }
    }
}
