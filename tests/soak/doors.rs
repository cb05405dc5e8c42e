//! What clients see the world through: a clock that jumps, credentials that end within seconds, and a hook that keeps the ledger.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tinsmith_lambda::config::http::HttpRequest;
use tinsmith_lambda::config::{Attempt, Credentials, Hook, Outcome, ProvideCredentials};
use tinsmith_runtime::credentials::future;
use tinsmith_runtime::error::BoxError;
use tinsmith_runtime::time::Clock;

use crate::key::{CallId, HEADER, Key, Kind};
use crate::ledger::{End, Ledger};
use crate::plan::Plan;

/// What all parts of a run have in common.
#[derive(Clone, Debug)]
pub(crate) struct Run(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    plan: Plan,
    begun: Instant,
    ledger: Mutex<Ledger>,
    /// When the credentials of each key end: the place is the number of the key.
    ends: Mutex<[Ends; KEYS]>,
    issued: AtomicU64,
}

/// When credentials end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ends {
    /// As those who got them were told.
    pub(crate) said: Duration,
    /// As the server has it.
    pub(crate) real: Duration,
}

/// How many different short-lived keys there are, which come again in turn.
pub(crate) const KEYS: usize = 64;

/// How long they live.
const LIFE: Duration = Duration::from_millis(1_500);

/// How much earlier some are over, as if they were taken back.
const EARLIER: Duration = Duration::from_millis(700);

impl Run {
    pub(crate) fn new(plan: Plan) -> Self {
        let (ledger, ends, issued) = (Mutex::default(), Mutex::new([Ends::default(); KEYS]), AtomicU64::default());
        Self(Arc::new(Shared { plan, begun: Instant::now(), ledger, ends, issued }))
    }

    pub(crate) fn plan(&self) -> Plan {
        self.0.plan
    }

    /// How long it runs.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.begun.elapsed()
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.0.ledger)
    }

    /// When the credentials with this key end, where they do.
    pub(crate) fn end_of(&self, access_key_id: &str) -> Option<Ends> {
        let number = access_key_id.strip_prefix(SHORT_LIVED)?;
        lock(&self.0.ends).get(number.parse::<usize>().ok()?).copied()
    }

    /// How many credentials were given out.
    pub(crate) fn issued(&self) -> u64 {
        self.0.issued.load(Ordering::Relaxed)
    }
}

const SHORT_LIVED: &str = "AKIDSHORT";

/// Access key and token of short-lived credentials.
pub(crate) fn short_lived(number: usize) -> (String, String) {
    (format!("{SHORT_LIVED}{number}"), format!("token-{number}"))
}

/// Gives credentials that end while calls are under way. Every third time it takes a while, and every fifth they end before they
/// were said to.
impl ProvideCredentials for Run {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let issued = self.0.issued.fetch_add(1, Ordering::Relaxed);
            if issued.is_multiple_of(3) {
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
            let number = issued as usize % KEYS;
            let (now, said) = (SystemTime::now(), self.elapsed() + LIFE);
            let real = if issued % 5 == 4 { said - EARLIER } else { said };
            if let Some(place) = lock(&self.0.ends).get_mut(number) {
                *place = Ends { said, real };
            }
            let (key, token) = short_lived(number);
            Ok(Credentials::new(key, tinsmith_stand_in::SECRET_ACCESS_KEY, Some(token), Some(now + LIFE), "soak"))
        })
    }
}

/// A clock that is right now and then.
impl Clock for Run {
    fn now(&self) -> SystemTime {
        let (now, offset) = (SystemTime::now(), self.plan().astray(self.elapsed()));
        let by = Duration::from_secs(offset.unsigned_abs());
        if offset < 0 { now - by } else { now + by }
    }
}

tokio::task_local! {
    static CALL: Current;
}

struct Current {
    call: CallId,
    /// The number of the next attempt.
    next: Cell<u32>,
}

/// Makes a call under its name, by which its attempts are kept.
pub(crate) async fn named<T>(call: CallId, made: impl Future<Output = T>) -> T {
    CALL.scope(Current { call, next: Cell::new(0) }, made).await
}

/// Names the attempts of a client to the server, and keeps the ledger of them.
#[derive(Debug)]
pub(crate) struct Clerk {
    pub(crate) run: Run,
    pub(crate) kind: Kind,
}

impl Clerk {
    /// The attempt that is under way on this task, so many before the next.
    fn key(&self, current: &Current, before: u32) -> Key {
        Key { call: current.call, attempt: current.next.get().saturating_sub(before), kind: self.kind }
    }
}

impl Hook for Clerk {
    fn before_send(&self, _: &Attempt, request: &mut HttpRequest) -> Result<(), BoxError> {
        CALL.try_with(|current| {
            let key = self.key(current, 0);
            current.next.set(current.next.get() + 1);
            request.headers_mut().insert(HEADER, key.to_string());
            let is_nameless = self.run.plan().is_nameless(key);
            if is_nameless {
                // A label has 63 octets at most (RFC 1035, section 2.3.4): no server is asked for it, which might take long to answer.
                let scheme = if self.kind.is_secure() { "https" } else { "http" };
                request.origin = format!("{scheme}://{:x<64}.invalid", "nowhere");
            }
            self.run.ledger().begun(key, self.run.elapsed(), request.method() == "GET", is_nameless);
        })
        .map_err(Into::into)
    }

    fn after_response(&self, _: &Attempt, outcome: &Outcome<'_>) {
        let status = outcome.response().map(|response| response.status());
        let said = outcome.failure().map(ToString::to_string);
        let _ = CALL.try_with(|current| {
            let end = end(status.map(|status| (status.as_u16(), status.is_success())), said.as_deref());
            self.run.ledger().ended(self.key(current, 1), end);
        });
    }
}

/// How an attempt ended, by the status of its answer, and whether that tells of success, and by what is said of its failure.
fn end(status: Option<(u16, bool)>, failure: Option<&str>) -> End {
    let starts = |beginnings: &[&str]| {
        beginnings.iter().any(|beginning| failure.is_some_and(|said| said.starts_with(beginning)))
    };
    match (status, failure) {
        (Some(_), None) => End::Answered,
        (Some((_, true)), Some(_)) => End::Unreadable,
        (Some((status, false)), Some(_)) => End::Refused(status),
        (None, _) if starts(&["could not connect", "connecting took", "no secure connection"]) => End::Unconnected,
        (None, _) if starts(&["the answer took too long", "the attempt took longer"]) => End::Late,
        (None, _) => End::Broken,
    }
}

/// A panic elsewhere leaves nothing half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends() {
        let ok = Some((200, true));
        for (status, failure, expected) in [
            (ok, None, End::Answered),
            (ok, Some("the connection broke: reset"), End::Unreadable),
            (Some((429, false)), Some("Throttled"), End::Refused(429)),
            (None, Some("could not connect: no TCP connection to x"), End::Unconnected),
            (None, Some("connecting took too long: x"), End::Unconnected),
            (None, Some("no secure connection: x"), End::Unconnected),
            (None, Some("the answer took too long to begin: x"), End::Late),
            (None, Some("the attempt took longer than 1s"), End::Late),
            (None, Some("the connection broke: reset"), End::Broken),
        ] {
            assert_eq!(end(status, failure), expected, "{status:?} {failure:?}");
        }
    }
}
