//! A proxy on loopback that refuses everyone, and says what they sent.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct RefusingProxy {
    listener: TcpListener,
    address: String,
    received: Arc<Mutex<String>>,
}

impl RefusingProxy {
    /// One that has an address, and waits to be served.
    pub(crate) fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        Self { listener, address, received: Arc::default() }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Serves it for as long as the runtime of this task lasts.
    pub(crate) fn serve(&self) {
        let listener = tokio::net::TcpListener::from_std(self.listener.try_clone().unwrap()).unwrap();
        let received = self.received.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(refuse(stream, received.clone()));
            }
        });
    }

    /// What was sent to it, byte for byte.
    pub(crate) fn received(&self) -> String {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn refuse(mut stream: TcpStream, received: Arc<Mutex<String>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if !stream.read_buf(&mut request).await.is_ok_and(|count| count > 0) {
            return;
        }
    }
    let request = String::from_utf8_lossy(&request);
    received.lock().unwrap_or_else(PoisonError::into_inner).push_str(&request);
    let sent = request.lines().find_map(|line| line.strip_prefix("proxy-authorization: ")).unwrap_or_default();
    let head = format!("HTTP/1.1 407 {sent}\r\nproxy-authenticate: Basic realm=\"{sent}\"\r\n");
    let answer = format!("{head}content-length: {}\r\nconnection: close\r\n\r\n{sent}", sent.len());
    // Who is gone does not need it.
    let _ = stream.write_all(answer.as_bytes()).await;
}
