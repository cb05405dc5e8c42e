//! A relay in front of a server on loopback, in the clear or with TLS, that misbehaves below HTTP: a fault a connection.

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::service::lock;
use crate::tls::Identities;

/// What a connection through a [`Relay`] does wrong. Those of the handshake are without effect in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LinkFault {
    /// Nothing.
    None,
    /// It is reset as soon as it is there.
    Refused,
    /// It is accepted, and nothing comes of it: a half of it is missing.
    Silent,
    /// It is closed, in order, before the handshake is over.
    ClosedInHandshake,
    /// The handshake is answered with bytes that are not TLS.
    Garbage,
    /// The handshake is refused with an alert.
    Alert,
    /// The certificate is for another name.
    WrongName,
    /// The certificate is of a root that nobody knows.
    UnknownRoot,
    /// So many bytes of answers pass; then it is reset.
    ResetAfter(u64),
    /// So many bytes of answers pass; then TCP is closed in order, and TLS is not told.
    CutAfter(u64),
    /// So many bytes of answers pass; then nothing does, either way, and nothing is closed: a half of it has gone.
    GoneAfter(u64),
}

/// A relay that runs. Dropping it breaks off its connections.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Relay {
    /// Listens on a free port of 127.0.0.1, on the tokio runtime that this is called in, and passes on what comes to a server
    /// behind it. `faults` says what the connection of a number, from 1, does wrong.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(
        behind: SocketAddr,
        faults: impl Fn(u64) -> LinkFault + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::listen(behind, None, Box::new(faults)).await
    }

    /// The same, with TLS 1.2 and 1.3 towards clients.
    ///
    /// # Errors
    /// No port is free, or no certificate can be made.
    pub async fn start_tls(
        behind: SocketAddr,
        faults: impl Fn(u64) -> LinkFault + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let identities = Identities::new().map_err(io::Error::other)?;
        Self::listen(behind, Some(identities), Box::new(faults)).await
    }

    /// Where it listens: `http://127.0.0.1:PORT` or `https://127.0.0.1:PORT`, without a slash at the end. A certificate is for
    /// `localhost` too.
    pub fn url(&self) -> String {
        let scheme = if self.shared.identities.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The root that signed its certificate, as PEM: clients have to trust it. No one has its key but this process. Empty in
    /// the clear.
    pub fn root_pem(&self) -> &str {
        self.shared.identities.as_ref().map_or("", |identities| &identities.root_pem)
    }

    /// How many connections were accepted.
    pub fn connection_count(&self) -> u64 {
        self.shared.accepted.load(Ordering::Relaxed)
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        // The relay itself, and the task that accepts, hold the other two.
        Arc::strong_count(&self.shared).saturating_sub(2)
    }

    /// How many connections did what wrong. One that ended before it came to its fault is not counted.
    pub fn faults(&self) -> BTreeMap<&'static str, u64> {
        lock(&self.shared.done).clone()
    }

    async fn listen(behind: SocketAddr, identities: Option<Identities>, faults: Box<Faults>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (accepted, done) = (AtomicU64::default(), Mutex::default());
        let shared = Arc::new(Shared { behind, identities, faults, accepted, done });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, accepting })
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl LinkFault {
    /// What it is called in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Refused => "refused",
            Self::Silent => "silent",
            Self::ClosedInHandshake => "closed in the handshake",
            Self::Garbage => "no TLS",
            Self::Alert => "TLS alert",
            Self::WrongName => "certificate for another name",
            Self::UnknownRoot => "certificate of an unknown root",
            Self::ResetAfter(_) => "reset",
            Self::CutAfter(_) => "cut without a farewell",
            Self::GoneAfter(_) => "gone without a word",
        }
    }
}

type Faults = dyn Fn(u64) -> LinkFault + Send + Sync;

struct Shared {
    behind: SocketAddr,
    identities: Option<Identities>,
    faults: Box<Faults>,
    accepted: AtomicU64,
    done: Mutex<BTreeMap<&'static str, u64>>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("behind", &self.behind).finish_non_exhaustive()
    }
}

impl Shared {
    fn did(&self, fault: LinkFault) {
        *lock(&self.done).entry(fault.name()).or_default() += 1;
    }
}

/// Accepts for ever. The tasks of connections are held here, so that they end with this one.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let number = shared.accepted.fetch_add(1, Ordering::Relaxed) + 1;
                    connections.spawn(serve(stream, (shared.faults)(number), Arc::clone(&shared)));
                }
                // Out of descriptors, most likely: some come free when connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves a connection until one side ends it. How it ended is for the client to judge.
