//! The accounts of a row: what the client says, what the server says, and whether they agree.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use tinsmith_runtime::retry::Quota;
use tinsmith_stand_in::StandIn;

use crate::rows::Row;
use crate::run::{Outcome, Truth, call_of};

/// What a row brought.
pub(crate) struct Account {
    pub(crate) name: &'static str,
    pub(crate) calls: usize,
    pub(crate) right: u64,
    /// How many calls ended with which error.
    pub(crate) errors: BTreeMap<String, u64>,
    /// As the client counts them.
    pub(crate) attempts: u64,
    /// As the server counts them.
    pub(crate) seen: u64,
    /// Of those, the ones that the server had seen before.
    pub(crate) again: u64,
    /// Of all that the server counts, the requests that met the fault.
    served: u64,
    pub(crate) connections: u64,
    pub(crate) quota: u32,
    /// What must be left of the quota after these outcomes.
    pub(crate) computed: RangeInclusive<u32>,
    wrong: Vec<String>,
}

impl Account {
    pub(crate) fn new(row: &Row, outcomes: Vec<Option<Outcome>>, truth: &Truth, server: &StandIn, quota: u32) -> Self {
        let (calls, ended) = (outcomes.len(), outcomes.iter().flatten().count());
        let mut account = Self {
            name: row.name,
            calls,
            right: 0,
            errors: BTreeMap::new(),
            attempts: outcomes.iter().flatten().map(|outcome| outcome.attempts).sum(),
            seen: server.request_count(),
            again: 0,
            served: server.fault_count(),
            connections: server.connection_count(),
            quota,
            computed: computed(outcomes.iter().flatten(), &row.cost),
            wrong: Vec::new(),
        };
        account.expect("calls that ended", ended as u64, &(calls as u64..=calls as u64));
        for (number, outcome) in outcomes.iter().enumerate() {
            match outcome.as_ref().map(|outcome| &outcome.answer) {
                Some(Ok(answer)) if *answer == truth[number] => account.right += 1,
                Some(Ok(answer)) => account.note(format!("call {number} has a wrong answer: {answer:?}")),
                Some(Err(kind)) => *account.errors.entry(kind.clone()).or_default() += 1,
                None => account.note(format!("call {number} is lost")),
            }
        }
        account.compare(&outcomes, server);
        account.check(row);
        account
    }

    /// Whatever is not as it must be.
    pub(crate) fn wrong(&self) -> impl Iterator<Item = String> {
        self.wrong.iter().map(|wrong| format!("{}: {wrong}", self.name))
    }

    fn note(&mut self, wrong: String) {
        self.wrong.push(wrong);
    }

    fn expect(&mut self, what: &str, found: u64, expected: &RangeInclusive<u64>) {
        if !expected.contains(&found) {
            self.note(format!("{what}: {found} instead of {expected:?}"));
        }
    }

    /// Compares the sums with what the row says.
    fn check(&mut self, row: &Row) {
        self.expect("right answers", self.right, &row.right);
        self.expect("attempts without a right answer", self.attempts.saturating_sub(self.right), &row.faulty);
        let seen = self.seen - self.again;
        self.expect("attempts that were not seen", self.attempts.saturating_sub(seen), &row.unseen);
        self.expect("attempts that were seen twice", self.again, &row.again);
        self.expect("requests that met the fault", self.served, &row.served);
        self.expect("connections", self.connections, &row.connections);
        let (left, right) = (*self.computed.start(), *self.computed.end());
        self.expect("quota left", self.quota.into(), &(left.into()..=right.into()));
        for kind in self.errors.keys().filter(|kind| !row.errors.contains(&kind.as_str())).cloned().collect::<Vec<_>>()
        {
            self.note(format!("an error that there should not be: {kind}"));
        }
    }

    /// Compares what the client says of each call with what the server saw of it.
    fn compare(&mut self, outcomes: &[Option<Outcome>], server: &StandIn) {
        let mut seen = vec![BTreeSet::new(); outcomes.len()];
        let mut ids = BTreeMap::new();
        for request in server.requests() {
            let number = call_of(&request);
            let header = |name| request.header(name).unwrap_or_default().to_owned();
            let (id, attempt) = (header("amz-sdk-invocation-id"), header("amz-sdk-request"));
            if *ids.entry(number).or_insert_with(|| id.clone()) != id {
                self.note(format!("call {number} has two ids"));
            }
            self.again += u64::from(!seen[number].insert(attempt));
        }
        if ids.values().collect::<BTreeSet<_>>().len() != ids.len() {
            self.note("two calls have the same id".to_owned());
        }
        for (number, outcome) in outcomes.iter().enumerate() {
            let (said, seen) = (outcome.as_ref().map_or(0, |outcome| outcome.attempts), seen[number].len() as u64);
            if seen > said {
                self.note(format!("call {number}: the server saw {seen} attempts, the client says {said}"));
            }
        }
    }
}

/// What is left of the quota after these calls, by the rules of the standard mode: each retry costs; a success puts back
/// what its last retry cost; one that took none adds a token, if the quota is not full at that moment. That last rule
/// alone depends on the order of the calls, so that it makes the upper bound.
fn computed<'a>(outcomes: impl Iterator<Item = &'a Outcome>, cost: &RangeInclusive<u32>) -> RangeInclusive<u32> {
    let (mut paid, mut plain) = (0, 0);
    for outcome in outcomes {
        let retries = u32::try_from(outcome.attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        match &outcome.answer {
            Ok(_) if retries == 0 => plain += 1,
            Ok(_) => paid += retries - 1,
            Err(_) => paid += retries,
        }
    }
    let left = |cost| Quota::CAPACITY.saturating_sub(paid * cost);
    left(*cost.end())..=(left(*cost.start()) + plain).min(Quota::CAPACITY)
}
