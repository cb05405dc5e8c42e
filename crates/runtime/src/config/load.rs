//! Makes settings of what code said, and of what others say where it left something open: a client's settings, or the
//! sources.

use std::mem;
use std::sync::Arc;

use super::retry::RetryConfig;
use super::settings::{
    APP_NAME, AUTH_SCHEME_PREFERENCE, DISABLE_CLOCK_SKEW_CORRECTION, DISABLE_REQUEST_COMPRESSION, MAX_ATTEMPTS,
    NEW_RETRIES, REQUEST_MIN_COMPRESSION_SIZE_BYTES, RETRY_MODE, USE_DUAL_STACK, USE_FIPS,
};
use super::timeout::TimeoutConfig;
use super::{Builder, Config, Origin, Resolved, SettingError, Settings, Sources, endpoint_url};
use crate::credentials::chain::DefaultCredentialsChain;
use crate::credentials::{CachedCredentials, Doors, SharedCredentialsProvider};
use crate::token::{CachedTokens, DefaultTokenChain, SharedTokenProvider};
use crate::transport::proxy::ProxyConfig;

impl Builder {
    /// The settings as code said them; what it left open has its default.
    pub fn build(self) -> Config {
        Config(self.0)
    }

    /// The settings, and from the sources what code left open. Never fails: what is wrong is kept, unless code sets it
    /// later on, and told by the first call.
    pub fn load(mut self, sources: Arc<Sources>) -> Config {
        let found = self.0.found(&sources, Doors::of(&self.clone().build()));
        let settings = self.settings();
        settings.fill(found);
        settings.sources = Some(sources);
        self.build()
    }

    /// These settings, and from a client's what they leave open.
    pub(crate) fn over(mut self, base: &Config) -> Config {
        self.settings().fill(Settings::clone(&base.0));
        self.build()
    }

    /// Takes what the official loader knows of single services. What it found itself counts as said by nobody here: what
    /// it knows of a service stands before that, and what code says from now on before both.
    #[cfg(feature = "aws-config")]
    pub(crate) fn official(mut self, services: crate::aws_config::ServiceSettings) -> Self {
        fn found<T>(slot: &mut super::Slot<Resolved<T>>, is_code: bool) {
            if let Some(Ok(resolved)) = slot.as_mut().filter(|_| !is_code) {
                resolved.origin = Origin::Default;
            }
        }
        let settings = self.settings();
        found(&mut settings.endpoint_url, services.is_code("endpoint_url"));
        found(&mut settings.auth_scheme_preference, services.is_code("auth_scheme_preference"));
        if let Some(provider) = settings.token_provider.as_mut().filter(|_| !services.is_code("token_provider")) {
            provider.origin = Origin::Default;
        }
        settings.official = Some(services);
        self
    }
}

impl Settings {
    /// What the sources say, with the chains that are asked where nobody is named here.
    fn found(&self, sources: &Arc<Sources>, doors: Doors) -> Self {
        let credentials = || {
            let chain = DefaultCredentialsChain::new(sources.clone(), doors.clone());
            default(CachedCredentials::new(SharedCredentialsProvider::new(chain)))
        };
        let tokens = || {
            let chain = DefaultTokenChain::new(sources.clone(), doors.clone());
            default(CachedTokens::new(SharedTokenProvider::new(chain)))
        };
        Self {
            region: sources.region().transpose(),
            credentials_provider: self.credentials_provider.is_none().then(credentials),
            token_provider: self.token_provider.is_none().then(tokens),
            auth_scheme_preference: sources.get(&AUTH_SCHEME_PREFERENCE).transpose(),
            endpoint_url: endpoint_url::of_all(sources).transpose(),
            use_fips: sources.get(&USE_FIPS).transpose(),
            use_dual_stack: sources.get(&USE_DUAL_STACK).transpose(),
            retry_config: Some(retries(sources).map(default)),
            disable_clock_skew_correction: sources.get(&DISABLE_CLOCK_SKEW_CORRECTION).transpose(),
            disable_request_compression: sources.get(&DISABLE_REQUEST_COMPRESSION).transpose(),
            request_min_compression_size_bytes: sources.get(&REQUEST_MIN_COMPRESSION_SIZE_BYTES).transpose(),
            timeout_config: Some(TimeoutConfig::default().with_defaults()),
            app_name: sources.get(&APP_NAME).transpose(),
            proxy_config: Some(default(ProxyConfig::from_environment(sources.environment()))),
            ..Self::default()
        }
    }

    /// Takes from others what is open here; their hooks come before those that are here.
    fn fill(&mut self, mut others: Self) {
        // All fields are named here. What is taken changes places, so that all that is left over is dropped at once.
        macro_rules! fill {
            ($($(#[$cfg:meta])? $slot:ident)*; $($other:ident)*) => {
                let Self { $($(#[$cfg])? $slot,)* $($other),* } = &mut others;
                $($(#[$cfg])? if self.$slot.is_none() {
                    mem::swap(&mut self.$slot, $slot);
                })*
            };
        }
        fill! {
            region credentials_provider token_provider auth_scheme_preference mfa_token_provider endpoint_url use_fips
            use_dual_stack retry_config disable_clock_skew_correction disable_request_compression
            request_min_compression_size_bytes stalled_stream_protection body_limit app_name http_client proxy_config
            time_source sleep_impl behavior_version randomness sources #[cfg(feature = "aws-config")] official;
            timeout_config hooks
        }
        self.timeout_config = match self.timeout_config.take() {
            Some(timeouts) => Some(timeouts.over(timeout_config.as_ref())),
            None => timeout_config.take(),
        };
        hooks.append(&mut self.hooks);
        mem::swap(&mut self.hooks, hooks);
    }
}

fn default<T>(value: T) -> Resolved<T> {
    Resolved { value, origin: Origin::Default }
}

/// The policy of retries, of which each part is a setting; all that is wrong with them in one error.
fn retries(sources: &Sources) -> Result<RetryConfig, SettingError> {
    let (mode, spec, attempts) = (sources.get(&RETRY_MODE), sources.get(&NEW_RETRIES), sources.get(&MAX_ATTEMPTS));
    let wrong = [mode.as_ref().err(), spec.as_ref().err(), attempts.as_ref().err()];
    if let Some(wrong) = SettingError::all(wrong.into_iter().flatten()) {
        return Err(wrong);
    }
    let mode = mode?.map_or_else(Default::default, |mode| mode.value);
    let spec = spec?.map_or_else(Default::default, |spec| spec.value);
    let config = RetryConfig::standard().with_retry_mode(mode).with_retry_spec(spec);
    Ok(match attempts? {
        Some(attempts) => config.with_max_attempts(attempts.value),
        None => config,
    })
}
