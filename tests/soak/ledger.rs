//! The ledger: what the client says of each attempt and what the server saw of it, side by side until both agree.
//!
//! A call is settled some time after it ended, since what was cut off may still be on its way, and is forgotten then: the ledger
//! of an hour is as large as that of a minute.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::key::{CallId, Key, Kind};
use crate::plan::{Effect, NO_NAME, Trouble};

/// How long what was cut off may take to arrive.
const GRACE: Duration = Duration::from_secs(5);
/// How many connections are remembered by what was sent on them last. Each is idle for seconds at most.
const CONNECTIONS: usize = 1_000;
/// What the error of a call says that had no time left, and whose last attempt was cut off.
const TOO_LONG: &str = "the operation took longer than";
/// How many violations are told in words.
const TOLD: usize = 20;

/// How an attempt ended, as its client says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the answer that it asked for.
    Answered,
    /// With a whole answer of this status, which is an error.
    Refused(u16),
    /// With the beginning of an answer.
    Unreadable,
    /// Without a connection.
    Unconnected,
    /// After its time.
    Late,
    /// With the connection.
    Broken,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallEnd {
    /// With the right answer.
    Right,
    /// With a wrong one: which, and what was expected.
    Wrong(String),
    /// With an error.
    Failed(String),
    /// It was dropped.
    Cancelled,
}

/// All accounts.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    open: BTreeMap<CallId, Vec<Attempt>>,
    ended: VecDeque<Ended>,
    /// What was sent last on each connection.
    last: BTreeMap<u64, Last>,
    pub(crate) sums: Sums,
}

#[derive(Debug)]
struct Ended {
    call: CallId,
    at: Duration,
    end: CallEnd,
    /// How many attempts the client says it made, where it does.
    said: Option<u32>,
    is_streamed: bool,
}

#[derive(Debug)]
struct Attempt {
    key: Key,
    begun: Duration,
    is_safe: bool,
    is_nameless: bool,
    end: Option<End>,
    seen: u32,
    connection: u64,
    trouble: Option<(&'static str, Effect)>,
    is_followed: bool,
}

#[derive(Debug)]
enum Last {
    /// This attempt.
    Attempt(Key),
    /// One that broke: nothing may come after it.
    Spent,
}

/// What it comes to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) calls: u64,
    pub(crate) right: u64,
    pub(crate) failed: u64,
    pub(crate) cancelled: u64,
    pub(crate) attempts: u64,
    /// Attempts that the server saw, and of those the ones that it saw once more.
    pub(crate) seen: u64,
    pub(crate) again: u64,
    /// Attempts that no server saw, by what ate them.
    pub(crate) nameless: u64,
    pub(crate) unconnected: u64,
    pub(crate) lost: u64,
    pub(crate) cut: u64,
    /// Attempts that failed for no fault of the server's own: a broken connection has to account for each.
    pub(crate) unexplained: u64,
    /// The same, of those that were too late.
    pub(crate) late: u64,
    /// Attempts that were refused for their date, by clients whose clock jumps.
    pub(crate) misdated: u64,
    /// How often each fault was met, and how many attempts failed with it.
    pub(crate) troubles: BTreeMap<&'static str, (u64, u64)>,
    pub(crate) violations: u64,
    pub(crate) told: Vec<String>,
}

impl Ledger {
    /// A client is about to send an attempt. A safe one may be sent twice.
    pub(crate) fn begun(&mut self, key: Key, now: Duration, is_safe: bool, is_nameless: bool) {
        let attempts = self.open.entry(key.call).or_default();
        let expected = attempts.len();
        let (end, seen, connection, trouble, is_followed) = (None, 0, 0, None, false);
        attempts.push(Attempt { key, begun: now, is_safe, is_nameless, end, seen, connection, trouble, is_followed });
        if key.attempt as usize != expected {
            self.sums.violation(format!("attempt {key} begins after {expected} others"));
        }
    }

    /// A client says how an attempt ended.
    pub(crate) fn ended(&mut self, key: Key, end: End) {
        match self.attempt(key) {
            Some(attempt) if attempt.end.is_none() => attempt.end = Some(end),
            _ => self.sums.violation(format!("attempt {key} ends ({end:?}), and did not begin, or ended before")),
        }
    }

