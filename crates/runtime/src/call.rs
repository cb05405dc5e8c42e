//! The call: from a written request to a whole response, through endpoint, signature, transport and retries.
//!
//! One function serves every operation of every service. It reads from top to bottom: what a call consists of is
//! decided elsewhere, in pure functions; what happens here is their order, and the waiting.

mod cause;
mod identity;
mod pace;
mod receive;
pub(crate) mod trace;
mod unsigned;
mod upload;
mod watch;

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::client::core::{Core, Extras};
use crate::client::target::TargetOf;
use crate::endpoint::Rules;
use crate::error::{BoxError, Context};
use crate::finish::{self, Finish, Purpose};
use crate::http::{Request, Response};
use crate::operation::Meta;
use crate::random;
use crate::retry::{self, Decision, Skew};
use crate::telemetry;
use crate::time::{Sleep, within};
use crate::transport::{BoxFuture, Transport};

use self::cause::TimedOut;
use self::receive::{Dates, receive};
use self::watch::Watch;

pub(crate) use self::cause::Cause;
pub(crate) use self::identity::{Caller, caller, signing};
pub(crate) use self::upload::payload;

/// A response that says the operation succeeded; its body is whole, unless the output is to have it as a stream.
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

/// A request that lacks its address, the endpoint rules for it, where its operation has a say in them, and what is done to
/// it before it is signed.
pub(crate) struct Written<'a> {
    pub(crate) request: Request,
    pub(crate) rules: Option<Rules<'a>>,
    pub(crate) finish: &'static [&'static dyn Finish],
}

/// Sends a request of an operation until it succeeds, or another attempt is not worth it.
///
/// Boxed, so that it is compiled here: the body of an `async fn` is compiled where it is awaited, in the crate of the program.
pub(crate) fn run<'a>(
    core: &'a Core,
    meta: &'static Meta,
    written: Written<'a>,
    extras: &'a Extras,
) -> BoxFuture<'a, Result<Reply, Ended>> {
    Box::pin(async move {
        // Pinned here and below, so that a layer around it holds its address, and not one more copy of it.
        let call = pin!(async {
            // Counted out here, so that a call which its timeout cuts off still knows how often it was tried.
            let made = AtomicU32::new(0);
            let sent = pin!(send(core, meta, written, extras, &made));
            let result = within_operation(core, sent).await;
            (result, made.load(Ordering::Relaxed))
        });
        let (result, attempts) = telemetry::operation(meta, call).await;
        match result {
            Ok(response) => Ok(Reply { response, attempts }),
            Err(cause) => Err(Ended { cause, context: Context { operation: meta.name, attempts } }),
        }
    })
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
    written: Written<'_>,
    extras: &Extras,
    made: &AtomicU32,
) -> Result<Response, Cause> {
    let mut prepared = prepare(core, meta, written, extras).map_err(Cause::Construction)?;
    let policy = meta.retry.with(&core.retries).for_body(prepared.request.body.is_repeatable());
    let (mut number, mut spent) = (1, None);
    loop {
        pace::wait(core).await;
        let this = Number { number, most: policy.max_attempts };
        let request = prepared.request.next();
        let watch = Watch::begin(&prepared, number);
        let made_before = made.load(Ordering::Relaxed);
        let attempt = pin!(attempt(&prepared, request, this, watch, made));
        let result = telemetry::attempt(this, attempt).await;
        let was_sent = made.load(Ordering::Relaxed) > made_before;
        watch.ended(&result, was_sent);
        let failure = result.as_ref().err().and_then(|cause| cause.classify(meta));
        if was_sent {
            pace::learn(core, failure);
        }
        let cause = match result {
            Ok(response) => {
                core.shared.quota.give_back(spent);
                return Ok(response);
            }
            Err(cause) => cause,
        };
        let now = core.skew().apply(core.clock.now());
        let asked = cause.response().and_then(|response| retry::retry_after(response.headers(), now));
        let chance = random::unit(&*core.random);
        let decision = retry::decide(&policy, &core.shared.quota, number, failure, asked, chance);
        telemetry::decided(&decision, this, &cause);
        match decision {
            Decision::Retry { delay, cost } => {
                (number, spent) = (number.saturating_add(1), Some(cost));
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
pub(crate) struct Number {
    pub(crate) number: u32,
    pub(crate) most: u32,
}

/// What all attempts of a call have in common: a request that lacks its signature, and all that it is sent by.
pub(crate) struct Prepared<'a> {
    core: &'a Core,
    meta: &'static Meta,
    extras: &'a Extras,
    target: TargetOf<'a>,
    invocation_id: String,
    finish: &'static [&'static dyn Finish],
    pub(crate) request: Request,
}

impl Prepared<'_> {
    /// Does to a request what operation and service want of it as it is sent. That comes last, so that the digest of a body
    /// is that of the body which the caller, or a hook, has put there.
    pub(crate) fn finish(&self, request: &mut Request, purpose: Purpose) -> Result<(), BoxError> {
        finish::apply(self.finish, request, purpose, self.meta.service, &self.core.config)
    }

    /// Has a body that is a stream read, where the operation wants something told of it.
    pub(crate) async fn read(&self, request: &mut Request) -> Result<(), BoxError> {
        if request.body.is_streaming() && !self.finish.is_empty() {
            // Boxed, so that other calls are no larger for it.
            Box::pin(finish::read(self.finish, request)).await?;
        }
        Ok(())
    }
}

/// Addresses the request and edits it.
pub(crate) fn prepare<'a>(
    core: &'a Core,
    meta: &'static Meta,
    Written { mut request, rules, finish }: Written<'_>,
    extras: &'a Extras,
) -> Result<Prepared<'a>, BoxError> {
    let target = core.target(rules)?;
    target.address(&mut request);
    for edit in &extras.edits {
        request = edit(request)?;
    }
    // What codecs write needs no such look.
    if !extras.edits.is_empty() {
        request.check()?;
    }
    Ok(Prepared { core, meta, extras, target, invocation_id: random::uuid(&*core.random), finish, request })
}

