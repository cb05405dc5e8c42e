//! Makes settings of what code said, and of what others say where it left something open: a client's settings, or the
//! sources.

use std::mem;
use std::sync::Arc;

use super::declare::Setting;
use super::retry::RetryConfig;
use super::settings::{
    APP_NAME, AUTH_SCHEME_PREFERENCE, DISABLE_CLOCK_SKEW_CORRECTION, DISABLE_REQUEST_COMPRESSION, MAX_ATTEMPTS,
    NEW_RETRIES, REGION, REQUEST_MIN_COMPRESSION_SIZE_BYTES, RETRY_MODE, USE_DUAL_STACK, USE_FIPS,
};
use super::{Builder, Config, Origin, Resolved, SettingError, Settings, Slot, Sources, endpoint_url};
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
        let doors = Arc::new(Doors::of(&self.clone().build()));
        self.settings().find(sources, doors);
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
        fn found<T: Clone>(slot: &mut Slot<Resolved<T>>, is_code: bool) {
            if let Some(Ok(resolved)) = slot.as_mut().filter(|_| !is_code).map(Arc::make_mut) {
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
    /// Looks for what is open here, with the chains that are asked where nobody is named.
    fn find(&mut self, sources: Arc<Sources>, doors: Arc<Doors>) {
        find(&mut self.region, &sources, &REGION);
        find(&mut self.auth_scheme_preference, &sources, &AUTH_SCHEME_PREFERENCE);
        find(&mut self.use_fips, &sources, &USE_FIPS);
        find(&mut self.use_dual_stack, &sources, &USE_DUAL_STACK);
        find(&mut self.disable_clock_skew_correction, &sources, &DISABLE_CLOCK_SKEW_CORRECTION);
        find(&mut self.disable_request_compression, &sources, &DISABLE_REQUEST_COMPRESSION);
        find(&mut self.request_min_compression_size_bytes, &sources, &REQUEST_MIN_COMPRESSION_SIZE_BYTES);
        find(&mut self.app_name, &sources, &APP_NAME);
        if self.endpoint_url.is_none() {
            self.endpoint_url = endpoint_url::of_all(&sources).transpose().map(Arc::new);
        }
        self.retry_config.get_or_insert_with(|| Arc::new(retries(&sources).map(default)));
        self.proxy_config.get_or_insert_with(|| default(ProxyConfig::from_environment(sources.environment())));
        self.timeout_config = Some(self.timeout_config.take().unwrap_or_default().with_defaults());
        self.credentials_provider.get_or_insert_with(|| {
            let chain = DefaultCredentialsChain::new(sources.clone(), doors.clone());
            default(CachedCredentials::new(SharedCredentialsProvider::new(chain)))
        });
        self.token_provider.get_or_insert_with(|| {
            let chain = DefaultTokenChain::new(sources.clone(), doors);
            default(CachedTokens::new(SharedTokenProvider::new(chain)))
        });
        self.sources = Some(sources);
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

/// Looks for a setting, unless it is there.
fn find<T>(slot: &mut Slot<Resolved<T>>, sources: &Sources, setting: &Setting<T>) {
    if slot.is_none() {
        *slot = sources.get(setting).transpose().map(Arc::new);
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
