//! What the sources of credentials reach the world by, beside the settings.

use std::sync::Arc;

use crate::config::Config;
use crate::environment::{Files, Process};
use crate::random::Random;
use crate::shell::{Shell, SystemShell};
use crate::time::{Clock, Sleep, ThreadSleep};
use crate::transport::SharedTransport;

/// The doors of the sources. Those of this machine are the default.
#[derive(Clone, Debug)]
pub struct Doors {
    /// What carries the requests, where code says so.
    pub http_client: Option<SharedTransport>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// What waits.
    pub sleep: Arc<dyn Sleep>,
    /// Where jitter comes from.
    pub random: Arc<dyn Random>,
    /// What reads files of tokens.
    pub files: Arc<dyn Files>,
    /// What runs `credential_process`.
    pub shell: Arc<dyn Shell>,
}

impl Doors {
    /// The doors that settings bring, and for what they leave open those of this machine.
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            http_client: config.http_client(),
            clock: config.clock(),
            sleep: config.sleeper().unwrap_or_else(|| Arc::new(ThreadSleep)),
            random: config.random(),
            files: Arc::new(Process),
            shell: Arc::new(SystemShell),
        }
    }
}

impl Default for Doors {
    fn default() -> Self {
        Self::of(&Config::builder().build())
    }
}
