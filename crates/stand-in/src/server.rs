//! The server: one task accepts, one task a connection; nothing of it outlives the [`StandIn`].

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::builder::Builder;
use crate::delivery::{Delivery, End, Script, Step};
use crate::fault::Fault;
use crate::recorded::RecordedRequest;
use crate::service::{Service, lock};

/// The largest request that Lambda takes.
const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// No answer takes longer than this, however slow it was told to be.
const SCRIPT_LIMIT: Duration = Duration::from_secs(60);

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

    /// Forgets the requests read so far.
    pub fn forget_requests(&self) {
        lock(&self.service.recorder).forget();
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
                Ok((stream, _)) => drop(connections.spawn(serve(stream, Arc::clone(&service)))),
                // Out of descriptors, most likely: some come free when connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, service: Arc<Service>) {
    // Without it, answers come late; they still come.
    let _ = stream.set_nodelay(true);
    // A fault may forbid that even one byte is read, so it is drawn when a request's first byte is there.
    if !matches!(stream.peek(&mut [0]).await, Ok(1..)) {
        return;
    }
    let fault = service.next_fault();
    if fault == Fault::ResetBeforeRequest {
        // If it fails, the peer sees the connection closed in order.
        let _ = stream.set_zero_linger();
        return;
    }
    let first = Mutex::new(Some(fault));
    let (stream, service, first) = (&stream, &*service, &first);
    let exchange = service_fn(move |request| exchange(request, stream, service, first));
    let mut http = http1::Builder::new();
    let connection = http.timer(TokioTimer::new()).serve_connection(TokioIo::new(Shared(stream)), exchange);
    // How a connection ends is for the client to judge.
    let _ = connection.await;
}

/// Answers one request, through hyper or past it.
async fn exchange(
    request: Request<Incoming>,
    stream: &TcpStream,
    service: &Service,
    first: &Mutex<Option<Fault>>,
) -> Result<Response<Full<Bytes>>, BrokenOff> {
    let drawn = lock(first).take();
    let fault = drawn.unwrap_or_else(|| service.next_fault());
    let request = read(request).await?;
    match service.respond(request, &fault) {
        Delivery::Response(response) => Ok(response),
        Delivery::Script(script) => {
            let end = script.end;
            // A client that went away, or a script too long, ends like a script that was played.
            let _ = tokio::time::timeout(SCRIPT_LIMIT, play(script, stream)).await;
            if end == End::Reset {
                let _ = stream.set_zero_linger();
            }
            Err(BrokenOff)
        }
    }
}

async fn read(request: Request<Incoming>) -> Result<RecordedRequest, BrokenOff> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await.map_err(|_| BrokenOff)?.to_bytes();
    let value = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    Ok(RecordedRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(|(n, v)| (n.as_str().to_owned(), value(v.as_bytes()))).collect(),
        body: body.to_vec(),
        at: SystemTime::now(),
    })
}

async fn play(script: Script, stream: &TcpStream) -> io::Result<()> {
    for step in script.steps {
        match step {
            Step::Wait(pause) => tokio::time::sleep(pause).await,
            Step::Send(bytes) => {
                let mut rest = &bytes[..];
                while !rest.is_empty() {
                    stream.writable().await?;
                    match stream.try_write(rest) {
                        Ok(sent) => rest = rest.get(sent..).unwrap_or_default(),
                        Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                        Err(e) => return Err(e),
                    }
                }
            }
        }
    }
    Ok(())
}

/// Told to hyper, so that it sends nothing and closes the connection.
#[derive(Debug)]
struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the exchange was broken off")
    }
}

impl Error for BrokenOff {}

/// A stream that hyper uses while faults can write past it.
struct Shared<'a>(&'a TcpStream);

impl AsyncRead for Shared<'_> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.poll_read_ready(cx))?;
            match self.0.try_read(buf.initialize_unfilled()) {
                Ok(read) => {
                    buf.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Poll::Ready(Err(e)),
            }
        }
    }
}

impl AsyncWrite for Shared<'_> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.poll_write_ready(cx))?;
            match self.0.try_write(bytes) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// The stream is closed when `serve` drops it, right after hyper asked for this.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
