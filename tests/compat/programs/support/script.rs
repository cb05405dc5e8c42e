//! A server that plays a script, one step a request, for programs that need the service to misbehave.
//!
//! It speaks just enough HTTP/1.1 for that, closes each connection, and remembers what it was asked.

#![allow(dead_code, reason = "each program uses a part of it")]

mod frames;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub use frames::Frame;

/// What the server does with one request.
#[derive(Clone, Copy)]
pub enum Step {
    /// Answers: status, headers, body.
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    /// Answers 200 with the messages of an event stream.
    Events(&'static [(&'static str, &'static str)], &'static [Frame]),
    /// Answers 200, promises more bytes than it sends, and closes.
    CutShort,
    /// Closes without a byte.
    HangUp,
    /// Never answers, and keeps the connection open.
    Silence,
}

/// A page of one layer, for scripts that end well.
pub const PAGE: &str = r#"{"Layers":[{"LayerName":"scripted"}],"NextMarker":null}"#;

/// A running script.
pub struct Script {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// What the server was asked: the request line and the headers, without line ends, and the body.
struct Request {
    head: Vec<String>,
    body: Vec<u8>,
}

impl Script {
    /// Starts a server on a free loopback port. Once the steps are used up, the last one repeats.
    pub fn start(steps: &[Step]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (steps, seen) = (steps.to_vec(), requests.clone());
        thread::spawn(move || serve(&listener, &steps, &seen));
        Self { url, requests }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many requests came so far.
    pub fn count(&self) -> usize {
        self.requests.lock().expect("no thread panics").len()
    }

    /// The method and path of each request, with the query sorted: its order is free.
    pub fn targets(&self) -> Vec<String> {
        let requests = self.requests.lock().expect("no thread panics");
        requests.iter().map(|request| sorted_target(&request.head[0])).collect()
    }

    /// The value of a header of a request.
    pub fn header(&self, request: usize, name: &str) -> Option<String> {
        let requests = self.requests.lock().expect("no thread panics");
        requests[request].head.iter().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }

    /// The body of a request.
    pub fn body(&self, request: usize) -> String {
        let requests = self.requests.lock().expect("no thread panics");
        String::from_utf8_lossy(&requests[request].body).into_owned()
    }

    /// The body of a request in JSON, cut at braces and commas, and sorted: the order of members is free.
    pub fn members(&self, request: usize) -> Vec<String> {
        let body = self.body(request);
        let pieces = body.split(['{', '}', ',']).filter(|piece| !piece.is_empty());
        let mut pieces: Vec<String> = pieces.map(str::to_owned).collect();
        pieces.sort_unstable();
        pieces
    }
}

fn serve(listener: &TcpListener, steps: &[Step], requests: &Mutex<Vec<Request>>) {
    let mut kept = Vec::new();
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let Some(request) = read(&stream) else { continue };
        let mut requests = requests.lock().expect("no thread panics");
        let step = steps[requests.len().min(steps.len() - 1)];
        requests.push(request);
        drop(requests);
        // A client that has gone away is no matter of the script.
        let _ = match step {
            Step::Answer(status, headers, body) => answer(&mut stream, status, headers, body.len(), body.as_bytes()),
            Step::Events(headers, frames) => {
                let body: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
                answer(&mut stream, 200, headers, body.len(), &body)
            }
            Step::CutShort => {
                answer(&mut stream, 200, &[("x-amzn-requestid", "cut")], PAGE.len() + 100, PAGE.as_bytes())
            }
            Step::HangUp => Ok(()),
            Step::Silence => {
                kept.push(stream);
                Ok(())
            }
        };
    }
}

/// Reads a request, if one comes.
fn read(stream: &TcpStream) -> Option<Request> {
    let mut stream = BufReader::new(stream);
    let head: Vec<String> = stream.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    head.first()?;
    let length =
        head.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = Vec::new();
    stream.take(length.unwrap_or(0)).read_to_end(&mut body).ok()?;
    Some(Request { head, body })
}

fn answer(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(&str, &str)],
    length: usize,
    body: &[u8],
) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} Scripted\r\nconnection: close\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(body)
}

fn sorted_target(request_line: &str) -> String {
    let target = request_line.strip_suffix(" HTTP/1.1").unwrap_or(request_line);
    let Some((path, query)) = target.split_once('?') else { return target.to_owned() };
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    format!("{path}?{}", pairs.join("&"))
}
