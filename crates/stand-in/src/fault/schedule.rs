//! Which request gets which fault: first a queue, then rules. Nothing is left to chance, not even what looks so.

use std::collections::VecDeque;

use super::Fault;
use crate::scatter::scatter;

/// Decides the fault of each request, in the order in which requests arrive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule {
    queue: VecDeque<Fault>,
    rules: Vec<(Rule, Fault)>,
    requests: u64,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    Every(u64),
    Random { seed: u64, percent: u8 },
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

    /// Forgets the queue and the rules.
    pub(crate) fn clear(&mut self) {
        self.queue.clear();
        self.rules.clear();
    }

    /// The fault of the request that arrives now.
    pub(crate) fn next(&mut self) -> Fault {
        self.requests += 1;
        if let Some(fault) = self.queue.pop_front() {
            return fault;
        }
        let rule = self.rules.iter().find(|(rule, _)| rule.holds(self.requests));
        rule.map_or(Fault::None, |(_, fault)| fault.clone())
    }
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
        assert_eq!(next, [Fault::NotJson, Fault::None, Fault::None, Fault::Empty(500)]);
        schedule.clear();
        assert_eq!([schedule.next(), schedule.next()], [Fault::None, Fault::None]);
    }

    #[test]
    fn chance_is_the_same_each_time_and_about_as_often_as_asked() {
        let run = |seed| {
            let mut schedule = Schedule::default();
            schedule.random(seed, 30, Fault::NotJson);
            (0..1_000).map(|_| schedule.next() == Fault::NotJson).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let hits = run(7).into_iter().filter(|hit| *hit).count();
        assert!((250..350).contains(&hits), "{hits}");
    }
}
