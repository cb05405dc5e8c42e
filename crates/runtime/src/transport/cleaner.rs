//! The task that closes connections which have been idle for too long.

use std::convert::Infallible;
use std::sync::{Arc, Weak};

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use crate::task;

/// Who has connections that may be idle.
pub(super) trait Keeper: Send + Sync + 'static {
    /// Closes what has been idle for too long, and says when to look again. Where that is never, the cleaner is let go, and
    /// another one is wanted for what is kept next.
    fn close_expired(&self) -> Option<Instant>;
}

/// Holds on to the task of a keeper, which ends when this is dropped.
#[derive(Default)]
pub(super) struct Cleaner(Option<oneshot::Sender<Infallible>>);

impl Cleaner {
    /// Sees to it that there is a task, where there is a runtime for it.
    pub(super) fn work_for<K: Keeper>(&mut self, keeper: &Arc<K>) {
        // A task whose runtime ended has closed its end.
        if self.is_there() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let (cleaner, gone) = oneshot::channel();
            self.0 = Some(cleaner);
            task::spawn(&runtime, Box::pin(clean(Arc::downgrade(keeper), gone)));
        }
    }

    /// Whether there is a task.
    pub(super) fn is_there(&self) -> bool {
        self.0.as_ref().is_some_and(|cleaner| !cleaner.is_closed())
    }

    /// Lets the task go.
    pub(super) fn let_go(&mut self) {
        self.0 = None;
    }
}

/// Closes what is idle for too long, until there is nothing more, or the keeper is gone.
async fn clean<K: Keeper>(keeper: Weak<K>, mut gone: oneshot::Receiver<Infallible>) {
    while let Some(next) = keeper.upgrade().and_then(|keeper| keeper.close_expired()) {
        if timeout_at(next, &mut gone).await.is_ok() {
            return;
        }
    }
}
