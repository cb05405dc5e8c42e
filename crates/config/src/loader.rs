//! Loads the settings of a program: what code says first, and the rest from the environment and the shared files.

use std::future::Future;
use std::sync::Arc;

use tinsmith_runtime::config::retry::RetryConfig;
use tinsmith_runtime::config::stalled_stream_protection::StalledStreamProtectionConfig;
use tinsmith_runtime::config::timeout::TimeoutConfig;
use tinsmith_runtime::config::{AppName, AuthSchemePreference, BehaviorVersion, Builder, Choice, SdkConfig, Sources};
use tinsmith_runtime::credentials::{Credentials, ProvideCredentials, ProvideMfaToken};
use tinsmith_runtime::profile::ProfileFiles;
use tinsmith_runtime::time::{Clock, Sleep};
use tinsmith_runtime::token::{ProvideToken, Token};
use tinsmith_runtime::transport::proxy::ProxyConfig;
use tinsmith_runtime::transport::{BoxFuture, Transport};

use crate::meta::region::ProvideRegion;

/// Collects what code says, and loads the rest.
#[derive(Debug, Default)]
pub struct ConfigLoader {
    builder: Builder,
    region: Option<Box<dyn ProvideRegion>>,
    choice: Choice,
    no_credentials: bool,
}

impl ConfigLoader {
    /// Notes a version of behaviour, without effect: see [`BehaviorVersion`].
    pub fn behavior_version(self, version: BehaviorVersion) -> Self {
        self.with(|builder| builder.behavior_version(version))
    }

    /// Sets the region, or who gives it. Where the provider has none, it is looked for as if none had been set.
    pub fn region(mut self, region: impl ProvideRegion + 'static) -> Self {
        self.region = Some(Box::new(region));
        self
    }

    /// Sets who gives the credentials.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.no_credentials = false;
        self.with(|builder| builder.credentials_provider(provider))
    }

    /// Sets who gives the codes of MFA devices that profiles name: a closure that takes the serial number of the device,
    /// and returns a future of the code or an error. [`ProvideMfaToken`] has an example that asks on the terminal.
    pub fn mfa_token_provider(self, provider: impl ProvideMfaToken + 'static) -> Self {
        self.with(|builder| builder.mfa_token_provider(provider))
    }

    /// Sets which auth schemes are preferred, where an operation offers several.
    pub fn auth_scheme_preference(self, preference: impl Into<AuthSchemePreference>) -> Self {
        self.with(|builder| builder.auth_scheme_preference(preference))
    }

    /// Looks for no credentials: each client is given its own.
    pub fn no_credentials(mut self) -> Self {
        self.no_credentials = true;
        self
    }

    /// Sets who gives the bearer tokens.
    pub fn token_provider(self, provider: impl ProvideToken + 'static) -> Self {
        self.with(|builder| builder.token_provider(provider))
    }

    /// Sets keys and a token that no service knows, for tests.
    pub fn test_credentials(self) -> Self {
        self.credentials_provider(Credentials::new("TESTKEY", "test-secret", None, None, "test"))
            .token_provider(Token::new("test-token", None))
    }

    /// Chooses the files that profiles are read from.
    pub fn profile_files(mut self, profile_files: ProfileFiles) -> Self {
        self.choice.files = profile_files;
        self
    }

    /// Chooses the profile of the shared files, before `AWS_PROFILE` does.
    pub fn profile_name(mut self, profile_name: impl Into<String>) -> Self {
        self.choice.profile = Some(profile_name.into());
        self
    }

    /// Sets where calls are sent instead of the services' own endpoints.
    pub fn endpoint_url(self, endpoint_url: impl Into<String>) -> Self {
        self.with(|builder| builder.endpoint_url(endpoint_url))
    }

    /// Chooses endpoints with cryptography validated by FIPS 140.
    pub fn use_fips(self, use_fips: bool) -> Self {
        self.with(|builder| builder.use_fips(use_fips))
    }

    /// Chooses endpoints that are reached over IPv6 as well.
    pub fn use_dual_stack(self, use_dual_stack: bool) -> Self {
        self.with(|builder| builder.use_dual_stack(use_dual_stack))
    }

    /// Sets the policy of retries, whole: nothing of it is looked for elsewhere then.
    pub fn retry_config(self, retry_config: RetryConfig) -> Self {
        self.with(|builder| builder.retry_config(retry_config))
    }

    /// Sets whether signatures are dated by our clock though it be off: otherwise what responses say of the service's
    /// clock corrects it.
    pub fn disable_clock_skew_correction(self, disable: bool) -> Self {
        self.with(|builder| builder.disable_clock_skew_correction(disable))
    }

    /// Sets whether bodies go uncompressed, though their service takes them compressed.
    pub fn disable_request_compression(self, disable: bool) -> Self {
        self.with(|builder| builder.disable_request_compression(disable))
    }

    /// Sets from how many bytes on a body is compressed that its service takes so: 10240 where nothing else is said, and
    /// 10485760 at most.
    pub fn request_min_compression_size_bytes(self, bytes: u32) -> Self {
        self.with(|builder| builder.request_min_compression_size_bytes(bytes))
    }

    /// Sets timeouts. What they leave open stays as it was.
    pub fn timeout_config(self, timeout_config: TimeoutConfig) -> Self {
        self.with(|builder| builder.timeout_config(timeout_config))
    }

    /// Sets what is done about bodies that stand still.
    pub fn stalled_stream_protection(self, protection: StalledStreamProtectionConfig) -> Self {
        self.with(|builder| builder.stalled_stream_protection(protection))
    }

    /// Sets the longest body of a response that is read, in bytes; 64 MiB by default.
    pub fn body_limit(self, bytes: usize) -> Self {
        self.with(|builder| builder.body_limit(bytes))
    }

    /// Sets the name that the application has in the user agent.
    pub fn app_name(self, app_name: AppName) -> Self {
        self.with(|builder| builder.app_name(app_name))
    }

    /// Sets what carries the requests.
    pub fn http_client(self, http_client: impl Transport) -> Self {
        self.with(|builder| builder.http_client(http_client))
    }

    /// Sets the proxies of clients that bring no transport, in place of those that the environment says.
    pub fn proxy_config(self, proxy_config: ProxyConfig) -> Self {
        self.with(|builder| builder.proxy_config(proxy_config))
    }

    /// Sets what tells the time.
    pub fn time_source(self, time_source: impl Clock) -> Self {
        self.with(|builder| builder.time_source(time_source))
    }

    /// Sets what waits between attempts and for timeouts.
    pub fn sleep_impl(self, sleep_impl: impl Sleep) -> Self {
        self.with(|builder| builder.sleep_impl(sleep_impl))
    }

    /// The settings. Never fails: what is wrong is told by the first call.
    pub fn load(mut self) -> impl Future<Output = SdkConfig> + Send + 'static {
        // Boxed, so that it is compiled here: what an `async fn` does is compiled where it is awaited.
        let loading: BoxFuture<'static, SdkConfig> = Box::pin(async move {
            let sources = Sources::process(std::mem::take(&mut self.choice));
            self.load_from(sources).await
        });
        loading
    }

    async fn load_from(self, sources: Sources) -> SdkConfig {
        let region = match &self.region {
            Some(provider) => provider.region().await,
            None => None,
        };
        let loaded = self.builder.region(region).load(Arc::new(sources));
        if !self.no_credentials {
            return loaded;
        }
        let mut builder = loaded.into_builder();
        builder.set_credentials_provider(None);
        builder.build()
    }

    fn with(mut self, change: impl FnOnce(Builder) -> Builder) -> Self {
        self.builder = change(self.builder);
        self
    }
}

