//! Connections that the hyper transport keeps: what becomes of a request on one that the server ended, and of the pool
//! when calls are dropped.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[expect(dead_code, reason = "this suite has servers of its own")]
mod loopback;

use std::error::Error;
use std::future::poll_fn;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use tinsmith_runtime::http::Request;
use tinsmith_runtime::transport::hyper::HyperTransport;
use tinsmith_runtime::transport::{Transport, TransportError, TransportErrorKind};
use tokio::io::AsyncWriteExt;
use tokio::runtime::Builder;
use tokio::sync::Barrier;

/// How long anything may take before the test that waits for it fails.
const LIMIT: Duration = Duration::from_secs(10);

/// What a server does about a connection.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Reads a request, and answers it.
    Answer,
    /// Reads a request, and closes the connection.
    Close,
    /// Waits until a request has come, and closes the connection without reading it, which resets it.
    Reset,
    /// Reads a request, answers with half a head, and closes the connection.
    Half,
    /// Waits until the test says so, closes the connection, and says so.
    CloseWhenTold,
}

/// A server on a thread of its own, which gives connection after connection a list of steps each, closes it then, and
/// tells at last which requests it read.
struct Server {
    origin: String,
    requests: Receiver<Vec<String>>,
    close: Sender<()>,
    closed: Receiver<()>,
}

fn server(script: &'static [&'static [Step]]) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let ((close, told), (tell, closed), (finish, requests)) = (channel(), channel(), channel());
    std::thread::spawn(move || {
        let mut requests = Vec::new();
        for steps in script {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(LIMIT)).unwrap();
            for step in *steps {
                match step {
                    Step::CloseWhenTold => told.recv_timeout(LIMIT).unwrap(),
                    Step::Reset => assert!(stream.peek(&mut [0]).unwrap() > 0),
                    Step::Answer | Step::Close | Step::Half => requests.push(read(&mut stream)),
                }
                match step {
                    Step::Answer => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").unwrap(),
                    Step::Half => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-").unwrap(),
                    _ => {}
                }
            }
            drop(stream);
            let _ = tell.send(());
        }
        let _ = finish.send(requests);
    });
    Server { origin, requests, close, closed }
}

impl Server {
    /// How many requests it read, when it is through its script.
    fn finish(self) -> usize {
        self.requests.recv_timeout(LIMIT).unwrap().len()
    }
}

/// Reads a request, whose body, if it has one, has two bytes.
fn read(stream: &mut TcpStream) -> String {
    let (mut request, mut byte) = (String::new(), [0]);
    let is_whole = |request: &str| match request.split_once("\r\n\r\n") {
        Some((head, body)) => !has_body(head) || body.len() == 2,
        None => false,
    };
    while !is_whole(&request) {
        stream.read_exact(&mut byte).unwrap();
        request.push(char::from(byte[0]));
    }
    request
}

/// Whether the requests of a method have a body here.
fn has_body(request: &str) -> bool {
    request.starts_with("POST") || request.starts_with("OPTIONS")
}

async fn send(transport: &HyperTransport, method: &'static str, origin: &str) -> Result<Vec<u8>, TransportError> {
    let body = if has_body(method) { "{}".into() } else { Default::default() };
    let request = Request { method, origin: origin.to_owned(), path: "/".to_owned(), body, ..Request::default() };
    let answered = async { loopback::read_body(&mut transport.send(request).await?).await };
    tokio::time::timeout(LIMIT, answered).await.unwrap()
}

