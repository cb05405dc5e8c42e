//! The operations, a file each, and which request asks for which.

use crate::answer::Answer;
use crate::functions::Functions;
use crate::layers::Layers;
use crate::query;
use crate::recorded::RecordedRequest;

mod constraint;
mod get_function;
mod invocation;
mod invoke;
mod invoke_async;
mod invoke_with_response_stream;
mod list_layers;
mod named;

pub(crate) use list_layers::first_page;

/// The most that any operation takes.
pub(crate) const LARGEST: usize = invoke::SYNCHRONOUS;

/// What operations look things up in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account<'a> {
    pub(crate) region: &'a str,
    pub(crate) layers: &'a Layers,
    pub(crate) functions: &'a Functions,
}

/// Answers a request whose signature is good.
pub(crate) fn answer(account: Account<'_>, request: &RecordedRequest, request_id: &str) -> Answer {
    let path = request.path.trim_end_matches('/');
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let answered = match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["2018-10-31", "layers"]) => list_layers::answer(account.layers, request),
        ("GET", ["2015-03-31", "functions", name]) => get_function::answer(account, &query::decode(name), request),
        ("GET", ["2015-03-31", "functions", name, "configuration"]) => {
            get_function::answer_configuration(account, &query::decode(name), request)
        }
        ("POST", ["2015-03-31", "functions", name, "invocations"]) => {
            invoke::answer(account, &query::decode(name), request, request_id)
        }
        ("POST", ["2014-11-13", "functions", name, "invoke-async"]) => {
            invoke_async::answer(account, &query::decode(name), request, request_id)
        }
        ("POST", ["2021-11-15", "functions", name, "response-streaming-invocations"]) => {
            invoke_with_response_stream::answer(account, &query::decode(name), request, request_id)
        }
        _ => Ok(Answer::unknown_operation()),
    };
    answered.unwrap_or_else(|refusal| refusal)
}
