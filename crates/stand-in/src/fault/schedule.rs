//! Which request gets which fault: first a queue, then rules, then whom the builder was told to ask. Nothing is left to
//! chance, not even what looks so.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::Fault;
use crate::recorded::RecordedRequest;
use crate::scatter::{self, scatter};

/// Decides the fault of each request, in the order in which requests arrive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule {
    queue: VecDeque<Fault>,
    rules: Vec<(Rule, Fault)>,
    calls: Vec<(Calls, Fault)>,
    oracle: Option<Oracle>,
    requests: u64,
}

/// Who is asked for the fault of a request that was read.
#[derive(Clone)]
struct Oracle(Arc<dyn Fn(&RecordedRequest) -> Fault + Send + Sync>);

impl fmt::Debug for Oracle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oracle").finish_non_exhaustive()
    }
}

/// Which requests, by their numbers.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Every(u64),
    Random { seed: u64, percent: u8 },
}

/// Which requests, by what they ask for, in whatever order they come.
#[derive(Clone, Copy, Debug)]
struct Calls {
    seed: u64,
    percent: u8,
    attempts: u32,
}

impl Schedule {
    /// Adds to the end of the queue.
    pub(crate) fn push(&mut self, fault: Fault) {
        self.queue.push_back(fault);
    }

    /// Every request whose number, from 1, is a multiple of `n`; none for 0.
    pub(crate) fn every(&mut self, n: u64, fault: Fault) {
        self.rules.push((Rule::Every(n), fault));
    }

    /// So many of a hundred requests, the same ones for the same seed.
    pub(crate) fn random(&mut self, seed: u64, percent: u8, fault: Fault) {
        self.rules.push((Rule::Random { seed, percent }, fault));
    }

    /// The first `attempts` attempts of so many of a hundred calls, the same ones for the same seed.
    pub(crate) fn calls(&mut self, seed: u64, percent: u8, attempts: u32, fault: Fault) {
        self.calls.push((Calls { seed, percent, attempts }, fault));
    }

    /// What this says of each request that was read, and that nothing else has a fault for.
    pub(crate) fn ask(&mut self, oracle: impl Fn(&RecordedRequest) -> Fault + Send + Sync + 'static) {
        self.oracle = Some(Oracle(Arc::new(oracle)));
    }

    /// Forgets the queue, the rules, and whom to ask.
    pub(crate) fn clear(&mut self) {
        self.queue.clear();
        self.rules.clear();
        self.calls.clear();
        self.oracle = None;
    }

    /// The fault of the request that arrives now, as far as its number says; `None` leaves it to [`Schedule::of`].
    pub(crate) fn next(&mut self) -> Option<Fault> {
        self.requests += 1;
        self.queue.pop_front().or_else(|| {
            let rule = self.rules.iter().find(|(rule, _)| rule.holds(self.requests));
            rule.map(|(_, fault)| fault.clone())
        })
    }

    /// The fault of a request that was read.
    pub(crate) fn of(&self, request: &RecordedRequest) -> Fault {
        let rule = self.calls.iter().find(|(calls, _)| calls.hold(request));
        match (rule, &self.oracle) {
            (Some((_, fault)), _) => fault.clone(),
            (None, Some(Oracle(oracle))) => oracle(request),
            (None, None) => Fault::None,
        }
    }
}

impl Calls {
    fn hold(&self, request: &RecordedRequest) -> bool {
        let place = scatter::text(&format!("{}?{}", request.path, request.query));
        attempt(request) <= self.attempts && scatter(self.seed ^ place) % 100 < u64::from(self.percent)
    }
}

/// Which attempt of its call a request is, by the header in which SDKs say so: `attempt=2; max=3`.
fn attempt(request: &RecordedRequest) -> u32 {
    let pairs = request.header("amz-sdk-request").unwrap_or_default().split(';');
    let said = pairs.filter_map(|pair| pair.trim().strip_prefix("attempt=")).find_map(|number| number.parse().ok());
    said.unwrap_or(1)
}

impl Rule {
    fn holds(self, request: u64) -> bool {
        match self {
            Self::Every(n) => n != 0 && request.is_multiple_of(n),
            Self::Random { seed, percent } => scatter(seed ^ scatter(request)) % 100 < u64::from(percent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_goes_before_the_rules() {
        let mut schedule = Schedule::default();
        schedule.push(Fault::NotJson);
        schedule.push(Fault::None);
        schedule.every(2, Fault::Empty(500));
        schedule.every(0, Fault::TruncatedJson);
        let next: Vec<_> = (0..4).map(|_| schedule.next()).collect();
        assert_eq!(next, [Some(Fault::NotJson), Some(Fault::None), None, Some(Fault::Empty(500))]);
        schedule.clear();
        assert_eq!([schedule.next(), schedule.next()], [None, None]);
    }

    #[test]
    fn chance_is_the_same_each_time_and_about_as_often_as_asked() {
        let run = |seed| {
            let mut schedule = Schedule::default();
            schedule.random(seed, 30, Fault::NotJson);
            (0..1_000).map(|_| schedule.next() == Some(Fault::NotJson)).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let hits = run(7).into_iter().filter(|hit| *hit).count();
        assert!((250..350).contains(&hits), "{hits}");
    }

    #[test]
    fn calls_are_told_apart_by_what_they_ask_and_by_attempt() {
        let request = |marker: u32, attempt: &str| RecordedRequest {
            method: "GET".into(),
            path: "/".into(),
            query: format!("Marker={marker}"),
            headers: vec![("amz-sdk-request".into(), attempt.into())],
            body: Vec::new(),
            at: std::time::SystemTime::UNIX_EPOCH,
            connection: 1,
        };
        let mut schedule = Schedule::default();
        schedule.calls(3, 30, 2, Fault::NotJson);
        let hit =
            |attempt| (0..1_000).filter(|n| schedule.of(&request(*n, attempt)) != Fault::None).collect::<Vec<_>>();
        let first = hit("attempt=1; max=3");
        assert!((250..350).contains(&first.len()), "{}", first.len());
        assert_eq!([hit("ttl=1; attempt=2"), hit("")], [first.clone(), first]);
        assert_eq!(hit("attempt=3"), [] as [u32; 0]);
        let hit = hit("");
        let spared = (0..1_000).find(|n| !hit.contains(n)).unwrap();
        schedule.ask(|request| Fault::Empty(500 + request.connection as u16));
        let found = [hit[0], spared].map(|n| schedule.of(&request(n, "")));
        assert_eq!(found, [Fault::NotJson, Fault::Empty(501)]);
        schedule.clear();
        assert_eq!(schedule.of(&request(0, "")), Fault::None);
    }
}
