//! The settings of a client: code → environment → profile → default, first that answers.

pub mod app_name;
mod auth_scheme;
mod behavior_version;
mod builder;
mod ca_bundle;
pub(crate) mod declare;
mod endpoint_url;
mod error;
mod explain;
mod origin;
pub mod retry;
mod rows;
pub(crate) mod settings;
mod sources;
pub mod stalled_stream_protection;
#[cfg(test)]
mod tests;
pub mod timeout;

use std::sync::Arc;
use std::time::Duration;

pub use app_name::AppName;
pub use auth_scheme::{AuthSchemeId, AuthSchemePreference};
pub use behavior_version::BehaviorVersion;
pub use builder::Builder;
pub use error::SettingError;
pub use explain::{Explanation, Row};
pub use origin::{Origin, Resolved};
pub(crate) use sources::found;
#[cfg(test)]
pub(crate) use sources::tests::scripted;
pub use sources::{Choice, Sources};
pub use stalled_stream_protection::StalledStreamProtectionConfig;

use self::retry::RetryConfig;
use self::settings::{REGION_ALLOWED, is_url};
use self::timeout::TimeoutConfig;
use crate::client::target::Target;
use crate::credentials::{CachedCredentials, Doors, SharedCredentialsProvider, SharedMfaTokenProvider};
use crate::environment::{Environment, Process};
use crate::hook::SharedHook;
use crate::operation::ServiceMeta;
use crate::random::{Random, SystemRandom};
use crate::region::Region;
use crate::time::{Clock, Sleep, SystemClock};
use crate::token::{CachedTokens, SharedTokenProvider, Token};
use crate::transport::proxy::ProxyConfig;
use crate::transport::{HyperSettings, SharedTransport};

/// The settings of a client. Clones share one copy.
#[derive(Clone, Debug)]
pub struct Config(Arc<Settings>);

/// The settings of all clients of a program; the settings of one client are made from it.
pub type SdkConfig = Config;

/// The longest body of a response that is read where nothing else is said, in bytes.
const BODY_LIMIT: usize = 64 << 20;

/// A value, what is wrong with it, or nothing.
type Slot<T> = Option<Result<T, SettingError>>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    region: Slot<Resolved<Region>>,
    credentials_provider: Option<Resolved<CachedCredentials>>,
    token_provider: Option<Resolved<CachedTokens>>,
    auth_scheme_preference: Slot<Resolved<AuthSchemePreference>>,
    #[cfg(feature = "aws-config")]
    official: Option<crate::aws_config::ServiceSettings>,
    pub(crate) mfa_token_provider: Option<SharedMfaTokenProvider>,
    endpoint_url: Slot<Resolved<String>>,
    use_fips: Slot<Resolved<bool>>,
    use_dual_stack: Slot<Resolved<bool>>,
    retry_config: Slot<Resolved<RetryConfig>>,
    disable_clock_skew_correction: Slot<Resolved<bool>>,
    timeout_config: Option<TimeoutConfig>,
    stalled_stream_protection: Option<StalledStreamProtectionConfig>,
    body_limit: Option<usize>,
    app_name: Slot<Resolved<AppName>>,
    hooks: Vec<SharedHook>,
    http_client: Option<SharedTransport>,
    proxy_config: Option<Resolved<ProxyConfig>>,
    time_source: Option<Arc<dyn Clock>>,
    sleep_impl: Option<Arc<dyn Sleep>>,
    behavior_version: Option<BehaviorVersion>,
    randomness: Option<Arc<dyn Random>>,
    sources: Option<Arc<Sources>>,
}

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

impl Config {
    /// Nothing said yet.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The settings of a client, from those of the program.
    pub fn new(config: &SdkConfig) -> Self {
        config.clone()
    }

    /// These settings, to be changed.
    pub fn to_builder(&self) -> Builder {
        Builder(Settings::clone(&self.0))
    }

    /// These settings, to be changed.
    pub fn into_builder(self) -> Builder {
        Builder(Arc::unwrap_or_clone(self.0))
    }

    /// The region that calls go to, if there is one.
    pub fn region(&self) -> Option<&Region> {
        value(&self.0.region)
    }

