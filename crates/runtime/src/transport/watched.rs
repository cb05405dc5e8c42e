//! A connection that is watched: somebody is told what its reads and writes come to, and may make another end of them.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection, and who watches it.
pub(super) struct Watched<T, W> {
    pub(super) io: T,
    pub(super) watch: W,
}

/// Who watches a connection. What it does not speak of stays as it is.
pub(super) trait Watch {
    /// A read is over; it brought these bytes, none at the end.
    fn read(&mut self, read: io::Result<&[u8]>) -> io::Result<()> {
        read.map(drop)
    }

    /// A write was tried; it is over, or waits for the peer.
    fn write(&mut self, _: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        written
    }
}

impl<T, W> Watched<T, W> {
    pub(super) fn new(io: T, watch: W) -> Self {
        Self { io, watch }
    }
}

impl<T: AsyncRead + Unpin, W: Watch + Unpin> AsyncRead for Watched<T, W> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.io).poll_read(cx, buf));
        let (_, come) = buf.filled().split_at(before);
        let read = self.watch.read(read.map(|()| come));
        if read.is_err() {
            buf.set_filled(before);
        }
        Poll::Ready(read)
    }
}

impl<T: AsyncWrite + Unpin, W: Watch + Unpin> AsyncWrite for Watched<T, W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.watch.write(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.watch.write(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
