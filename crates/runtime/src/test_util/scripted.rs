//! A transport that answers from a list.

use std::collections::VecDeque;
use std::future::{pending, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;

use super::{lock, read_body};
use crate::http::{Body, Chunks, Headers, Request, Response, StatusCode};
use crate::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};

/// Answers requests from a list, in order, and keeps them. Clones share both.
#[derive(Clone, Debug, Default)]
pub struct ScriptedTransport {
    script: Arc<Mutex<VecDeque<Reply>>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl ScriptedTransport {
    /// Takes the answers. A request that finds none left fails as a broken connection.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self { script: Arc::new(Mutex::new(replies.into_iter().collect())), requests: Arc::default() }
    }

    /// The requests so far, as they were sent.
    pub fn requests(&self) -> Vec<Request> {
        // A body that came as a stream was read, so that all of them can be had again.
        lock(&self.requests).iter().filter_map(Request::try_clone).collect()
    }

    /// How many answers are left.
    pub fn left(&self) -> usize {
        lock(&self.script).len()
    }
}

impl Transport for ScriptedTransport {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        if request.body.is_streaming() {
            return Box::pin(async move {
                read_body(&mut request).await?;
                self.send(request).await
            });
        }
        lock(&self.requests).push(request);
        match lock(&self.script).pop_front() {
            Some(Reply::Response { status, headers, body, breaks }) => {
                let body = if breaks { Body::arriving(Breaking(Some(body))) } else { Body::whole(body) };
                Box::pin(ready(Ok(Response::new(StatusCode::new(status), headers, body))))
            }
            Some(Reply::Failure(kind)) => Box::pin(ready(Err(TransportError::new(kind, "as the script has it")))),
            Some(Reply::Silence) => Box::pin(pending()),
            None => Box::pin(ready(Err(TransportError::new(TransportErrorKind::Io, "the script has no more answers")))),
        }
    }
}

/// An answer of a [`ScriptedTransport`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reply {
    /// A response.
    Response {
        /// The status.
        status: u16,
        /// The headers.
        headers: Headers,
        /// The body.
        body: Bytes,
        /// Whether the connection breaks after these bytes of the body.
        breaks: bool,
    },
    /// No response, for this reason.
    Failure(TransportErrorKind),
    /// Nothing, ever.
    Silence,
}

impl Reply {
    /// A response with this status, without headers and body.
    pub fn new(status: u16) -> Self {
        Self::Response { status, headers: Headers::new(), body: Bytes::new(), breaks: false }
    }

    /// With a header.
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        if let Self::Response { headers, .. } = &mut self {
            headers.append(name, value);
        }
        self
    }

    /// With a body.
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        if let Self::Response { body, .. } = &mut self {
            *body = bytes.into();
        }
        self
    }

    /// With a connection that breaks where the body ends.
    pub fn breaks(mut self) -> Self {
        if let Self::Response { breaks, .. } = &mut self {
            *breaks = true;
        }
        self
    }
}

/// A body that breaks off.
struct Breaking(Option<Bytes>);

impl Chunks for Breaking {
    fn poll_chunk(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let broken = || Err(TransportError::new(TransportErrorKind::Io, "the script breaks the body off"));
        Poll::Ready(Some(self.0.take().filter(|begun| !begun.is_empty()).map_or_else(broken, Ok)))
    }
}