/// Sends a request that is answered, and another one: whether that is answered too, and how many the server read.
async fn check(method: &'static str, script: &'static [&'static [Step]], answered: bool, requests: usize) {
    let (server, transport) = (server(script), HyperTransport::default());
    assert_eq!(send(&transport, method, &server.origin).await.unwrap(), b"ok");
    match send(&transport, method, &server.origin).await {
        Ok(body) => assert!(answered && body == b"ok", "{method} {script:?}"),
        Err(error) => {
            assert!(!answered, "{method} {script:?}: {error:?}");
            assert_eq!(error.kind(), TransportErrorKind::Io, "{method} {script:?}: {error:?}");
        }
    }
    assert_eq!(server.finish(), requests, "{method} {script:?}");
}

#[tokio::test]
async fn a_request_goes_out_again_only_if_it_is_safe_and_nothing_of_an_answer_came() {
    use Step::{Answer, Close, Half, Reset};
    check("GET", &[&[Answer, Answer]], true, 2).await;
    check("GET", &[&[Answer, Close], &[Answer]], true, 3).await;
    check("GET", &[&[Answer, Reset], &[Answer]], true, 2).await;
    // Whether it was acted on is not known.
    check("POST", &[&[Answer, Close]], false, 2).await;
    check("POST", &[&[Answer, Reset]], false, 1).await;
    // It is safe, but an answer may have begun while its body was sent.
    check("OPTIONS", &[&[Answer, Close]], false, 2).await;
    // An answer had begun.
    check("GET", &[&[Answer, Half]], false, 2).await;
    // Once, and on a new connection no more.
    check("GET", &[&[Answer, Close], &[Close]], false, 3).await;
}

/// Of two connections that are kept, both end with their second request: who met the first must not meet the other.
#[tokio::test]
async fn a_request_goes_out_again_on_a_new_connection() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (requests, both) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(2)));
    let counted = requests.clone();
    let server = tokio::spawn(async move {
        for number in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (requests, both) = (counted.clone(), both.clone());
            tokio::spawn(async move {
                loopback::read_request(&mut stream).await;
                requests.fetch_add(1, Ordering::SeqCst);
                if number < 2 {
                    both.wait().await;
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
                if !loopback::read_request(&mut stream).await.is_empty() {
                    requests.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    let transport = HyperTransport::default();
    let (first, second) = tokio::join!(send(&transport, "GET", &origin), send(&transport, "GET", &origin));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(send(&transport, "GET", &origin).await.unwrap(), b"ok");
    assert_eq!(requests.load(Ordering::SeqCst), 4);
    server.abort();
}

#[tokio::test]
async fn the_first_request_of_a_connection_goes_out_once() {
    const SCRIPTS: [&[&[Step]]; 2] = [&[&[Step::Close]], &[&[Step::Half]]];
    for script in SCRIPTS {
        let server = server(script);
        let error = send(&HyperTransport::default(), "GET", &server.origin).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Io);
        assert_eq!(server.finish(), 1);
    }
}

#[tokio::test]
async fn what_cannot_go_out_again_says_why() {
    let (server, transport) = (server(&[&[Step::Answer, Step::Close]]), HyperTransport::default());
    assert!(send(&transport, "POST", &server.origin).await.is_ok());
    let error = send(&transport, "POST", &server.origin).await.unwrap_err();
    let causes = std::iter::successors(Some(&error as &dyn Error), |&error| error.source());
    let line = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    let told = "the server ended a connection that was kept since an earlier call, before it answered this one";
    assert!(line.contains(told), "{line}");
    assert_eq!(server.finish(), 2);
}

/// One thread, which has not looked at its sockets since: without a look, the request would go into a connection that
/// ended long ago.
#[tokio::test(flavor = "current_thread")]
async fn a_connection_that_ended_while_the_program_slept_costs_no_request_of_any_method() {
    for method in ["GET", "POST"] {
        let server = server(&[&[Step::Answer, Step::CloseWhenTold], &[Step::Answer]]);
        let transport = HyperTransport::default();
        assert!(send(&transport, method, &server.origin).await.is_ok());
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(1)).await;
        tokio::time::resume();
        server.close.send(()).unwrap();
        server.closed.recv_timeout(LIMIT).unwrap();
        assert_eq!(send(&transport, method, &server.origin).await.unwrap(), b"ok", "{method}");
        assert_eq!(server.finish(), 2, "{method}");
    }
}

/// Two runtimes on one thread, which are at work in turn: what the first drives stands still while the second has the thread.
#[test]
fn each_runtime_has_connections_of_its_own() {
    let server = server(&[&[Step::Answer, Step::CloseWhenTold], &[Step::Answer]]);
    let transport = HyperTransport::default();
    let [first, second] = [(); 2].map(|()| Builder::new_current_thread().enable_all().build().unwrap());
    first.block_on(async {
        assert_eq!(send(&transport, "POST", &server.origin).await.unwrap(), b"ok");
        // The connection is in the pool by then.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    });
    server.close.send(()).unwrap();
    server.closed.recv_timeout(LIMIT).unwrap();
    assert_eq!(second.block_on(send(&transport, "POST", &server.origin)).unwrap(), b"ok");
    assert_eq!(server.finish(), 2);
}

/// A server that answers each request with its path, in two pieces, and counts the connections that are open.
async fn echo() -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let open = Arc::new(AtomicUsize::new(0));
    let counted = open.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let open = counted.clone();
            open.fetch_add(1, Ordering::SeqCst);
            stream.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                loop {
                    let request = loopback::read_request(&mut stream).await;
                    let Some(path) = request.split(' ').nth(1) else { break };
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", path.len());
                    if stream.write_all(head.as_bytes()).await.is_err() {
                        break;
                    }
                    tokio::task::yield_now().await;
                    if stream.write_all(path.as_bytes()).await.is_err() {
                        break;
                    }
                }
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    (origin, open)
}

/// A call that is polled so often, then left alone for so many turns of the runtime, and dropped.
async fn dropped(transport: HyperTransport, request: Request, mut polls: usize, turns: usize) {
    let mut call = transport.send(request);
    let response = poll_fn(|cx| match polls.checked_sub(1) {
        None => Poll::Ready(None),
        Some(left) => {
            polls = left;
            call.as_mut().poll(cx).map(Some)
        }
    })
    .await;
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
    drop((call, response));
}

#[tokio::test]
async fn dropped_calls_leave_the_pool_sound_and_nothing_open() {
    let (origin, open) = echo().await;
    let transport = HyperTransport::default();
    let get = |number: usize| Request {
        method: "GET",
        origin: origin.clone(),
        path: format!("/{number}"),
        ..Request::default()
    };
    let seed = Mutex::new(20_261_122_u64);
    let random = |below: u64| {
        let mut seed = seed.lock().unwrap();
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((*seed >> 33) % below).unwrap()
    };
    for round in 0..50 {
        let begin =
            |number: usize| tokio::spawn(dropped(transport.clone(), get(round * 20 + number), random(4), random(12)));
        let calls: Vec<_> = (0..20).map(begin).collect();
        for call in calls {
            call.await.unwrap();
        }
    }
    for number in 1000..1100 {
        let mut response = transport.send(get(number)).await.unwrap();
        let body = loopback::read_body(&mut response).await.unwrap();
        assert_eq!((response.status().as_u16(), body), (200, format!("/{number}").into_bytes()));
    }
    drop(transport);
    let closed = async {
        while open.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, closed).await.unwrap();
}
