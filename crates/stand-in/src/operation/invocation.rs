//! What the ways to invoke a function have in common: what they read of a request, whom they refuse, and the log.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::value::RawValue;

use super::named::Named;
use super::{Account, constraint};
use crate::answer::{Answer, Namespace};
use crate::functions::{Failure, Invocation, Parts};
use crate::recorded::RecordedRequest;

/// What the answer to a request says of an error of the function, whatever it was.
pub(super) const UNHANDLED: &str = "Unhandled";

/// How much of the end of a log is told.
const LOG_TAIL: usize = 4_096;

/// The longest client context, in base64.
const CLIENT_CONTEXT: usize = 3_583;

/// What becomes of an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The caller waits for the answer.
    RequestResponse,
    /// Nobody waits.
    Event,
    /// Nothing runs.
    DryRun,
}

impl Kind {
    /// The kind that a request asks for, of those in this set.
    pub(super) fn read(request: &RecordedRequest, set: &str) -> Result<Self, Answer> {
        let kind = request.header("x-amz-invocation-type");
        let log_type = request.header("x-amz-log-type");
        constraint::check([
            constraint::member_of("invocationType", kind, set),
            constraint::member_of("logType", log_type, "Tail, None"),
        ])?;
        Ok(match kind {
            Some("Event") => Self::Event,
            Some("DryRun") => Self::DryRun,
            _ => Self::RequestResponse,
        })
    }
}

/// An invocation that is not refused.
pub(super) struct Call<'a> {
    named: Named<'a>,
    invocation: Invocation,
    request_id: &'a str,
    wants_log: bool,
}

/// What came of a call.
pub(super) struct Done {
    pub(super) parts: Parts,
    /// The version that ran.
    pub(super) version: String,
    /// The end of the log, in base64, where the request asked for it.
    pub(super) log_result: Option<String>,
}

impl<'a> Call<'a> {
    /// Reads a request whose body may have so many bytes. Constraints come first, then the function, then what it is
    /// given.
    pub(super) fn read(
        account: Account<'a>,
        name: &str,
        request: &RecordedRequest,
        request_id: &'a str,
        kind: Kind,
        limit: usize,
    ) -> Result<Self, Answer> {
        if request.body.len() > limit {
            return Err(Answer::request_too_large(limit));
        }
        let named = Named::find(account, name, request)?;
        let look = named.function.seen();
        let members = look.members().ok_or_else(|| named.absent())?;
        if let Some(state) = members.get("State").and_then(|state| state.as_str()).filter(|state| *state != "Active") {
            let message = format!(
                "The operation cannot be performed at this time. The function is currently in the following state: {state}"
            );
            return Err(Answer::error(409, "ResourceConflictException", Namespace::Lambda, &message));
        }
        if named.function.is_throttled() {
            return Err(Answer::too_many_requests("ReservedFunctionConcurrentInvocationLimitExceeded", "1"));
        }
        let payload = payload(&request.body)?;
        let client_context = request.header("x-amz-client-context").map(client_context).transpose()?;
        let client_context = client_context.filter(|_| kind != Kind::Event);
        let tenant_id = request.header("x-amz-tenant-id").map(str::to_owned);
        let invocation = Invocation { payload, client_context, version: named.version.to_owned(), tenant_id };
        let wants_log = request.header("x-amz-log-type") == Some("Tail");
        Ok(Self { named, invocation, request_id, wants_log })
    }

    /// Runs the function.
    pub(super) fn run(self) -> Done {
        let outcome = self.named.function.run(&self.invocation);
        let Invocation { payload, version, .. } = self.invocation;
        let parts = outcome.into_parts(payload);
        let log_result = self.wants_log.then(|| tail(&log(self.request_id, &version, &parts.log)));
        Done { parts, version, log_result }
    }
}

impl Failure {
    /// An error as the payload of an answer.
    pub(super) fn json(&self) -> String {
        // Two texts: it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What the function is given: JSON, as it came. Without a body it is an object with nothing in it.
fn payload(body: &[u8]) -> Result<Vec<u8>, Answer> {
    if body.is_empty() {
        return Ok(b"{}".to_vec());
    }
    serde_json::from_slice::<&RawValue>(body)
        .map_err(|error| invalid_content(&format!("Could not parse request body into json: {error}")))?;
    Ok(body.to_vec())
}

fn client_context(encoded: &str) -> Result<Vec<u8>, Answer> {
    let decoded = BASE64_STANDARD.decode(encoded).ok().filter(|_| encoded.len() <= CLIENT_CONTEXT);
    let json = decoded.filter(|decoded| serde_json::from_slice::<&RawValue>(decoded).is_ok());
    json.ok_or_else(|| invalid_content("Client context must be a valid Base64-encoded JSON object."))
}

fn invalid_content(message: &str) -> Answer {
    Answer::error(400, "InvalidRequestContentException", Namespace::Lambda, message)
}

/// What the platform and the function write, in their order.
fn log(request_id: &str, version: &str, text: &str) -> String {
    let line_end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!(
        "START RequestId: {request_id} Version: {version}\n{text}{line_end}END RequestId: {request_id}\n\
         REPORT RequestId: {request_id}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\t\
         Max Memory Used: 32 MB\t\n"
    )
}

fn tail(log: &str) -> String {
    let bytes = log.as_bytes();
    let start = bytes.len().saturating_sub(LOG_TAIL);
    BASE64_STANDARD.encode(bytes.get(start..).unwrap_or_default())
}
