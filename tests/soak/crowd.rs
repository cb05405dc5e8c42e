//! The tasks: each asks one question after the other, of shared clients and of new ones, and drops some before they are answered.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::clients::Clients;
use crate::doors::{Run, named};
use crate::key::{CallId, Kind};
use crate::ledger::CallEnd;
use crate::question::{Question, Told, Truth};

/// A call that has not ended by then is lost. Settings let each page of a listing take 20 s, and so a sound one more than that
/// in all, but none has so many pages that take as long.
const LOST_AFTER: Duration = Duration::from_secs(120);

/// Of a hundred calls, those that are dropped, and those that a new client makes.
const DROPPED: u64 = 10;
const FRESH: u64 = 3;

/// Asks until the time is over.
pub(crate) async fn ask(task: u32, run: Run, clients: Arc<Clients>, truth: Arc<Truth>, until: Duration) {
    let mut dice = run.plan().dice(task);
    for number in 0.. {
        if run.elapsed() >= until {
            return;
        }
        let (kind, question) = (*dice.choose(&Kind::ALL), Question::draw(&mut dice));
        let is_fresh = dice.chance(FRESH);
        let patience = dice.chance(DROPPED).then(|| Duration::from_micros(dice.below(30_000)));
        let call = CallId { task, number };
        let made = named(call, make(&clients, kind, is_fresh, question, &truth, call));
        let is_streamed = question.is_streamed();
        let dropped = Told { end: CallEnd::Cancelled, said: None, is_streamed };
        let told = match timeout(patience.unwrap_or(LOST_AFTER), made).await {
            Ok(Ok(told)) => told,
            Ok(Err(error)) => Told { end: CallEnd::Wrong(error), ..dropped },
            Err(_) if patience.is_none() => {
                run.ledger().sums.violation(format!("call {call} did not end within {LOST_AFTER:?}: {question:?}"));
                dropped
            }
            Err(_) => dropped,
        };
        run.ledger().over(call, run.elapsed(), told.end, told.said, told.is_streamed);
    }
}

async fn make(
    clients: &Clients,
    kind: Kind,
    is_fresh: bool,
    question: Question,
    truth: &Truth,
    call: CallId,
) -> Result<Told, String> {
    let client = if is_fresh { clients.fresh(kind) } else { clients.shared(kind) };
    let client = client.map_err(|error: Box<dyn Error>| error.to_string())?;
    Ok(question.ask(&client, truth, call).await)
}
