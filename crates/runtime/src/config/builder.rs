//! Collects what code says: a setter for each setting, and one that leaves it open.

use std::sync::Arc;

use super::app_name::AppName;
use super::auth_scheme::AuthSchemePreference;
use super::retry::RetryConfig;
use super::settings::{COMPRESSION_ALLOWED, MOST_UNCOMPRESSED};
use super::stalled_stream_protection::StalledStreamProtectionConfig;
use super::timeout::TimeoutConfig;
use super::{BehaviorVersion, Config, Origin, Resolved, SettingError, Settings, Slot};
use crate::credentials::{
    CachedCredentials, ProvideCredentials, ProvideMfaToken, SharedCredentialsProvider, SharedMfaTokenProvider,
};
use crate::hook::{Hook, SharedHook};
use crate::random::Random;
use crate::region::Region;
use crate::time::{Clock, Sleep};
use crate::token::{CachedTokens, ProvideToken, SharedTokenProvider};
use crate::transport::proxy::ProxyConfig;
use crate::transport::{SharedTransport, Transport};

/// Collects the settings of a [`Config`]. Clones share one copy until one of them is changed.
#[derive(Clone, Debug, Default)]
pub struct Builder(pub(crate) Arc<Settings>);

/// What code said, as a slot of the settings.
fn code<T>(value: Option<T>) -> Slot<Resolved<T>> {
    value.map(|value| Arc::new(Ok(Resolved { value, origin: Origin::Code })))
}

/// The least size of bodies that are compressed, if it is one.
fn least_size(value: u32) -> Result<Resolved<u32>, SettingError> {
    let origin = Origin::Code;
    if value > MOST_UNCOMPRESSED {
        let name = "request_min_compression_size_bytes";
        return Err(SettingError::malformed(&origin, name, &value.to_string(), COMPRESSION_ALLOWED));
    }
    Ok(Resolved { value, origin })
}

