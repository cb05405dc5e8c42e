//! What holds whatever comes: of pages, of the retry quota, of the cache of credentials, of all shapes on the wire.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod credentials;
mod pages;
mod quota;
mod shapes;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Looks at so many values, the same each time; one that fails is made as small as it can be, and shown.
fn check<S: Strategy>(cases: u32, values: &S, holds: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4096, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(values, |value| {
        holds(value);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Runs what is to be waited for, on this thread.
fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
