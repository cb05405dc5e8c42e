//! The transport of clients that bring none: hyper over HTTP/1.1 or HTTP/2 with pooled connections.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::header::{HeaderValue, PROXY_AUTHORIZATION};
use hyper::{Method, Uri};
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::connect::{Connector, Opening, named};
use super::connection::{Connection, Host};
use super::failure::{Failure, kind_of_hyper};
use super::headers;
use super::pool::{Lease, Pool};
use super::proxy::Proxy;
use super::route::Route;
pub use super::settings::HyperSettings;
use super::tls;
use super::tunnel::AUTHENTICATE;
use super::{BoxFuture, Transport, TransportError, TransportErrorKind};
use crate::http::{Body, Chunks, Request, Response, StatusCode};

/// Sends requests over pooled connections; clones share one pool. Redirects are answers, and are not followed.
///
/// A connection that the server ended while it was kept is noticed, and another one used in its place. Where it ends just
/// as the next request is sent on it, before any byte of an answer, nobody can tell whether the server read it: the request
/// is sent once more, on a new connection, if its method is safe and it has no body. Neither costs an attempt. Any other
/// request fails then, for the retries of the call to decide, and so does the first one of a connection.
///
/// Requests must be sent within a tokio runtime whose I/O and time drivers are on. Each runtime has connections of its own: one
/// that another runtime drives stands still when that does. An answer may have 100 headers and
/// 64 KiB of them.
///
/// A client that has a certificate to show, and keeps the proxies, the bundle of roots and the limits of its settings:
///
/// ```
/// use tinsmith_runtime::config::Config;
/// use tinsmith_runtime::transport::hyper::HyperTransport;
///
/// # fn transport(config: &Config, chain: &str, key: &str) -> Result<HyperTransport, Box<dyn std::error::Error>> {
/// let mut settings = config.transport_settings()?;
/// settings.tls_context = settings.tls_context.to_builder().with_client_certificate(chain, key).build()?;
/// let transport = HyperTransport::new(settings); // `http_client(transport)` of the settings
/// # Ok(transport)
/// # }
/// ```
#[derive(Clone)]
pub struct HyperTransport {
    connector: Connector,
    pool: Pool,
    #[cfg(feature = "http2")]
    hosts: super::http2::Hosts,
    begun: Instant,
    /// When it was used last, in milliseconds since it was begun.
    used: Arc<AtomicU64>,
}

impl HyperTransport {
    /// A transport with an empty pool. Nothing is read or opened before the first request.
    pub fn new(settings: HyperSettings) -> Self {
        Self {
            connector: Connector::new(&settings),
            pool: Pool::new(&settings),
            #[cfg(feature = "http2")]
            hosts: super::http2::Hosts::new(&settings),
            begun: Instant::now(),
            used: Arc::default(),
        }
    }

    /// After a pause, lets tokio look first at which connections have ended meanwhile. A program on one thread that slept
    /// between its calls has not looked since, and would send its request into a connection that the server closed.
    async fn let_ends_be_seen(&self) {
        const PAUSE: u64 = 1000;
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        if now.saturating_sub(self.used.swap(now, Ordering::Relaxed)) >= PAUSE {
            tokio::task::yield_now().await;
        }
    }

    /// Sends a request and returns its answer, with the connection that it comes on: one that is opened for it, where that
    /// is asked for.
    async fn exchange(&self, mut request: Outgoing, to: &To<'_>, anew: bool) -> Result<Answer, Failure> {
        loop {
            let mut connection = if anew { self.open(to).await? } else { self.connection(to).await? };
            let mut failed = match connection.send(request, to.is_forwarded()).await {
                Ok(response) => return Ok((response, connection)),
                Err(failed) => failed,
            };
            // The connection had ended unseen, before anything was sent on it.
            match failed.take_message().filter(|_| connection.is_kept()) {
                Some(unsent) => request = unsent,
                None => return Err(connection.failure(failed.into_error())),
            }
            *request.uri_mut() = to.address.clone();
        }
    }

    /// A connection on which a request can be sent.
    async fn connection(&self, to: &To<'_>) -> Result<Connection, Failure> {
        #[cfg(feature = "http2")]
        if let Some(connection) = self.hosts.connection(&to.host, &to.address, &self.connector).await? {
            return Ok(connection);
        }
        if let Some(connection) = self.pool.take(&to.host) {
            return Ok(Connection::Http1(connection));
        }
        self.pool.first_of(&to.host, self.open(to)).await
    }

    /// Opens a connection for a call.
    fn open(&self, to: &To<'_>) -> Opening {
        let opening = self.connector.open(to.address.clone());
        #[cfg(feature = "http2")]
        let opening = {
            let (hosts, host) = (self.hosts.clone(), to.host.clone());
            Box::pin(async move { opening.await.inspect(|opened| hosts.learn(&host, opened)) })
        };
        opening
    }
}

pub(super) type Outgoing = hyper::Request<OutgoingBody>;

type Answer = (hyper::Response<Incoming>, Connection);

