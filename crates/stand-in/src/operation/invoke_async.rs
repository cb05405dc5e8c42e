//! `InvokeAsync`, which `Invoke` replaced: takes what a function is given, and says no more than that.

use serde_json::json;

use super::Account;
use super::invocation::{Call, Kind};
use crate::answer::Answer;
use crate::recorded::RecordedRequest;

/// The most that a function is given.
const LIMIT: usize = 256 * 1024;

/// Answers a request to run a function for whom nobody waits.
pub(super) fn answer(
    account: Account<'_>,
    name: &str,
    request: &RecordedRequest,
    request_id: &str,
) -> Result<Answer, Answer> {
    drop(Call::read(account, name, request, request_id, Kind::Event, LIMIT)?.run());
    Ok(Answer::json(202, &json!({ "Status": 202 })))
}
