//! Work that goes on by itself: a task of tokio's runtime, or a thread.
//!
//! Boxed, whatever it is: what stands around a task or a thread is compiled once for each type of one.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Has a runtime drive this.
#[cfg(feature = "rt-tokio")]
pub(crate) fn spawn(runtime: &tokio::runtime::Handle, work: crate::transport::BoxFuture<'static, ()>) {
    runtime.spawn(work);
}

/// Begins a thread of this name.
pub(crate) fn thread(name: &str, work: Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(work)
}
