//! Who watches an attempt: the hooks of the client and of the call, and the events that tell of it.

use std::time::{Duration, SystemTime};

use super::{Cause, Prepared};
use crate::error::BoxError;
use crate::hook::{Attempt, Hook, Outcome, SharedHook};
use crate::http::{Request, Response};
use crate::telemetry;

/// An attempt under watch.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    prepared: &'a Prepared<'a>,
    number: u32,
    /// When it began, where anybody asks.
    begun: Option<SystemTime>,
}

impl<'a> Watch<'a> {
    pub(super) fn begin(prepared: &'a Prepared<'a>, number: u32) -> Self {
        let mut watch = Self { prepared, number, begun: None };
        if telemetry::is_on() || watch.hooks().next().is_some() {
            watch.begun = Some(prepared.core.clock.now());
        }
        watch
    }

    /// Shows a request that is to be signed, and looks at what has become of it.
    pub(super) fn before_send(&self, request: &mut Request) -> Result<(), BoxError> {
        let mut hooks = self.hooks().peekable();
        if hooks.peek().is_none() {
            return Ok(());
        }
        hooks.try_for_each(|hook| hook.before_send(&self.attempt(), request))?;
        Ok(request.check()?)
    }

    /// Tells how the attempt ended. For hooks, one whose request was never sent was none.
    pub(super) fn ended(&self, result: &Result<Response, Cause>, was_sent: bool) {
        let Some(begun) = self.begun else { return };
        let elapsed = self.prepared.core.clock.now().duration_since(begun).unwrap_or(Duration::ZERO);
        telemetry::ended(self.prepared.meta, result, elapsed);
        let outcome = match result {
            Ok(response) => Outcome { elapsed, response: Some(response), failure: None },
            Err(cause) => Outcome { elapsed, response: cause.response(), failure: Some(cause) },
        };
        for hook in self.hooks().filter(|_| was_sent) {
            hook.after_response(&self.attempt(), &outcome);
        }
    }

    fn attempt(&self) -> Attempt {
        let meta = self.prepared.meta;
        Attempt { service: meta.service.id, operation: meta.name, number: self.number }
    }

    fn hooks(&self) -> impl Iterator<Item = &'a SharedHook> {
        self.prepared.core.config.hooks().iter().chain(&self.prepared.extras.hooks)
    }
}
