//! A relay that stands between a client and its server, and counts the bytes of both directions.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::Context;

/// A relay on loopback. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Relay {
    address: SocketAddr,
    counts: Arc<Counts>,
    ended: Arc<AtomicBool>,
}

/// What went through.
#[derive(Debug, Default)]
struct Counts {
    connections: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
}

/// What went through since it was asked last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    /// How many connections were opened.
    pub(super) connections: u64,
    /// Bytes of the client.
    pub(super) sent: u64,
    /// Bytes of the server.
    pub(super) received: u64,
}

impl Relay {
    /// Starts to listen for connections, each of which it carries on to this address.
    pub(super) fn to(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen on 127.0.0.1")?;
        let relay = Self { address: listener.local_addr()?, counts: Arc::default(), ended: Arc::default() };
        let (counts, ended) = (Arc::clone(&relay.counts), Arc::clone(&relay.ended));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                // A connection that cannot be carried on is closed, which its client says.
                let _ = carry(client, server, &counts);
            }
        });
        Ok(relay)
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What went through since this was asked last. The client has to have ended.
    pub(super) fn take(&self) -> Moved {
        let Counts { connections, sent, received } = &*self.counts;
        let [connections, sent, received] = [connections, sent, received].map(|count| count.swap(0, Ordering::Relaxed));
        Moved { connections, sent, received }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // It waits for a connection, so it is given one to see that it has ended.
        let _ = TcpStream::connect(self.address);
    }
}

/// Carries both directions, a thread each, until both have ended.
fn carry(client: TcpStream, server: SocketAddr, counts: &Arc<Counts>) -> std::io::Result<()> {
    let server = TcpStream::connect(server)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    counts.connections.fetch_add(1, Ordering::Relaxed);
    let (request, response) = ((client.try_clone()?, server.try_clone()?), (server, client));
    let of_requests = Arc::clone(counts);
    std::thread::spawn(move || copy(request.0, request.1, &of_requests.sent));
    let of_responses = Arc::clone(counts);
    std::thread::spawn(move || copy(response.0, response.1, &of_responses.received));
    Ok(())
}

/// Copies until one side ends, and tells the other. Bytes are counted before they are passed on: whoever has them can ask.
fn copy(mut from: TcpStream, mut to: TcpStream, count: &AtomicU64) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        count.fetch_add(length as u64, Ordering::Relaxed);
        let passed = buffer.get(..length).is_some_and(|bytes| to.write_all(bytes).is_ok());
        if !passed {
            break;
        }
    }
    // Where the connection is gone already, there is nobody to tell.
    let _ = to.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::{Moved, Relay};

    #[test]
    fn counts_both_directions() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let relay = Relay::to(server.local_addr().unwrap()).unwrap();
        let answering = std::thread::spawn(move || {
            for _ in 0..2 {
                let (mut stream, _) = server.accept().unwrap();
                let mut request = [0; 5];
                stream.read_exact(&mut request).unwrap();
                stream.write_all(&request.repeat(3)).unwrap();
            }
        });
        for _ in 0..2 {
            let mut client = TcpStream::connect(relay.address()).unwrap();
            client.write_all(b"hello").unwrap();
            let mut answer = Vec::new();
            client.read_to_end(&mut answer).unwrap();
            assert_eq!(answer, b"hellohellohello");
        }
        answering.join().unwrap();
        assert_eq!(relay.take(), Moved { connections: 2, sent: 10, received: 30 });
        assert_eq!(relay.take(), Moved::default());
    }
}
