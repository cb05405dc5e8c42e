//! The schedule: which attempt meets which fault, which connection, and how far the clock is off, all by the seed alone.

use std::time::Duration;

use tinsmith_stand_in::{CodePlace, End, EventFault, Fault, LinkFault, RetryAfter};

use crate::dice::Dice;
use crate::key::{Key, Kind};

/// Decides by a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    seed: u64,
}

/// What happens to an attempt at the server, or on its way there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trouble {
    /// What it is called in the table.
    pub(crate) name: &'static str,
    pub(crate) fault: Fault,
    pub(crate) effect: Effect,
}

/// What a fault may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The attempt succeeds all the same.
    None,
    /// The attempt succeeds or not; which is up to chance.
    Perhaps,
    /// The attempt fails.
    Fails,
}

/// What an operation is answered with, which is to say what of it can be spoilt without being noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A document.
    Document,
    /// Bytes of which any are right.
    Bytes,
    /// Events.
    Events,
}

/// The name of the trouble that keeps a request from every server.
pub(crate) const NO_NAME: &str = "the name is not found";

/// What ends a connection after a right answer, so that the next request finds it gone.
pub(crate) const ENDS_AFTER_ANSWER: [&str; 2] = ["closed after the answer", "reset after the answer"];

/// How long a storm of throttling lasts, and a pause between two.
const SPELL: u64 = 2_000;
/// How often the clock jumps.
const JUMP: u64 = 1_500;

/// Of a hundred attempts, those that meet a fault; in a storm, those that are throttled as well.
const FAULTY: u64 = 14;
const THROTTLED: u64 = 60;
/// Of a hundred attempts, those whose server has no address.
const NAMELESS: u64 = 1;
/// Of a hundred connections, those that meet a fault.
const BROKEN_LINKS: u64 = 12;

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The dice of a task for its calls, from the first to the last.
    pub(crate) fn dice(self, task: u32) -> Dice {
        Dice::of(self.seed, &[1, task.into()])
    }

    /// Whether the name of the server is not found for an attempt.
    pub(crate) fn is_nameless(self, key: Key) -> bool {
        self.of(2, key).chance(NAMELESS)
    }

    /// What becomes of an attempt at the server, so long after the beginning.
    pub(crate) fn trouble(self, key: Key, answer: Answer, elapsed: Duration) -> Trouble {
        let spell = elapsed.as_millis() as u64 / SPELL;
        let storms = Dice::of(self.seed, &[3, spell]).chance(25);
        let mut dice = self.of(4, key);
        if storms && dice.chance(THROTTLED) {
            return of(dice.choose(STORM));
        }
        if !dice.chance(FAULTY) {
            return Trouble { name: "none", fault: Fault::None, effect: Effect::None };
        }
        let more = match answer {
            Answer::Document => DOCUMENTS,
            Answer::Bytes => &[],
            Answer::Events => EVENTS,
        };
        let dates: &[Known] = if key.kind == Kind::Astray { DATES } else { &[] };
        let known: Vec<Known> = ANY.iter().chain(more).chain(dates).copied().collect();
        of(dice.choose(&known))
    }

    /// What the connection of a number through a relay does wrong.
    pub(crate) fn link(self, is_secure: bool, connection: u64) -> LinkFault {
        let mut dice = Dice::of(self.seed, &[5, is_secure.into(), connection]);
        if !dice.chance(BROKEN_LINKS) {
            return LinkFault::None;
        }
        let passes = 1 + dice.below(40_000);
        let anywhere = [
            LinkFault::Refused,
            LinkFault::Silent,
            LinkFault::ResetAfter(passes),
            LinkFault::CutAfter(passes),
            LinkFault::GoneAfter(passes),
        ];
        let in_tls = [
            LinkFault::ClosedInHandshake,
            LinkFault::Garbage,
            LinkFault::Alert,
            LinkFault::WrongName,
            LinkFault::UnknownRoot,
        ];
        if is_secure && dice.chance(40) { *dice.choose(&in_tls) } else { *dice.choose(&anywhere) }
    }

    /// By how many seconds the clock that jumps is off, so long after the beginning.
    pub(crate) fn astray(self, elapsed: Duration) -> i64 {
        const HOURS: u64 = 6 * 60 * 60;
        let mut dice = Dice::of(self.seed, &[6, elapsed.as_millis() as u64 / JUMP]);
        if dice.chance(30) { 0 } else { dice.below(2 * HOURS) as i64 - HOURS as i64 }
    }

    fn of(self, what: u64, key: Key) -> Dice {
        let Key { call, attempt, .. } = key;
        Dice::of(self.seed, &[what, call.task.into(), call.number.into(), attempt.into()])
    }
}