impl Builder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the region that calls go to.
    pub fn region(mut self, region: impl Into<Option<Region>>) -> Self {
        self.set_region(region);
        self
    }

    /// Sets the region that calls go to, or leaves it open.
    pub fn set_region(&mut self, region: impl Into<Option<Region>>) -> &mut Self {
        self.settings().region = code(region.into());
        self
    }

    /// Sets who gives the credentials.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.set_credentials_provider(Some(SharedCredentialsProvider::new(provider)));
        self
    }

    /// Sets who gives the credentials, or leaves it open.
    pub fn set_credentials_provider(&mut self, provider: Option<SharedCredentialsProvider>) -> &mut Self {
        let cached = provider.map(CachedCredentials::new);
        self.settings().credentials_provider = cached.map(|value| Resolved { value, origin: Origin::Code });
        self
    }

    /// Sets who gives the bearer tokens.
    pub fn token_provider(mut self, provider: impl ProvideToken + 'static) -> Self {
        self.set_token_provider(Some(SharedTokenProvider::new(provider)));
        self
    }

    /// Sets who gives the bearer tokens, or leaves it open.
    pub fn set_token_provider(&mut self, provider: Option<SharedTokenProvider>) -> &mut Self {
        let cached = provider.map(CachedTokens::new);
        self.settings().token_provider = cached.map(|value| Resolved { value, origin: Origin::Code });
        self
    }

    /// Sets which auth schemes are preferred, where an operation offers several.
    pub fn auth_scheme_preference(mut self, preference: impl Into<AuthSchemePreference>) -> Self {
        self.set_auth_scheme_preference(Some(preference.into()));
        self
    }

    /// Sets which auth schemes are preferred, or leaves it open.
    pub fn set_auth_scheme_preference(&mut self, preference: Option<AuthSchemePreference>) -> &mut Self {
        self.settings().auth_scheme_preference = code(preference);
        self
    }

    /// Sets who gives the codes of MFA devices that profiles name. It counts for settings that are loaded afterwards:
    /// with a loader of `aws_config`, say it there.
    pub fn mfa_token_provider(mut self, provider: impl ProvideMfaToken + 'static) -> Self {
        self.set_mfa_token_provider(Some(SharedMfaTokenProvider::new(provider)));
        self
    }

    /// Sets who gives the codes of MFA devices that profiles name, or leaves it open.
    pub fn set_mfa_token_provider(&mut self, provider: Option<SharedMfaTokenProvider>) -> &mut Self {
        self.settings().mfa_token_provider = provider;
        self
    }

    /// Sets where calls are sent instead of the service's own endpoint.
    pub fn endpoint_url(mut self, endpoint_url: impl Into<String>) -> Self {
        self.set_endpoint_url(Some(endpoint_url.into()));
        self
    }

    /// Sets where calls are sent instead of the service's own endpoint, or leaves it open.
    pub fn set_endpoint_url(&mut self, endpoint_url: Option<String>) -> &mut Self {
        self.settings().endpoint_url = code(endpoint_url);
        self
    }

    /// Chooses endpoints with cryptography validated by FIPS 140.
    pub fn use_fips(mut self, use_fips: impl Into<bool>) -> Self {
        self.set_use_fips(Some(use_fips.into()));
        self
    }

    /// Chooses endpoints with cryptography validated by FIPS 140, or leaves it open.
    pub fn set_use_fips(&mut self, use_fips: Option<bool>) -> &mut Self {
        self.settings().use_fips = code(use_fips);
        self
    }

    /// Chooses endpoints that are reached over IPv6 as well.
    pub fn use_dual_stack(mut self, use_dual_stack: impl Into<bool>) -> Self {
        self.set_use_dual_stack(Some(use_dual_stack.into()));
        self
    }

    /// Chooses endpoints that are reached over IPv6 as well, or leaves it open.
    pub fn set_use_dual_stack(&mut self, use_dual_stack: Option<bool>) -> &mut Self {
        self.settings().use_dual_stack = code(use_dual_stack);
        self
    }

    /// Sets the policy of retries, whole: nothing of it is looked for elsewhere then.
    pub fn retry_config(mut self, retry_config: RetryConfig) -> Self {
        self.set_retry_config(Some(retry_config));
        self
    }

    /// Sets the policy of retries, or leaves it open.
    pub fn set_retry_config(&mut self, retry_config: Option<RetryConfig>) -> &mut Self {
        self.settings().retry_config = code(retry_config);
        self
    }

    /// Sets whether signatures are dated by our clock though it be off. Otherwise a client learns from the `Date` of
    /// responses how far its service's clock is ahead, dates its signatures and presigned requests accordingly, and tries
    /// a request again whose date the service refused.
    pub fn disable_clock_skew_correction(mut self, disable: impl Into<Option<bool>>) -> Self {
        self.set_disable_clock_skew_correction(disable.into());
        self
    }

    /// Sets whether signatures are dated by our clock though it be off, or leaves it open.
    pub fn set_disable_clock_skew_correction(&mut self, disable: Option<bool>) -> &mut Self {
        self.settings().disable_clock_skew_correction = code(disable);
        self
    }

    /// Sets whether bodies go uncompressed, though their service takes them compressed.
    pub fn disable_request_compression(mut self, disable: impl Into<Option<bool>>) -> Self {
        self.set_disable_request_compression(disable.into());
        self
    }

    /// Sets whether bodies go uncompressed, though their service takes them compressed, or leaves it open.
    pub fn set_disable_request_compression(&mut self, disable: Option<bool>) -> &mut Self {
        self.settings().disable_request_compression = code(disable);
        self
    }

    /// Sets from how many bytes on a body is compressed that its service takes so: 10240 where nothing else is said, and
    /// 10485760 at most. More than that is told by the first call.
    pub fn request_min_compression_size_bytes(mut self, bytes: impl Into<Option<u32>>) -> Self {
        self.set_request_min_compression_size_bytes(bytes.into());
        self
    }

    /// Sets from how many bytes on a body is compressed that its service takes so, or leaves it open.
    pub fn set_request_min_compression_size_bytes(&mut self, bytes: Option<u32>) -> &mut Self {
        self.settings().request_min_compression_size_bytes = bytes.map(|bytes| Arc::new(least_size(bytes)));
        self
    }

    /// Sets timeouts. What they leave open stays as it was.
    pub fn timeout_config(mut self, timeout_config: TimeoutConfig) -> Self {
        self.set_timeout_config(Some(timeout_config));
        self
    }

    /// Sets timeouts, or leaves them all open. What they leave open stays as it was.
    pub fn set_timeout_config(&mut self, timeout_config: Option<TimeoutConfig>) -> &mut Self {
        let settings = self.settings();
        let earlier = settings.timeout_config.take();
        settings.timeout_config = timeout_config.map(|timeouts| timeouts.over(earlier.as_ref()));
        self
    }

    /// Sets what is done about bodies that stand still.
    pub fn stalled_stream_protection(mut self, protection: StalledStreamProtectionConfig) -> Self {
        self.set_stalled_stream_protection(Some(protection));
        self
    }

    /// Sets what is done about bodies that stand still, or leaves it open.
    pub fn set_stalled_stream_protection(&mut self, protection: Option<StalledStreamProtectionConfig>) -> &mut Self {
        self.settings().stalled_stream_protection = protection;
        self
    }

    /// Sets the longest body of a response that is read, in bytes: 64 MiB where nothing else is said. A longer one is an
    /// error, and no further attempt is made. Of the body of an error, 64 KiB are read in any case.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.set_body_limit(Some(bytes));
        self
    }

    /// Sets the longest body of a response that is read, in bytes, or leaves it open.
    pub fn set_body_limit(&mut self, bytes: Option<usize>) -> &mut Self {
        self.settings().body_limit = bytes;
        self
    }

    /// Sets the name that the application has in the user agent.
    pub fn app_name(mut self, app_name: AppName) -> Self {
        self.set_app_name(Some(app_name));
        self
    }

    /// Sets the name that the application has in the user agent, or leaves it open.
    pub fn set_app_name(&mut self, app_name: Option<AppName>) -> &mut Self {
        self.settings().app_name = code(app_name);
        self
    }

    /// Adds something that sees each attempt of a call, after those that there are.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.settings().hooks.push(SharedHook::new(hook));
        self
    }

    /// Sets what sees each attempt of a call, in this order, in place of those that there are.
    pub fn set_hooks(&mut self, hooks: Vec<SharedHook>) -> &mut Self {
        self.settings().hooks = hooks;
        self
    }

    /// Sets what carries the requests.
    pub fn http_client(mut self, http_client: impl Transport) -> Self {
        self.set_http_client(Some(SharedTransport::new(http_client)));
        self
    }

    /// Sets what carries the requests, or leaves it open.
    pub fn set_http_client(&mut self, http_client: Option<SharedTransport>) -> &mut Self {
        self.settings().http_client = http_client;
        self
    }

    /// Sets the proxies of the client's own transport, in place of those that the environment says. A transport that
    /// code brings has its own.
    pub fn proxy_config(mut self, proxy_config: ProxyConfig) -> Self {
        self.set_proxy_config(Some(proxy_config));
        self
    }

    /// Sets the proxies of the client's own transport, or leaves them open.
    pub fn set_proxy_config(&mut self, proxy_config: Option<ProxyConfig>) -> &mut Self {
        self.settings().proxy_config = proxy_config.map(|value| Resolved { value, origin: Origin::Code });
        self
    }

    /// Sets what tells the time.
    pub fn time_source(mut self, time_source: impl Clock) -> Self {
        self.set_time_source(Some(Arc::new(time_source)));
        self
    }

    /// Sets what tells the time, or leaves it open.
    pub fn set_time_source(&mut self, time_source: Option<Arc<dyn Clock>>) -> &mut Self {
        self.settings().time_source = time_source;
        self
    }

    /// Sets what waits between attempts and for timeouts.
    pub fn sleep_impl(mut self, sleep_impl: impl Sleep) -> Self {
        self.set_sleep_impl(Some(Arc::new(sleep_impl)));
        self
    }

    /// Sets what waits between attempts and for timeouts, or leaves it open.
    pub fn set_sleep_impl(&mut self, sleep_impl: Option<Arc<dyn Sleep>>) -> &mut Self {
        self.settings().sleep_impl = sleep_impl;
        self
    }

    /// Sets where jitter and ids come from.
    pub fn randomness(mut self, randomness: impl Random) -> Self {
        self.settings().randomness = Some(Arc::new(randomness));
        self
    }

    pub(crate) fn random(mut self, randomness: Arc<dyn Random>) -> Self {
        self.settings().randomness = Some(randomness);
        self
    }

    /// Notes a version of behaviour, without effect: see [`BehaviorVersion`].
    pub fn behavior_version(mut self, version: BehaviorVersion) -> Self {
        self.set_behavior_version(Some(version));
        self
    }

    /// Notes a version of behaviour, without effect: see [`BehaviorVersion`].
    pub fn set_behavior_version(&mut self, version: Option<BehaviorVersion>) -> &mut Self {
        self.settings().behavior_version = version;
        self
    }

    /// Notes the latest version of behaviour, without effect: see [`BehaviorVersion`].
    pub fn behavior_version_latest(self) -> Self {
        self.behavior_version(BehaviorVersion::latest())
    }

    /// What was said, to be changed.
    pub(super) fn settings(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.0)
    }
}

impl From<&Config> for Builder {
    fn from(config: &Config) -> Self {
        config.to_builder()
    }
}
