//! One connection: hyper reads requests and writes answers, and faults go past it to the socket.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::body::Body;
use crate::delivery::{Delivery, End, SCRIPT_LIMIT, Script, Step};
use crate::fault::Fault;
use crate::recorded::RecordedRequest;
use crate::service::{Service, lock};

/// How much of a body is kept: more than any operation takes. The rest is read, so that the answer is, and thrown away.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Answers the requests of a connection until one side ends it.
pub(crate) async fn serve(stream: TcpStream, service: Arc<Service>) {
    let number = service.connections.fetch_add(1, Ordering::Relaxed) + 1;
    let _open = Arc::clone(&service.open);
    // Without it, answers come late; they still come.
    let _ = stream.set_nodelay(true);
    let line = Line { stream, number, service, turn: Mutex::new(Turn::Between) };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    if let Some((after, _)) = line.service.idle {
        http.header_read_timeout(after);
    }
    let exchange = service_fn(|request| exchange(request, &line));
    let ended = http.serve_connection(TokioIo::new(Wire(&line)), exchange).await;
    let is_idle = ended.is_err_and(|error| error.is_timeout());
    if is_idle && matches!(line.service.idle, Some((_, End::Reset))) {
        line.reset();
    }
    // How a connection ends otherwise is for the client to judge.
}

/// A connection, and where it is in its exchanges.
struct Line {
    stream: TcpStream,
    number: u64,
    service: Arc<Service>,
    turn: Mutex<Turn>,
}

enum Turn {
    /// The next byte begins a request.
    Between,
    /// A request is being read; its fault, if its number alone says which.
    Begun(Option<Fault>),
    /// A request was read, or its head at least.
    Answering,
}

impl Line {
    /// Goes on to another turn, and gives the one before.
    fn enter(&self, turn: Turn) -> Turn {
        std::mem::replace(&mut *lock(&self.turn), turn)
    }

    /// Ends with RST once the stream is dropped. If that fails, the peer sees the connection closed in order.
    fn reset(&self) {
        let _ = self.stream.set_zero_linger();
    }

    /// Draws the fault of a request whose first byte is there, and is not read yet: a fault may forbid it.
    fn poll_begin(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut byte = [0];
        if ready!(self.stream.poll_peek(cx, &mut ReadBuf::new(&mut byte)))? == 0 {
            return Poll::Ready(Ok(()));
        }
        let fault = self.service.next_fault();
        if fault == Some(Fault::ResetBeforeRequest) {
            self.service.faulty.fetch_add(1, Ordering::Relaxed);
            self.service.unread.fetch_add(1, Ordering::Relaxed);
            self.reset();
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        self.enter(Turn::Begun(fault));
        Poll::Ready(Ok(()))
    }
}

/// Answers one request, through hyper or past it.
async fn exchange(request: Request<Incoming>, line: &Line) -> Result<Response<Body>, BrokenOff> {
    let drawn = line.enter(Turn::Answering);
    let fault = if let Turn::Begun(fault) = drawn {
        fault
    } else {
        // The first bytes of a request that came together with the one before it were not waited for.
        line.service.overlapping.fetch_add(1, Ordering::Relaxed);
        line.service.next_fault()
    };
    let (request, is_whole) = read(request, line.number).await?;
    let fault = fault.unwrap_or_else(|| line.service.fault_of(&request));
    line.service.faulty.fetch_add((fault != Fault::None).into(), Ordering::Relaxed);
    match line.service.respond(request, is_whole, &fault) {
        Delivery::Response(response) => {
            line.enter(Turn::Between);
            Ok(response)
        }
        Delivery::Script(script) => {
            let end = script.end;
            // A client that went away, or a script too long, ends like a script that was played.
            let _ = tokio::time::timeout(SCRIPT_LIMIT, play(script, &line.stream)).await;
            if end == End::Reset {
                line.reset();
            }
            Err(BrokenOff)
        }
    }
}

/// Reads a request, and says whether its body was kept to the end.
async fn read(request: Request<Incoming>, connection: u64) -> Result<(RecordedRequest, bool), BrokenOff> {
    let (parts, mut incoming) = request.into_parts();
    let (mut body, mut is_whole) = (Vec::new(), true);
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|_| BrokenOff)?.into_data() else { continue };
        is_whole = is_whole && body.len() + data.len() <= BODY_LIMIT;
        if is_whole {
            body.extend_from_slice(&data);
        }
    }
    let value = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let request = RecordedRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(|(n, v)| (n.as_str().to_owned(), value(v.as_bytes()))).collect(),
        body,
        at: SystemTime::now(),
        connection,
    };
    Ok((request, is_whole))
}

async fn play(script: Script, stream: &TcpStream) -> io::Result<()> {
    for step in script.steps {
        match step {
            Step::Wait(pause) => tokio::time::sleep(pause).await,
            Step::Silence => poll_fn(|cx| poll_left(stream, cx)).await,
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

/// Waits until a client leaves. What else it sends is not looked at.
fn poll_left(stream: &TcpStream, cx: &mut Context<'_>) -> Poll<()> {
    match stream.poll_peek(cx, &mut ReadBuf::new(&mut [0])) {
        Poll::Ready(Ok(1..)) | Poll::Pending => Poll::Pending,
        Poll::Ready(_) => Poll::Ready(()),
    }
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

/// What hyper reads and writes, while faults can write past it.
struct Wire<'a>(&'a Line);

impl AsyncRead for Wire<'_> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let is_between = matches!(*lock(&self.0.turn), Turn::Between);
        if is_between {
            ready!(self.0.poll_begin(cx))?;
        }
        loop {
            ready!(self.0.stream.poll_read_ready(cx))?;
            match self.0.stream.try_read_buf(buf) {
                Ok(_) => return Poll::Ready(Ok(())),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Poll::Ready(Err(e)),
            }
        }
    }
}

impl AsyncWrite for Wire<'_> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.stream.poll_write_ready(cx))?;
            match self.0.stream.try_write(bytes) {
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
