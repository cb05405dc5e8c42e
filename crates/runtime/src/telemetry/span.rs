//! The spans of a call and of its attempts. They are entered whenever the future inside is polled, and at no other time.

#[cfg(feature = "tracing")]
use tracing::Instrument as _;

use crate::call::{Cause, Number};
use crate::http::Response;
use crate::operation::Meta;

type Answer = Result<Response, Cause>;

/// The span of a call.
#[cfg(feature = "tracing")]
pub(crate) fn operation(
    meta: &'static Meta,
    call: impl Future<Output = (Answer, u32)>,
) -> impl Future<Output = (Answer, u32)> {
    use crate::error::RequestId as _;
    use tracing::field::{Empty, display};

    let span = tracing::debug_span!(
        target: "tinsmith::call",
        "call",
        otel.name = %format_args!("{}.{}", meta.service.id, meta.name),
        rpc.system = "aws-api",
        rpc.service = meta.service.id,
        rpc.method = meta.name,
        attempts = Empty,
        status = Empty,
        request_id = Empty,
    );
    let told = span.clone();
    let call = async move {
        let (answer, attempts) = call.await;
        told.record("attempts", attempts);
        if let Some(response) = answer.as_ref().map_or_else(Cause::response, Some) {
            told.record("status", response.status().as_u16());
            response.request_id().map(|id| told.record("request_id", display(id)));
        }
        (answer, attempts)
    };
    call.instrument(span)
}

/// The span of an attempt.
#[cfg(feature = "tracing")]
pub(crate) fn attempt(this: Number, attempt: impl Future<Output = Answer>) -> impl Future<Output = Answer> {
    let span = tracing::debug_span!(target: "tinsmith::call", "attempt", number = this.number, most = this.most);
    attempt.instrument(span)
}

/// Without `tracing`, a call is as it is.
#[cfg(not(feature = "tracing"))]
pub(crate) fn operation(
    _: &'static Meta,
    call: impl Future<Output = (Answer, u32)>,
) -> impl Future<Output = (Answer, u32)> {
    call
}

/// Without `tracing`, an attempt is as it is.
#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt(_: Number, attempt: impl Future<Output = Answer>) -> impl Future<Output = Answer> {
    attempt
}