/// A name, the fault, and what it may do.
type Known = (&'static str, fn() -> Fault, Effect);

fn of((name, fault, effect): &Known) -> Trouble {
    Trouble { name, fault: fault(), effect: *effect }
}

/// What can happen to every answer, and be noticed.
const ANY: &[Known] = &[
    ("reset after the request", || Fault::ResetAfterRequest, Effect::Fails),
    ("closed after the request", || Fault::CloseAfterRequest, Effect::Fails),
    ("no answer", || Fault::NoAnswer, Effect::Fails),
    ("not HTTP", || Fault::Raw(b"220 mail.example.com ESMTP\r\n".to_vec()), Effect::Fails),
    ("slow headers", || Fault::SlowHeaders(Duration::from_millis(30)), Effect::None),
    ("slow body", || Fault::SlowBody { piece: 2_048, pause: Duration::from_millis(3) }, Effect::None),
    ("closed after the answer", || Fault::EndAfterAnswer(End::Close), Effect::None),
    // What was not read when the reset came is lost.
    ("reset after the answer", || Fault::EndAfterAnswer(End::Reset), Effect::Perhaps),
    ("500 without a body", || Fault::Empty(500), Effect::Fails),
    ("503 in HTML", || Fault::Html(503), Effect::Fails),
    ("500 with a code", service_error, Effect::Fails),
];

/// What can happen to documents: of bytes nobody could tell.
const DOCUMENTS: &[Known] = &[
    ("reset within the body", || Fault::ResetMidBody, Effect::Fails),
    ("closed within the body", || Fault::CloseMidBody, Effect::Fails),
    ("truncated body", || Fault::TruncatedBody, Effect::Fails),
    ("length too long", || Fault::WrongLength(100), Effect::Fails),
    ("length too short", || Fault::WrongLength(-10), Effect::Fails),
    ("body stands still", || Fault::StalledBody, Effect::Fails),
    ("half of the JSON", || Fault::TruncatedJson, Effect::Fails),
    ("not JSON", || Fault::NotJson, Effect::Fails),
    ("body too large", || Fault::Oversized(2 * crate::clients::BODY_LIMIT), Effect::Fails),
];

/// What can happen to events. Where one is spoilt that there is not, nothing is.
const EVENTS: &[Known] = &[
    ("event: wrong checksum", || after_one(EventFault::Checksum), Effect::Perhaps),
    ("event: cut", || after_one(EventFault::Cut), Effect::Perhaps),
    ("event: end too early", || after_one(EventFault::End), Effect::Perhaps),
    ("event: nothing more", || after_one(EventFault::Stall), Effect::Perhaps),
    ("event: reset", || after_one(EventFault::Reset), Effect::Perhaps),
];

/// What happens to a client that corrects its clock.
const DATES: &[Known] = &[("a false date", || Fault::SkewedClock(-3_600), Effect::Fails)];

/// What happens to most in a storm.
const STORM: &[Known] = &[
    ("429 with a code", || throttle(CodePlace::HeaderWithUri, RetryAfter::Never), Effect::Fails),
    ("429 without a code", || throttle(CodePlace::Nowhere, RetryAfter::Never), Effect::Fails),
    ("429, come again", || throttle(CodePlace::Header, RetryAfter::Milliseconds(20)), Effect::Fails),
    ("429, come again at a date", || throttle(CodePlace::Header, RetryAfter::Date(0)), Effect::Fails),
    ("429, come again: garbage", || throttle(CodePlace::Body("code"), RetryAfter::Text("soon".into())), Effect::Fails),
];

fn throttle(code: CodePlace, retry_after: RetryAfter) -> Fault {
    Fault::Throttle { code, retry_after }
}

fn after_one(fault: EventFault) -> Fault {
    Fault::Events { after: 1, fault }
}

fn service_error() -> Fault {
    let (code, message) = ("ServiceException".into(), "An internal error occurred".into());
    Fault::Error { status: 500, code, place: CodePlace::HeaderWithUri, message }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::key::CallId;

    fn key(number: u32, attempt: u32, kind: Kind) -> Key {
        Key { call: CallId { task: 1, number }, attempt, kind }
    }

    /// The troubles of a minute of calls, by name.
    fn minute(seed: u64, answer: Answer, kind: Kind) -> BTreeMap<&'static str, usize> {
        let mut names = BTreeMap::new();
        for number in 0..6_000 {
            let elapsed = Duration::from_millis(10 * u64::from(number));
            let trouble = Plan::new(seed).trouble(key(number, 0, kind), answer, elapsed);
            *names.entry(trouble.name).or_default() += 1;
        }
        names
    }

    #[test]
    fn a_seed_brings_the_same_faults_and_another_one_others() {
        let once = minute(1, Answer::Document, Kind::Plain);
        assert_eq!(minute(1, Answer::Document, Kind::Plain), once);
        assert_ne!(minute(2, Answer::Document, Kind::Plain), once);
        let link = |seed| (1..1_000).map(|number| Plan::new(seed).link(true, number)).collect::<Vec<_>>();
        assert_eq!(link(1), link(1));
        assert_ne!(link(1), link(2));
    }

    #[test]
    fn every_fault_comes_within_a_minute_and_most_attempts_have_none() {
        for (answer, kind, most) in [
            (Answer::Document, Kind::Astray, ANY.len() + DOCUMENTS.len() + DATES.len()),
            (Answer::Bytes, Kind::Plain, ANY.len()),
            (Answer::Events, Kind::Tls, ANY.len() + EVENTS.len()),
        ] {
            let names = minute(9, answer, kind);
            assert_eq!(names.len(), most + STORM.len() + 1, "{names:?}");
            assert!(names["none"] > 3_000, "{names:?}");
        }
        let links: BTreeSet<_> = (1..2_000).map(|number| Plan::new(9).link(true, number).name()).collect();
        assert_eq!(links.len(), 11, "{links:?}");
        let in_the_clear: BTreeSet<_> = (1..2_000).map(|number| Plan::new(9).link(false, number).name()).collect();
        assert_eq!(in_the_clear.len(), 6, "{in_the_clear:?}");
        let offsets: BTreeSet<_> = (0..60).map(|second| Plan::new(9).astray(Duration::from_secs(second))).collect();
        assert!(offsets.contains(&0) && offsets.first() < Some(&-3_600) && offsets.last() > Some(&3_600));
    }

    #[test]
    fn an_attempt_after_a_fault_is_another_one() {
        let faults = |attempt| {
            let trouble =
                |number| Plan::new(3).trouble(key(number, attempt, Kind::Plain), Answer::Bytes, Duration::ZERO);
            (0..500).map(|number| trouble(number).name).collect::<Vec<_>>()
        };
        assert_ne!(faults(0), faults(1));
    }
}