    /// Who gives the credentials.
    pub fn credentials_provider(&self) -> Option<SharedCredentialsProvider> {
        self.0.credentials_provider.as_ref().map(|cached| cached.value.provider().clone())
    }

    /// Who gives the bearer tokens.
    pub fn token_provider(&self) -> Option<SharedTokenProvider> {
        self.0.token_provider.as_ref().map(|cached| cached.value.provider().clone())
    }

    /// Which auth schemes are preferred, where anybody says so.
    pub fn auth_scheme_preference(&self) -> Option<&AuthSchemePreference> {
        value(&self.0.auth_scheme_preference)
    }

    /// The endpoint URL that is set for all services.
    pub fn endpoint_url(&self) -> Option<&str> {
        value(&self.0.endpoint_url).map(String::as_str)
    }

    /// Whether endpoints with cryptography validated by FIPS 140 are chosen.
    pub fn use_fips(&self) -> Option<bool> {
        value(&self.0.use_fips).copied()
    }

    /// Whether endpoints that are reached over IPv6 as well are chosen.
    pub fn use_dual_stack(&self) -> Option<bool> {
        value(&self.0.use_dual_stack).copied()
    }

    /// The policy of retries.
    pub fn retry_config(&self) -> Option<&RetryConfig> {
        value(&self.0.retry_config)
    }

    /// Whether signatures are dated by our clock though it be off: see [`Builder::disable_clock_skew_correction`].
    pub fn disable_clock_skew_correction(&self) -> Option<bool> {
        value(&self.0.disable_clock_skew_correction).copied()
    }

    /// The timeouts that code set; in loaded settings, with the default for connecting.
    pub fn timeout_config(&self) -> Option<&TimeoutConfig> {
        self.0.timeout_config.as_ref()
    }

    /// What is done about bodies that stand still, where code said so.
    pub fn stalled_stream_protection(&self) -> Option<&StalledStreamProtectionConfig> {
        self.0.stalled_stream_protection.as_ref()
    }

    /// The longest body of a response that is read, in bytes: see [`Builder::body_limit`].
    pub fn body_limit(&self) -> usize {
        self.0.body_limit.unwrap_or(BODY_LIMIT)
    }

    /// The name that the application has in the user agent.
    pub fn app_name(&self) -> Option<&AppName> {
        value(&self.0.app_name)
    }

    /// What sees each attempt of a call.
    pub fn hooks(&self) -> &[SharedHook] {
        &self.0.hooks
    }

    /// The version of behaviour that code set; it has no effect.
    pub fn behavior_version(&self) -> Option<BehaviorVersion> {
        self.0.behavior_version
    }

    /// What carries the requests, where code set it.
    pub fn http_client(&self) -> Option<SharedTransport> {
        self.0.http_client.clone()
    }

    /// The proxies of the client's own transport: those that code set or, in loaded settings, the environment.
    pub fn proxy_config(&self) -> Option<&ProxyConfig> {
        self.0.proxy_config.as_ref().map(|proxies| &proxies.value)
    }

    /// What the client's own transport is made by: the proxies, the bundle of roots and the limits of these settings. A
    /// transport that code makes begins with it, changes what it wants and leaves the rest; `HyperSettings::default()`
    /// knows nothing of variables and files.
    ///
    /// # Errors
    ///
    /// One of the settings cannot be used.
    pub fn transport_settings(&self) -> Result<HyperSettings, SettingError> {
        let tls_context = self.0.sources.as_ref().map_or(Ok(None), |sources| sources.tls_context());
        Ok(HyperSettings {
            tls_context: tls_context?.unwrap_or_default(),
            proxy: self.proxy_config().cloned().unwrap_or_default(),
            // A limit that is switched off is as good as one that no connection outlives.
            connect_timeout: self.timeouts().connect_timeout().unwrap_or(Duration::from_secs(24 * 60 * 60)),
            upload_stall_limit: self.0.stalled_stream_protection.clone().unwrap_or_default().upload_limit(),
            ..HyperSettings::default()
        })
    }

