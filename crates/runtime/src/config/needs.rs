//! What calls need of settings: nothing left open, and what is wrong as an error.

use std::sync::Arc;
use std::time::Duration;

use super::retry::RetryConfig;
use super::settings::{self, REGION_ALLOWED, is_url};
use super::timeout::TimeoutConfig;
use super::{
    Builder, Choice, Config, Origin, Resolved, SettingError, Settings, Slot, Sources, StalledStreamProtectionConfig,
    auth_scheme, endpoint_url,
};
use crate::client::target::Target;
use crate::credentials::{CachedCredentials, Doors};
use crate::environment::{Environment, Process};
use crate::operation::ServiceMeta;
use crate::random::{Random, SystemRandom};
use crate::region::Region;
use crate::time::{Clock, Sleep, SystemClock};
use crate::token::{CachedTokens, Token};

/// Settings from the environment and the shared files alone, for a client of one service.
///
/// # Errors
///
/// Whatever the first call would fail with: a setting that cannot be used, no region, no credentials.
pub async fn from_env(service: &ServiceMeta) -> Result<Config, SettingError> {
    let config = Builder::new().load(Arc::new(Sources::process(Choice::default())));
    config.check(service).await?;
    Ok(config)
}

/// What a call needs: nothing open, and what is wrong as an error.
#[doc(hidden)]
impl Config {
    /// The region that calls go to.
    ///
    /// # Errors
    ///
    /// There is none, or it is no host label: it would become a part of the host that the request is sent to.
    pub fn required_region(&self) -> Result<&Region, SettingError> {
        match self.0.region.as_deref() {
            Some(Ok(Resolved { value, .. })) if value.is_host_label() => Ok(value),
            Some(Ok(Resolved { value, origin })) => {
                Err(SettingError::malformed(origin, "region", value.as_ref(), REGION_ALLOWED))
            }
            Some(Err(error)) => Err(error.clone()),
            None => Err(self.missing_region()),
        }
    }

    /// Who gives the credentials, through a cache that all who have these settings share.
    ///
    /// # Errors
    ///
    /// Code set nobody, and the settings were not loaded from the environment.
    pub(crate) fn required_credentials(&self) -> Result<&CachedCredentials, SettingError> {
        self.0.credentials_provider.as_ref().map(|cached| &cached.value).ok_or_else(|| {
            SettingError::new(
                "no credentials: `credentials_provider` is not set in code, and the settings were not loaded from \
                 the environment; set it, or load them: `Client::from_env()`, or `load_from_env()` of tinsmith-config",
            )
        })
    }

    /// Who gives the bearer tokens, through a cache that all who have these settings share.
    ///
    /// # Errors
    ///
    /// Code set nobody, and the settings were not loaded from the environment.
    pub(crate) fn required_tokens(&self) -> Result<&CachedTokens, SettingError> {
        self.0.token_provider.as_ref().map(|cached| &cached.value).ok_or_else(|| {
            SettingError::new(
                "no bearer token: `token_provider` is not set in code, and the settings were not loaded from the \
                 environment; set it, or load them: `Client::from_env()`, or `load_from_env()` of tinsmith-config",
            )
        })
    }

    /// The bearer token that a variable holds for one service, unless code says who gives tokens.
    pub(crate) fn bearer_token_of(&self, service: &ServiceMeta) -> Option<Token> {
        if self.code_gives_tokens() {
            return None;
        }
        #[cfg(feature = "aws-config")]
        if let Some(official) = &self.0.official {
            return official.bearer_token(service).map(Token::from);
        }
        auth_scheme::bearer_token_of(self.0.sources.as_ref()?, service).map(|found| Token::from(found.value))
    }

    /// Whether code itself said which auth schemes are preferred.
    pub(crate) fn prefers_by_code(&self) -> bool {
        matches!(self.0.auth_scheme_preference.as_deref(), Some(Ok(preference)) if preference.origin == Origin::Code)
    }

