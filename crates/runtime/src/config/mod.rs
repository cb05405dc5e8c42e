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
mod load;
mod needs;
mod origin;
pub mod retry;
mod rows;
pub(crate) mod settings;
mod sources;
pub mod stalled_stream_protection;
#[cfg(test)]
pub(crate) mod tests;
pub mod timeout;

use std::sync::Arc;
use std::time::Duration;

pub use app_name::AppName;
pub use auth_scheme::{AuthSchemeId, AuthSchemePreference};
pub use behavior_version::BehaviorVersion;
pub use builder::Builder;
pub use error::SettingError;
pub use explain::{Explanation, Row};
pub use needs::from_env;
pub use origin::{Origin, Resolved};
pub(crate) use sources::found;
#[cfg(test)]
pub(crate) use sources::tests::scripted;
pub use sources::{Choice, Sources};
pub use stalled_stream_protection::StalledStreamProtectionConfig;

use self::retry::RetryConfig;
use self::timeout::TimeoutConfig;
use crate::credentials::{CachedCredentials, SharedCredentialsProvider, SharedMfaTokenProvider};
use crate::hook::SharedHook;
use crate::random::Random;
use crate::region::Region;
use crate::time::{Clock, Sleep};
use crate::token::{CachedTokens, SharedTokenProvider};
use crate::transport::proxy::ProxyConfig;
use crate::transport::{HyperSettings, SharedTransport};

/// The settings of a client. Clones share one copy.
#[derive(Clone, Debug)]
pub struct Config(Arc<Settings>);

/// The settings of all clients of a program; the settings of one client are made from it.
pub type SdkConfig = Config;

/// The longest body of a response that is read where nothing else is said, in bytes.
const BODY_LIMIT: usize = 64 << 20;

/// A value, what is wrong with it, or nothing. Clones share it: settings are cloned whole, and changed in few of them.
type Slot<T> = Option<Arc<Result<T, SettingError>>>;

/// What code said, and once it is loaded what the sources say too; what nobody says is open.
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
    disable_request_compression: Slot<Resolved<bool>>,
    request_min_compression_size_bytes: Slot<Resolved<u32>>,
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
        Builder(self.0.clone())
    }

    /// These settings, to be changed.
    pub fn into_builder(self) -> Builder {
        Builder(self.0)
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

    /// Whether bodies go uncompressed, though their service takes them compressed.
    pub fn disable_request_compression(&self) -> Option<bool> {
        value(&self.0.disable_request_compression).copied()
    }

    /// From how many bytes on a body is compressed that its service takes so.
    pub fn request_min_compression_size_bytes(&self) -> Option<u32> {
        value(&self.0.request_min_compression_size_bytes).copied()
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
            upload_stall_limit: self.upload_limit(),
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

impl From<&SdkConfig> for Config {
    fn from(config: &SdkConfig) -> Self {
        config.clone()
    }
}

fn value<T>(slot: &Slot<Resolved<T>>) -> Option<&T> {
    slot.as_deref().and_then(|slot| slot.as_ref().ok()).map(|resolved| &resolved.value)
}
