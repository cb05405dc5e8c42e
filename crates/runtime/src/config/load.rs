//! Makes settings of what code said, and of what others say where it left something open: a client's settings, or the
//! sources.

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
        Config(Arc::new(self.0))
    }

    /// The settings, and from the sources what code left open. Never fails: what is wrong is kept, unless code sets it
    /// later on, and told by the first call.
    pub fn load(self, sources: Arc<Sources>) -> Config {
        let found = self.0.found(&sources, &Doors::of(&self.clone().build()));
        Config(Arc::new(Settings { sources: Some(sources), ..self.0 }.or(found)))
    }

    /// These settings, and from a client's what they leave open.
    pub(crate) fn over(self, base: &Config) -> Config {
        Config(Arc::new(self.0.or(Settings::clone(&base.0))))
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
        found(&mut self.0.endpoint_url, services.is_code("endpoint_url"));
        found(&mut self.0.auth_scheme_preference, services.is_code("auth_scheme_preference"));
        if let Some(provider) = self.0.token_provider.as_mut().filter(|_| !services.is_code("token_provider")) {
            provider.origin = Origin::Default;
        }
        self.0.official = Some(services);
        self
    }
}

impl Settings {
    /// What the sources say, with the chains that are asked where nobody is named here.
    fn found(&self, sources: &Arc<Sources>, doors: &Doors) -> Self {
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

    /// These, and from others what they leave open.
    fn or(self, others: Self) -> Self {
        Self {
            region: self.region.or(others.region),
            credentials_provider: self.credentials_provider.or(others.credentials_provider),
            token_provider: self.token_provider.or(others.token_provider),
            auth_scheme_preference: self.auth_scheme_preference.or(others.auth_scheme_preference),
            #[cfg(feature = "aws-config")]
            official: self.official.or(others.official),
            mfa_token_provider: self.mfa_token_provider.or(others.mfa_token_provider),
            endpoint_url: self.endpoint_url.or(others.endpoint_url),
            use_fips: self.use_fips.or(others.use_fips),
            use_dual_stack: self.use_dual_stack.or(others.use_dual_stack),
            retry_config: self.retry_config.or(others.retry_config),
            disable_clock_skew_correction: self.disable_clock_skew_correction.or(others.disable_clock_skew_correction),
            disable_request_compression: self.disable_request_compression.or(others.disable_request_compression),
            request_min_compression_size_bytes: self
                .request_min_compression_size_bytes
                .or(others.request_min_compression_size_bytes),
            timeout_config: match self.timeout_config {
                Some(timeouts) => Some(timeouts.over(others.timeout_config.as_ref())),
                None => others.timeout_config,
            },
            stalled_stream_protection: self.stalled_stream_protection.or(others.stalled_stream_protection),
            body_limit: self.body_limit.or(others.body_limit),
            app_name: self.app_name.or(others.app_name),
            hooks: others.hooks.into_iter().chain(self.hooks).collect(),
            http_client: self.http_client.or(others.http_client),
            proxy_config: self.proxy_config.or(others.proxy_config),
            time_source: self.time_source.or(others.time_source),
            sleep_impl: self.sleep_impl.or(others.sleep_impl),
            behavior_version: self.behavior_version.or(others.behavior_version),
            randomness: self.randomness.or(others.randomness),
            sources: self.sources.or(others.sources),
        }
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
