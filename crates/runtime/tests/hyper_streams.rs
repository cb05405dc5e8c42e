//! Streams in and out over real sockets: what is sent of them, when they fail, when they are sent again, and that nobody
//! takes more of one than is asked for.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod copier;

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use copier::{copy, copy_with};
use futures_core::Stream;
use tinsmith_runtime::config::StalledStreamProtectionConfig;
use tinsmith_runtime::config::timeout::TimeoutConfig;
use tinsmith_runtime::error::{ProvideErrorMetadata, SdkError};
use tinsmith_runtime::http::Body;
use tinsmith_runtime::primitives::ByteStream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const OK: &str = "HTTP/1.1 200 OK\r\nx-name: answer\r\ncontent-length: 2\r\n\r\nok";
const BUSY: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";

/// Chunks, each of which takes a moment to come.
struct Source {
    left: Vec<Result<Bytes, &'static str>>,
    is_late: bool,
}

impl Source {
    /// A stream of these chunks, which then fails, or ends.
    fn ending(chunks: &[&'static str], error: Option<&'static str>) -> ByteStream {
        let chunks = chunks.iter().map(|chunk| Ok(Bytes::from_static(chunk.as_bytes())));
        let mut left: Vec<_> = chunks.chain(error.map(Err)).collect();
        left.reverse();
        ByteStream::from_stream(Self { left, is_late: true })
    }

    fn stream(chunks: &[&'static str]) -> ByteStream {
        Self::ending(chunks, None)
    }
}

impl Stream for Source {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.is_late = !self.is_late;
        if !self.is_late {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.left.pop())
    }
}

/// A server that answers each connection with the next of these, once the request is whole. It gives back what was sent,
/// byte for byte.
async fn serve(answers: &[&'static str]) -> (String, JoinHandle<Vec<String>>) {
    let (listener, origin) = listen().await;
    let answers = answers.to_vec();
    let server = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut connection, _) = listener.accept().await.unwrap();
            requests.push(request(&mut connection).await);
            // The client may be gone, if the request was not whole.
            let _ = connection.write_all(answer.as_bytes()).await;
        }
        requests
    });
    (origin, server)
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

