//! Transports of one idea each, by the names of the official crates.

use std::fmt;
use std::future::{pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::{lock, read_body};
use crate::http::{Body, Headers, Request, Response, StatusCode};
use crate::transport::{BoxFuture, SharedTransport, Transport, TransportError};

/// Never answers, so that what bounds a wait can be seen to bound it. Clones share the count.
#[derive(Clone, Debug, Default)]
pub struct NeverClient(Arc<AtomicUsize>);

impl NeverClient {
    /// A transport that nothing was sent over yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many requests were sent.
    pub fn num_calls(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Transport for NeverClient {
    fn send(&self, _request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(pending())
    }
}

/// A transport that keeps the request for the receiver, and answers with this, or with an empty 200. For a test that
/// cares for the request alone.
pub fn capture_request(response: Option<Response>) -> (CaptureRequestHandler, CaptureRequestReceiver) {
    let response = response.unwrap_or_else(|| Response::new(StatusCode::new(200), Headers::new(), Body::default()));
    let captured = Arc::default();
    let handler =
        CaptureRequestHandler { response: Arc::new(Mutex::new(Some(response))), captured: Arc::clone(&captured) };
    (handler, CaptureRequestReceiver(captured))
}

/// The transport of [`capture_request`].
#[derive(Clone, Debug)]
pub struct CaptureRequestHandler {
    response: Arc<Mutex<Option<Response>>>,
    captured: Arc<Mutex<Option<Request>>>,
}

impl Transport for CaptureRequestHandler {
    /// # Panics
    ///
    /// A second request is sent.
    #[allow(clippy::panic, reason = "a test says what went wrong by panicking")]
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let Some(response) = lock(&self.response).take() else {
            panic!("capture_request takes one request, and this is another: {request:?}")
        };
        Box::pin(async move {
            read_body(&mut request).await?;
            *lock(&self.captured) = Some(request);
            Ok(response)
        })
    }
}

/// What [`capture_request`] captures into.
#[derive(Debug)]
pub struct CaptureRequestReceiver(Arc<Mutex<Option<Request>>>);

impl CaptureRequestReceiver {
    /// The request.
    ///
    /// # Panics
    ///
    /// None was sent.
    #[track_caller]
    #[allow(clippy::panic, reason = "a test says what went wrong by panicking")]
    pub fn expect_request(self) -> Request {
        let captured = lock(&self.0).take();
        match captured {
            Some(request) => request,
            None => panic!("a request should have been sent"),
        }
    }

    /// Makes sure that nothing was sent.
    ///
    /// # Panics
    ///
    /// A request was sent.
    #[track_caller]
    pub fn expect_no_request(self) {
        let captured = lock(&self.0).take();
        assert!(captured.is_none(), "no request should have been sent, and this was: {captured:?}");
    }
}

/// A transport that is a function from request to response.
pub fn infallible_client_fn(answer: impl Fn(Request) -> Response + Send + Sync + 'static) -> SharedTransport {
    SharedTransport::new(Function(Box::new(answer)))
}

struct Function(Box<dyn Fn(Request) -> Response + Send + Sync>);

impl Transport for Function {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(ready(Ok((self.0)(request))))
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Function")
    }
}
