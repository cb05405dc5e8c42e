//! The hyper transport against a scripted server on loopback: pooling, bodies, limits, the kinds
//! of its failures, and the sources of credentials that use it.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod framing;
mod loopback;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use loopback::Server;
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::chain::DefaultCredentialsChain;
use tinsmith_runtime::credentials::{Doors, ProvideCredentials};
use tinsmith_runtime::environment::{Environment, Process};
use tinsmith_runtime::http::{Request, Response};
use tinsmith_runtime::profile::ProfileFiles;
use tinsmith_runtime::transport::hyper::{HyperSettings, HyperTransport};
use tinsmith_runtime::transport::{Transport, TransportError, TransportErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

fn get(origin: &str) -> Request {
    Request { method: "GET", origin: origin.to_owned(), path: "/a".to_owned(), ..Request::default() }
}

/// Sends one request to a server that gives one answer and closes the connection.
async fn answer(answer: &str) -> Result<Response, TransportError> {
    let server = Server::start([vec![answer.to_owned()]]).await;
    HyperTransport::default().send(get(&server.origin)).await
}

async fn read(response: &mut Response) -> String {
    String::from_utf8(loopback::read_body(response).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_connection_is_used_again_by_clones() {
    let server = Server::start([vec![OK.to_owned(); 3]]).await;
    let transport = HyperTransport::default();
    for transport in [transport.clone(), transport.clone(), transport] {
        let mut response = transport.send(get(&server.origin)).await.unwrap();
        assert_eq!(read(&mut response).await, "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_went_stale_in_the_pool_is_replaced() {
    let server = Server::start([vec![OK.to_owned()], vec![OK.to_owned()]]).await;
    let transport = HyperTransport::default();
    for _ in 0..2 {
        let mut response = transport.send(get(&server.origin)).await.unwrap();
        assert_eq!(read(&mut response).await, "ok");
        server.until_closed().await;
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn idle_connections_are_kept_as_many_and_as_long_as_the_settings_say() {
    for (idle, seconds, connections) in [(100, 60, 1), (1, 60, 1), (0, 60, 2), (100, 1, 2)] {
        let server = Server::start([vec![OK.to_owned(); 2], vec![OK.to_owned()]]).await;
        let mut settings = HyperSettings::default();
        (settings.pool_max_idle_per_host, settings.pool_idle_timeout) = (idle, Duration::from_secs(seconds));
        let transport = HyperTransport::new(settings);
        for _ in 0..2 {
            let mut response = transport.send(get(&server.origin)).await.unwrap();
            assert_eq!(read(&mut response).await, "ok");
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(2)).await;
            tokio::time::resume();
        }
        assert_eq!(server.connections(), connections, "{idle} for {seconds} s");
    }
}

#[tokio::test]
async fn requests_are_sent_as_they_were_signed() {
    let server = Server::start([vec![OK.to_owned(); 3]]).await;
    let transport = HyperTransport::default();
    let host = server.origin.trim_start_matches("http://");
    let request = Request {
        path: "/a%20b//c/../%3A".to_owned(),
        query: "m=a%2Bb%2F&n".to_owned(),
        headers: [("X-Amz-Date", "20150830T123600Z"), ("x-r", "1"), ("x-r", "2")].into_iter().collect(),
        ..get(&server.origin)
    };
    let expected = format!(
        "GET /a%20b//c/../%3A?m=a%2Bb%2F&n HTTP/1.1\r\nx-amz-date: 20150830T123600Z\r\nx-r: 1\r\nx-r: 2\r\nhost: {host}\r\n\r\n"
    );
    check_sent(&server, &transport, request, &expected).await;

    let with_body = Request { method: "POST", body: "{}".into(), ..get(&server.origin) };
    let expected = format!("POST /a HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\n\r\n{{}}");
    check_sent(&server, &transport, with_body, &expected).await;

    let without_body = Request { method: "POST", ..get("http://signed.example") };
    let headers = [("host", "signed.example")].into_iter().collect();
    let without_body = Request { origin: server.origin.clone(), headers, ..without_body };
    let expected = "POST /a HTTP/1.1\r\nhost: signed.example\r\ncontent-length: 0\r\n\r\n";
    check_sent(&server, &transport, without_body, expected).await;
}

async fn check_sent(server: &Server, transport: &HyperTransport, request: Request, expected: &str) {
    let mut response = transport.send(request).await.unwrap();
    read(&mut response).await;
    assert_eq!(server.last_request(), expected);
}

#[tokio::test]
async fn bodies_end_where_their_framing_says() {
    check_body("content-length: 5\r\n\r\nhello", "hello").await;
    check_body("transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nx-trailer: 1\r\n\r\n", "hello").await;
    check_body("\r\nuntil the end", "until the end").await;
    check_body("content-length: 0\r\n\r\n", "").await;
}

async fn check_body(rest: &str, expected: &str) {
    let mut response = answer(&format!("HTTP/1.1 200 OK\r\n{rest}")).await.unwrap();
    assert_eq!(read(&mut response).await, expected);
}

/// The server neither reads the body nor says how long its answer is, as a gateway that refuses what is too large.
#[tokio::test]
async fn an_answer_that_comes_before_the_request_is_out_is_whole() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 16]).await.unwrap();
        stream.write_all(b"HTTP/1.1 413 Large\r\nconnection: close\r\n\r\ntoo large").await.unwrap();
        // More of the request goes out between the answer and its end.
        let mut taken = vec![0; 8 << 20];
        stream.read_exact(&mut taken).await.unwrap();
        stream.shutdown().await.unwrap();
        while stream.read(&mut taken).await.is_ok_and(|count| count > 0) {}
    });
    let request = Request { method: "POST", body: vec![b'x'; 24 << 20].into(), ..get(&origin) };
    let mut response = HyperTransport::default().send(request).await.unwrap();
    assert_eq!((response.status().as_u16(), &*read(&mut response).await), (413, "too large"));
    drop(response);
    tokio::time::timeout(Duration::from_secs(10), server).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_of_a_request_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let request = Request { method: "POST", body: vec![b'x'; 32 << 20].into(), ..get(&origin) };
    let transport = HyperTransport::default();
    let (sent, accepted) = tokio::join!(transport.send(request), listener.accept());
    let error = sent.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Io);
    let told = chain(&error);
    assert!(told.contains("the server took nothing of the request for 20s"), "{told}");
    drop(accepted);
}

