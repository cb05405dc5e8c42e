//! The end of an attempt: a body that is read whole, and success told from refusal.

use std::time::Duration;

use super::Cause;
use crate::client::core::Core;
use crate::http::{Body, BodyError, Progress, Response, Silence};
use crate::operation::{Meta, Sensitive};
use crate::retry::Skew;
use crate::wire::StreamMember;

/// By what clock a request was dated, and what its response says of the service's.
#[derive(Clone, Copy)]
pub(super) struct Dates {
    pub(super) used: Skew,
    pub(super) measured: Option<Skew>,
}

/// Reads the body whole, and tells success from refusal.
///
/// A success whose body is a stream is handed on as it comes; it fails if it stands still. `sending` is the stream of the
/// request where that is still on its way.
pub(super) async fn receive(
    core: &Core,
    meta: &Meta,
    mut response: Response,
    dates: Dates,
    stream: Option<StreamMember>,
    sending: Option<Progress>,
) -> Result<Response, Cause> {
    // Some services report a failure that came late in a response that began well.
    let refused = !response.status().is_success() || response.headers().get("x-amzn-errortype").is_some();
    if let Some(stream) = stream.filter(|_| !refused) {
        let limit = match stream.has_events {
            // Until an event happens it may take as long as until the answer begins.
            true => core.config.event_limit(Duration::from_secs(meta.answer_seconds.into())),
            false => core.config.stall_limit(),
        };
        let silence = limit.filter(|_| response.body().is_streaming());
        let silence = silence.map(|most| Silence::new(most, core.sleep.clone()));
        let body = std::mem::take(response.body_mut());
        *response.body_mut() = body.handed_on(silence, sending);
        return Ok(response);
    }
    let limit = if refused { ERROR_BODY } else { core.config.body_limit() };
    let read = if !refused && announced(&response) > limit as u64 {
        *response.body_mut() = Body::default();
        Err(BodyError::TooLong(limit))
    } else {
        response.body_mut().read_whole(limit, &*core.sleep, core.config.stall_limit(), sending.as_ref()).await
    };
    let read = match read {
        // A request without its end is none, whatever was answered to its beginning.
        Err(BodyError::Request(error)) => return Err(Cause::Dispatch(error)),
        read => read,
    };
    if !refused {
        return match read {
            Ok(()) => Ok(response),
            Err(cut) => Err(Cause::Unreadable(cut, response)),
        };
    }
    let mut error = (meta.service.error_metadata)(&response);
    if meta.sensitive != Sensitive::None {
        error = error.without_snippet();
    }
    match read {
        // Nothing that came says what the error is: it may be one that is worth another attempt.
        Err(cut @ (BodyError::Transport(_) | BodyError::Stalled(_))) if error.code().is_none() => {
            Err(Cause::Unreadable(cut, response))
        }
        // What came of the body is enough, however it ended.
        _ => {
            let by_date = error.code().zip(dates.measured).and_then(|(code, skew)| skew.classify(code, dates.used));
            Err(Cause::Refused(error, response, by_date))
        }
    }
}

/// How long the body is, by its header: one that is too long need not be read to find that out.
fn announced(response: &Response) -> u64 {
    response.headers().get("content-length").and_then(|length| length.parse().ok()).unwrap_or_default()
}

/// The longest part of an error's body that is read, in bytes.
const ERROR_BODY: usize = 64 << 10;
