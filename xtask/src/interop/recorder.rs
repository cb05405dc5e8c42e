//! A server that keeps each request as it came over the wire, and answers with an empty page.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;

/// What the head of a request may hold, and what its body may.
const HEAD_LIMIT: u64 = 64 * 1024;
const BODY_LIMIT: u64 = 1024 * 1024;

/// What is answered.
const PAGE: &str = "{\"Layers\": [], \"NextMarker\": null}";

/// A server on loopback. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Recorder {
    address: SocketAddr,
    kept: Arc<Mutex<Vec<Recorded>>>,
    ended: Arc<AtomicBool>,
}

/// A request as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Recorded {
    pub(super) method: String,
    pub(super) path: String,
    /// Between `?` and the end, still encoded.
    pub(super) query: String,
    /// With names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Recorder {
    /// Starts to listen.
    pub(super) fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen on 127.0.0.1")?;
        let recorder = Self { address: listener.local_addr()?, kept: Arc::default(), ended: Arc::default() };
        let (kept, ended) = (Arc::clone(&recorder.kept), Arc::clone(&recorder.ended));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let kept = Arc::clone(&kept);
                // A connection that breaks shows as a request that is missing.
                std::thread::spawn(move || exchange(&stream, &kept));
            }
        });
        Ok(recorder)
    }

    /// Where it listens.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests since this was asked last. One that was answered is among them.
    pub(super) fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // It waits for a connection, so it is given one to see that it has ended.
        let _ = TcpStream::connect(self.address);
    }
}

impl Recorded {
    /// Path and query, as they came.
    pub(super) fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The value of a header; of one that came several times, of the first.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// One request a connection. A body has a length: neither client sends one in chunks that it has in memory.
fn exchange(stream: &TcpStream, kept: &Mutex<Vec<Recorded>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut head = Vec::new();
    let mut reader = BufReader::new(stream.take(HEAD_LIMIT));
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head)? == 0 {
            return Ok(());
        }
    }
    let mut recorded = read(&latin1(&head));
    let length = recorded.header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
    reader.get_mut().set_limit(BODY_LIMIT);
    reader.take(length).read_to_end(&mut recorded.body)?;
    kept.lock().unwrap_or_else(PoisonError::into_inner).push(recorded);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    let mut stream = stream;
    write!(stream, "{head}Content-Length: {}\r\n\r\n{PAGE}", PAGE.len())
}

/// A character a byte, so that headers that differ in any byte differ here.
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Reads the head of a request: a line of method, target and version, then headers.
fn read(head: &str) -> Recorded {
    let (first, headers) = head.split_once("\r\n").unwrap_or((head, ""));
    let mut first = first.split(' ');
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |line: &str| {
        line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim_matches([' ', '\t']).to_owned()))
    };
    Recorded {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.lines().filter_map(header).collect(),
        body: Vec::new(),
    }
}
