//! Requests and answers that are on their way at the same time, over HTTP/1.1 and HTTP/2: where one of them ends, the other
//! learns of it.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[expect(dead_code, reason = "what only the suite of streams needs")]
mod copier;
#[expect(dead_code, reason = "this suite has a server of its own")]
mod loopback;
mod talker;
#[expect(dead_code, reason = "what only the suite of TLS needs")]
mod tls_server;

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use copier::copy_with;
use futures_core::Stream;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ALL_VERSIONS;
use talker::{Words, WordsError, word};
use tinsmith_runtime::codec::RestJson1;
use tinsmith_runtime::config::Builder;
use tinsmith_runtime::error::SdkError;
use tinsmith_runtime::event_stream::{EventProtocol, write};
use tinsmith_runtime::primitives::ByteStream;
use tls_server::{issue, root, server, transport, trusting};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_rustls::TlsAcceptor;

/// The versions of HTTP that a server speaks.
const VERSIONS: [&str; 2] = ["http/1.1", "h2"];

/// What a server does with the one request that it is sent.
#[derive(Clone, Copy)]
struct Behavior {
    /// The status of its answer, if there is one.
    status: Option<u16>,
    /// Whether it reads the request.
    reads: bool,
}

const ANSWERS: Behavior = Behavior { status: Some(200), reads: true };

/// A server whose answer says what the test has it say.
struct Server {
    origin: String,
    tls: tls_server::Root,
    /// Until this is dropped, the answer goes on.
    says: mpsc::UnboundedSender<Bytes>,
    /// Told when the request begins.
    begins: Arc<Notify>,
    /// What came of the request, and whether that was all of it.
    request: oneshot::Receiver<(Bytes, bool)>,
}

impl Server {
    async fn start(version: &str, behavior: Behavior) -> Self {
        let tls = root("known");
        let mut settings = server(&issue(&tls, "localhost"), ALL_VERSIONS, None);
        settings.alpn_protocols = vec![version.as_bytes().to_vec()];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (says, said) = mpsc::unbounded_channel();
        let (reports, request) = oneshot::channel();
        let begins = Arc::new(Notify::new());
        let begun = begins.clone();
        let only = Arc::new(Mutex::new(Some((said, reports))));
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let stream = TlsAcceptor::from(Arc::new(settings)).accept(stream).await.unwrap();
            let service = service_fn(|request| {
                begun.notify_one();
                let (said, reports) = only.lock().unwrap().take().unwrap();
                answer(request, behavior, said, reports)
            });
            let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
        });
        Self { origin, tls, says, begins, request }
    }

    fn says(&self, text: impl Into<Bytes>) {
        self.says.send(text.into()).unwrap();
    }

    /// A client's settings, that trust this server.
    fn known_to(&self, config: fn(&str) -> Builder) -> Builder {
        config(&self.origin).http_client(transport(trusting(&self.tls)))
    }

    /// What came of the request before it broke off.
    async fn broken_request(self) -> Bytes {
        let (came, is_whole) = soon(self.request).await.unwrap();
        assert!(!is_whole, "{came:?}");
        came
    }
}

async fn answer(
    request: Request<Incoming>,
    Behavior { status, reads }: Behavior,
    said: mpsc::UnboundedReceiver<Bytes>,
    reports: oneshot::Sender<(Bytes, bool)>,
) -> Result<Response<Said>, Infallible> {
    let mut body = request.into_body();
    let reading = async move {
        let mut came = Vec::new();
        if !reads {
            std::future::pending::<()>().await;
        }
        let is_whole = loop {
            match body.frame().await {
                Some(Ok(frame)) => came.extend_from_slice(&frame.into_data().unwrap_or_default()),
                Some(Err(_)) => break false,
                None => break true,
            }
        };
        let _ = reports.send((came.into(), is_whole));
    };
    tokio::spawn(reading);
    match status {
        Some(status) => Ok(Response::builder().status(status).body(Said(said)).unwrap()),
        None => std::future::pending().await,
    }
}