    /// The endpoint URL of one service, by its id (`API Gateway`), if one is set anywhere.
    ///
    /// # Errors
    ///
    /// The one that answers first cannot be used.
    pub fn endpoint_url_of(&self, service_id: &str) -> Result<Option<Resolved<String>>, SettingError> {
        match (self.0.endpoint_url.as_deref(), &self.0.sources) {
            (Some(Ok(url)), _) if url.origin == Origin::Code => {
                let Resolved { value, origin } = url;
                let allowed = settings::ENDPOINT_URL.allowed;
                let malformed = || SettingError::malformed(origin, "endpoint_url", value, allowed);
                is_url(value).then(|| Some(url.clone())).ok_or_else(malformed)
            }
            (_, Some(sources)) => endpoint_url::of_service(sources, service_id),
            #[cfg(feature = "aws-config")]
            (all, None) => {
                let all = all.and_then(|all| all.as_ref().ok());
                let official = self.0.official.as_ref().and_then(|official| official.endpoint_url(service_id));
                Ok(official.map(|value| Resolved { value, origin: Origin::Default }).or_else(|| all.cloned()))
            }
            #[cfg(not(feature = "aws-config"))]
            (_, None) => Ok(None),
        }
    }

    /// The policy of retries, the standard one where nothing else is said.
    pub fn retries(&self) -> RetryConfig {
        self.retry_config().cloned().unwrap_or_default()
    }

    /// The timeouts, with the default for connecting.
    pub fn timeouts(&self) -> TimeoutConfig {
        self.0.timeout_config.clone().unwrap_or_default().with_defaults()
    }

    /// For how long the body of a response may come too slowly, where that is bounded. A read timeout bounds it too.
    pub(crate) fn stall_limit(&self) -> Option<Duration> {
        let protection = self.protection();
        let grace = protection.download_enabled().then(|| protection.grace_period());
        let read = self.0.timeout_config.as_ref().and_then(TimeoutConfig::read_timeout);
        read.into_iter().chain(grace).min()
    }

    /// How long a service may say nothing between two events, where that is bounded: for a grace period or a read timeout
    /// that code gives, and where it says neither, for what is usual.
    pub(crate) fn event_limit(&self, usual: Duration) -> Option<Duration> {
        let protection = self.0.stalled_stream_protection.as_ref();
        let grace = protection.and_then(StalledStreamProtectionConfig::event_limit);
        let timeouts = self.0.timeout_config.as_ref();
        if grace.is_none() && timeouts.is_none_or(TimeoutConfig::is_read_open) {
            return Some(usual.max(self.protection().grace_period()));
        }
        grace.into_iter().chain(timeouts.and_then(TimeoutConfig::read_timeout)).min()
    }

    /// For how long the server may take nothing of a request, where that is bounded. The client's own transport sees to it.
    pub(super) fn upload_limit(&self) -> Option<Duration> {
        self.protection().upload_limit()
    }

    fn protection(&self) -> StalledStreamProtectionConfig {
        self.0.stalled_stream_protection.clone().unwrap_or_default()
    }

    /// The variables that the settings were loaded from; those of the process where they were not loaded.
    pub(crate) fn environment(&self) -> &dyn Environment {
        self.0.sources.as_ref().map_or(&Process, |sources| sources.environment())
    }

