//! What happens to a request between being read and being answered: record, fault, signature, rate, operation.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::answer::{Answer, Namespace};
use crate::clock::{self, Seconds};
use crate::delivery::{self, Delivery, End};
use crate::fault::{Fault, Schedule};
use crate::functions::Functions;
use crate::layers::Layers;
use crate::operation::{self, Account};
use crate::rate_limit::Bucket;
use crate::recorded::{RecordedRequest, Recorder};
use crate::scatter::{self, scatter};
use crate::signature::Verifier;

/// The service behind the server: no I/O, and all that connections share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) region: String,
    pub(crate) layers: Layers,
    pub(crate) functions: Functions,
    /// `None` where signatures are not checked.
    pub(crate) verifier: Option<Verifier>,
    /// Seconds.
    pub(crate) clock_offset: AtomicI64,
    pub(crate) bucket: Option<Mutex<Bucket>>,
    pub(crate) faults: Mutex<Schedule>,
    pub(crate) recorder: Mutex<Recorder>,
    pub(crate) answered: AtomicU64,
    pub(crate) connections: AtomicU64,
    /// Cloned by each connection that is open.
    pub(crate) open: Arc<()>,
    /// Requests that began before the answer to the one before them.
    pub(crate) overlapping: AtomicU64,
    /// Requests that met a fault.
    pub(crate) faulty: AtomicU64,
    /// Requests that came and were not read.
    pub(crate) unread: AtomicU64,
    /// Cloned by each streamed answer that is under way.
    pub(crate) streams: Arc<()>,
    /// How long a connection may be idle, and how it ends then.
    pub(crate) idle: Option<(Duration, End)>,
    /// Makes the request ids of two stand-ins differ.
    pub(crate) seed: u64,
}

impl Service {
    /// The fault of the request that arrives now, if its number alone says which.
    pub(crate) fn next_fault(&self) -> Option<Fault> {
        lock(&self.faults).next()
    }

    /// The fault of a request whose number does not say which.
    pub(crate) fn fault_of(&self, request: &RecordedRequest) -> Fault {
        lock(&self.faults).of(request)
    }

    /// Records a request and plans its answer. Where not all of its body was kept, it was too much.
    pub(crate) fn respond(&self, request: RecordedRequest, is_whole: bool, fault: &Fault) -> Delivery {
        let skew = if let Fault::SkewedClock(seconds) = fault { *seconds } else { 0 };
        let now = clock::now(self.clock_offset.load(Ordering::Relaxed).saturating_add(skew));
        let request_id = self.request_id();
        let mut answer = fault.replacement(now).unwrap_or_else(|| match is_whole {
            true => self.answer(&request, now, &request_id),
            false => Answer::request_too_large(operation::LARGEST),
        });
        fault.spoil(&mut answer);
        if !matches!(fault, Fault::Respond { .. }) {
            answer = answer.with("date", clock::http_date(now)).with("x-amzn-requestid", request_id);
        }
        lock(&self.recorder).record(request);
        delivery::plan(fault, answer, &self.streams)
    }

    fn answer(&self, request: &RecordedRequest, now: Seconds, request_id: &str) -> Answer {
        if let Some(Err(refusal)) = self.verifier.as_ref().map(|verifier| verifier.check(request, now)) {
            return Answer::error(403, refusal.code(), Namespace::Framework, refusal.message());
        }
        if !self.bucket.as_ref().is_none_or(|bucket| lock(bucket).take(Instant::now())) {
            return Answer::too_many_requests("CallerRateLimitExceeded", "1");
        }
        let account = Account { region: &self.region, layers: &self.layers, functions: &self.functions };
        operation::answer(account, request, request_id)
    }

    /// Unlike any other.
    fn request_id(&self) -> String {
        let number = self.answered.fetch_add(1, Ordering::Relaxed);
        let (high, low) = (scatter(self.seed ^ scatter(number)), scatter(self.seed.rotate_left(32) ^ number));
        scatter::uuid(high, low)
    }
}

/// A panic elsewhere leaves nothing half done under our locks.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
