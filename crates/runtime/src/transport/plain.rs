//! A connection without TLS, that knows TLS when it sees it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};

use super::tls::TlsError;

/// How many bytes of the first answer are looked at; the others are read as they come.
const FIRST: usize = 1024;

/// A connection to a server that should speak HTTP. One that speaks TLS answers with an alert, which is told as such.
pub(super) struct Plain<T> {
    stream: T,
    peer: String,
    has_answered: bool,
}

impl<T> Plain<T> {
    pub(super) fn new(stream: T, peer: String) -> Self {
        Self { stream, peer, has_answered: false }
    }
}

impl<T: Read + Unpin> Read for Plain<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, mut buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        if self.has_answered {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let mut bytes = [0; FIRST];
        let (bytes, _) = bytes.split_at_mut(FIRST.min(buf.remaining()));
        let mut first = ReadBuf::new(bytes);
        ready!(Pin::new(&mut self.stream).poll_read(cx, first.unfilled()))?;
        if is_tls(first.filled()) {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, TlsError::unexpected(&self.peer))));
        }
        self.has_answered = true;
        buf.put_slice(first.filled());
        Poll::Ready(Ok(()))
    }
}

/// Whether an answer begins as a record of TLS that holds an alert or a step of the handshake (RFC 8446, section 5.1).
fn is_tls(answer: &[u8]) -> bool {
    matches!(answer, [0x15 | 0x16, 0x03, ..])
}

impl<T: Write + Unpin> Write for Plain<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }
}