    /// The server read an attempt, on a connection, and lets this happen to it.
    pub(crate) fn seen(&mut self, key: Key, connection: u64, trouble: &Trouble) {
        let before = self.last.insert(connection, Last::Attempt(key));
        if self.last.len() > CONNECTIONS {
            self.last.pop_first();
        }
        match before {
            Some(Last::Spent) => {
                self.sums.violation(format!("attempt {key} came on connection {connection}, which had broken"));
            }
            Some(Last::Attempt(before)) => {
                if let Some(before) = self.attempt(before) {
                    before.is_followed = true;
                }
            }
            None => {}
        }
        match self.attempt(key) {
            Some(attempt) => {
                attempt.seen += 1;
                attempt.connection = connection;
                attempt.trouble = Some((trouble.name, trouble.effect));
            }
            None => {
                self.sums.violation(format!("attempt {key} was seen, and no client made it, or gave it up long ago"))
            }
        }
        self.sums.troubles.entry(trouble.name).or_default().0 += 1;
    }

    /// When an attempt began, as long as it is not settled.
    pub(crate) fn begun_at(&mut self, key: Key) -> Option<Duration> {
        self.attempt(key).map(|attempt| attempt.begun)
    }

    /// A call is over. `said` is how many attempts it was told to have made; of a streamed one the answer is only begun when its
    /// last attempt ends.
    pub(crate) fn over(&mut self, call: CallId, at: Duration, end: CallEnd, said: Option<u32>, is_streamed: bool) {
        self.ended.push_back(Ended { call, at, end, said, is_streamed });
    }

    /// Settles the calls that have been over for long enough.
    pub(crate) fn settle(&mut self, now: Duration) {
        while self.ended.front().is_some_and(|ended| ended.at + GRACE <= now) {
            if let Some(ended) = self.ended.pop_front() {
                self.close(ended);
            }
        }
    }

    /// Settles all, and finds what is left.
    pub(crate) fn settle_all(&mut self) {
        self.settle(Duration::MAX);
        let left: Vec<_> = self.open.keys().map(ToString::to_string).collect();
        if !left.is_empty() {
            self.sums.violation(format!("calls that never ended: {}", left.join(", ")));
        }
    }

    fn attempt(&mut self, key: Key) -> Option<&mut Attempt> {
        self.open.get_mut(&key.call)?.get_mut(key.attempt as usize)
    }

    fn close(&mut self, ended: Ended) {
        let attempts = self.open.remove(&ended.call).unwrap_or_default();
        for attempt in &attempts {
            self.sums.attempt(attempt, &ended.end);
            if attempt.is_spent()
                && matches!(self.last.get(&attempt.connection), Some(Last::Attempt(key)) if *key == attempt.key)
            {
                self.last.insert(attempt.connection, Last::Spent);
            }
        }
        self.sums.call(&ended, &attempts);
    }
}

impl Attempt {
    fn fails(&self) -> bool {
        matches!(self.trouble, Some((_, Effect::Fails | Effect::Perhaps)))
    }

    /// Whether its connection may carry nothing more: it broke, or its answer was not waited for.
    fn is_spent(&self) -> bool {
        self.seen > 0 && matches!(self.end, Some(End::Broken | End::Late | End::Unreadable))
    }

    fn is_misdated(&self) -> bool {
        self.key.kind == Kind::Astray && self.end == Some(End::Refused(403))
    }
}

impl Sums {
    /// Something is as it must never be.
    pub(crate) fn violation(&mut self, what: String) {
        self.violations += 1;
        if self.told.len() < TOLD {
            self.told.push(what);
        }
    }

    /// How many attempts a broken connection has to account for.
    pub(crate) fn debt(&self) -> u64 {
        self.lost + self.unconnected + self.unexplained
    }

    fn attempt(&mut self, attempt: &Attempt, call: &CallEnd) {
        let Attempt { key, end, seen, .. } = attempt;
        self.attempts += 1;
        self.seen += u64::from(*seen > 0);
        self.again += u64::from(seen.saturating_sub(1));
        if attempt.is_nameless {
            let (met, failed) = self.troubles.entry(NO_NAME).or_default();
            (*met, *failed) = (*met + 1, *failed + u64::from(*end != Some(End::Answered)));
        }
        if *seen > 1 && !attempt.is_safe {
            self.violation(format!("attempt {key} was sent {seen} times, and is not safe"));
        }
        if attempt.is_spent() && attempt.is_followed {
            self.violation(format!(
                "attempt {key} broke ({end:?}), and its connection {} was used",
                attempt.connection
            ));
        }
        match seen {
            0 => self.unseen(attempt),
            _ => self.met(attempt),
        }
        if end.is_none() && !matches!(call, CallEnd::Cancelled | CallEnd::Failed(_)) {
            self.violation(format!("attempt {key} has no end, and its call has: {call:?}"));
        }
    }

