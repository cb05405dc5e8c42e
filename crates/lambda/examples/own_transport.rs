//! Lists layers with neither tokio nor hyper: over sockets of the standard library, and driven by it alone.
//!
//! `cargo run -p tinsmith-lambda --no-default-features -F list-layers --example own_transport` asks a server in the same
//! process, which fails once and then answers, so that a retry is waited for as well.

#![allow(clippy::print_stdout, reason = "this is a program")]

use std::error::Error;
use std::future::poll_fn;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let config = Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(format!("http://{}", listener.local_addr()?))
        .credentials_provider(Credentials::new("AKID", "secret", None, None, "example"))
        .http_client(StdTransport);
    let server = thread::spawn(move || serve(&listener));

    let client = Client::from_conf(config.build());
    let page = block_on(client.list_layers().max_items(2).send())?;
    let names: Vec<_> = page.layers().iter().filter_map(|layer| layer.layer_name()).collect();
    println!("{} by {} attempts", names.join(", "), page.response_metadata().attempts());

    server.join().map_err(|_| "the server panicked")??;
    // This is run with every change: what it prints is what it has to be.
    assert_eq!((&names[..], page.response_metadata().attempts()), (&["fonts", "pandas"][..], 2));
    Ok(())
}

/// Sends each request over a connection of its own, by a thread that waits for the answer.
#[derive(Debug)]
struct StdTransport;

impl Transport for StdTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let reply = Arc::new(Mutex::new(Reply::default()));
        let kept = reply.clone();
        thread::spawn(move || {
            let answer = exchange(&request).map_err(|why| TransportError::new(TransportErrorKind::Io, why));
            let mut reply = kept.lock().unwrap_or_else(PoisonError::into_inner);
            reply.answer = Some(answer);
            if let Some(waker) = reply.waker.take() {
                waker.wake();
            }
        });
        Box::pin(poll_fn(move |cx| {
            let mut reply = reply.lock().unwrap_or_else(PoisonError::into_inner);
            reply.waker = Some(cx.waker().clone());
            reply.answer.take().map_or(Poll::Pending, Poll::Ready)
        }))
    }
}

/// What the thread leaves for the call, and how it tells so.
#[derive(Default)]
struct Reply {
    answer: Option<Result<Response, TransportError>>,
    waker: Option<Waker>,
}

fn exchange(request: &Request) -> Result<Response, Failure> {
    let mut stream = TcpStream::connect(request.authority())?;
    let target = request.uri().replacen(&request.origin, "", 1);
    let mut head = format!("{} {target} HTTP/1.1\r\n", request.method);
    let own = |name: &str| ["host", "content-length", "connection"].contains(&name);
    for (name, value) in request.headers.iter().filter(|(name, _)| !own(name)) {
        head += &format!("{name}: {value}\r\n");
    }
    let body = request.body.bytes().ok_or("this transport sends no streams")?;
    let length = body.len();
    head += &format!("host: {}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n", request.authority());
    stream.write_all(&[head.as_bytes(), body].concat())?;

    let mut reader = BufReader::new(stream);
    let head = read_head(&mut reader)?;
    let status = head.first().and_then(|line| line.split(' ').nth(1)).ok_or("no status")?.parse()?;
    let pairs = head.iter().skip(1).filter_map(|line| line.split_once(": "));
    let headers: Headers = pairs.map(|(name, value)| (name.to_owned(), value)).collect();
    // The connection ends with the body.
    let mut body = Vec::new();
    reader.read_to_end(&mut body)?;
    Ok(Response::new(StatusCode::new(status), headers, Body::whole(body)))
}

/// The lines up to the first empty one.
fn read_head(reader: impl BufRead) -> std::io::Result<Vec<String>> {
    reader.lines().take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).collect()
}

/// Drives a future on this thread, which sleeps while there is nothing to do.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Answers two requests as Lambda could.
fn serve(listener: &TcpListener) -> std::io::Result<()> {
    let page = r#"{"Layers": [{"LayerName": "fonts"}, {"LayerName": "pandas"}], "NextMarker": null}"#;
    for (status, body) in [("500 Internal Server Error", ""), ("200 OK", page)] {
        let (mut stream, _) = listener.accept()?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let head = read_head(BufReader::new(&stream))?;
        let asked = head.first().is_some_and(|line| line == "GET /2018-10-31/layers?MaxItems=2 HTTP/1.1");
        let status = if asked { status } else { "404 Not Found" };
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())?;
    }
    Ok(())
}
