//! `InvokeWithResponseStream`: runs a function, and answers with an event for each piece that it writes.

use serde::Serialize;

use super::Account;
use super::invocation::{Call, Done, Kind, UNHANDLED};
use super::invoke::SYNCHRONOUS;
use crate::answer::Answer;
use crate::event_stream;
use crate::functions::Failure;
use crate::recorded::RecordedRequest;

/// Answers a request to run a function and to stream its answer.
pub(super) fn answer(
    account: Account<'_>,
    name: &str,
    request: &RecordedRequest,
    request_id: &str,
) -> Result<Answer, Answer> {
    let kind = Kind::read(request, "RequestResponse, DryRun")?;
    let call = Call::read(account, name, request, request_id, kind, SYNCHRONOUS)?;
    if kind == Kind::DryRun {
        return Ok(Answer::empty(204));
    }
    let Done { parts, version, log_result } = call.run();
    let chunk = |piece: &Vec<u8>| event_stream::event("PayloadChunk", "application/octet-stream", piece);
    let mut events: Vec<Vec<u8>> = parts.pieces.iter().map(chunk).collect();
    let complete = Complete {
        error_code: parts.failure.as_ref().map(|_| UNHANDLED),
        error_details: parts.failure.as_ref().map(Failure::json),
        log_result,
    };
    // Three texts: it cannot fail.
    let complete = serde_json::to_vec(&complete).unwrap_or_default();
    events.push(event_stream::event("InvokeComplete", "application/json", &complete));
    Ok(Answer::events(&events, parts.pace).with("x-amz-executed-version", version))
}

/// The last event.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Complete {
    error_code: Option<&'static str>,
    error_details: Option<String>,
    log_result: Option<String>,
}