/// The body of an answer.
struct Said(mpsc::UnboundedReceiver<Bytes>);

impl Body for Said {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|text| text.map(|text| Ok(Frame::data(text))))
    }
}

/// What a program sends, when the test says so. The other end learns when it is dropped.
struct Fed<T>(mpsc::UnboundedReceiver<T>);

impl<T> Stream for Fed<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.poll_recv(cx)
    }
}

type Feed<T> = mpsc::UnboundedSender<T>;

fn fed<T>(first: T) -> (Feed<T>, Fed<T>) {
    let (feed, fed) = mpsc::unbounded_channel();
    assert!(feed.send(first).is_ok());
    (feed, Fed(fed))
}

/// A stream of bytes that begins with this chunk.
fn bytes(first: &'static [u8]) -> (Feed<Result<Bytes, &'static str>>, ByteStream) {
    let (feed, fed) = fed(Ok(Bytes::from_static(first)));
    (feed, ByteStream::from_stream(fed))
}

const TORN: Result<Bytes, &str> = Err("the tape tore");

/// What is to happen without being waited for.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("it has not happened")
}

/// An error and its causes, in a line.
fn told(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[tokio::test]
async fn a_dropped_answer_stops_the_upload() {
    for version in VERSIONS {
        let server = Server::start(version, ANSWERS).await;
        let (feed, stream) = bytes(b"ab");
        server.says("hello");
        let mut output = copy_with(server.known_to(copier::config)).body(stream).send().await.unwrap();
        assert_eq!(output.body.try_next().await.unwrap().as_deref(), Some(&b"hello"[..]));
        assert!(!feed.is_closed(), "{version}");
        drop(output);
        soon(feed.closed()).await;
        assert_eq!(server.broken_request().await, "ab", "{version}");
    }
}

/// Where nothing of the request is taken, no transport asks for more of it, and so none could be told to stop.
#[tokio::test]
async fn an_upload_that_stands_still_is_stopped_too() {
    for version in VERSIONS {
        let server = Server::start(version, Behavior { reads: false, ..ANSWERS }).await;
        let (feed, stream) = bytes(&[0; 16 << 20]);
        server.says("hello");
        let mut output = copy_with(server.known_to(copier::config)).body(stream).send().await.unwrap();
        output.body.try_next().await.unwrap();
        feed.send(Ok(Bytes::from_static(&[0; 16 << 20]))).unwrap();
        drop(output);
        soon(feed.closed()).await;
    }
}

#[tokio::test]
async fn a_dropped_call_stops_the_upload() {
    for version in VERSIONS {
        let server = Server::start(version, Behavior { status: None, ..ANSWERS }).await;
        let (feed, stream) = bytes(b"ab");
        let call = tokio::spawn(copy_with(server.known_to(copier::config)).body(stream).send());
        soon(server.begins.notified()).await;
        assert!(!feed.is_closed(), "{version}");
        call.abort();
        soon(feed.closed()).await;
        assert!(b"ab".starts_with(&server.broken_request().await[..]), "{version}");
    }
}

#[tokio::test]
async fn the_end_of_an_answer_stops_the_upload() {
    for version in VERSIONS {
        let mut server = Server::start(version, ANSWERS).await;
        let (feed, stream) = bytes(b"ab");
        server.says("hello");
        let mut output = copy_with(server.known_to(copier::config)).body(stream).send().await.unwrap();
        assert_eq!(output.body.try_next().await.unwrap().as_deref(), Some(&b"hello"[..]));
        server.says = mpsc::unbounded_channel().0;
        // HTTP/2 may end it with an empty frame.
        while let Some(chunk) = soon(output.body.try_next()).await.unwrap() {
            assert_eq!(chunk, "", "{version}");
        }
        soon(feed.closed()).await;
        // Until here the answer is held: it is its end that told, and not that it was dropped.
        drop(output);
        assert_eq!(server.broken_request().await, "ab", "{version}");
    }
}

#[tokio::test]
async fn an_upload_that_fails_before_the_answer_is_the_error_of_the_call() {
    for version in VERSIONS {
        let server = Server::start(version, Behavior { status: None, ..ANSWERS }).await;
        let (feed, stream) = bytes(b"ab");
        let call = tokio::spawn(copy_with(server.known_to(copier::config)).body(stream).send());
        soon(server.begins.notified()).await;
        feed.send(TORN).unwrap();
        let error = soon(call).await.unwrap().unwrap_err();
        assert_eq!(told(&error), "Copy failed: the body of the request failed: the tape tore (1 attempt)");
        assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_user()), "{error:?}");
        // Over HTTP/2 a server may be told that the request broke off before it is handed what came of it.
        assert!(b"ab".starts_with(&server.broken_request().await[..]), "{version}");
    }
}

