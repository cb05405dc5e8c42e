//! How fast the events of an answer come.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// What has to happen before each event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    pub(crate) pause: Duration,
    pub(crate) gate: Option<Gate>,
}

impl Pace {
    /// Returns when the next event may go.
    pub(crate) async fn next(self) {
        if !self.pause.is_zero() {
            tokio::time::sleep(self.pause).await;
        }
        if let Some(gate) = self.gate {
            gate.pass().await;
        }
    }
}

/// Holds events back until a test lets them pass, one by one.
///
/// ```
/// use tinsmith_stand_in::{Function, Gate, Outcome};
///
/// let gate = Gate::new();
/// let function = Function::new("f").answers(Outcome::pieces(["a", "b"]).gate(&gate));
/// // … invoke it with a streamed answer: nothing comes …
/// gate.let_pass(1);
/// // … the first event comes, and no other …
/// ```
#[derive(Clone, Debug)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    /// A gate that is shut.
    #[allow(clippy::new_without_default, reason = "whether it is open or shut has to be said")]
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Lets so many events pass, those of all answers that wait here counted together.
    pub fn let_pass(&self, events: u16) {
        self.0.add_permits(events.into());
    }

    async fn pass(&self) {
        // It is never closed, so that there is no error.
        if let Ok(permit) = self.0.acquire().await {
            permit.forget();
        }
    }
}