    /// What tells the time: the machine's clock where nothing else is said.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.0.time_source.clone().unwrap_or_else(|| Arc::new(SystemClock))
    }

    /// Where jitter and ids come from: the machine where nothing else is said.
    pub fn random(&self) -> Arc<dyn Random> {
        self.0.randomness.clone().unwrap_or_else(|| Arc::new(SystemRandom::default()))
    }

    /// What waits: timers of tokio where nothing else is said and they are compiled in.
    pub fn sleeper(&self) -> Option<Arc<dyn Sleep>> {
        #[cfg(feature = "rt-tokio")]
        let default = || Some(Arc::new(crate::time::TokioSleep) as Arc<dyn Sleep>);
        #[cfg(not(feature = "rt-tokio"))]
        let default = || None;
        self.0.sleep_impl.clone().or_else(default)
    }

    /// What is wrong with settings that every call needs, other than the region and the endpoint URL, which have
    /// functions of their own; all of it in one error.
    pub fn problems(&self) -> Option<SettingError> {
        let Settings { use_fips, use_dual_stack, retry_config, disable_clock_skew_correction, .. } = &*self.0;
        let Settings { disable_request_compression, request_min_compression_size_bytes, .. } = &*self.0;
        let Settings { auth_scheme_preference, app_name, http_client, .. } = &*self.0;
        // They are of no concern to a transport that code brought.
        let transport = if http_client.is_none() { self.transport_settings().err() } else { None };
        let all = [
            problem(use_fips),
            problem(use_dual_stack),
            problem(retry_config),
            problem(disable_clock_skew_correction),
            problem(disable_request_compression),
            problem(request_min_compression_size_bytes),
            problem(auth_scheme_preference),
            problem(app_name),
            transport.as_ref(),
        ];
        SettingError::all(all.into_iter().flatten())
    }

    /// Whatever the first call of a client of this service would fail with.
    pub async fn check(&self, service: &ServiceMeta) -> Result<(), SettingError> {
        let region = self.required_region().err();
        let endpoint = self.endpoint_url_of(service.id).err();
        let bears = service.signing_name.is_empty() || self.bearer_token_of(service).is_some();
        let credentials = match self.required_credentials() {
            // The token itself is asked for by the first call.
            _ if bears => None,
            Ok(cached) => {
                let Doors { clock, sleep, .. } = Doors::of(self);
                cached.get(&clock, &sleep).await.err().map(|error| SettingError::new(error.to_string()))
            }
            Err(error) => Some(error),
        };
        let proxy = Target::resolve(self, service, None).ok().and_then(|target| self.check_proxy(&target.url()).err());
        let all = [region, endpoint, self.problems(), proxy, credentials];
        SettingError::all(all.iter().flatten()).map_or(Ok(()), Err)
    }

    /// Whether the proxy that requests to a URL go through, if one does, can be understood. A transport that code brought
    /// has proxies of its own.
    pub(super) fn check_proxy(&self, url: &str) -> Result<(), SettingError> {
        let ours = self.proxy_config().filter(|_| self.http_client().is_none());
        let (Some(proxies), Some((scheme, rest))) = (ours, url.split_once("://")) else { return Ok(()) };
        let authority = rest.split('/').next().unwrap_or_default();
        let with_port = authority.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = with_port.unwrap_or((authority, if scheme == "https" { 443 } else { 80 }));
        let proxy = proxies.proxy_for(scheme, host, port);
        proxy.map(drop).map_err(|problem| SettingError::new(problem.to_string()))
    }

    /// Whether code says who gives bearer tokens: then no variable's token stands before it.
    pub(super) fn code_gives_tokens(&self) -> bool {
        self.0.token_provider.as_ref().is_some_and(|provider| provider.origin == Origin::Code)
    }

    pub(super) fn sources(&self) -> Option<&Sources> {
        self.0.sources.as_deref()
    }

    fn missing_region(&self) -> SettingError {
        SettingError::new(match &self.0.sources {
            Some(sources) => format!(
                "no region: it is not set in code, nor in AWS_REGION or AWS_DEFAULT_REGION, nor as `region` of {}; \
                 set one of these, for example AWS_REGION=us-east-1",
                sources.describe_profile()
            ),
            None => "no region: it is not set in code, and the settings were not loaded from the environment; set \
                     `region`, or load them: `Client::from_env()`, or `load_from_env()` of tinsmith-config"
                .to_owned(),
        })
    }
}

fn problem<T>(slot: &Slot<T>) -> Option<&SettingError> {
    slot.as_deref().and_then(|slot| slot.as_ref().err())
}
