//! Hooks: code of a program that sees each attempt of its calls, before it is sent and when it has ended.
//!
//! They are set for a client ([`Builder::hook`](crate::config::Builder::hook)), or for one call
//! ([`customize`](crate::client::customize::CustomizableOperation::hook)); those of the client come first, and each in
//! the order in which it was added. The requests with which sources of credentials ask for keys are not shown to them.
//!
//! ```
//! use std::time::Duration;
//! use tinsmith_runtime::config::Config;
//! use tinsmith_runtime::error::BoxError;
//! use tinsmith_runtime::hook::{Attempt, Hook, Outcome};
//! use tinsmith_runtime::http::Request;
//!
//! /// Names the team in each request, and says which answers came late.
//! #[derive(Debug)]
//! struct Team(&'static str);
//!
//! impl Hook for Team {
//!     fn before_send(&self, _: &Attempt, request: &mut Request) -> Result<(), BoxError> {
//!         request.headers_mut().insert("x-team", self.0);
//!         Ok(())
//!     }
//!
//!     fn after_response(&self, attempt: &Attempt, outcome: &Outcome<'_>) {
//!         if outcome.elapsed() > Duration::from_secs(1) {
//!             eprintln!("{} took {:?}", attempt.operation(), outcome.elapsed());
//!         }
//!     }
//! }
//!
//! let config = Config::builder().hook(Team("payments")).build();
//! # let _ = config;
//! ```

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::call::Cause;
use crate::error::BoxError;
use crate::http::{Request, Response};

/// Sees the attempts of calls.
///
/// Both functions are called on the task that makes the call, which waits for them: work that takes long belongs on a
/// task of its own. A panic in them is a panic of the call.
pub trait Hook: fmt::Debug + Send + Sync + 'static {
    /// Sees the request of an attempt before it is signed, and may change it. What it changes is for this attempt alone:
    /// the next one begins with the request as the caller made it.
    ///
    /// # Errors
    ///
    /// What it returns ends the call, without this attempt, as
    /// [`ConstructionFailure`](crate::error::SdkError::ConstructionFailure). No further hook is asked.
    fn before_send(&self, attempt: &Attempt, request: &mut Request) -> Result<(), BoxError> {
        let _ = (attempt, request);
        Ok(())
    }

    /// Sees how an attempt ended. One that a hook refused, that nobody could sign, or that is cut off, because the call is
    /// dropped or its timeout is over, has no such end.
    ///
    /// It cannot put another answer in place of the one that came: what a program reads is what the service said. A
    /// [`Transport`](crate::transport::Transport) can answer for the network.
    fn after_response(&self, attempt: &Attempt, outcome: &Outcome<'_>) {
        let _ = (attempt, outcome);
    }
}

/// A hook behind a shared pointer.
#[derive(Clone, Debug)]
pub struct SharedHook(Arc<dyn Hook>);

impl SharedHook {
    /// Shares a hook.
    pub fn new(hook: impl Hook) -> Self {
        Self(Arc::new(hook))
    }
}

impl Hook for SharedHook {
    fn before_send(&self, attempt: &Attempt, request: &mut Request) -> Result<(), BoxError> {
        self.0.before_send(attempt, request)
    }

    fn after_response(&self, attempt: &Attempt, outcome: &Outcome<'_>) {
        self.0.after_response(attempt, outcome);
    }
}

/// One attempt of a call.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) number: u32,
}

impl Attempt {
    /// The id of the service: `Lambda`.
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// The operation: `ListLayers`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Which attempt of the call this is, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }
}

/// How an attempt ended.
#[derive(Debug)]
pub struct Outcome<'a> {
    pub(crate) elapsed: Duration,
    pub(crate) response: Option<&'a Response>,
    pub(crate) failure: Option<&'a Cause>,
}

impl Outcome<'_> {
    /// How long the attempt took by the clock of the client, from the first hook to the end of its answer: the wait for
    /// credentials is a part of it.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The answer, whether it tells of success or of an error; none where none came.
    ///
    /// Its body is as whole as it was read.
    pub fn response(&self) -> Option<&Response> {
        self.response
    }

    /// Why the attempt failed, on one line, without secrets; none where it succeeded.
    pub fn failure(&self) -> Option<&dyn fmt::Display> {
        self.failure.map(|failure| failure as &dyn fmt::Display)
    }
}
