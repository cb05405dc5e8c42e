//! HTTP/2 of the hyper transport, against servers of hyper on loopback: when it is spoken, and that calls share a
//! connection.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[expect(dead_code, reason = "this suite has servers of its own")]
mod loopback;
#[expect(dead_code, reason = "what only the suite of TLS needs")]
mod tls_server;

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::{ALL_VERSIONS, ServerConfig};
use tinsmith_runtime::http;
use tinsmith_runtime::transport::hyper::{HyperSettings, HyperTransport};
use tinsmith_runtime::transport::tls::TlsContext;
use tinsmith_runtime::transport::{Transport, TransportError, TransportErrorKind};
use tls_server::{get, issue, root, server, transport, trusting};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

/// How long anything may take before the test that waits for it fails.
const LIMIT: Duration = Duration::from_secs(10);

/// A server that tells of each request what came, and waits on `/wait` until it is let go.
struct Server {
    origin: String,
    transport: HyperTransport,
    seen: Arc<Seen>,
    tls: TlsContext,
    /// What the handshakes that are to come are done by.
    config: Arc<Mutex<Arc<ServerConfig>>>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    waiting: AtomicUsize,
    arrived: Notify,
    go: Notify,
    closed: Notify,
}

impl Server {
    /// Starts one that speaks these protocols, and a transport that trusts it.
    async fn start(protocols: &[&str]) -> Self {
        let known = root("known");
        let config = server(&issue(&known, "localhost"), ALL_VERSIONS, None);
        let config = Arc::new(Mutex::new(Arc::new(speaking(protocols, config))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (seen, tls) = (Arc::<Seen>::default(), trusting(&known));
        tokio::spawn(accept(listener, config.clone(), seen.clone()));
        Self { origin, transport: transport(tls.clone()), seen, tls, config }
    }

    /// Starts to speak other protocols, on connections that are to come.
    fn speak(&self, protocols: &[&str]) {
        let mut config = self.config.lock().unwrap();
        *config = Arc::new(speaking(protocols, ServerConfig::clone(&config)));
    }

    /// Another transport that trusts this server, with other settings.
    fn with(mut self, change: impl FnOnce(&mut HyperSettings)) -> Self {
        let mut settings = HyperSettings::default();
        settings.tls_context = self.tls.clone();
        change(&mut settings);
        self.transport = HyperTransport::new(settings);
        self
    }

    fn connections(&self) -> usize {
        self.seen.connections.load(SeqCst)
    }

    /// Sends a request, and returns what the server tells of it.
    async fn ask(&self, request: http::Request) -> String {
        ask(self.transport.clone(), request).await.unwrap()
    }

    fn get(&self, path: &str) -> http::Request {
        http::Request { path: path.to_owned(), ..get(&self.origin) }
    }

    /// Waits until so many requests wait.
    async fn until_waiting(&self, count: usize) {
        while self.seen.waiting.load(SeqCst) < count {
            self.seen.arrived.notified().await;
        }
    }
}

fn speaking(protocols: &[&str], mut config: ServerConfig) -> ServerConfig {
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

async fn ask(transport: HyperTransport, request: http::Request) -> Result<String, TransportError> {
    let mut response = transport.send(request).await?;
    Ok(String::from_utf8(loopback::read_body(&mut response).await?).unwrap())
}

async fn accept(listener: TcpListener, config: Arc<Mutex<Arc<ServerConfig>>>, seen: Arc<Seen>) {
    while let Ok((stream, _)) = listener.accept().await {
        seen.connections.fetch_add(1, SeqCst);
        let (acceptor, seen) = (TlsAcceptor::from(config.lock().unwrap().clone()), seen.clone());
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let service = service_fn(|request| tell(request, seen.clone()));
            let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
            seen.closed.notify_one();
        });
    }
}

async fn tell(request: Request<Incoming>, seen: Arc<Seen>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    match head.uri.path() {
        "/wait" => {
            let go = seen.go.notified();
            seen.waiting.fetch_add(1, SeqCst);
            seen.arrived.notify_one();
            go.await;
        }
        "/long-header" => {
            let long = "x".repeat(70 << 10);
            return Ok(Response::builder().header("x-long", long).body(Full::default()).unwrap());
        }
        "/many-headers" => {
            let many = (0..101).fold(Response::builder(), |answer, number| answer.header(format!("x-{number}"), ""));
            return Ok(many.body(Full::default()).unwrap());
        }
        _ => {}
    }
    let host = head.headers.get("host").map_or("", |host| host.to_str().unwrap());
    let text = format!("{} {:?} {host} {}", head.method, head.version, String::from_utf8_lossy(&body));
    Ok(Response::new(Full::from(text)))
}

#[tokio::test]
async fn the_server_chooses_the_version() {
    let wanted = http::Request { method: "POST", body: "a body".into(), ..http::Request::default() };
    for (protocols, expected) in
        [(&["h2", "http/1.1"][..], "HTTP/2.0"), (&["http/1.1"], "HTTP/1.1"), (&["h2"], "HTTP/2.0"), (&[], "HTTP/1.1")]
    {
        let server = Server::start(protocols).await;
        let request =
            http::Request { origin: server.origin.clone(), path: "/".to_owned(), ..wanted.try_clone().unwrap() };
        let host = server.origin.trim_start_matches("https://");
        assert_eq!(server.ask(request).await, format!("POST {expected} {host} a body"), "{protocols:?}");
    }
}

#[tokio::test]
async fn calls_that_begin_at_once_share_one_connection() {
    const CALLS: usize = 64;
    let server = Server::start(&["h2", "http/1.1"]).await;
    share_one_connection(&server, CALLS).await;
    assert!(server.ask(server.get("/")).await.starts_with("GET HTTP/2.0"));
    assert_eq!(server.connections(), 1);
}

/// Begins so many calls at once, each of which needs its stream, and none another connection.
async fn share_one_connection(server: &Server, calls: usize) {
    let calls: Vec<_> = (0..calls).map(|_| tokio::spawn(ask(server.transport.clone(), server.get("/wait")))).collect();
    server.until_waiting(calls.len()).await;
    assert_eq!(server.connections(), 1);
    server.seen.go.notify_waiters();
    for call in calls {
        assert!(call.await.unwrap().unwrap().starts_with("GET HTTP/2.0"));
    }
}

#[tokio::test]
async fn calls_over_http_1_1_have_a_connection_each_and_use_it_again() {
    const CALLS: usize = 4;
    let server = Server::start(&["http/1.1"]).await;
    for _ in 0..2 {
        let calls: Vec<_> =
            (0..CALLS).map(|_| tokio::spawn(ask(server.transport.clone(), server.get("/wait")))).collect();
        server.until_waiting(CALLS).await;
        server.seen.waiting.store(0, SeqCst);
        server.seen.go.notify_waiters();
        for call in calls {
            assert!(call.await.unwrap().unwrap().starts_with("GET HTTP/1.1"));
        }
        assert_eq!(server.connections(), CALLS);
    }
}

/// On several threads, as a connection is not driven yet when the first call has it.
#[tokio::test(flavor = "multi_thread")]
async fn the_connection_that_shows_http_1_1_is_used() {
    let mut server = Server::start(&["http/1.1"]).await;
    for (transports, kept) in (1..=20).zip([0, 1].into_iter().cycle()) {
        server = server.with(|settings| settings.pool_max_idle_per_host = kept);
        assert!(server.ask(server.get("/")).await.starts_with("GET HTTP/1.1"));
        assert_eq!(server.connections(), transports);
    }
}

#[tokio::test]
async fn a_host_that_speaks_http_2_by_now_is_spoken_to_in_it() {
    let server = Server::start(&["http/1.1"]).await;
    let before = tokio::spawn(ask(server.transport.clone(), server.get("/wait")));
    server.until_waiting(1).await;
    server.speak(&["h2"]);
    for _ in 0..3 {
        assert!(server.ask(server.get("/")).await.starts_with("GET HTTP/2.0"));
    }
    assert_eq!(server.connections(), 2);
    server.seen.go.notify_waiters();
    assert!(before.await.unwrap().unwrap().starts_with("GET HTTP/1.1"));
}

/// Time passes at once, and what is due by then is done.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_connection_that_is_idle_for_too_long_is_closed() {
    let server = Server::start(&["h2"]).await;
    assert!(server.ask(server.get("/")).await.starts_with("GET HTTP/2.0"));
    pass(Duration::from_secs(59)).await;
    server.ask(server.get("/")).await;
    pass(Duration::from_secs(59)).await;
    server.ask(server.get("/")).await;
    assert_eq!(server.connections(), 1);
    pass(Duration::from_secs(60)).await;
    tokio::time::timeout(LIMIT, server.seen.closed.notified()).await.unwrap();
    server.ask(server.get("/")).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_is_not_idle_while_a_call_is_on_it_nor_just_after() {
    let server = Server::start(&["h2"]).await;
    let call = tokio::spawn(ask(server.transport.clone(), server.get("/wait")));
    server.until_waiting(1).await;
    pass(Duration::from_secs(61)).await;
    server.ask(server.get("/")).await;
    assert_eq!(server.connections(), 1);
    pass(Duration::from_secs(20)).await;
    server.seen.go.notify_waiters();
    call.await.unwrap().unwrap();
    pass(Duration::from_secs(50)).await;
    server.ask(server.get("/")).await;
    assert_eq!(server.connections(), 1);
}

/// Calls share it as ever, and wait for it no longer than for one that is kept.
#[tokio::test]
async fn a_connection_that_is_not_to_be_kept_is_shared_by_the_calls_that_are_there() {
    const CALLS: usize = 8;
    for change in [
        |settings: &mut HyperSettings| settings.pool_max_idle_per_host = 0,
        |settings: &mut HyperSettings| settings.pool_idle_timeout = Duration::ZERO,
    ] {
        let server = Server::start(&["h2"]).await.with(change);
        share_one_connection(&server, CALLS).await;
        assert!(server.ask(server.get("/")).await.starts_with("GET HTTP/2.0"));
        assert_eq!(server.connections(), 2);
    }
}

#[tokio::test]
async fn nobody_waits_for_a_call_that_is_not_driven() {
    let server = Server::start(&["h2"]).await;
    let mut first = Box::pin(server.transport.send(server.get("/")));
    // Begun, and then left alone.
    assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(first.as_mut().poll(cx))).await.is_pending());
    let second = tokio::time::timeout(Duration::from_secs(5), server.ask(server.get("/"))).await;
    assert!(second.unwrap().starts_with("GET HTTP/2.0"));
    assert_eq!(first.await.unwrap().status().as_u16(), 200);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_first_call_that_is_dropped_holds_up_no_other() {
    let server = Server::start(&["h2"]).await;
    let mut first = Box::pin(server.transport.send(server.get("/")));
    assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(first.as_mut().poll(cx))).await.is_pending());
    drop(first);
    assert!(server.ask(server.get("/")).await.starts_with("GET HTTP/2.0"));
}

