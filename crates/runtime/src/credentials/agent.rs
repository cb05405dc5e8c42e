//! Asks an agent close by for credentials: the one of a container, or the metadata service of an instance. Requests
//! never go through a proxy, and are not signed. Over TLS, they trust what other calls trust.

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::Doors;
use crate::config::Sources;
use crate::http::{Request, Response};
use crate::random;
use crate::retry::{self, Decision, Policy, Quota};
use crate::time::within;
use crate::transport::{self, BoxFuture, SharedTransport, Transport, TransportError, TransportErrorKind};

/// The most of an answer that is read, in bytes.
const ANSWER: usize = 64 << 10;

/// An agent, and the connections to it.
#[derive(Debug)]
pub(super) struct Agent {
    pub(super) sources: Arc<Sources>,
    pub(super) doors: Arc<Doors>,
    transport: OnceLock<SharedTransport>,
}

/// How long a request may take, and how often it is tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For a connection.
    pub(super) connect: Duration,
    /// For an answer to begin, and for each part of it to come.
    pub(super) read: Duration,
    /// The most attempts, the first included.
    pub(super) attempts: u32,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Agent {
    pub(super) fn new(sources: Arc<Sources>, doors: Arc<Doors>) -> Self {
        Self { sources, doors, transport: OnceLock::new() }
    }

    /// Sends a request until it is answered with a status that is not the server's fault, or it has been tried often
    /// enough. The error says how often, and why the last attempt failed.
    pub(super) fn ask(&self, request: Request, limits: Limits) -> BoxFuture<'_, Result<Answer, String>> {
        Box::pin(self.ask_often(request, limits))
    }

    async fn ask_often(&self, mut request: Request, limits: Limits) -> Result<Answer, String> {
        let (policy, quota) = (Policy { max_attempts: limits.attempts, ..Policy::STANDARD }, Quota::default());
        let mut attempt = 0u32;
        loop {
            attempt = attempt.saturating_add(1);
            let answer = self.ask_once(request.next(), limits).await;
            let failure = match &answer {
                Ok(answer) => retry::classify_response(answer.status, None, &[]),
                Err(error) => retry::classify_transport(error.kind()),
            };
            let chance = random::unit(&*self.doors.random);
            match retry::decide(&policy, &quota, attempt, failure, None, chance) {
                Decision::Retry { delay, .. } => self.doors.sleep.sleep(delay).await,
                _ => return answer.map_err(|error| told(&request, attempt, &error)),
            }
        }
    }

    async fn ask_once(&self, request: Request, limits: Limits) -> Result<Answer, TransportError> {
        let sleep = &*self.doors.sleep;
        let Limits { connect, read, .. } = limits;
        // A transport that a user brought knows nothing of the limit for connections.
        let answered = within(sleep, connect.saturating_add(read), self.transport(connect).send(request)).await;
        let slow = || TransportError::new(TransportErrorKind::ReadTimeout, format!("the limit is {read:?}"));
        let mut response: Response = answered.unwrap_or_else(|_| Err(slow()))?;
        let whole = response.body_mut().read_whole(ANSWER, sleep, Some(read), None).await;
        whole.map_err(|error| TransportError::new(TransportErrorKind::Io, error))?;
        Ok(Answer { status: response.status().as_u16(), body: response.bytes().to_vec() })
    }

    /// The transport that code set, or one of its own, made when it is first needed.
    fn transport(&self, connect: Duration) -> &SharedTransport {
        let own = || transport::direct(connect, self.sources.tls_context());
        self.transport.get_or_init(|| self.doors.http_client.clone().unwrap_or_else(own))
    }
}

fn told(request: &Request, attempts: u32, error: &TransportError) -> String {
    let causes = std::iter::successors(error.source(), |&error| error.source());
    let why = causes.fold(error.to_string(), |why, cause| format!("{why}: {cause}"));
    let attempts = if attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") };
    format!("no answer from {} in {attempts}: {why}", request.origin)
}

/// Whether a text can be the value of a header: a line break in it would add headers of its author's choice.
pub(super) fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}

/// The beginning of an answer that tells of a failure, on one line, for an error. What may be a secret, or hold one, is not
/// shown: a word alone could be a token, and keys and tokens stand in members of these names.
pub(super) fn said(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let is_prose = text.starts_with('<') || text.trim().contains(char::is_whitespace);
    match is_prose && !text.contains("SecretAccessKey") && !text.contains("Token") {
        true => shown(body),
        false => format!("{} bytes", body.len()),
    }
}

/// The beginning of a body, on one line, for an error.
pub(super) fn shown(body: &[u8]) -> String {
    const SHOWN: usize = 200;
    let text = String::from_utf8_lossy(body.get(..SHOWN).unwrap_or(body));
    text.trim().escape_debug().to_string()
}
