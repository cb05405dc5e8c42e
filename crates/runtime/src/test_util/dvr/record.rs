//! Records what goes over another transport.

use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::{Bytes, BytesMut};

use super::{Exchange, NetworkTraffic, redact};
use crate::http::{Body, Headers, Request, Response};
use crate::test_util::{lock, read_body};
use crate::transport::{BoxFuture, SharedTransport, Transport, TransportError, TransportErrorKind};

/// Sends requests over another transport, and keeps them and what comes back. Clones share the recording.
///
/// Secrets are left out of it: authorization, tokens and signatures in headers and addresses, the members of bodies by
/// which AWS hands out credentials, and the token of an instance. What else a service said is in it; look through the file before you commit it.
#[derive(Clone, Debug)]
pub struct RecordingClient {
    transport: SharedTransport,
    recorded: Arc<Mutex<Vec<Exchange>>>,
}

impl RecordingClient {
    /// Records what goes over this transport.
    pub fn new(transport: impl Transport) -> Self {
        Self { transport: SharedTransport::new(transport), recorded: Arc::default() }
    }

    /// Records what goes over a transport of its own, which knows no settings: to record through a proxy, or with a bundle of
    /// roots, bring a transport that is made of `transport_settings()`.
    #[cfg(feature = "default-https-client")]
    pub fn https() -> Self {
        Self::new(crate::transport::hyper::HyperTransport::default())
    }

    /// What has been recorded so far.
    pub fn network_traffic(&self) -> NetworkTraffic {
        NetworkTraffic { exchanges: lock(&self.recorded).clone(), docs: None }
    }

    /// Writes what has been recorded so far to a file, as [`ReplayingClient::from_file`](super::ReplayingClient::from_file)
    /// reads it.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn dump_to_file(&self, path: impl AsRef<Path>) -> io::Result<()> {
        std::fs::write(path, self.network_traffic().to_json())
    }

    /// Keeps a request in its place, before anything comes back: exchanges may overlap.
    fn begin(&self, request: &Request) -> usize {
        let mut recorded = lock(&self.recorded);
        recorded.push(Exchange {
            method: request.method.to_owned(),
            uri: redact::uri(&request.uri()),
            request_headers: redact::headers(&request.headers),
            request_body: redact::request_body(request.bytes()),
            ..Exchange::default()
        });
        recorded.len() - 1
    }

    fn end(&self, place: usize, response: Result<(u16, Headers), String>, body: &Bytes) {
        if let Some(exchange) = lock(&self.recorded).get_mut(place) {
            exchange.response_body = redact::response_body(exchange, body);
            exchange.response = response;
        }
    }
}

impl Transport for RecordingClient {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            read_body(&mut request).await?;
            let place = self.begin(&request);
            let mut response = self.transport.send(request).await.inspect_err(|error| {
                self.end(place, Err(error.to_string()), &Bytes::new());
            })?;
            let (body, broken) = read(response.body_mut()).await;
            self.end(place, Ok((response.status().as_u16(), redact::headers(response.headers()))), &body);
            // A body that broke off is no answer that could be played again.
            if let Some(error) = broken {
                self.end(place, Err(error.to_string()), &body);
                return Err(error);
            }
            *response.body_mut() = Body::whole(body);
            Ok(response)
        })
    }
}

/// The longest body that is recorded, in bytes: as long as those that calls read.
const MOST: usize = 64 << 20;

/// All of a body that comes, and why that is not all.
async fn read(body: &mut Body) -> (Bytes, Option<TransportError>) {
    let mut bytes = BytesMut::new();
    let broken = loop {
        match poll_fn(|cx| body.poll_chunk(cx)).await {
            None => break None,
            Some(Ok(chunk)) if bytes.len().saturating_add(chunk.len()) <= MOST => bytes.extend_from_slice(&chunk),
            Some(Ok(_)) => {
                break Some(TransportError::new(
                    TransportErrorKind::Protocol,
                    format!("the body is longer than {MOST} bytes"),
                ));
            }
            Some(Err(error)) => break Some(error),
        }
    };
    (bytes.freeze(), broken)
}
