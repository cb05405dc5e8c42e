//! TCP connections: a name is looked up, and its addresses are tried until one answers. One that is slow is not waited for:
//! the next is tried beside it, of the other kind where the name has both IPv4 and IPv6 (RFC 8305).

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use hyper::Uri;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::hyper::HyperSettings;
use super::route::{host, port};
use super::settings::A_YEAR;

/// How long an address is waited for before the next is tried beside it (RFC 8305, section 8, recommends this).
const HEAD_START: Duration = Duration::from_millis(250);

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
        let addresses = lookup_host((host(address), port(address))).await.map_err(unknown)?.collect();
        let stream = to_any(addresses, TcpStream::connect).await?;
        // A connection without these is one all the same.
        let _ = stream.set_nodelay(self.nodelay);
        if let Some(time) = self.keepalive {
            let _ = SockRef::from(&stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(time));
        }
        Ok(stream)
    }
}

/// A name without an address is most often that of a region that there is not.
fn unknown(error: io::Error) -> io::Error {
    let asked = "its name has no address: is the region, or the endpoint URL, the right one, and is there a network?";
    io::Error::new(error.kind(), format!("{asked} {error}"))
}

/// Connects to one of these addresses, which the resolver has sorted: the first that answers. Where one fails, the next is
/// tried at once.
async fn to_any<T, A: Future<Output = io::Result<T>>>(
    addresses: Vec<SocketAddr>,
    connect: impl Fn(SocketAddr) -> A,
) -> io::Result<T> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let mut left = of_both_kinds(addresses).peekable();
    let mut attempts = Vec::new();
    loop {
        attempts.extend(left.next().map(|address| Box::pin(connect(address))));
        if attempts.is_empty() {
            return Err(failed);
        }
        let limit = if left.peek().is_some() { HEAD_START } else { A_YEAR };
        match timeout(limit, first_over(&mut attempts)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failed = error,
            Err(_) => {}
        }
    }
}

/// The addresses of either kind in turn, from the kind that the resolver put first.
fn of_both_kinds(addresses: Vec<SocketAddr>) -> impl Iterator<Item = SocketAddr> {
    let is_v4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (first, others): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv4() == is_v4);
    let (mut next, mut then) = (first.into_iter(), others.into_iter());
    std::iter::from_fn(move || {
        let address = next.next().or_else(|| then.next());
        std::mem::swap(&mut next, &mut then);
        address
    })
}

/// What came of the first of these attempts that is over, which is taken out.
async fn first_over<A: Future>(attempts: &mut Vec<Pin<Box<A>>>) -> A::Output {
    poll_fn(|cx| {
        for (index, attempt) in attempts.iter_mut().enumerate() {
            if let Poll::Ready(over) = attempt.as_mut().poll(cx) {
                drop(attempts.remove(index));
                return Poll::Ready(over);
            }
        }
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::{Ipv4Addr, Ipv6Addr};

    use tokio::net::TcpListener;
    use tokio::time::{Instant, sleep};

    use super::*;

    #[tokio::test]
    async fn addresses_are_tried_until_one_answers() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let open = listener.local_addr().unwrap();
        let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
        let closed_v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, closed.port()));
        for addresses in [vec![open], vec![closed, open], vec![closed_v6, closed, open]] {
            let stream = to_any(addresses.clone(), TcpStream::connect).await;
            assert_eq!(stream.and_then(|stream| stream.peer_addr()).ok(), Some(open), "{addresses:?}");
        }
        let refused = to_any(vec![closed], TcpStream::connect).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }

    /// What an address does.
    #[derive(Clone, Copy, Debug)]
    enum Peer {
        /// It answers after so many milliseconds.
        Answers(u64),
        /// It refuses after so many.
        Refuses(u64),
        /// Nothing, as where a firewall drops what is sent.
        IsSilent,
    }

    /// IPv6 addresses, then IPv4 addresses, of which the one with this number is the first that answers, after so many
    /// milliseconds; or all refuse by then.
    async fn check(v6: &[Peer], v4: &[Peer], expected: Result<usize, &str>, after: u64) {
        let peers = [v6, v4].concat();
        let address = |number: usize| match number < v6.len() {
            true => SocketAddr::from((Ipv6Addr::LOCALHOST, u16::try_from(number).unwrap())),
            false => SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(number).unwrap())),
        };
        let connect = async |address: SocketAddr| {
            let number = usize::from(address.port());
            match peers[number] {
                Peer::Answers(after) => sleep(Duration::from_millis(after)).await,
                Peer::Refuses(after) => {
                    sleep(Duration::from_millis(after)).await;
                    return Err(io::Error::other("refused"));
                }
                Peer::IsSilent => pending().await,
            }
            Ok(number)
        };
        let begun = Instant::now();
        let connected = to_any((0..peers.len()).map(address).collect(), connect).await;
        assert_eq!(connected.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{v6:?} {v4:?}");
        assert_eq!(begun.elapsed(), Duration::from_millis(after), "{v6:?} {v4:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_address_holds_up_no_other() {
        use Peer::{Answers, IsSilent, Refuses};
        check(&[Answers(9)], &[Answers(1)], Ok(0), 9).await;
        // Of one kind, and of both: then the other kind comes next.
        check(&[], &[IsSilent, Answers(9)], Ok(1), 259).await;
        check(&[IsSilent, Answers(9)], &[], Ok(1), 259).await;
        check(&[IsSilent, IsSilent], &[Answers(9)], Ok(2), 259).await;
        check(&[IsSilent, IsSilent, Answers(9)], &[IsSilent, IsSilent], Ok(2), 4 * 250 + 9).await;
        // One that is slow is not given up.
        check(&[Answers(300)], &[Answers(100)], Ok(0), 300).await;
        check(&[Answers(300)], &[Refuses(9)], Ok(0), 300).await;
        // Who refuses gives way at once.
        check(&[Refuses(9), Refuses(9)], &[Refuses(9), Answers(9)], Ok(3), 36).await;
        check(&[Refuses(9)], &[Refuses(300)], Err("refused"), 309).await;
        check(&[], &[], Err("the name has no address"), 0).await;
    }
}
