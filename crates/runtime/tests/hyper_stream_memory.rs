//! Streams in constant memory: much goes out and comes in, and little of it is held at any time. A process of its own, whose
//! memory nobody else uses.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
#![cfg(target_os = "linux")]

mod copier;

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tinsmith_runtime::primitives::ByteStream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The most that the process may grow by.
const MOST: u64 = 16 << 20;

/// So many bytes, in chunks that are made when they are asked for.
struct Generated(u64);

impl Stream for Generated {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let length = self.0.min(64 << 10);
        self.0 -= length;
        Poll::Ready((length > 0).then(|| Ok(Bytes::from(vec![7; length as usize]))))
    }
}

/// Sends so many bytes, is sent as many, and looks at the most memory that was ever used.
async fn check(length: u64) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 64 << 10];
        // The head comes in one piece, as it is short.
        let first = connection.read(&mut buffer).await.unwrap();
        let head = buffer[..first].windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let mut come = (first - head) as u64;
        while come < length {
            let count = connection.read(&mut buffer).await.unwrap();
            assert!(count > 0, "the request ended after {come} bytes");
            come += count as u64;
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut left = length;
        while left > 0 {
            let next = left.min(buffer.len() as u64);
            connection.write_all(&buffer[..next as usize]).await.unwrap();
            left -= next;
        }
        come
    });
    let before = most_memory();
    let stream = ByteStream::from_stream(Generated(length)).with_length(length);
    let mut answer = copier::copy(&origin).body(stream).send().await.unwrap().body;
    let mut come = 0;
    while let Some(chunk) = answer.try_next().await.unwrap() {
        come += chunk.len() as u64;
    }
    assert_eq!((server.await.unwrap(), come), (length, length));
    let grown = most_memory() - before;
    assert!(grown < MOST, "{length} bytes each way took {grown} bytes of memory");
}

/// The most memory that the process ever had at a time, in bytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[tokio::test]
async fn a_gibibyte_each_way() {
    check(1 << 30).await;
}