async fn serve(stream: TcpStream, fault: LinkFault, shared: Arc<Shared>) {
    let served = match &shared.identities {
        None => in_the_clear(stream, fault, &shared).await,
        Some(identities) => with_tls(stream, fault, identities, &shared).await,
    };
    drop(served);
}

async fn in_the_clear(mut stream: TcpStream, fault: LinkFault, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match fault {
        LinkFault::Refused | LinkFault::Silent => {
            shared.did(fault);
            refuse(&mut stream, fault).await
        }
        _ => relay(stream, |stream| stream, fault, shared).await,
    }
}

async fn with_tls(mut stream: TcpStream, fault: LinkFault, identities: &Identities, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let acceptor = match fault {
        LinkFault::WrongName => &identities.misnamed,
        LinkFault::UnknownRoot => &identities.unknown,
        LinkFault::Refused
        | LinkFault::Silent
        | LinkFault::ClosedInHandshake
        | LinkFault::Garbage
        | LinkFault::Alert => {
            shared.did(fault);
            return refuse(&mut stream, fault).await;
        }
        _ => &identities.right,
    };
    let accepted = acceptor.accept(stream).await;
    if matches!(fault, LinkFault::WrongName | LinkFault::UnknownRoot) {
        shared.did(fault);
    }
    relay(accepted?, |stream| stream.get_ref().0, fault, shared).await
}

/// Lets no handshake come about.
async fn refuse(stream: &mut TcpStream, fault: LinkFault) -> io::Result<()> {
    /// A record of TLS 1.2: an alert, fatal, `handshake_failure` (RFC 8446, section 6).
    const ALERT: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];
    match fault {
        LinkFault::Refused => return stream.set_zero_linger(),
        LinkFault::Silent => return gone(stream).await,
        _ => {}
    }
    // What is closed unread is reset.
    let _ = stream.read(&mut [0; 4096]).await?;
    match fault {
        LinkFault::Garbage => stream.write_all(b"220 mail.example.com ESMTP\r\n").await?,
        LinkFault::Alert => stream.write_all(&ALERT).await?,
        _ => {}
    }
    stream.shutdown().await
}

/// Passes on both directions until one side ends, or as many bytes of answers as the fault lets pass.
async fn relay<S: AsyncRead + AsyncWrite + Unpin>(
    mut client: S,
    tcp: fn(&S) -> &TcpStream,
    fault: LinkFault,
    shared: &Shared,
) -> io::Result<()> {
    let mut server = TcpStream::connect(shared.behind).await?;
    server.set_nodelay(true)?;
    let most = match fault {
        LinkFault::ResetAfter(most) | LinkFault::CutAfter(most) | LinkFault::GoneAfter(most) => most,
        _ => u64::MAX,
    };
    match pass(&mut client, &mut server, most).await {
        Ok(true) => {
            shared.did(fault);
            match fault {
                LinkFault::ResetAfter(_) => tcp(&client).set_zero_linger(),
                LinkFault::GoneAfter(_) => gone(&mut client).await,
                _ => Ok(()),
            }
        }
        Ok(false) => client.shutdown().await,
        // The server reset it, most likely, and so does this side.
        Err(_) => tcp(&client).set_zero_linger(),
    }
}

/// Passes on both directions until the server ends, which it does when the client did; says whether so many bytes of answers
/// have passed before.
async fn pass<S: AsyncRead + AsyncWrite + Unpin>(
    client: &mut S,
    server: &mut TcpStream,
    most: u64,
) -> io::Result<bool> {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = server.split();
    let requests = async {
        copy(&mut from_client, &mut to_server).await?;
        to_server.shutdown().await?;
        pending::<io::Result<bool>>().await
    };
    let answers = async {
        let (mut left, mut buffer) = (most, vec![0; 16 * 1024]);
        loop {
            let read = from_server.read(&mut buffer).await?;
            if read == 0 {
                return Ok(false);
            }
            let passing = usize::try_from(left).unwrap_or(usize::MAX).min(read);
            to_client.write_all(buffer.get(..passing).unwrap_or_default()).await?;
            to_client.flush().await?;
            left = left.saturating_sub(read as u64);
            if left == 0 {
                return Ok(true);
            }
        }
    };
    tokio::select! {
        ended = requests => ended,
        ended = answers => ended,
    }
}

/// Takes what comes and does nothing, until the client ends.
async fn gone(client: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    copy(client, &mut tokio::io::sink()).await.map(drop)
}