/// Where a request goes.
struct To<'a> {
    address: Uri,
    host: Host,
    /// None where the proxies that are set are wrong: the opening of a connection tells it.
    route: Option<Route<'a>>,
}

impl To<'_> {
    /// The proxy that is handed the request whole.
    fn proxy(&self) -> Option<&Proxy> {
        match self.route {
            Some(Route::Forward(proxy)) => Some(proxy),
            _ => None,
        }
    }

    fn is_forwarded(&self) -> bool {
        self.proxy().is_some()
    }
}

impl Default for HyperTransport {
    fn default() -> Self {
        Self::new(HyperSettings::default())
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").finish_non_exhaustive()
    }
}

impl Transport for HyperTransport {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let runtime = Handle::try_current().map_err(|_| {
                user_error("there is no tokio runtime here: send within one, or bring another transport")
            })?;
            self.let_ends_be_seen().await;
            let address = address(&request)?;
            let host = Host::of(&address, runtime.id()).ok_or_else(|| user_error("its origin names no host"))?;
            let route = self.connector.routes().to(&address).ok();
            let to = To { address, host, route };
            let is_repeatable = is_repeatable(&request);
            let mut anew = false;
            let (response, connection) = loop {
                let body = std::mem::take(&mut request.body);
                match self.exchange(outgoing(&request, body, &to)?, &to, anew).await {
                    Err(failure) if is_repeatable && !anew && failure.is_stale() => anew = true,
                    answered => break answered.map_err(Failure::into_error)?,
                }
            };
            match to.proxy() {
                // It alone answers so (RFC 9110, section 15.5.8).
                Some(proxy) if response.status() == hyper::StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                    Err(user_error(format!("{} refused it with status 407{AUTHENTICATE}", named(proxy))))
                }
                _ => incoming(response, self.pool.lend(to.host, connection)),
            }
        })
    }
}

/// Makes a request as hyper takes it, for a proxy that is handed it whole or for who is addressed.
fn outgoing(request: &Request, body: Body, to: &To<'_>) -> Result<Outgoing, TransportError> {
    let headers = headers::outgoing(request, &body)?;
    let mut outgoing = hyper::Request::new(OutgoingBody(body));
    *outgoing.method_mut() =
        Method::from_bytes(request.method.as_bytes()).map_err(|_| user_error("its method is not valid"))?;
    *outgoing.uri_mut() = to.address.clone();
    *outgoing.headers_mut() = headers;
    if let Some(authorization) = to.proxy().and_then(Proxy::authorization) {
        headers::insert(outgoing.headers_mut(), PROXY_AUTHORIZATION, secret(authorization)?)?;
    }
    Ok(outgoing)
}

/// Whether a server may be asked twice without harm (RFC 9110, section 9.2.1), if it was asked at all. While a body is sent
/// an answer may have begun, which a connection does not remember.
fn is_repeatable(request: &Request) -> bool {
    matches!(request.method, "GET" | "HEAD" | "OPTIONS" | "TRACE") && request.body.is_empty()
}

/// The address of a request, with a scheme that this build can speak.
fn address(request: &Request) -> Result<Uri, TransportError> {
    let uri = Uri::from_maybe_shared(Bytes::from(request.uri()))
        .map_err(|error| user_error(format!("its address is not valid: {error}")))?;
    match uri.scheme_str() {
        Some("http") => Ok(uri),
        Some("https") if tls::IS_COMPILED_IN => Ok(uri),
        Some("https") => Err(user_error(tls::ABSENT)),
        _ => Err(user_error("its origin must start with https:// or http://")),
    }
}

/// The value of a header that is not to be shown.
fn secret(value: &str) -> Result<HeaderValue, TransportError> {
    let mut value = HeaderValue::from_str(value).map_err(user_error)?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn user_error(message: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::User, message)
}

/// Makes a response from what hyper brings. The connection is given back when all of it is here.
fn incoming(response: hyper::Response<Incoming>, lease: Lease) -> Result<Response, TransportError> {
    let (head, body) = response.into_parts();
    let headers = headers::incoming(&head.headers)?;
    // An end that is known already, as after `content-length: 0`, needs no chunks.
    let body =
        if body.is_end_stream() { Body::empty() } else { Body::arriving(IncomingChunks { body, lease: Some(lease) }) };
    Ok(Response::new(StatusCode::new(head.status.as_u16()), headers, body))
}

/// A request body, asked for a chunk when there is room for it on the connection.
pub(super) struct OutgoingBody(Body);

impl hyper::body::Body for OutgoingBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.0.poll_chunk(cx).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.content_length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// A response body, as it arrives.
struct IncomingChunks {
    body: Incoming,
    lease: Option<Lease>,
}

impl Chunks for IncomingChunks {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        loop {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                None => {
                    self.lease = None;
                    return Poll::Ready(None);
                }
                Some(Err(error)) => {
                    let error = TransportError::new(kind_of_hyper(&error), error);
                    return Poll::Ready(Some(Err(error)));
                }
                // Trailers are no part of the body: only data is handed on.
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }

    fn content_length(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }
}
