//! Settings and identities of the official crates, used as they are (feature `aws-config`): a program that has an
//! `aws_types::SdkConfig`, or a provider of its own for one, makes clients of it.

mod identity;
#[cfg(test)]
mod tests;
mod world;

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::auth::AuthSchemePreference as OfficialPreference;
use aws_smithy_types::retry::{RetryConfig as OfficialRetries, RetryMode as OfficialMode};
use aws_smithy_types::timeout::TimeoutConfig as OfficialTimeouts;
use aws_types::region::Region as OfficialRegion;
use aws_types::service_config::ServiceConfigKey;

use crate::config::retry::{RetryConfig, RetryConfigBuilder, RetryMode};
use crate::config::timeout::TimeoutConfig;
use crate::config::{AppName, AuthSchemeId, AuthSchemePreference, Builder, Config};
use crate::credentials::SharedCredentialsProvider;
use crate::operation::ServiceMeta;
use crate::region::Region;
use crate::token::SharedTokenProvider;

/// The settings of the official crates, as `aws_config::load_from_env()` of theirs gives them.
///
/// Region, credentials, tokens, endpoint URL (that of a service too, as variables and profiles set it), FIPS, dual stack,
/// compression, retries, timeouts, application name, preference of auth schemes, sleep and time are carried over. What is not: the HTTP
/// client, whose place the transport here takes; the identity cache, because credentials and tokens are kept by the one
/// here; stalled-stream protection, which has limits of its own here; the revision of the retry specification, which not
/// all versions of those crates know; and what the generated services have no use for.
///
/// ```
/// use aws_types::region::Region;
/// use tinsmith_runtime::config::Config;
///
/// # let official = aws_types::SdkConfig::builder().region(Region::new("eu-west-1")).build();
/// // let official = aws_config::load_from_env().await;
/// let settings = Config::from(&official);
/// // let client = tinsmith_lambda::Client::new(&settings);
/// assert_eq!(settings.region().map(AsRef::as_ref), Some("eu-west-1"));
/// ```
impl From<&aws_types::SdkConfig> for Config {
    fn from(official: &aws_types::SdkConfig) -> Self {
        let mut builder = Builder::new();
        builder
            .set_region(official.region().map(Region::from))
            .set_credentials_provider(official.credentials_provider().map(SharedCredentialsProvider::new))
            .set_token_provider(official.token_provider().map(SharedTokenProvider::new))
            .set_endpoint_url(official.endpoint_url().map(str::to_owned))
            .set_use_fips(official.use_fips())
            .set_use_dual_stack(official.use_dual_stack())
            .set_disable_request_compression(official.disable_request_compression())
            .set_request_min_compression_size_bytes(official.request_min_compression_size_bytes())
            .set_retry_config(official.retry_config().map(RetryConfig::from))
            .set_timeout_config(official.timeout_config().map(TimeoutConfig::from))
            // What the one crate took as a name, the other does.
            .set_app_name(official.app_name().and_then(|name| AppName::new(name.as_ref().to_owned()).ok()))
            .set_auth_scheme_preference(official.auth_scheme_preference().map(AuthSchemePreference::from))
            .set_sleep_impl(official.sleep_impl().map(|sleep| Arc::new(sleep) as _))
            .set_time_source(official.time_source().map(|clock| Arc::new(clock) as _));
        builder.official(ServiceSettings(Arc::new(official.clone()))).build()
    }
}

/// What the official loader knows of single services.
#[derive(Clone, Debug)]
pub(crate) struct ServiceSettings(Arc<aws_types::SdkConfig>);

impl ServiceSettings {
    /// Whether code set this there; else the loader found it, or nobody says.
    pub(crate) fn is_code(&self, setting: &'static str) -> bool {
        self.0.get_origin(setting).is_client_config()
    }

    /// The endpoint URL that variables or profiles set for a service.
    pub(crate) fn endpoint_url(&self, service_id: &str) -> Option<String> {
        self.find(service_id, "AWS_ENDPOINT_URL", "endpoint_url")
    }

    /// The bearer token that a variable holds for a service.
    pub(crate) fn bearer_token(&self, service: &ServiceMeta) -> Option<String> {
        let mut names = [service.id, service.signing_name].into_iter().filter(|name| !name.is_empty());
        names.find_map(|name| self.find(name, "AWS_BEARER_TOKEN", "bearer_token"))
    }

    fn find(&self, service: &str, variable: &str, property: &str) -> Option<String> {
        let key = ServiceConfigKey::builder().service_id(service).env(variable).profile(property).build().ok()?;
        self.0.service_config()?.load_config(key).filter(|value| !value.trim().is_empty())
    }
}

impl From<&OfficialRegion> for Region {
    fn from(official: &OfficialRegion) -> Self {
        Self::new(official.as_ref().to_owned())
    }
}

impl From<OfficialRegion> for Region {
    fn from(official: OfficialRegion) -> Self {
        Self::from(&official)
    }
}

/// A number that is the official default stays open, because nobody can see there whether it was set: what counts then
/// is the default of the service, and of each kind of failure.
impl From<&OfficialRetries> for RetryConfig {
    fn from(official: &OfficialRetries) -> Self {
        let standard = OfficialRetries::standard();
        // A mode that is new there is the standard one here.
        let mode = match official.mode() {
            OfficialMode::Adaptive => RetryMode::Adaptive,
            _ => RetryMode::Standard,
        };
        let mut retries = RetryConfigBuilder::new().mode(mode);
        retries
            .set_max_attempts(other_than(official.max_attempts(), standard.max_attempts()))
            .set_initial_backoff(other_than(official.initial_backoff(), standard.initial_backoff()))
            .set_max_backoff(other_than(official.max_backoff(), standard.max_backoff()));
        retries.build()
    }
}

fn other_than<T: PartialEq>(value: T, default: T) -> Option<T> {
    (value != default).then_some(value)
}

/// A timeout that was disabled stays so, and one that was never set stays open. Both are `None` to its getter; but only
/// the latter takes a default.
impl From<&OfficialTimeouts> for TimeoutConfig {
    fn from(official: &OfficialTimeouts) -> Self {
        let mut filled = official.clone();
        filled.take_defaults_from(&everywhere(Duration::ZERO));
        let is_set = |own: Option<Duration>, filled: Option<Duration>| own.is_some() || filled.is_none();
        let mut timeouts = Self::builder();
        if is_set(official.connect_timeout(), filled.connect_timeout()) {
            timeouts.set_connect_timeout(official.connect_timeout());
        }
        if is_set(official.read_timeout(), filled.read_timeout()) {
            timeouts.set_read_timeout(official.read_timeout());
        }
        if is_set(official.operation_timeout(), filled.operation_timeout()) {
            timeouts.set_operation_timeout(official.operation_timeout());
        }
        if is_set(official.operation_attempt_timeout(), filled.operation_attempt_timeout()) {
            timeouts.set_operation_attempt_timeout(official.operation_attempt_timeout());
        }
        timeouts.build()
    }
}

/// Each timeout set to this.
fn everywhere(timeout: Duration) -> OfficialTimeouts {
    let connection = OfficialTimeouts::builder().connect_timeout(timeout).read_timeout(timeout);
    connection.operation_timeout(timeout).operation_attempt_timeout(timeout).build()
}

impl From<&OfficialPreference> for AuthSchemePreference {
    fn from(official: &OfficialPreference) -> Self {
        official.clone().into_iter().map(|scheme| AuthSchemeId::new(scheme.inner().to_owned())).collect()
    }
}