/// Reads a request to its end, or to that of the connection.
async fn request(connection: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = vec![0; 1 << 16];
    while !is_whole(&text) {
        match connection.read(&mut buffer).await {
            Ok(count @ 1..) => text.push_str(std::str::from_utf8(&buffer[..count]).unwrap()),
            _ => break,
        }
    }
    text
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    match header(head, "content-length") {
        Some(length) => body.len() >= length.parse().unwrap(),
        None => body.ends_with("0\r\n\r\n"),
    }
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let head = request.split_once("\r\n\r\n").map_or(request, |(head, _)| head);
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

/// An error and its causes, in a line.
fn told(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[tokio::test]
async fn a_stream_says_its_length_where_it_knows_it() {
    let check = async |stream: ByteStream, length: Option<&str>, signed: Option<&str>, sent: &str| {
        let (origin, server) = serve(&[OK]).await;
        let output = copy(&origin).name("mine").body(stream).send().await.unwrap();
        assert_eq!(output.name(), Some("answer"));
        assert_eq!(output.body.collect().await.unwrap().to_vec(), b"ok");
        let request = server.await.unwrap().remove(0);
        assert_eq!((header(&request, "content-length"), body(&request)), (length, sent), "{request}");
        assert_eq!(header(&request, "transfer-encoding").is_some(), length.is_none());
        assert_eq!(header(&request, "x-amz-content-sha256"), signed);
        assert_eq!(header(&request, "content-type"), Some("application/octet-stream"));
        assert_eq!(header(&request, "x-name"), Some("mine"));
    };
    let unsigned = Some("UNSIGNED-PAYLOAD");
    let again = || Body::retryable(|| Source::stream(&["ab", "c"]).into_inner());
    check(ByteStream::from_static(b"abc"), Some("3"), None, "abc").await;
    check(ByteStream::default(), Some("0"), None, "").await;
    check(Source::stream(&["ab", "", "c"]), None, unsigned, "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n").await;
    check(Source::stream(&["ab", "", "c"]).with_length(3), Some("3"), unsigned, "abc").await;
    check(Source::stream(&[]), None, unsigned, "0\r\n\r\n").await;
    check(Source::stream(&[""]).with_length(0), Some("0"), unsigned, "").await;
    // What can be read twice is read once to be signed.
    check(again().into(), None, None, "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n").await;
    check(again().with_length(3).into(), Some("3"), None, "abc").await;
}

#[tokio::test]
async fn the_signature_of_a_stream_that_can_be_begun_again_is_that_of_its_bytes() {
    let authorization = async |stream: ByteStream| {
        let (origin, server) = serve(&[OK]).await;
        let at = |config: tinsmith_runtime::config::Builder| config.time_source(Epoch);
        // The host is signed too, and the port of each server is another.
        let call = copy_with(at(copier::config(&origin))).body(stream).customize();
        call.mutate_request(|request| request.headers.insert("host", "copier.example")).send().await.unwrap();
        header(&server.await.unwrap()[0], "authorization").map(str::to_owned)
    };
    let whole = authorization(ByteStream::from_static(b"abc")).await;
    let again = authorization(Body::retryable(|| Source::stream(&["ab", "c"]).into_inner()).into()).await;
    assert_eq!(whole, again);
    assert_ne!(whole, authorization(ByteStream::from_static(b"abd")).await);
    let once = authorization(Source::stream(&["abc"])).await.unwrap();
    assert!(once.contains("x-amz-content-sha256"), "{once}");
}

/// A clock that stands still.
#[derive(Debug)]
struct Epoch;

impl tinsmith_runtime::time::Clock for Epoch {
    fn now(&self) -> std::time::SystemTime {
        std::time::UNIX_EPOCH + Duration::from_secs(1_500_000_000)
    }
}

#[tokio::test]
async fn what_can_be_begun_again_is_sent_again() {
    let (origin, server) = serve(&[BUSY, BUSY, OK]).await;
    let stream = Body::retryable(|| Source::stream(&["ab", "c"]).into_inner()).with_length(3);
    copy(&origin).body(stream.into()).send().await.unwrap();
    let requests = server.await.unwrap();
    assert_eq!(requests.iter().map(|request| body(request)).collect::<Vec<_>>(), ["abc"; 3]);
    let attempts: Vec<_> = requests.iter().map(|request| header(request, "amz-sdk-request")).collect();
    assert_eq!(
        attempts,
        [1, 2, 3].map(|number| format!("attempt={number}; max=3")).each_ref().map(|text| Some(&**text))
    );
}

#[tokio::test]
async fn what_cannot_is_sent_once() {
    let (origin, server) = serve(&[BUSY]).await;
    let error = copy(&origin).body(Source::stream(&["abc"]).with_length(3)).send().await.unwrap_err();
    assert_eq!((error.attempts(), error.raw_response().map(|raw| raw.status().as_u16())), (1, Some(503)));
    let requests = server.await.unwrap();
    assert_eq!(header(&requests[0], "amz-sdk-request"), Some("attempt=1; max=1"));
}

#[tokio::test]
async fn a_stream_that_fails_is_no_request() {
    let check = async |stream: ByteStream, sent: &str, expected: &str| {
        let (origin, server) = serve(&[OK]).await;
        let error = copy(&origin).body(stream).send().await.unwrap_err();
        let all = told(&error);
        assert_eq!(all, format!("Copy failed: the body of the request failed: {expected} (1 attempt)"));
        assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_user()), "{error:?}");
        let request = server.await.unwrap().remove(0);
        assert!(!is_whole(&request) && body(&request).ends_with(sent), "{request}");
    };
    let torn = |chunks| Source::ending(chunks, Some("the tape tore"));
    check(torn(&["ab"]), "2\r\nab\r\n", "the tape tore").await;
    check(torn(&["ab"]).with_length(3), "ab", "the tape tore").await;
    check(Source::stream(&["ab"]).with_length(3), "ab", "it ended after 2 bytes, and 3 were announced").await;
    check(Source::stream(&["ab", "cd"]).with_length(3), "ab", "it is longer than the 3 bytes announced").await;
    check(Source::stream(&["ab", "c", "d"]).with_length(3), "ab", "it is longer than the 3 bytes announced").await;
}

#[tokio::test]
async fn a_stream_that_is_longer_than_nothing_is_not_sent() {
    let (listener, origin) = listen().await;
    let error = copy(&origin).body(Source::stream(&["a"]).with_length(0)).send().await.unwrap_err();
    assert!(told(&error).contains("it is longer than the 0 bytes announced"), "{}", told(&error));
    drop(listener);
}

#[tokio::test]
async fn a_header_says_the_length_too() {
    let call = async |length: &'static str, answers: &[&'static str]| {
        let (origin, server) = serve(answers).await;
        let call = copy(&origin).body(Source::stream(&["ab", "c"])).customize();
        let sent = call.mutate_request(move |request| request.headers.insert("content-length", length)).send().await;
        (sent.map(drop).map_err(|error| told(&error)), server)
    };
    let (sent, server) = call("3", &[OK]).await;
    assert_eq!(sent, Ok(()));
    assert_eq!(body(&server.await.unwrap()[0]), "abc");
    assert!(call("4", &[OK]).await.0.is_err_and(|told| told.contains("it ended after 3 bytes, and 4 were announced")));
    let twice = copy("http://localhost:9").body(Source::stream(&["ab"])).customize().mutate_request(|request| {
        ["2", "3"].into_iter().for_each(|length| request.headers.append("content-length", length));
    });
    let refused = twice.send().await.map_err(|error| told(&error));
    assert!(refused.is_err_and(|told| told.contains("the request has more than one header content-length")));
    for length in ["many", "+2", "-2", ""] {
        assert!(call(length, &[]).await.0.is_err_and(|told| told.contains("content-length is no number of bytes")));
    }
}

/// Chunks without end, a MiB at a time.
struct Endless(Arc<AtomicUsize>, #[expect(dead_code, reason = "its end is heard")] oneshot::Sender<()>);

impl Stream for Endless {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Bytes::from_static(&[0; 1 << 20]))))
    }
}

