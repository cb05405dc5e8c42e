//! The call: from a written request to a whole response, through endpoint, signature, transport and retries.
//!
//! One function serves every operation of every service. It reads from top to bottom: what a call consists of is
//! decided elsewhere, in pure functions; what happens here is their order, and the waiting.

mod cause;
mod identity;
mod receive;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::client::core::{Core, Edit};
use crate::client::target::Target;
use crate::error::{BoxError, Context};
use crate::http::{Request, Response};
use crate::operation::Meta;
use crate::random;
use crate::retry::{self, Decision};
use crate::sign;
use crate::time::{Sleep, within};
use crate::transport::{Transport, TransportError, TransportErrorKind};

use self::cause::TimedOut;
use self::receive::receive;

pub(crate) use self::cause::Cause;
pub(crate) use self::identity::{credentials, signing};

/// A response that says the operation succeeded; its body is whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) response: Response,
    pub(crate) attempts: u32,
}

/// Why a call did not succeed, and after how many attempts.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) cause: Cause,
    pub(crate) context: Context,
}

/// Sends a request of an operation until it succeeds, or another attempt is not worth it.
pub(crate) async fn run(core: &Core, meta: &'static Meta, request: Request, edits: &[Edit]) -> Result<Reply, Ended> {
    // Counted out here, so that a call which its timeout cuts off still knows how often it was tried.
    let made = AtomicU32::new(0);
    let result = within_operation(core, send(core, meta, request, edits, &made)).await;
    let attempts = made.into_inner();
    match result {
        Ok(response) => Ok(Reply { response, attempts }),
        Err(cause) => Err(Ended { cause, context: Context { operation: meta.name, attempts } }),
    }
}

/// Bounds a whole operation, sent or presigned, by its timeout.
pub(crate) async fn within_operation<T>(
    core: &Core,
    operation: impl Future<Output = Result<T, Cause>>,
) -> Result<T, Cause> {
    limited(core, core.timeouts.operation_timeout(), "the operation", operation).await
}

async fn limited<T>(
    core: &Core,
    limit: Option<Duration>,
    what: &'static str,
    future: impl Future<Output = Result<T, Cause>>,
) -> Result<T, Cause> {
    let Some(limit) = limit else { return future.await };
    within(&*core.sleep, limit, future).await.unwrap_or(Err(Cause::Timeout(TimedOut { what, limit })))
}

/// Makes attempts, and waits between them. `made` counts those whose request was handed to the transport.
async fn send(
    core: &Core,
    meta: &'static Meta,
    request: Request,
    edits: &[Edit],
    made: &AtomicU32,
) -> Result<Response, Cause> {
    let prepared = prepare(core, request, edits).map_err(Cause::Construction)?;
    let policy = meta.retry.with(&core.retries);
    let (mut number, mut spent) = (1, None);
    loop {
        let cause = match attempt(core, meta, &prepared, Number { number, most: policy.max_attempts }, made).await {
            Ok(response) => {
                core.quota.give_back(spent);
                return Ok(response);
            }
            Err(cause) => cause,
        };
        let asked = cause.response().and_then(|response| retry::retry_after(response.headers(), core.clock.now()));
        let chance = random::unit(&*core.random);
        match retry::decide(&policy, &core.quota, number, cause.classify(meta), asked, chance) {
            Decision::Retry { delay, cost } => {
                (number, spent) = (number + 1, Some(cost));
                core.sleep.sleep(delay).await;
            }
            Decision::GiveUp => return Err(cause),
            Decision::QuotaExceeded { delay } => {
                if !delay.is_zero() {
                    core.sleep.sleep(delay).await;
                }
                return Err(cause);
            }
        }
    }
}

/// Which attempt of a call this is, from 1, and how many there may be.
#[derive(Clone, Copy)]
struct Number {
    number: u32,
    most: u32,
}

/// A request that has all but its signature.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    request: Request,
    target: &'a Target,
    invocation_id: String,
}

/// Addresses the request and edits it, as far as all attempts have it in common.
pub(crate) fn prepare<'a>(core: &'a Core, mut request: Request, edits: &[Edit]) -> Result<Prepared<'a>, BoxError> {
    let target = core.target()?;
    target.address(&mut request);
    for edit in edits {
        request = edit(request)?;
    }
    Ok(Prepared { request, target, invocation_id: random::uuid(&*core.random) })
}

/// Signs and sends once, and reads the response whole. The timeout of an attempt bounds all of it: credentials may be
/// as slow to come as an answer.
async fn attempt(
    core: &Core,
    meta: &Meta,
    prepared: &Prepared<'_>,
    this: Number,
    made: &AtomicU32,
) -> Result<Response, Cause> {
    let exchange = async {
        let request = signed(core, meta, prepared, this).await.map_err(Cause::Construction)?;
        made.store(this.number, Ordering::Relaxed);
        let sent = match core.timeouts.read_timeout() {
            None => core.transport.send(request).await,
            Some(limit) => within(&*core.sleep, limit, core.transport.send(request)).await.unwrap_or_else(|_| {
                Err(TransportError::new(TransportErrorKind::ReadTimeout, format!("the limit is {limit:?}")))
            }),
        };
        receive(core, meta, sent.map_err(Cause::Dispatch)?).await
    };
    limited(core, core.timeouts.operation_attempt_timeout(), "the attempt", exchange).await
}

/// Signs with the credentials of this moment, where the operation asks for it, and adds what differs from attempt to
/// attempt; that stays unsigned.
async fn signed(core: &Core, meta: &Meta, prepared: &Prepared<'_>, this: Number) -> Result<Request, BoxError> {
    let mut request = prepared.request.clone();
    if let Some(credentials) = credentials(core, meta.auth).await? {
        let (identity, scope, settings) = signing(core, meta, prepared, &credentials);
        sign::sign(&mut request, &identity, &scope, &settings, &core.keys)?;
    }
    if request.headers.get("user-agent").is_none() {
        request.headers.append("user-agent", core.user_agent.as_str());
    }
    request.headers.insert("amz-sdk-invocation-id", prepared.invocation_id.as_str());
    request.headers.insert("amz-sdk-request", format!("attempt={}; max={}", this.number, this.most));
    Ok(request)
}

impl Prepared<'_> {
    /// The request, to be signed in another way than a call does.
    pub(crate) fn request(&self) -> Request {
        self.request.clone()
    }
}
