//! `Invoke`: runs a function, and answers with what it wrote.

use super::Account;
use super::invocation::{Call, Done, Kind, UNHANDLED};
use crate::answer::Answer;
use crate::functions::{Failure, Parts};
use crate::recorded::RecordedRequest;

/// The most that a function is given whose caller waits.
pub(super) const SYNCHRONOUS: usize = 6 * 1024 * 1024;

/// The most that a function is given for whom nobody waits.
const ASYNCHRONOUS: usize = 1024 * 1024;

/// The most that a function may answer.
const ANSWER: usize = SYNCHRONOUS + 100;

/// Answers a request to run a function.
pub(super) fn answer(
    account: Account<'_>,
    name: &str,
    request: &RecordedRequest,
    request_id: &str,
) -> Result<Answer, Answer> {
    let kind = Kind::read(request, "Event, RequestResponse, DryRun")?;
    let limit = if kind == Kind::Event { ASYNCHRONOUS } else { SYNCHRONOUS };
    let call = Call::read(account, name, request, request_id, kind, limit)?;
    Ok(match kind {
        Kind::DryRun => Answer::empty(204),
        Kind::Event => {
            // What comes of it, nobody gets.
            drop(call.run());
            Answer::empty(202)
        }
        Kind::RequestResponse => whole(call.run()),
    })
}

/// An answer that the caller waited for. Where the function failed, the call succeeded all the same.
fn whole(done: Done) -> Answer {
    let Parts { pieces, failure, .. } = done.parts;
    let payload = pieces.concat();
    let failure = failure.or_else(|| (payload.len() > ANSWER).then(|| too_large(payload.len())));
    let answer = match &failure {
        Some(failure) => Answer::new(200, "application/json", failure.json()).with("x-amz-function-error", UNHANDLED),
        None => Answer::new(200, "application/json", payload),
    };
    let answer = answer.with("x-amz-executed-version", done.version);
    done.log_result.into_iter().fold(answer, |answer, log| answer.with("x-amz-log-result", log))
}

fn too_large(size: usize) -> Failure {
    Failure {
        error_message: format!(
            "Response payload size ({size} bytes) exceeded maximum allowed payload size ({ANSWER} bytes)."
        ),
        error_type: "Function.ResponseSizeTooLarge".into(),
    }
}
