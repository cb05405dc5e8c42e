//! What the sources of credentials reach the world by, beside the settings.

use std::sync::{Arc, OnceLock};

use super::{Credentials, SharedCredentialsProvider, SharedMfaTokenProvider};
use crate::client::core;
use crate::config::{Builder, Config, Sources, retry::RetryConfig};
use crate::environment::{Files, Process};
use crate::random::Random;
use crate::region::Region;
use crate::shell::{Shell, SystemShell};
use crate::time::{Clock, Sleep, ThreadSleep};
use crate::transport::SharedTransport;

/// The doors of the sources. Those of this machine are the default.
#[derive(Clone, Debug)]
pub struct Doors {
    /// What carries the requests, where code says so.
    pub http_client: Option<SharedTransport>,
    /// What carries them otherwise, once one was sent: connections and roots of trust are kept from call to call.
    pub transport: Arc<OnceLock<SharedTransport>>,
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
    /// What code says of calls, for those that sources make themselves: region, retries, timeouts.
    pub code: Builder,
}

impl Doors {
    /// The doors that settings bring, and for what they leave open those of this machine.
    pub fn of(config: &Config) -> Self {
        Self {
            http_client: config.http_client(),
            transport: Arc::default(),
            clock: config.clock(),
            sleep: config.sleeper().unwrap_or_else(|| Arc::new(ThreadSleep)),
            random: config.random(),
            files: Arc::new(Process),
            shell: Arc::new(SystemShell),
            code: config.to_builder(),
        }
    }
}

impl Doors {
    /// Who gives the codes of MFA devices.
    pub(super) fn mfa(&self) -> Option<&SharedMfaTokenProvider> {
        self.code.0.mfa_token_provider.as_ref()
    }

    /// The settings of a call that a source makes: what code said of calls, then what the sources of settings say. The
    /// endpoint URL that code set is for the program's own services, and so are its hooks. Without credentials the call must be one that goes
    /// unsigned.
    pub(super) fn settings(
        &self,
        sources: &Arc<Sources>,
        region: Option<Region>,
        credentials: Option<Credentials>,
    ) -> Config {
        let mut builder = self.code.clone().random(self.random.clone());
        builder
            .set_credentials_provider(credentials.map(SharedCredentialsProvider::new))
            .set_endpoint_url(None)
            .set_hooks(Vec::new())
            .set_http_client(self.http_client.clone())
            .set_time_source(Some(self.clock.clone()))
            .set_sleep_impl(Some(self.sleep.clone()));
        if region.is_some() {
            builder.set_region(region);
        }
        let settings = builder.load(sources.clone());
        let transport = self.transport.get_or_init(|| core::transport(&settings)).clone();
        let mut builder = settings.into_builder();
        builder.set_http_client(Some(transport));
        builder.build()
    }

    /// The same for a call that carries a secret which is good for one request: it is not sent again, whatever the
    /// settings say of retries. The answer that was lost may have used the secret up.
    pub(super) fn settings_for_one_attempt(
        &self,
        sources: &Arc<Sources>,
        region: Option<Region>,
        credentials: Option<Credentials>,
    ) -> Config {
        let settings = self.settings(sources, region, credentials).into_builder();
        settings.retry_config(RetryConfig::disabled()).build()
    }
}

impl Default for Doors {
    fn default() -> Self {
        Self::of(&Config::builder().build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scripted;

    #[test]
    fn the_calls_of_all_sources_share_one_transport() {
        let (doors, sources) = (Doors::default(), scripted(&[], ""));
        let transport = |doors: &Doors| doors.settings(&sources, None, None).http_client().unwrap();
        assert!(transport(&doors).is(&transport(&doors.clone())));
        assert!(!transport(&doors).is(&transport(&Doors::default())));
    }
}