#[tokio::test]
async fn broken_bodies_are_errors_when_they_are_read() {
    check_broken_body("content-length: 5\r\n\r\nhel", TransportErrorKind::Io).await;
    check_broken_body("transfer-encoding: chunked\r\n\r\n5\r\nhel", TransportErrorKind::Io).await;
    check_broken_body("transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n", TransportErrorKind::Io).await;
    check_broken_body("transfer-encoding: chunked\r\n\r\nxyz\r\nhel\r\n", TransportErrorKind::Protocol).await;
}

async fn check_broken_body(rest: &str, expected: TransportErrorKind) {
    let mut response = answer(&format!("HTTP/1.1 200 OK\r\n{rest}")).await.unwrap();
    match loopback::read_body(&mut response).await {
        Err(error) => assert_eq!(error.kind(), expected, "{rest:?}: {}", chain(&error)),
        Ok(body) => panic!("{rest:?}: {body:?}"),
    }
}

#[tokio::test]
async fn answers_that_are_not_http_or_too_large_are_errors() {
    let headers = |count: usize| "x-a: b\r\n".repeat(count);
    check_answer(&format!("HTTP/1.1 200 OK\r\n{}\r\n", headers(100)), None).await;
    check_answer(&format!("HTTP/1.1 200 OK\r\n{}\r\n", headers(101)), Some(TransportErrorKind::Protocol)).await;
    let long = |length: usize| format!("HTTP/1.1 200 OK\r\nx-long: {}\r\n\r\n", "a".repeat(length));
    check_answer(&long(60 * 1024), None).await;
    check_answer(&long(64 * 1024 - 5), Some(TransportErrorKind::Protocol)).await;
    check_answer("what is this\r\n\r\n", Some(TransportErrorKind::Protocol)).await;
    check_answer("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", Some(TransportErrorKind::Protocol)).await;
    check_answer("HTTP/1.1 200 OK\r\ncontent-le", Some(TransportErrorKind::Io)).await;
    check_answer("", Some(TransportErrorKind::Io)).await;
}

async fn check_answer(text: &str, expected: Option<TransportErrorKind>) {
    let start = text.get(..40).unwrap_or(text);
    match answer(text).await {
        Ok(response) => assert_eq!((None, response.status().as_u16()), (expected, 200), "{start:?}"),
        Err(error) => assert_eq!(Some(error.kind()), expected, "{start:?}: {}", chain(&error)),
    }
}

