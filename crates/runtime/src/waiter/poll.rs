//! The wait itself: polls, what they mean, and how long lies between them.

use std::time::Duration;

use super::error::{Told, WaiterError};
use super::{Acceptor, FinalPoll, State, Waited, Waiter};
use crate::client::Handle;
use crate::client::core::{Core, Extras};
use crate::error::SdkError;
use crate::operation::Operation;
use crate::random;
use crate::time::{Elapsed, within};

/// Polls until an answer ends the wait, or the time is over.
pub(super) async fn wait<O: Operation>(
    handle: &Handle,
    waiter: &'static Waiter<O>,
    mut input: O::Input,
    most: Duration,
) -> Waited<O> {
    let core = handle.core();
    let mut watch = Watch { core, begun: core.clock.steady(), slept: Duration::ZERO };
    let mut told = Told { waiter: waiter.name, operation: O::META.name, ..Told::default() };
    let mut is_last = false;
    loop {
        let extras = Extras { is_poll: true, ..Extras::default() };
        let polled = within_time(core, watch.left(most), handle.send_with::<O>(&mut input, extras)).await;
        told.elapsed = watch.elapsed();
        let Ok(answer) = polled else {
            told.last = Some("has not come".to_owned());
            return Err(WaiterError::exceeded(most, told));
        };
        told.polls = told.polls.saturating_add(1);
        match meaning(waiter, &input, &answer) {
            Meaning::Known(State::Success, _) => return Ok(FinalPoll::new(answer)),
            Meaning::Known(State::Failure, says) => {
                told.last = Some(says.to_owned());
                return Err(WaiterError::failure(answer.map_err(SdkError::into_service_error), told));
            }
            Meaning::Known(State::Retry, says) => told.last = Some(format!("was: {says}")),
            Meaning::Unknown => told.last = Some("was none that the waiter knows".to_owned()),
            Meaning::Failed => match answer {
                Err(error) => return Err(WaiterError::failed(error, told)),
                Ok(_) => told.last = None,
            },
        }
        let chance = random::unit(&*core.random);
        match next(waiter, told.polls, watch.left(most), chance).filter(|_| !is_last) {
            None => return Err(WaiterError::exceeded(most, told)),
            Some(Next { delay, last }) => {
                core.sleep.sleep(delay).await;
                watch.slept = watch.slept.saturating_add(delay);
                is_last = last;
            }
        }
    }
}

/// What an answer means.
enum Meaning {
    /// What an acceptor says, and what it knows the answer by.
    Known(State, &'static str),
    /// Nothing: it succeeded, and no acceptor knows it.
    Unknown,
    /// The end: an error that no acceptor knows, or none of the service.
    Failed,
}

fn meaning<O: Operation>(
    waiter: &Waiter<O>,
    input: &O::Input,
    answer: &Result<O::Output, SdkError<O::Error>>,
) -> Meaning {
    let seen = match answer {
        Ok(output) => Ok(output),
        Err(error) => match error.as_service_error() {
            Some(error) => Err(error),
            None => return Meaning::Failed,
        },
    };
    let known = waiter.acceptors.iter().find(|acceptor| acceptor.matches(input, seen));
    match (known, seen) {
        (Some(Acceptor { state, says, .. }), _) => Meaning::Known(*state, says),
        (None, Ok(_)) => Meaning::Unknown,
        (None, Err(_)) => Meaning::Failed,
    }
}

/// How long a wait has gone on.
struct Watch<'a> {
    core: &'a Core,
    /// By the steady clock: that of the day may be set while the wait goes on.
    begun: Duration,
    slept: Duration,
}

impl Watch<'_> {
    /// A clock that stands still, as in a test, does not make a wait longer than what was slept.
    fn elapsed(&self) -> Duration {
        self.core.clock.steady().saturating_sub(self.begun).max(self.slept)
    }

    fn left(&self, most: Duration) -> Duration {
        most.saturating_sub(self.elapsed())
    }
}

/// An answer, if it comes in time. Sleep that takes no time says nothing of how long an answer takes.
async fn within_time<T>(core: &Core, left: Duration, answer: impl Future<Output = T>) -> Result<T, Elapsed> {
    if core.sleep.is_instant() { Ok(answer.await) } else { within(&*core.sleep, left, answer).await }
}

/// How long to wait for the next poll, and whether it is the last one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) delay: Duration,
    pub(super) last: bool,
}

/// The next poll after this many; none where the time is over. By the specification of waiters: a delay by chance
/// between the least one and that times two for each poll, up to the most; and where no other delay would have room
/// behind it, one that leaves just as much as the least, with the last poll behind it.
pub(super) fn next<O: Operation>(waiter: &Waiter<O>, polls: u32, left: Duration, chance: f64) -> Option<Next> {
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    let (least, most) = (seconds(waiter.min_delay), seconds(waiter.max_delay.max(waiter.min_delay)));
    let factor = 2u32.checked_pow(polls.saturating_sub(1)).unwrap_or(u32::MAX);
    let highest = least.checked_mul(factor).unwrap_or(most).min(most);
    let more = highest.saturating_sub(least).mul_f64(chance.clamp(0.0, 1.0));
    let delay = least.saturating_add(more);
    if left.saturating_sub(delay) > least {
        return Some(Next { delay, last: false });
    }
    // Where nothing is left, the answer would be the one that has just come.
    let delay = left.saturating_sub(least);
    (!delay.is_zero()).then_some(Next { delay, last: true })
}