/// A server that takes nothing: of a stream no more is taken than fits into the buffers on the way. When the call is
/// dropped, so is the stream.
#[tokio::test]
async fn a_stream_waits_for_the_server_and_ends_with_its_call() {
    let (listener, origin) = listen().await;
    let taken = Arc::new(AtomicUsize::new(0));
    let (dropped, hears) = oneshot::channel();
    let stream = ByteStream::from_stream(Endless(taken.clone(), dropped));
    let call = tokio::spawn(copy(&origin).body(stream).send());
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut before = usize::MAX;
    // Until nothing more is taken.
    while before != taken.load(Ordering::Relaxed) || before == 0 {
        before = taken.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(before < 64, "{before} MiB were taken for a server that takes nothing");
    // It goes on when the server does.
    let mut buffer = vec![0; 8 << 20];
    connection.read_exact(&mut buffer).await.unwrap();
    while taken.load(Ordering::Relaxed) == before {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(hears.await.is_err(), "the stream is dropped");
    while connection.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
}

#[tokio::test]
async fn an_answer_is_handed_on_with_its_headers() {
    let (listener, origin) = listen().await;
    let (go_on, waits) = oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        request(&mut connection).await;
        connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n").await.unwrap();
        waits.await.unwrap();
        connection.write_all(b"abc").await.unwrap();
        connection.shutdown().await.unwrap();
    });
    // The limit on the attempt is over with its headers.
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(30)).build();
    let mut output = copy_with(copier::config(&origin).timeout_config(timeouts)).send().await.unwrap();
    assert_eq!(output.body.size_hint(), (6, Some(6)));
    go_on.send(()).unwrap();
    assert_eq!(output.body.try_next().await.unwrap().as_deref(), Some(&b"abc"[..]));
    let error = output.body.try_next().await.unwrap_err();
    assert!(told(&error).starts_with("the stream broke off: the connection broke: "), "{}", told(&error));
    server.await.unwrap();
}

#[tokio::test]
async fn an_answer_that_stands_still_is_given_up() {
    let (listener, origin) = listen().await;
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        request(&mut connection).await;
        connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc").await.unwrap();
        // The connection goes with the stream.
        while connection.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {}
    });
    let patience = StalledStreamProtectionConfig::enabled().grace_period(Duration::from_millis(50)).build();
    let call = copy_with(copier::config(&origin).stalled_stream_protection(patience));
    let mut stream = call.send().await.unwrap().body;
    assert_eq!(stream.try_next().await.unwrap().as_deref(), Some(&b"abc"[..]));
    let error = stream.try_next().await.unwrap_err();
    assert!(told(&error).ends_with("the body of the response stood still for 50ms"), "{}", told(&error));
    server.await.unwrap();
}

#[tokio::test]
async fn a_stream_that_is_not_wanted_is_dropped() {
    let (listener, origin) = listen().await;
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        request(&mut connection).await;
        connection.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(1 << 16));
        let mut sent = 0;
        while connection.write_all(chunk.as_bytes()).await.is_ok() {
            sent += 1;
        }
        // The next call has a connection of its own, and its own answer.
        let (mut connection, _) = listener.accept().await.unwrap();
        request(&mut connection).await;
        connection.write_all(OK.as_bytes()).await.unwrap();
        sent
    });
    let client = copier::Client::from_conf(copier::config(&origin).build());
    let mut stream = client.copy().send().await.unwrap().body;
    stream.try_next().await.unwrap();
    drop(stream);
    let output = client.copy().send().await.unwrap();
    assert_eq!(output.body.collect().await.unwrap().to_vec(), b"ok");
    assert!(server.await.unwrap() < 1024, "no more was taken than was asked for");
}

/// An error is no stream: it is read whole, and has its code.
#[tokio::test]
async fn errors_are_read_whole() {
    let refused = "HTTP/1.1 400 No\r\nx-amzn-errortype: TooOdd\r\ncontent-length: 17\r\n\r\n{\"message\":\"odd\"}";
    let late = "HTTP/1.1 200 OK\r\nx-amzn-errortype: TooOdd\r\ncontent-length: 17\r\n\r\n{\"message\":\"odd\"}";
    for answer in [refused, late] {
        let (origin, _server) = serve(&[answer]).await;
        let error = copy(&origin).body(ByteStream::from_static(b"abc")).send().await.unwrap_err();
        let error = error.into_service_error();
        assert_eq!((error.code(), error.message()), (Some("TooOdd"), Some("odd")));
    }
}

/// What comes of one call is sent by another, as it comes.
#[tokio::test]
async fn an_answer_is_handed_through() {
    let (from, answers) = serve(&["HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"]).await;
    let (to, takes) = serve(&[OK]).await;
    let output = copy(&from).send().await.unwrap();
    copy(&to).body(output.body).send().await.unwrap();
    let request = takes.await.unwrap().remove(0);
    assert_eq!((header(&request, "content-length"), body(&request)), (Some("3"), "abc"));
    answers.await.unwrap();
}