/// Signs and sends once, and reads the response, whole unless it is a stream. The timeout of an attempt bounds all of it:
/// credentials may be as slow to come as an answer.
async fn attempt(
    prepared: &Prepared<'_>,
    request: Request,
    this: Number,
    watch: Watch<'_>,
    made: &AtomicU32,
) -> Result<Response, Cause> {
    let Prepared { core, meta, extras, .. } = *prepared;
    let exchange = pin!(async {
        let used = core.skew();
        let request = signed(prepared, request, this, watch, used).await.map_err(Cause::Construction)?;
        made.fetch_add(1, Ordering::Relaxed);
        telemetry::sending(meta, &request);
        let sent_at = core.clock.now();
        let (response, sending) = if request.body.is_streaming() {
            // Boxed, so that other calls are no larger for it.
            Box::pin(upload::send(core, meta, request)).await?
        } else {
            (answered(core, meta, request).await?, None)
        };
        let measured = core.measure_skew(response.headers(), sent_at);
        receive(core, meta, response, Dates { used, measured }, extras.output_stream, sending).await
    });
    limited(core, core.timeouts.operation_attempt_timeout(), "the attempt", exchange).await
}

/// Sends a request, and waits for the beginning of its answer as long as that may take.
async fn answered(core: &Core, meta: &Meta, request: Request) -> Result<Response, Cause> {
    let usual = Duration::from_secs(meta.answer_seconds.into());
    let sent = match core.timeouts.answer_limit(usual, request.bytes().len()) {
        None => core.transport.send(request).await,
        Some(limit) => {
            within(&*core.sleep, limit.after, core.transport.send(request)).await.map_err(|_| Cause::silence(limit))?
        }
    };
    sent.map_err(Cause::Dispatch)
}

/// How many headers an attempt usually adds, and their bytes.
const HEADERS: usize = 8;
const HEADERS_LENGTH: usize = 640;

/// Says who calls, by the identity of this moment, where the operation asks for it, and adds what differs from attempt to
/// attempt; that stays unsigned.
async fn signed(
    prepared: &Prepared<'_>,
    mut request: Request,
    this: Number,
    watch: Watch<'_>,
    skew: Skew,
) -> Result<Request, BoxError> {
    request.headers.reserve(HEADERS, HEADERS_LENGTH);
    watch.before_send(&mut request)?;
    prepared.finish(&mut request, Purpose::Sending)?;
    prepared.read(&mut request).await?;
    let caller = caller(prepared).await?;
    telemetry::calling(&caller);
    identity::show(prepared, &caller, skew, &mut request).await?;
    unsigned::add(prepared, this, &caller, &mut request);
    Ok(request)
}