    /// What tells the time, where code set it.
    pub fn time_source(&self) -> Option<Arc<dyn Clock>> {
        self.0.time_source.clone()
    }

    /// What waits, where code set it.
    pub fn sleep_impl(&self) -> Option<Arc<dyn Sleep>> {
        self.0.sleep_impl.clone()
    }
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
        match &self.0.region {
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
                 the environment; set it, or make the settings with `aws_config::load_from_env()`",
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
                 environment; set it, or make the settings with `aws_config::load_from_env()`",
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
        matches!(&self.0.auth_scheme_preference, Some(Ok(preference)) if preference.origin == Origin::Code)
    }

    /// The endpoint URL of one service, by its id (`API Gateway`), if one is set anywhere.
    ///
    /// # Errors
    ///
    /// The one that answers first cannot be used.
    pub fn endpoint_url_of(&self, service_id: &str) -> Result<Option<Resolved<String>>, SettingError> {
        match (&self.0.endpoint_url, &self.0.sources) {
            (Some(Ok(url)), _) if url.origin == Origin::Code => {
                let Resolved { value, origin } = url;
                let allowed = settings::ENDPOINT_URL.allowed;
                let malformed = || SettingError::malformed(origin, "endpoint_url", value, allowed);
                is_url(value).then(|| Some(url.clone())).ok_or_else(malformed)
            }
            (_, Some(sources)) => endpoint_url::of_service(sources, service_id),
            #[cfg(feature = "aws-config")]
            (all, None) => {
                let all = all.as_ref().and_then(|all| all.as_ref().ok());
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
        let protection = self.0.stalled_stream_protection.clone().unwrap_or_default();
        let grace = protection.download_enabled().then(|| protection.grace_period());
        let read = self.0.timeout_config.as_ref().and_then(TimeoutConfig::read_timeout);
        read.into_iter().chain(grace).min()
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
        let Settings { auth_scheme_preference, app_name, http_client, .. } = &*self.0;
        // They are of no concern to a transport that code brought.
        let transport = if http_client.is_none() { self.transport_settings().err() } else { None };
        let all = [
            problem(use_fips),
            problem(use_dual_stack),
            problem(retry_config),
            problem(disable_clock_skew_correction),
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
        let proxy = Target::resolve(self, service).ok().and_then(|target| self.check_proxy(&target.url()).err());
        let all = [region, endpoint, self.problems(), proxy, credentials];
        SettingError::all(all.iter().flatten()).map_or(Ok(()), Err)
    }

    /// Whether the proxy that requests to a URL go through, if one does, can be understood. A transport that code brought
    /// has proxies of its own.
    fn check_proxy(&self, url: &str) -> Result<(), SettingError> {
        let ours = self.proxy_config().filter(|_| self.http_client().is_none());
        let (Some(proxies), Some((scheme, rest))) = (ours, url.split_once("://")) else { return Ok(()) };
        let authority = rest.split('/').next().unwrap_or_default();
        let with_port = authority.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = with_port.unwrap_or((authority, if scheme == "https" { 443 } else { 80 }));
        let proxy = proxies.proxy_for(scheme, host, port);
        proxy.map(drop).map_err(|problem| SettingError::new(problem.to_string()))
    }

    /// Whether code says who gives bearer tokens: then no variable's token stands before it.
    fn code_gives_tokens(&self) -> bool {
        self.0.token_provider.as_ref().is_some_and(|provider| provider.origin == Origin::Code)
    }

    fn sources(&self) -> Option<&Sources> {
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
                     `region`, or make the settings with `aws_config::load_from_env()`"
                .to_owned(),
        })
    }
}

fn value<T>(slot: &Slot<Resolved<T>>) -> Option<&T> {
    slot.as_ref().and_then(|slot| slot.as_ref().ok()).map(|resolved| &resolved.value)
}

fn problem<T>(slot: &Slot<T>) -> Option<&SettingError> {
    slot.as_ref().and_then(|slot| slot.as_ref().err())
}

impl From<&SdkConfig> for Config {
    fn from(config: &SdkConfig) -> Self {
        config.clone()
    }
}
