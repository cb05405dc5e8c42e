//! A connection of the pool, with or without TLS.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

/// A connection to a server, or to a proxy that is handed requests whole.
pub(super) struct Stream {
    io: Pin<Box<dyn Io>>,
    role: Role,
}

trait Io: Read + Write + Send {}

impl<T: Read + Write + Send> Io for T {}

enum Role {
    /// A call at a time is sent to the server.
    Server,
    /// The same to a proxy, and requests say the whole address.
    Proxy,
    /// All calls to the server share it, by HTTP/2. What it holds lives as long as it.
    #[cfg(feature = "http2")]
    Shared(std::sync::Arc<()>),
}

impl Stream {
    /// A connection to a server.
    pub(super) fn new(io: impl Read + Write + Send + 'static) -> Self {
        Self { io: Box::pin(io), role: Role::Server }
    }

    /// A connection to a proxy that is handed requests whole.
    pub(super) fn to_proxy(io: impl Read + Write + Send + 'static) -> Self {
        Self { io: Box::pin(io), role: Role::Proxy }
    }

    /// A connection to a server that speaks HTTP/2.
    #[cfg(all(feature = "http2", any(feature = "rustls", feature = "aws-lc-rs")))]
    pub(super) fn shared(io: impl Read + Write + Send + 'static) -> Self {
        Self { io: Box::pin(io), role: Role::Shared(Default::default()) }
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

impl Read for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        self.io.as_mut().poll_read(cx, buf)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.io.as_mut().poll_write(cx, bytes)
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
        self.io.as_mut().poll_write_vectored(cx, slices)
    }
}
