//! A connection as hyper uses it, with or without TLS, and what is known of it when it breaks.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite};

use super::watched::{Watch, Watched};

/// A connection to a server, or to a proxy that is handed requests whole.
pub(super) type Stream = Watched<BoxedIo, Silence>;

/// A connection of any kind.
pub(super) type BoxedIo = Pin<Box<dyn Io>>;

pub(super) trait Io: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

/// Whether something was sent on a connection, or was to be, and nothing has come since. Who uses the connection shares it;
/// what is read and written is not changed by it: an answer may come, and end, before its request has gone out.
#[derive(Clone, Debug, Default)]
pub(super) struct Silence(Arc<AtomicBool>);

impl Silence {
    /// Whether nothing has come since.
    pub(super) fn lasts(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Watch for Silence {
    fn read(&mut self, read: io::Result<&[u8]>) -> io::Result<()> {
        if !read?.is_empty() {
            self.0.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    fn write(&mut self, _: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.0.store(true, Ordering::Relaxed);
        }
        written
    }
}
