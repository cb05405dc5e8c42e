//! A connection of the pool, with or without TLS, that knows whether it was kept for too long.

use std::error::Error;
use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection to a server, or to a proxy that is handed requests whole.
pub(super) struct Stream {
    io: Pin<Box<dyn Io>>,
    role: Role,
    turn: Turn,
}

trait Io: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

enum Role {
    /// A call at a time is sent to the server.
    Server,
    /// The same to a proxy, and requests say the whole address.
    Proxy,
    /// All calls to the server share it, by HTTP/2. What it holds lives as long as it.
    #[cfg(feature = "http2")]
    Shared(std::sync::Arc<()>),
}

/// Whose turn it is to say something, where a call at a time is sent.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    /// The first call's, and nothing of its answer has come.
    First,
    /// Something of an answer has come, and nothing has been sent since.
    Answered,
    /// A later call's: something of its request has been sent, and nothing of its answer has come.
    Later,
}

/// A connection that was kept since an earlier call ended before anything of the next answer came: most likely because
/// it had been idle for too long, and without the request having been looked at.
#[derive(Debug)]
pub(super) struct Stale(Option<io::Error>);

impl Stream {
    /// A connection to a server.
    pub(super) fn new(io: impl Read + Write + Send + 'static) -> Self {
        Self { io: Box::pin(TokioIo::new(io)), role: Role::Server, turn: Turn::First }
    }

    /// A connection to a proxy that is handed requests whole.
    pub(super) fn to_proxy(io: impl Read + Write + Send + 'static) -> Self {
        Self { role: Role::Proxy, ..Self::new(io) }
    }

    /// A connection to a server that speaks HTTP/2.
    #[cfg(feature = "http2")]
    pub(super) fn shared(io: impl Read + Write + Send + 'static) -> Self {
        Self { role: Role::Shared(Default::default()), ..Self::new(io) }
    }

    /// An error of the connection, which may be that it is stale.
    fn told(&self, error: io::Error) -> io::Error {
        match self.turn {
            Turn::First => error,
            Turn::Answered | Turn::Later => io::Error::new(error.kind(), Stale(Some(error))),
        }
    }

    /// Notes that this many bytes went out.
    fn sent(&mut self, written: io::Result<usize>) -> io::Result<usize> {
        let count = written.map_err(|error| self.told(error))?;
        if self.turn == Turn::Answered && count > 0 && self.is_separate() {
            self.turn = Turn::Later;
        }
        Ok(count)
    }

    /// Whether a call at a time is sent.
    fn is_separate(&self) -> bool {
        matches!(self.role, Role::Server | Role::Proxy)
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match &self.role {
            Role::Server => Connected::new(),
            Role::Proxy => Connected::new().proxy(true),
            #[cfg(feature = "http2")]
            Role::Shared(stream) => super::http2::shared(stream),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(self.io.as_mut().poll_read(cx, buf));
        let has_come = buf.filled().len() > before;
        Poll::Ready(match read {
            Ok(()) if has_come => {
                self.turn = if self.is_separate() { Turn::Answered } else { Turn::First };
                Ok(())
            }
            Ok(()) if self.turn == Turn::Later => Err(io::Error::new(io::ErrorKind::UnexpectedEof, Stale(None))),
            Ok(()) => Ok(()),
            Err(error) if self.turn == Turn::Later => Err(self.told(error)),
            Err(error) => Err(error),
        })
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(self.io.as_mut().poll_write(cx, bytes));
        Poll::Ready(self.sent(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(self.io.as_mut().poll_flush(cx));
        Poll::Ready(flushed.map_err(|error| self.told(error)))
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
        Poll::Ready(self.sent(written))
    }
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server ended a connection that was kept since an earlier call, before it answered this one")
    }
}

impl Error for Stale {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_ref().map(|error| error as _)
    }
}