#[tokio::test]
async fn a_first_call_that_fails_says_so_for_all_that_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (transport, request) = to(&listener, Duration::from_secs(1));
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    let closing = tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, SeqCst);
        }
    });
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(ask(transport.clone(), request.try_clone().unwrap()))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap_err().kind(), TransportErrorKind::Connect);
    }
    assert_eq!(connections.load(SeqCst), 1);
    closing.abort();
}

/// A transport with this limit for connections, and a request to a host that shakes no hands.
fn to(host: &TcpListener, connect_timeout: Duration) -> (HyperTransport, http::Request) {
    let mut settings = HyperSettings::default();
    settings.connect_timeout = connect_timeout;
    settings.tls_context = trusting(&root("known"));
    (HyperTransport::new(settings), get(&format!("https://{}", host.local_addr().unwrap())))
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_connection_waits_no_longer_than_who_connects() {
    let host = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (transport, request) = to(&host, Duration::from_secs(1));
    let begun = Instant::now();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(ask(transport.clone(), request.try_clone().unwrap()))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap_err().kind(), TransportErrorKind::ConnectTimeout);
    }
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_limit_may_be_longer_than_any_time_there_is() {
    let host = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (transport, request) = to(&host, Duration::MAX);
    let calls = [(); 2].map(|()| tokio::spawn(ask(transport.clone(), request.try_clone().unwrap())));
    // Both wait until the host goes away, and none of them panicked.
    tokio::time::sleep(Duration::from_secs(60 * 60)).await;
    for call in calls {
        assert!(!call.is_finished());
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
    }
}

