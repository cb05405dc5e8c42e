//! A connection of the pool, with or without TLS, and what is known of its past when it breaks.

use std::error::Error;
use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection to a server, or to a proxy that is handed requests whole.
pub(super) struct Stream {
    io: Pin<Box<dyn Io>>,
    role: Role,
}

trait Io: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

enum Role {
    /// A call at a time is sent to the server.
    Server(Past),
    /// The same to a proxy, and requests say the whole address.
    Proxy(Past),
    /// All calls to the server share it, by HTTP/2. What it holds lives as long as it.
    #[cfg(feature = "http2")]
    Shared(Arc<()>),
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

    /// Whether a connection that breaks now is [`Stale`].
    pub(super) fn is_stale(&self) -> bool {
        self.0.is_kept.load(Ordering::Relaxed) && self.0.is_waiting.load(Ordering::Relaxed)
    }

    fn wait(&self, is_waiting: bool) {
        self.0.is_waiting.store(is_waiting, Ordering::Relaxed);
    }
}

/// Why a call failed: a connection that was kept since an earlier call ended before anything of this one's answer came.
/// Most likely it had been idle for too long, and the request was not looked at.
#[derive(Debug)]
pub(super) struct Stale<E>(pub(super) E);

impl Stream {
    /// A connection to a server.
    pub(super) fn new(io: impl Read + Write + Send + 'static) -> Self {
        Self { io: Box::pin(TokioIo::new(io)), role: Role::Server(Past::default()) }
    }

    /// A connection to a proxy that is handed requests whole.
    pub(super) fn to_proxy(io: impl Read + Write + Send + 'static) -> Self {
        Self { role: Role::Proxy(Past::default()), ..Self::new(io) }
    }

    /// A connection to a server that speaks HTTP/2.
    #[cfg(feature = "http2")]
    pub(super) fn shared(io: impl Read + Write + Send + 'static) -> Self {
        Self { role: Role::Shared(Default::default()), ..Self::new(io) }
    }

    fn past(&self) -> Option<&Past> {
        match &self.role {
            Role::Server(past) | Role::Proxy(past) => Some(past),
            #[cfg(feature = "http2")]
            Role::Shared(_) => None,
        }
    }

    /// Notes that something comes, or goes out.
    fn notes(&self, is_waiting: bool) {
        if let Some(past) = self.past() {
            past.wait(is_waiting);
        }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match &self.role {
            Role::Server(past) => Connected::new().extra(past.clone()),
            Role::Proxy(past) => Connected::new().proxy(true).extra(past.clone()),
            #[cfg(feature = "http2")]
            Role::Shared(stream) => super::http2::shared(stream),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(self.io.as_mut().poll_read(cx, buf));
        if buf.filled().len() > before {
            self.notes(false);
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(self.io.as_mut().poll_write(cx, bytes));
        self.notes(true);
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(self.io.as_mut().poll_write_vectored(cx, slices));
        self.notes(true);
        Poll::Ready(written)
    }
}

impl<E> fmt::Display for Stale<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server ended a connection that was kept since an earlier call, before it answered this one")
    }
}

impl<E: Error + 'static> Error for Stale<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