    fn unseen(&mut self, attempt: &Attempt) {
        match attempt.end {
            _ if attempt.is_nameless => self.nameless += 1,
            None => self.cut += 1,
            Some(End::Unconnected) => self.unconnected += 1,
            Some(End::Broken) => self.lost += 1,
            Some(End::Late) => self.late += 1,
            Some(end) => {
                self.violation(format!("attempt {} was answered ({end:?}), and no server saw it", attempt.key))
            }
        }
    }

    fn met(&mut self, attempt: &Attempt) {
        let Attempt { key, end, .. } = attempt;
        if attempt.is_nameless {
            self.violation(format!("attempt {key} went to a server without a name, and was seen"));
        }
        if let Some((name, _)) = attempt.trouble {
            self.troubles.entry(name).or_default().1 += u64::from(!matches!(end, Some(End::Answered) | None));
        }
        match end {
            Some(End::Unconnected) if !attempt.is_safe => {
                self.violation(format!("attempt {key} had no connection, and was seen"));
            }
            _ if attempt.fails() => {}
            Some(End::Refused(_)) if attempt.is_misdated() => self.misdated += 1,
            Some(End::Refused(status)) => {
                self.violation(format!("attempt {key} was refused with {status}, for no reason"))
            }
            Some(End::Late) => self.late += 1,
            Some(End::Unreadable | End::Unconnected | End::Broken) => self.unexplained += 1,
            Some(End::Answered) | None => {}
        }
    }

    fn call(&mut self, ended: &Ended, attempts: &[Attempt]) {
        self.calls += 1;
        let Ended { call, end, said, .. } = ended;
        let cut = attempts.iter().filter(|attempt| attempt.end.is_none()).count();
        if let Some(said) = said
            && !(attempts.len() - cut..=attempts.len()).contains(&(*said as usize))
        {
            self.violation(format!("call {call} says {said} attempts, and {} were seen to begin", attempts.len()));
        }
        match end {
            CallEnd::Right => self.right += 1,
            CallEnd::Cancelled => self.cancelled += 1,
            CallEnd::Wrong(how) => self.violation(format!("call {call} has a wrong answer: {how}")),
            CallEnd::Failed(why) => {
                self.failed += 1;
                self.reason(ended, attempts.last(), why);
            }
        }
    }

