//! What the calls of a client have in common: settings, resolved, and what is shared between its clones.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::target::{Target, TargetOf};
use crate::call::trace;
use crate::config::retry::{RetryConfig, RetryMode};
use crate::config::timeout::TimeoutConfig;
use crate::config::{Builder, Config};
use crate::endpoint::Rules;
use crate::error::BoxError;
use crate::hook::SharedHook;
use crate::http::{Headers, Request};
use crate::operation::ServiceMeta;
use crate::random::Random;
use crate::retry::{Quota, RateLimiter, SharedSkew, Skew};
use crate::sign::KeyCache;
use crate::telemetry;
use crate::time::{Clock, Sleep, ThreadSleep};
use crate::transport::{self, SharedTransport};
use crate::user_agent::UserAgent;
use crate::wire::StreamMember;

/// Changes a request before it is signed, or refuses it.
pub(crate) type Edit = Arc<dyn Fn(Request) -> Result<Request, BoxError> + Send + Sync>;

/// What one call has of its own, beside its input.
#[derive(Clone, Default)]
pub(crate) struct Extras {
    pub(crate) edits: Vec<Edit>,
    pub(crate) hooks: Vec<SharedHook>,
    /// Whether it asks for a page of a listing.
    pub(crate) is_page: bool,
    /// Whether it asks on behalf of a waiter.
    pub(crate) is_poll: bool,
    /// The member of its output that is the body of its response as a stream, which is left unread.
    pub(crate) output_stream: Option<StreamMember>,
}

/// All that a call needs beside its request.
pub(crate) struct Core {
    pub(crate) config: Config,
    pub(crate) service: &'static ServiceMeta,
    pub(crate) timeouts: TimeoutConfig,
    pub(crate) retries: RetryConfig,
    pub(crate) user_agent: UserAgent,
    /// Whether a platform runs the program that names each request, so that what it causes can be followed.
    pub(crate) is_traced: bool,
    pub(crate) transport: SharedTransport,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sleep: Arc<dyn Sleep>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) shared: Arc<Shared>,
    corrects_skew: bool,
    target: OnceLock<Target>,
}

/// What a client learns while it is used. Its clones have it in common, and calls with settings of their own.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) quota: Quota,
    pub(crate) keys: KeyCache,
    rate_limiter: OnceLock<RateLimiter>,
    skew: SharedSkew,
}

impl Core {
    pub(crate) fn new(config: Config, service: &'static ServiceMeta) -> Self {
        let transport = transport(&config);
        Self::assemble(config, service, transport, Arc::default())
    }

    /// The same client with other settings, for one call. Connections stay shared where the settings that they hang on
    /// are not among the changed ones, and what the client learns always.
    pub(crate) fn with(&self, changes: Builder) -> Self {
        let config = changes.over(&self.config);
        let keeps_transport = match (config.http_client(), self.config.http_client()) {
            (Some(ours), Some(theirs)) => ours.is(&theirs),
            (None, None) => config.transport_settings() == self.config.transport_settings(),
            _ => false,
        };
        let transport = if keeps_transport { self.transport.clone() } else { transport(&config) };
        Self::assemble(config, self.service, transport, self.shared.clone())
    }

    fn assemble(
        config: Config,
        service: &'static ServiceMeta,
        transport: SharedTransport,
        shared: Arc<Shared>,
    ) -> Self {
        let environment = config.environment();
        let execution = environment.variable("AWS_EXECUTION_ENV");
        Self {
            service,
            user_agent: UserAgent::new(service.id, service.version, config.app_name(), execution.as_deref()),
            is_traced: trace::is_on(environment),
            timeouts: config.timeouts(),
            retries: config.retries(),
            transport,
            clock: config.clock(),
            sleep: config.sleeper().unwrap_or_else(|| Arc::new(ThreadSleep)),
            random: config.random(),
            shared,
            corrects_skew: !config.disable_clock_skew_correction().unwrap_or_default(),
            config,
            target: OnceLock::new(),
        }
    }

    /// Where a call goes that may have rules of its own; the target of all others is kept. What is wrong with the settings
    /// is told by each call anew.
    pub(crate) fn target(&self, own: Option<Rules<'_>>) -> Result<TargetOf<'_>, BoxError> {
        if let (None, Some(target)) = (own, self.target.get()) {
            return Ok(TargetOf::Client(target));
        }
        let target = Target::resolve(&self.config, self.service, own)?;
        telemetry::resolved(&target);
        Ok(match own {
            Some(_) => TargetOf::Call(Box::new(target)),
            None => TargetOf::Client(self.target.get_or_init(|| target)),
        })
    }

    /// What limits the rate of attempts; nothing but in the adaptive mode.
    pub(crate) fn rate_limiter(&self) -> Option<&RateLimiter> {
        let is_adaptive = self.retries.mode() == RetryMode::Adaptive;
        is_adaptive.then(|| self.shared.rate_limiter.get_or_init(|| RateLimiter::new(self.clock.now())))
    }

    /// How far the service's clock is ahead of ours, as far as that is known and corrected for.
    pub(crate) fn skew(&self) -> Skew {
        if self.corrects_skew { self.shared.skew.get() } else { Skew::default() }
    }

    /// Learns how far the service's clock is ahead from a response whose headers have just come.
    pub(crate) fn measure_skew(&self, headers: &Headers, sent: SystemTime) -> Option<Skew> {
        let measured = self.corrects_skew.then(|| Skew::measure(headers, sent, self.clock.now()))??;
        self.shared.skew.set(measured);
        Some(measured)
    }
}

/// The transport of a client with these settings.
pub(crate) fn transport(config: &Config) -> SharedTransport {
    config.http_client().unwrap_or_else(|| transport::default(config.transport_settings()))
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("service", &self.service.id).field("config", &self.config).finish_non_exhaustive()
    }
}
