//! The server: one task accepts, one task a connection; nothing of it outlives the [`StandIn`].

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::builder::Builder;
use crate::connection;
use crate::fault::Fault;
use crate::recorded::RecordedRequest;
use crate::service::{Service, lock};

/// A running server on loopback. Dropping it closes its port and breaks off its connections.
#[derive(Debug)]
pub struct StandIn {
    address: SocketAddr,
    url: String,
    service: Arc<Service>,
    accepting: JoinHandle<()>,
}

impl StandIn {
    /// Starts from the defaults that [`Builder`] names.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens, as an address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests that were read, the oldest first: the latest 10,000, unless the builder was told otherwise.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.service.recorder).requests()
    }

    /// How many requests were read, those included that are kept no more.
    pub fn request_count(&self) -> u64 {
        lock(&self.service.recorder).count()
    }

    /// How many requests were read of each call, of those that are kept: calls are told apart by
    /// `amz-sdk-invocation-id`, which is the same in all attempts of one; requests without it count as one call.
    pub fn requests_by_call(&self) -> BTreeMap<String, u64> {
        lock(&self.service.recorder).by_call()
    }

    /// How many connections were accepted.
    pub fn connection_count(&self) -> u64 {
        self.service.connections.load(Ordering::Relaxed)
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        Arc::strong_count(&self.service.open).saturating_sub(1)
    }

    /// How many requests began on a connection before the request before them was answered.
    pub fn overlap_count(&self) -> u64 {
        self.service.overlapping.load(Ordering::Relaxed)
    }

    /// How many requests met a fault, read or not.
    pub fn fault_count(&self) -> u64 {
        self.service.faulty.load(Ordering::Relaxed)
    }

    /// How many requests came that were not read, because [`Fault::ResetBeforeRequest`] hit them.
    pub fn unread_count(&self) -> u64 {
        self.service.unread.load(Ordering::Relaxed)
    }

    /// How many streamed answers are under way. One ends when all of it is sent, and when its client goes away.
    pub fn open_streams(&self) -> usize {
        Arc::strong_count(&self.service.streams).saturating_sub(1)
    }

    /// Forgets the requests read so far. The other counts go on.
    pub fn forget_requests(&self) {
        lock(&self.service.recorder).forget();
    }

    /// Sets the stand-in's clock ahead of the machine's by these seconds, or behind it, from the next request on.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.service.clock_offset.store(seconds, Ordering::Relaxed);
    }

    /// Puts a fault at the end of the queue: each request takes one from its front.
    pub fn fault(&self, fault: Fault) {
        self.faults([fault]);
    }

    /// Puts faults at the end of the queue, in their order.
    pub fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        let mut schedule = lock(&self.service.faults);
        faults.into_iter().for_each(|fault| schedule.push(fault));
    }

    /// Empties the queue, and ends the builder's rules as well.
    pub fn clear_faults(&self) {
        lock(&self.service.faults).clear();
    }

    /// Stops, and returns when the port is closed and no task is left.
    pub async fn shutdown(mut self) {
        self.accepting.abort();
        // An error here says that the task was aborted, which is what was asked for.
        let _ = (&mut self.accepting).await;
    }

    pub(crate) async fn start(port: u16, service: impl FnOnce(SocketAddr) -> Service) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(service(address));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&service)));
        Ok(Self { address, url: format!("http://{address}"), service, accepting })
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Accepts for ever. The tasks of connections are held here, so that they end with this one.
async fn accept(listener: TcpListener, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(connection::serve(stream, Arc::clone(&service)))),
                // Out of descriptors, most likely: some come free when connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}