#[tokio::test]
async fn an_upload_that_fails_after_the_answer_began_is_an_error_of_the_answer() {
    for version in VERSIONS {
        let server = Server::start(version, ANSWERS).await;
        let (feed, stream) = bytes(b"ab");
        server.says("hello");
        let mut output = copy_with(server.known_to(copier::config)).body(stream).send().await.unwrap();
        assert_eq!(output.body.try_next().await.unwrap().as_deref(), Some(&b"hello"[..]));
        let reads = tokio::spawn(async move { output.body.try_next().await });
        feed.send(TORN).unwrap();
        let error = soon(reads).await.unwrap().unwrap_err();
        assert_eq!(told(&error), "the stream broke off: the tape tore", "{version}");
        server.broken_request().await;
    }
}

/// An answer that is read whole is one to the whole request.
#[tokio::test]
async fn an_upload_that_fails_while_the_answer_is_read_is_the_error_of_the_call() {
    for version in VERSIONS {
        let server = Server::start(version, Behavior { status: Some(400), ..ANSWERS }).await;
        let (feed, stream) = bytes(b"ab");
        server.says("{");
        let call = tokio::spawn(copy_with(server.known_to(copier::config)).body(stream).send());
        soon(server.begins.notified()).await;
        // By then the answer is read: were it not, the error would be the same.
        tokio::time::sleep(Duration::from_millis(100)).await;
        feed.send(TORN).unwrap();
        let error = soon(call).await.unwrap().unwrap_err();
        assert_eq!(told(&error), "Copy failed: the body of the request failed: the tape tore (1 attempt)", "{version}");
        server.broken_request().await;
    }
}

/// A word as an event that a server sends.
fn event(text: &str) -> Bytes {
    write(&RestJson1::write_event(&word(text)).unwrap()).unwrap()
}

async fn talk(server: &Server) -> (Feed<Result<Words, WordsError>>, talker::TalkOutput) {
    let (feed, said) = fed(Ok(word("0")));
    server.says(event("a"));
    let client = talker::Client::from_conf(server.known_to(talker::config).build());
    let mut output = client.talk().words(said.into()).send().await.unwrap();
    assert_eq!(output.words.recv().await.unwrap(), Some(word("a")));
    (feed, output)
}

#[tokio::test]
async fn a_dropped_receiver_stops_the_sender() {
    for version in VERSIONS {
        let server = Server::start(version, ANSWERS).await;
        let (feed, output) = talk(&server).await;
        assert!(!feed.is_closed(), "{version}");
        drop(output);
        soon(feed.closed()).await;
        assert!(!server.broken_request().await.is_empty(), "{version}");
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_sent_is_the_error_of_the_receiver() {
    for version in VERSIONS {
        let server = Server::start(version, ANSWERS).await;
        let (feed, mut output) = talk(&server).await;
        feed.send(Ok(Words::Unknown)).unwrap();
        let error = soon(output.words.recv()).await.unwrap_err();
        let expected = "the event stream failed: the body of the request failed: the event is none that the model \
                        lists: it cannot be sent";
        assert_eq!(told(&error), expected, "{version}");
        assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_user()), "{error:?}");
        soon(feed.closed()).await;
        server.broken_request().await;
    }
}