#[tokio::test]
async fn redirects_are_answers() {
    let response =
        answer("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    assert_eq!(response.status().as_u16(), 301);
    assert_eq!(response.headers().get("location"), Some("http://127.0.0.1:9/"));
}

#[tokio::test]
async fn a_refused_connection_is_said_to_be_one() {
    let (_nobody, address) = loopback::nobody();
    let error = HyperTransport::default().send(get(&format!("http://{address}"))).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    let text = chain(&error);
    assert!(text.to_lowercase().contains("refused"), "{text}");
    assert!(text.contains(&address), "{text}");
}

#[tokio::test]
async fn requests_that_cannot_be_sent_name_what_is_wrong() {
    let with_header =
        |name, value| Request { headers: [(name, value)].into_iter().collect(), ..get("http://localhost") };
    check_unsendable(with_header("x-token", "hush\n"), "the value of its header \"x-token\" is not valid").await;
    check_unsendable(with_header("x token", "hush"), "the name of its header \"x token\" is not valid").await;
    check_unsendable(get(""), "its origin must start with https:// or http://").await;
    check_unsendable(get("ftp://localhost"), "its origin must start with https:// or http://").await;
    check_unsendable(get("http://a b"), "its address is not valid").await;
    check_unsendable(Request { method: "G T", ..get("http://localhost") }, "its method is not valid").await;
    #[cfg(not(feature = "rustls"))]
    check_unsendable(get("https://localhost"), "turn on the feature `rustls`").await;
}

async fn check_unsendable(request: Request, expected: &str) {
    let error = HyperTransport::default().send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::User);
    let shown = format!("{} {error:?}", chain(&error));
    assert!(shown.contains(expected) && !shown.contains("hush"), "{shown}");
}

#[test]
fn without_a_tokio_runtime_there_is_an_error_and_no_panic() {
    let transport = HyperTransport::default();
    let mut sending = transport.send(get("http://localhost"));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match sending.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => assert!(chain(&error).contains("no tokio runtime"), "{}", chain(&error)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_closes_its_connection() {
    let server = Server::start([vec![loopback::NO_ANSWER.to_owned()]]).await;
    let transport = HyperTransport::default();
    let call = transport.send(get(&server.origin));
    assert!(tokio::time::timeout(Duration::from_millis(100), call).await.is_err());
    server.until_closed().await;
}

/// An error and its causes, in one line.
fn chain(error: &TransportError) -> String {
    let causes = std::iter::successors(Some(error as &dyn Error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Variables, and no others.
#[derive(Debug)]
struct Variables([(&'static str, String); 1]);

impl Environment for Variables {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(of, _)| *of == name).map(|(_, value)| value.clone())
    }
}

/// Asks for credentials through the transport that their sources have of their own.
async fn credentials(variable: &'static str, value: String) -> Result<String, String> {
    let profiles = ProfileFiles::builder().build();
    let choice = Choice { files: profiles, ..Choice::default() };
    let sources = Sources::read(Variables([(variable, value)]), &Process, choice);
    let chain = DefaultCredentialsChain::new(Arc::new(sources), Doors::default());
    let got = chain.provide_credentials().await;
    got.map(|keys| keys.access_key_id().to_owned()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn agents_are_asked_for_credentials() {
    let answer = |text: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}", text.len());
    let keys = answer(r#"{"Code": "Success", "AccessKeyId": "AK", "SecretAccessKey": "S", "Token": "T"}"#);

    let container = Server::start([vec![keys.clone()]]).await;
    let uri = format!("{}/v1?a=b", container.origin);
    assert_eq!(credentials("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri).await, Ok("AK".to_owned()));
    assert!(container.last_request().starts_with("GET /v1?a=b HTTP/1.1\r\n"), "{}", container.last_request());

    let instance = Server::start([vec![answer("token"), answer("role"), keys]]).await;
    let endpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    assert_eq!(credentials(endpoint, instance.origin.clone()).await, Ok("AK".to_owned()));
    let request = instance.last_request();
    assert!(request.starts_with("GET /latest/meta-data/iam/security-credentials/role HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("x-aws-ec2-metadata-token: token\r\n"), "{request}");

    let (_nobody, address) = loopback::nobody();
    let origin = format!("http://{address}");
    let told = credentials(endpoint, origin.clone()).await.unwrap_err();
    assert!(told.contains(&format!("instance: no answer from {origin} in 4 attempts: could not connect: ")), "{told}");
}