    /// Whether there is a reason for which a call failed: what happened to its last attempt.
    fn reason(&mut self, ended: &Ended, last: Option<&Attempt>, why: &str) {
        let Some(last) = last else {
            return self.violation(format!("call {} failed without an attempt: {why}", ended.call));
        };
        match last.end {
            Some(End::Answered) if last.fails() => {}
            // The rest of the stream was lost with its connection.
            Some(End::Answered) if ended.is_streamed => self.unexplained += 1,
            Some(End::Answered) => self.violation(format!("call {} was answered and failed: {why}", ended.call)),
            None if why.contains(TOO_LONG) => {}
            None => self.violation(format!("call {} failed before it was sent: {why}", ended.call)),
            // Each of these is accounted for as an attempt.
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tinsmith_stand_in::Fault;

    use super::*;

    const CALL: CallId = CallId { task: 1, number: 1 };

    fn key(attempt: u32) -> Key {
        Key { call: CALL, attempt, kind: Kind::Plain }
    }

    fn trouble(name: &'static str, effect: Effect) -> Trouble {
        Trouble { name, fault: Fault::None, effect }
    }

    /// One call, kept by this; the violations, in words.
    fn check(is_safe: bool, said: Option<u32>, end: CallEnd, keep: impl FnOnce(&mut Ledger)) -> (Sums, Vec<String>) {
        let mut ledger = Ledger::default();
        ledger.begun(key(0), Duration::ZERO, is_safe, false);
        keep(&mut ledger);
        ledger.over(CALL, Duration::from_secs(1), end, said, false);
        ledger.settle(Duration::from_secs(2));
        assert_eq!(ledger.sums.calls, 0, "it is settled later");
        ledger.settle_all();
        let told = ledger.sums.told.clone();
        (ledger.sums, told)
    }

    #[test]
    fn what_agrees_is_summed_up() {
        let (sums, told) = check(true, Some(2), CallEnd::Right, |ledger| {
            ledger.seen(key(0), 4, &trouble("500", Effect::Fails));
            ledger.ended(key(0), End::Refused(500));
            ledger.begun(key(1), Duration::ZERO, true, false);
            ledger.seen(key(1), 4, &trouble("none", Effect::None));
            ledger.ended(key(1), End::Answered);
        });
        assert_eq!(told, [] as [&str; 0]);
        assert_eq!((sums.calls, sums.right, sums.attempts, sums.seen, sums.debt()), (1, 1, 2, 2, 0));
        assert_eq!(sums.troubles, BTreeMap::from([("500", (1, 1)), ("none", (1, 0))]));

        // What a connection ate is owed, and what was cut off is not.
        let (sums, told) = check(false, None, CallEnd::Cancelled, |ledger| {
            ledger.ended(key(0), End::Broken);
            ledger.begun(key(1), Duration::ZERO, false, false);
            ledger.seen(key(1), 1, &trouble("none", Effect::None));
            ledger.ended(key(1), End::Unreadable);
            ledger.begun(key(2), Duration::ZERO, false, false);
        });
        assert_eq!(told, [] as [&str; 0]);
        assert_eq!((sums.lost, sums.unexplained, sums.cut, sums.debt()), (1, 1, 1, 2));
    }

    #[test]
    fn what_does_not_agree_is_told() {
        let none = || trouble("none", Effect::None);
        let failed = || CallEnd::Failed("it is".into());
        let (_, told) = check(true, None, CallEnd::Right, |ledger| ledger.ended(key(0), End::Answered));
        assert_eq!(told, ["attempt 1.1.0.p was answered (Answered), and no server saw it"]);
        let (_, told) = check(false, None, CallEnd::Right, |ledger| {
            ledger.seen(key(0), 1, &none());
            ledger.seen(key(0), 2, &none());
            ledger.ended(key(0), End::Answered);
        });
        assert_eq!(told, ["attempt 1.1.0.p was sent 2 times, and is not safe"]);
        let (_, told) = check(true, Some(3), failed(), |ledger| {
            ledger.seen(key(0), 1, &none());
            ledger.ended(key(0), End::Answered);
        });
        assert_eq!(
            told,
            ["call 1.1 says 3 attempts, and 1 were seen to begin", "call 1.1 was answered and failed: it is"]
        );
        let (_, told) = check(true, None, failed(), |ledger| {
            ledger.seen(key(0), 1, &none());
            ledger.ended(key(0), End::Refused(403));
        });
        assert_eq!(told, ["attempt 1.1.0.p was refused with 403, for no reason"]);
        let (_, told) = check(true, None, CallEnd::Wrong("7".into()), |ledger| {
            ledger.seen(key(0), 1, &none());
            ledger.ended(key(0), End::Answered);
            ledger.seen(key(3), 1, &none());
        });
        assert_eq!(
            told,
            [
                "attempt 1.1.3.p was seen, and no client made it, or gave it up long ago",
                "call 1.1 has a wrong answer: 7"
            ]
        );
        let (_, told) = check(true, None, failed(), |_| {});
        assert_eq!(told, ["call 1.1 failed before it was sent: it is"]);
        let (sums, told) = check(true, None, CallEnd::Failed(format!("{TOO_LONG} 8s")), |_| {});
        assert_eq!((sums.cut, told.len()), (1, 0));
        let mut lost = Ledger::default();
        lost.begun(key(0), Duration::ZERO, true, false);
        lost.settle_all();
        assert_eq!(lost.sums.told, ["calls that never ended: 1.1"]);
    }

    #[test]
    fn a_connection_that_broke_is_not_used_again() {
        let breaks = |ledger: &mut Ledger| {
            ledger.seen(key(0), 9, &trouble("no answer", Effect::Fails));
            ledger.ended(key(0), End::Late);
        };
        let next = Key { call: CallId { task: 1, number: 2 }, ..key(0) };
        let (_, told) = check(true, None, CallEnd::Failed(String::new()), |ledger| {
            breaks(ledger);
            ledger.begun(next, Duration::ZERO, true, false);
            ledger.seen(next, 9, &trouble("none", Effect::None));
            ledger.over(next.call, Duration::ZERO, CallEnd::Cancelled, None, false);
        });
        assert_eq!(told, ["attempt 1.1.0.p broke (Some(Late)), and its connection 9 was used"]);

        let mut ledger = Ledger::default();
        ledger.begun(key(0), Duration::ZERO, true, false);
        breaks(&mut ledger);
        ledger.over(CALL, Duration::ZERO, CallEnd::Cancelled, None, false);
        ledger.settle_all();
        ledger.begun(next, Duration::ZERO, true, false);
        ledger.seen(next, 9, &trouble("none", Effect::None));
        assert_eq!(ledger.sums.told, ["attempt 1.2.0.p came on connection 9, which had broken"]);
    }
}