#[tokio::test(start_paused = true)]
async fn who_connects_in_the_place_of_a_dropped_call_has_the_time_that_is_left() {
    let host = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (transport, request) = to(&host, Duration::from_secs(1));
    let begun = Instant::now();
    let first = tokio::time::timeout(Duration::from_millis(800), transport.send(request.try_clone().unwrap()));
    let (first, second) = tokio::join!(first, transport.send(request));
    assert!(first.is_err());
    assert_eq!(second.unwrap_err().kind(), TransportErrorKind::ConnectTimeout);
    let taken = begun.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_millis(1500)).contains(&taken), "{taken:?}");
}

#[tokio::test]
async fn a_dropped_call_leaves_the_connection_to_the_others() {
    let server = Server::start(&["h2"]).await;
    let dropped = tokio::spawn(ask(server.transport.clone(), server.get("/wait")));
    let kept = tokio::spawn(ask(server.transport.clone(), server.get("/wait")));
    server.until_waiting(2).await;
    dropped.abort();
    assert!(dropped.await.unwrap_err().is_cancelled());
    server.seen.go.notify_waiters();
    assert!(kept.await.unwrap().unwrap().starts_with("GET HTTP/2.0"));
    assert!(server.ask(server.get("/")).await.starts_with("GET HTTP/2.0"));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn headers_are_bounded() {
    let server = Server::start(&["h2"]).await;
    for path in ["/long-header", "/many-headers"] {
        let error = ask(server.transport.clone(), server.get(path)).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Protocol, "{path}: {error:?}");
    }
}