#[cfg(test)]
mod tests {
    use tinsmith_runtime::credentials::Credentials;
    use tinsmith_runtime::environment::{ScriptedEnvironment, ScriptedFiles};

    use super::*;
    use crate::Region;
    use crate::meta::region::RegionProviderChain;
    use crate::profile::profile_file::ProfileFileKind;

    const CONFIG: &str = "[default]\nregion = eu-west-1\n[profile other]\nregion = eu-west-2\n";

    fn sources(variables: &[(&str, &str)], choice: Choice) -> Sources {
        let environment: ScriptedEnvironment = [("HOME", "/h")].iter().chain(variables).copied().collect();
        Sources::read(environment, &ScriptedFiles::from_iter([("/h/.aws/config", CONFIG)]), choice)
    }

    #[tokio::test]
    async fn code_comes_first_and_the_rest_is_looked_for() {
        let check = async |mut loader: ConfigLoader, variables: &[(&str, &str)], region: &str| {
            let sources = sources(variables, std::mem::take(&mut loader.choice));
            let loaded = loader.load_from(sources).await;
            assert_eq!(loaded.region().map(AsRef::as_ref), Some(region));
        };
        let variable = [("AWS_REGION", "us-east-2")];
        check(crate::from_env(), &[], "eu-west-1").await;
        check(crate::from_env().profile_name("other"), &[("AWS_PROFILE", "default")], "eu-west-2").await;
        let files =
            ProfileFiles::builder().with_contents(ProfileFileKind::Config, "[default]\nregion = in-code").build();
        check(crate::from_env().profile_files(files), &[], "in-code").await;
        check(crate::from_env(), &variable, "us-east-2").await;
        check(crate::from_env().region("r"), &variable, "r").await;
        check(crate::from_env().region(Region::new("r")), &variable, "r").await;
        check(crate::from_env().region(RegionProviderChain::first_try(None)), &variable, "us-east-2").await;
    }

    #[tokio::test]
    async fn every_setter_reaches_the_settings() {
        let loader = crate::defaults(BehaviorVersion::latest())
            .credentials_provider(Credentials::from_keys("AK", "secret", None))
            .endpoint_url("http://code")
            .use_fips(true)
            .use_dual_stack(true)
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .body_limit(1000)
            .proxy_config(ProxyConfig::all("http://proxy.example").unwrap())
            .app_name(AppName::new("app").unwrap());
        let loaded = loader.load_from(sources(&[("AWS_ENDPOINT_URL", "http://variable")], Choice::default())).await;
        assert_eq!((loaded.use_fips(), loaded.use_dual_stack()), (Some(true), Some(true)));
        assert_eq!((loaded.endpoint_url(), loaded.app_name().map(AsRef::as_ref)), (Some("http://code"), Some("app")));
        assert_eq!(loaded.retry_config(), Some(&RetryConfig::disabled()));
        assert_eq!(loaded.timeout_config(), Some(&TimeoutConfig::disabled()));
        assert_eq!(loaded.stalled_stream_protection(), Some(&StalledStreamProtectionConfig::disabled()));
        assert_eq!(loaded.body_limit(), 1000);
        assert_eq!(loaded.proxy_config(), Some(&ProxyConfig::all("http://proxy.example").unwrap()));
        let credentials = loaded.credentials_provider().unwrap().provide_credentials().await.unwrap();
        assert_eq!(credentials.access_key_id(), "AK");
        assert_eq!(loaded.behavior_version(), Some(BehaviorVersion::latest()));

        let without = crate::from_env().test_credentials().no_credentials();
        let loaded = without.load_from(sources(&[], Choice::default())).await;
        assert!(loaded.credentials_provider().is_none());
    }
}
