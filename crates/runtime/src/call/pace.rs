//! The adaptive mode: attempts wait for the rate limiter of their client, and it learns from each.

use crate::client::core::Core;
use crate::retry::Failure;
use crate::telemetry;

/// Waits until another attempt may be made; not at all but in the adaptive mode.
pub(super) async fn wait(core: &Core) {
    let Some(limiter) = core.rate_limiter() else { return };
    let mut now = core.clock.now();
    while let Err(wait) = limiter.take(now) {
        telemetry::held_back(wait);
        core.sleep.sleep(wait).await;
        // A clock that stood still while we slept, as that of a test may, must not keep us here for ever.
        let Some(slept) = now.checked_add(wait) else { return };
        now = slept.max(core.clock.now());
    }
}

/// Learns from an attempt that was sent.
pub(super) fn learn(core: &Core, failure: Option<Failure>) {
    if let Some(limiter) = core.rate_limiter() {
        limiter.learn(core.clock.now(), failure == Some(Failure::Throttling));
    }
}
