//! A scripted HTTP server on loopback, and the reading of bodies, for tests of transports.

use std::sync::{Arc, Mutex};

use tinsmith_runtime::http::Response;
use tinsmith_runtime::transport::TransportError;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinHandle};

/// An answer that never comes: the server waits for the client to close the connection.
pub(crate) const NO_ANSWER: &str = "no answer";

/// A server that gives each connection the next list of answers, one a request, and then closes it.
pub(crate) struct Server {
    /// `http://` and the address.
    pub(crate) origin: String,
    seen: Arc<Seen>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    connections: Mutex<Vec<AbortHandle>>,
    closed: Notify,
}

impl Server {
    /// Starts on a free port; beyond the connections that are scripted, each is closed at once.
    pub(crate) async fn start(script: impl IntoIterator<Item = Vec<String>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let script: Vec<_> = script.into_iter().collect();
        let accepting = tokio::spawn(accept(listener, script, seen.clone()));
        Self { origin, seen, accepting }
    }

    /// How many connections were opened.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.lock().unwrap().len()
    }

    /// The request that came last, byte for byte.
    pub(crate) fn last_request(&self) -> String {
        self.seen.requests.lock().unwrap().last().cloned().unwrap_or_default()
    }

    /// Waits until a connection is closed.
    pub(crate) async fn until_closed(&self) {
        self.seen.closed.notified().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        for connection in self.seen.connections.lock().unwrap().iter() {
            connection.abort();
        }
    }
}

async fn accept(listener: TcpListener, script: Vec<Vec<String>>, seen: Arc<Seen>) {
    let mut script = script.into_iter();
    while let Ok((stream, _)) = listener.accept().await {
        let connection = tokio::spawn(answer(stream, script.next().unwrap_or_default(), seen.clone()));
        seen.connections.lock().unwrap().push(connection.abort_handle());
    }
}

async fn answer(mut stream: TcpStream, answers: Vec<String>, seen: Arc<Seen>) {
    for answer in answers {
        let request = read_request(&mut stream).await;
        if answer == NO_ANSWER {
            while stream.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {}
            break;
        }
        seen.requests.lock().unwrap().push(request);
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
    drop(stream);
    seen.closed.notify_one();
}

/// An address, host and port, where connections are refused for as long as the socket is kept: its port is taken, and
/// nobody listens. A port that was given back could be another test's by then.
pub(crate) fn nobody() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    (socket, address)
}

/// Reads a request with its body, whose length its head says.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = String::new();
    let mut byte = [0];
    let length = |text: &str| {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        length.checked_sub(body.len())
    };
    while length(&text) != Some(0) && stream.read_exact(&mut byte).await.is_ok() {
        text.push(char::from(byte[0]));
    }
    text
}

/// Reads the rest of a response's body.
pub(crate) async fn read_body(response: &mut Response) -> Result<Vec<u8>, TransportError> {
    let mut whole = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|cx| response.body_mut().poll_chunk(cx)).await {
        whole.extend_from_slice(&chunk?);
    }
    Ok(whole)
}
