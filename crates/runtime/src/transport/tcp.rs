//! TCP connections: a name is looked up, and its addresses are tried until one answers. Where it has both IPv4 and IPv6, and
//! one of them is slow, the other is tried beside it (RFC 8305).

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use hyper::Uri;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::hyper::HyperSettings;
use super::route::{host, port};

/// How long the addresses of the first kind are tried alone.
const HEAD_START: Duration = Duration::from_millis(300);

/// How TCP connections are made.
#[derive(Clone, Copy)]
pub(super) struct Tcp {
    keepalive: Option<Duration>,
    nodelay: bool,
}

impl Tcp {
    pub(super) fn new(settings: &HyperSettings) -> Self {
        Self { keepalive: settings.tcp_keepalive, nodelay: settings.tcp_nodelay }
    }

    /// Connects to the host of an address.
    pub(super) async fn connect(self, address: &Uri) -> io::Result<TcpStream> {
        let stream = to_any(lookup_host((host(address), port(address))).await?.collect()).await?;
        // A connection without these is one all the same.
        let _ = stream.set_nodelay(self.nodelay);
        if let Some(time) = self.keepalive {
            let _ = SockRef::from(&stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(time));
        }
        Ok(stream)
    }
}

/// Connects to one of these addresses, which the resolver has sorted: those of the kind that it put first go ahead.
async fn to_any(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let is_v4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (first, others): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv4() == is_v4);
    let mut first = pin!(in_turn(&first));
    if others.is_empty() {
        return first.await;
    }
    let others = pin!(in_turn(&others));
    match timeout(HEAD_START, &mut first).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(_)) => others.await,
        Err(_) => first_of(vec![first, others]).await,
    }
}

/// Connects to the first of these addresses that answers, one after the other.
async fn in_turn(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// The first of these attempts that succeeds; else the error of the last one.
async fn first_of<T, A: Future<Output = io::Result<T>> + ?Sized>(mut attempts: Vec<Pin<&mut A>>) -> io::Result<T> {
    poll_fn(|cx| {
        let mut index = 0;
        while let Some(attempt) = attempts.get_mut(index) {
            match attempt.as_mut().poll(cx) {
                Poll::Pending => index += 1,
                Poll::Ready(Err(_)) if attempts.len() > 1 => drop(attempts.remove(index)),
                over => return over,
            }
        }
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn addresses_are_tried_until_one_answers() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let open = listener.local_addr().unwrap();
        let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
        let closed_v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, closed.port()));
        for addresses in [vec![open], vec![closed, open], vec![closed_v6, closed, open]] {
            let stream = to_any(addresses.clone()).await;
            assert_eq!(stream.and_then(|stream| stream.peer_addr()).ok(), Some(open), "{addresses:?}");
        }
        assert_eq!(to_any(vec![closed]).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(to_any(Vec::new()).await.unwrap_err().to_string(), "the name has no address");
    }

    #[tokio::test]
    async fn the_first_attempt_that_succeeds_is_taken_and_one_that_fails_is_not() {
        async fn attempt(turns: usize, outcome: Result<u8, &'static str>) -> io::Result<u8> {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            outcome.map_err(io::Error::other)
        }
        for (first, other, expected) in [
            ((3, Ok(1)), (1, Ok(2)), Ok(2)),
            ((3, Ok(1)), (1, Err("other")), Ok(1)),
            ((1, Err("first")), (3, Ok(2)), Ok(2)),
            ((1, Err("first")), (3, Err("other")), Err("other".to_owned())),
            ((1, Ok(1)), (1, Ok(2)), Ok(1)),
        ] {
            let (first, other) = (pin!(attempt(first.0, first.1)), pin!(attempt(other.0, other.1)));
            assert_eq!(first_of(vec![first, other]).await.map_err(|error| error.to_string()), expected);
        }
    }
}
