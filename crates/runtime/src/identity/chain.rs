//! Several providers in a row.

use std::borrow::Cow;
use std::fmt;

use super::Provider;
use super::cache::Outcome;
use super::error::SourceError;
use crate::telemetry;

/// Providers with the names that errors call them by. One that is not set up is passed over; one that is set up and fails
/// ends the search, so that nobody calls as somebody else than they think.
#[derive(Clone, Debug)]
pub(crate) struct Chain<P>(Vec<(Cow<'static, str>, P)>);

impl<P: Provider> Chain<P> {
    /// A chain that begins with this provider.
    pub(crate) fn first_try(name: impl Into<Cow<'static, str>>, provider: P) -> Self {
        Self(vec![(name.into(), provider)])
    }

    /// Asks this provider after the others.
    pub(crate) fn or_else(mut self, name: impl Into<Cow<'static, str>>, provider: P) -> Self {
        self.0.push((name.into(), provider));
        self
    }

    /// What the first gives that is set up.
    pub(crate) async fn find(&self) -> Outcome<P> {
        let mut reasons = Vec::new();
        for (name, provider) in &self.0 {
            let outcome = provider.provide().await;
            let failure = outcome.as_ref().err();
            match failure.and_then(SourceError::absent) {
                Some(reason) => {
                    telemetry::passed_over(P::WHAT, name, &reason);
                    reasons.push(format!("{name}: {reason}"));
                }
                None => {
                    telemetry::loaded(P::WHAT, name, failure.map(|error| error as &dyn fmt::Display));
                    return outcome;
                }
            }
        }
        Err(P::Error::none_set_up(reasons.join("; ")))
    }
}
