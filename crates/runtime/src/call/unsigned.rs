//! What goes with a request unsigned: who sends it, which attempt it is, and what caused it.

use super::identity::Caller;
use super::{Number, Prepared, trace};
use crate::config::retry::RetryMode;
use crate::credentials::Credentials;
use crate::http::Request;
use crate::user_agent::Metric;

/// Adds the headers, after the signature: proxies may change them, and they differ from attempt to attempt.
pub(super) fn add(prepared: &Prepared<'_>, this: Number, caller: &Caller, request: &mut Request) {
    let core = prepared.core;
    if request.headers.get("user-agent").is_none() {
        let push = |value: &mut String| core.user_agent.push(value, metrics(prepared, caller));
        request.headers.append_with("user-agent", push);
    }
    request.headers.insert("amz-sdk-invocation-id", &prepared.invocation_id);
    request.headers.remove("amz-sdk-request");
    request.headers.append_with("amz-sdk-request", |value| {
        let parts = ["attempt=", &this.number.to_string(), "; max=", &this.most.to_string()];
        parts.into_iter().for_each(|part| value.push_str(part));
    });
    if core.is_traced {
        trace::add(core.config.environment(), &mut request.headers);
    }
}

/// The features that this call makes use of.
fn metrics(prepared: &Prepared<'_>, caller: &Caller) -> impl Iterator<Item = Metric> {
    let core = prepared.core;
    let mode = match core.retries.mode() {
        RetryMode::Standard => Metric::RetryModeStandard,
        RetryMode::Adaptive => Metric::RetryModeAdaptive,
    };
    let page = prepared.extras.is_page.then_some(Metric::Paginator);
    let poll = prepared.extras.is_poll.then_some(Metric::Waiter);
    let endpoint = prepared.target.is_override.then_some(Metric::EndpointOverride);
    let is_named = matches!(caller, Caller::Bears(_)) && core.config.bearer_token_of(core.service).is_some();
    let token = is_named.then_some(Metric::BearerServiceEnvVars);
    let credentials = caller.credentials().into_iter().flat_map(Credentials::features);
    [Some(mode), page, poll, endpoint, token].into_iter().flatten().chain(credentials)
}
