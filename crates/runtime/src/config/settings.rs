//! The settings that every client reads, as a table.
//!
//! A setting that is declared within `settings!` has its row in [`Config::explain`](super::Config::explain) by itself, and
//! must stand in docs/settings.md. Its `row` says what holds where nobody says anything, and, by [`RowOf::held`], which
//! slot of [`Settings`](super::Settings) keeps what code said; a setting that code cannot say needs no slot.

pub(crate) mod no_effect;

use std::time::Duration;

use super::app_name::{self, AppName};
use super::auth_scheme::{self, AuthSchemePreference};
use super::declare::{Declared, RowOf, Setting, Shown, held, in_code, settings};
use super::endpoint_url;
use super::retry::{MODES, RetryConfig, RetryMode, RetrySpec};
use super::{Origin, Resolved, Settings};
use crate::call::trace;
use crate::credentials::imds::EndpointMode;
use crate::credentials::settings as credentials;
use crate::region::Region;
use crate::transport::proxy::{Proxy, ProxyConfig, ProxyError};

/// All settings, in the order in which they are explained.
pub(crate) fn all() -> impl Iterator<Item = &'static dyn Declared> {
    [LISTED, credentials::LISTED, no_effect::LISTED].into_iter().flatten().copied()
}

settings! {
    /// Any text is taken here: the region is checked where it is used, whoever set it.
    pub(crate) const REGION: Setting<Region> = Setting {
        key: "region",
        variables: &["AWS_REGION", "AWS_DEFAULT_REGION"],
        allowed: REGION_ALLOWED,
        parse: |text| Some(Region::new(text.to_owned())),
        row: RowOf::default("none")
            .held(|settings| held(&settings.region))
            .wrong(|config| config.required_region().err()),
    };

    pub(crate) const PROFILE: Setting<String> = Setting {
        key: "",
        variables: &["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
        allowed: "the name of a profile",
        parse: text,
        row: RowOf::default("default")
            .named("profile")
            .held(|settings| settings.sources.as_ref().map(|sources| sources.profile_name().clone()))
            .wrong(|config| config.sources()?.missing_profile()),
    };

    pub(crate) const CONFIG_FILE: Setting<String> = Setting {
        key: "",
        variables: &["AWS_CONFIG_FILE"],
        allowed: "the path of a file",
        parse: text,
        row: RowOf::default("~/.aws/config").named("config file"),
    };

    pub(crate) const CREDENTIALS_FILE: Setting<String> = Setting {
        key: "",
        variables: &["AWS_SHARED_CREDENTIALS_FILE"],
        allowed: "the path of a file",
        parse: text,
        row: RowOf::default("~/.aws/credentials").named("credentials file"),
    };

    pub(crate) const ENDPOINT_URL: Setting<String> = Setting {
        key: "endpoint_url",
        variables: &["AWS_ENDPOINT_URL"],
        allowed: "an address such as `https://host:port`",
        parse: |text| is_url(text).then(|| text.to_owned()),
        row: RowOf::default("none").held(|settings| held(&settings.endpoint_url)).shown(Shown::Address),
    };

    pub(crate) const IGNORE_CONFIGURED_ENDPOINT_URLS: Setting<bool> = Setting {
        key: "ignore_configured_endpoint_urls",
        variables: &["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
        allowed: BOOLEAN,
        parse: boolean,
        row: RowOf::default("false"),
    };

    /// The name of a section `[services NAME]`, in which services have endpoint URLs of their own.
    pub(crate) const SERVICES: Setting<String> = Setting {
        key: "services",
        variables: &[],
        allowed: "the name of a section [services NAME]",
        parse: text,
        row: RowOf::default("none").wrong(|config| endpoint_url::services_section(config.sources()?).err()),
    };

    pub(crate) const USE_FIPS: Setting<bool> = Setting {
        key: "use_fips_endpoint",
        variables: &["AWS_USE_FIPS_ENDPOINT"],
        allowed: BOOLEAN,
        parse: boolean,
        row: RowOf::default("false").held(|settings| held(&settings.use_fips)),
    };

    pub(crate) const USE_DUAL_STACK: Setting<bool> = Setting {
        key: "use_dualstack_endpoint",
        variables: &["AWS_USE_DUALSTACK_ENDPOINT"],
        allowed: BOOLEAN,
        parse: boolean,
        row: RowOf::default("false").held(|settings| held(&settings.use_dual_stack)),
    };

    pub(crate) const RETRY_MODE: Setting<RetryMode> = Setting {
        key: "retry_mode",
        variables: &["AWS_RETRY_MODE"],
        allowed: MODES,
        parse: |text| text.parse().ok(),
        row: RowOf::default("standard")
            .held(|settings| in_code(&settings.retry_config, |config| config.mode().name())),
    };

    pub(crate) const MAX_ATTEMPTS: Setting<u32> = Setting {
        key: "max_attempts",
        variables: &["AWS_MAX_ATTEMPTS"],
        allowed: "a whole number from 1 to 4294967295",
        parse: |text| text.parse().ok().filter(|attempts| *attempts > 0),
        row: RowOf::default("3").held(|settings| in_code(&settings.retry_config, RetryConfig::max_attempts)),
    };

    /// The behaviour of 2026 is the default, so that only `false` changes anything. Shared files cannot say it.
    pub(crate) const NEW_RETRIES: Setting<RetrySpec> = Setting {
        key: "",
        variables: &["AWS_NEW_RETRIES_2026"],
        allowed: BOOLEAN,
        parse: |text| boolean(text).map(|new| if new { RetrySpec::V2_1 } else { RetrySpec::V2_0 }),
        row: RowOf::default("true").held(|settings| {
            in_code(&settings.retry_config, |config| config.retry_spec().is_none_or(|spec| *spec == RetrySpec::V2_1))
        }),
    };

    pub(crate) const DISABLE_CLOCK_SKEW_CORRECTION: Setting<bool> = Setting {
        key: "disable_clock_skew_correction",
        variables: &["AWS_DISABLE_CLOCK_SKEW_CORRECTION"],
        allowed: BOOLEAN,
        parse: boolean,
        row: RowOf::default("false").held(|settings| held(&settings.disable_clock_skew_correction)),
    };

    pub(crate) const AUTH_SCHEME_PREFERENCE: Setting<AuthSchemePreference> = Setting {
        key: "auth_scheme_preference",
        variables: &["AWS_AUTH_SCHEME_PREFERENCE"],
        allowed: auth_scheme::ALLOWED,
        parse: auth_scheme::parse,
        row: RowOf::default("the order of the model").held(|settings| held(&settings.auth_scheme_preference)),
    };

    pub(crate) const DISABLE_REQUEST_COMPRESSION: Setting<bool> = Setting {
        key: "disable_request_compression",
        variables: &["AWS_DISABLE_REQUEST_COMPRESSION"],
        allowed: BOOLEAN,
        parse: boolean,
        row: RowOf::default("false").held(|settings| held(&settings.disable_request_compression)),
    };

    pub(crate) const REQUEST_MIN_COMPRESSION_SIZE_BYTES: Setting<u32> = Setting {
        key: "request_min_compression_size_bytes",
        variables: &["AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES"],
        allowed: COMPRESSION_ALLOWED,
        parse: |text| text.parse().ok().filter(|bytes| *bytes <= MOST_UNCOMPRESSED),
        row: RowOf::default("10240").held(|settings| held(&settings.request_min_compression_size_bytes)),
    };

    pub(crate) const APP_NAME: Setting<AppName> = Setting {
        key: "sdk_ua_app_id",
        variables: &["AWS_SDK_UA_APP_ID"],
        allowed: app_name::ALLOWED,
        parse: |text| AppName::new(text.to_owned()).ok(),
        row: RowOf::default("none").held(|settings| held(&settings.app_name)),
    };

    /// A path; what the file holds is looked at when it is read.
    pub(crate) const CA_BUNDLE: Setting<String> = Setting {
        key: "ca_bundle",
        variables: &["AWS_CA_BUNDLE"],
        allowed: "a file of certificates in PEM",
        parse: text,
        row: RowOf::default("the roots of the platform").wrong(|config| config.sources()?.tls_context().err()),
    };

    /// The variable in upper case alone does not count in a CGI program: see [`ProxyConfig::from_env`].
    pub(crate) const HTTPS_PROXY: Setting<ProxyConfig> = Setting {
        key: "",
        variables: &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        allowed: PROXY_ALLOWED,
        parse: |text| ProxyConfig::all(text).ok(),
        row: RowOf::default("none").held(|settings| proxy(settings, ProxyConfig::for_https)).shown(Shown::Proxy),
    };

    pub(crate) const HTTP_PROXY: Setting<ProxyConfig> = Setting {
        variables: &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        row: RowOf::default("none").held(|settings| proxy(settings, ProxyConfig::for_http)).shown(Shown::Proxy),
        ..HTTPS_PROXY
    };

    pub(crate) const NO_PROXY: Setting<String> = Setting {
        key: "",
        variables: &["no_proxy", "NO_PROXY"],
        allowed: "names, addresses and networks between commas",
        parse: text,
        row: RowOf::default("none").held(|settings| {
            let code = settings.proxy_config.as_ref().filter(|proxies| proxies.origin == Origin::Code);
            code.map(|_| Resolved { value: "as the proxies in code have it".to_owned(), origin: Origin::Code })
        }),
    };

    /// What runs the program, as its platform says.
    pub(crate) const EXECUTION_ENVIRONMENT: Setting<String> = platform(&["AWS_EXECUTION_ENV"]);

    /// Set in a Lambda function.
    pub(crate) const FUNCTION_NAME: Setting<String> = platform(&[trace::FUNCTION]);

    /// Set anew for each invocation of a Lambda function.
    pub(crate) const TRACE_ID: Setting<String> = platform(&[trace::ID]);

    pub(crate) const IMDS_DISABLED: Setting<bool> = Setting {
        key: "ec2_metadata_disabled",
        variables: &["AWS_EC2_METADATA_DISABLED"],
        allowed: BOOLEAN,
        parse: boolean,
        row: RowOf::default("false"),
    };

    pub(crate) const IMDS_ENDPOINT: Setting<String> = Setting {
        key: "ec2_metadata_service_endpoint",
        variables: &["AWS_EC2_METADATA_SERVICE_ENDPOINT"],
        allowed: ENDPOINT_URL.allowed,
        parse: ENDPOINT_URL.parse,
        row: RowOf::default("by its mode").shown(Shown::Address),
    };

    pub(crate) const IMDS_ENDPOINT_MODE: Setting<EndpointMode> = Setting {
        key: "ec2_metadata_service_endpoint_mode",
        variables: &["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"],
        allowed: "`IPv4` or `IPv6`",
        parse: |text| text.parse().ok(),
        row: RowOf::default("IPv4"),
    };

    pub(crate) const IMDS_TIMEOUT: Setting<Duration> = Setting {
        key: "metadata_service_timeout",
        variables: &["AWS_METADATA_SERVICE_TIMEOUT"],
        allowed: "a whole number of seconds from 1 to 3600",
        parse: |text| text.parse().ok().filter(|seconds| (1..=3600).contains(seconds)).map(Duration::from_secs),
        row: RowOf::default("1"),
    };

    pub(crate) const IMDS_ATTEMPTS: Setting<u32> = Setting {
        key: "metadata_service_num_attempts",
        variables: &["AWS_METADATA_SERVICE_NUM_ATTEMPTS"],
        allowed: MAX_ATTEMPTS.allowed,
        parse: MAX_ATTEMPTS.parse,
        row: RowOf::default("4"),
    };
}

/// What a region may be, as the end of "should be …".
pub(crate) const REGION_ALLOWED: &str = "ASCII letters, digits and hyphens inside, such as `us-east-1`";

/// What the least size of bodies that are compressed may be, as the end of "should be …".
pub(crate) const COMPRESSION_ALLOWED: &str = "a whole number from 0 to 10485760";

/// The most that the least size of bodies that are compressed may be, in bytes.
pub(crate) const MOST_UNCOMPRESSED: u32 = 10_485_760;

/// A variable that is nobody's to set. It has no row where it is not there.
const fn platform(variables: &'static [&'static str]) -> Setting<String> {
    Setting { key: "", variables, allowed: "text", parse: text, row: RowOf::default("") }
}

const PROXY_ALLOWED: &str = "`http://host:port` or `https://host:port`, with `user:password@` before the host where the \
                             proxy asks for them";

type OfScheme = fn(&ProxyConfig) -> Result<Option<&Proxy>, &ProxyError>;

/// The proxy that the settings of a client hold for requests of one kind; no answer where a variable is malformed.
fn proxy(settings: &Settings, of: OfScheme) -> Option<Resolved<String>> {
    let Resolved { value, origin } = settings.proxy_config.as_ref()?;
    match of(value) {
        Ok(Some(proxy)) => Some(Resolved { value: proxy.to_string(), origin: proxy.origin().clone() }),
        Err(_) => None,
        Ok(None) => Some(Resolved { value: "none".to_owned(), origin: origin.clone() }),
    }
}

const BOOLEAN: &str = "`true` or `false`";

fn boolean(text: &str) -> Option<bool> {
    match &*text.to_ascii_lowercase() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Takes any text: what is wrong with it shows where it is used.
pub(crate) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Whether a text begins as an address that a request can be sent to; what follows is read where it is used.
pub(crate) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && !host.is_empty()
        && !text.contains(|sign: char| sign.is_whitespace() || sign.is_control())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn check<T: PartialEq + std::fmt::Debug>(setting: &Setting<T>, good: &[(&str, T)], bad: &[&str]) {
        for (text, value) in good {
            assert_eq!((setting.parse)(text).as_ref(), Some(value), "{text}");
        }
        for text in bad {
            assert_eq!((setting.parse)(text), None, "{text}");
        }
    }

    /// A row of a table: its variables, its key and, where it says so, its default.
    type Line = (Vec<String>, String, Option<String>);

    #[test]
    fn the_page_has_a_line_for_each_setting_and_no_other() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
        let page = std::fs::read_to_string(path).unwrap();
        let code = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        let line = |line: &str| -> Line {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let default = (cells.len() == 6).then(|| cells[3].to_owned());
            (code(cells[0]), code(cells[1]).concat(), default)
        };
        let is_line = |line: &&str| line.starts_with("| `") || line.starts_with("| –");
        // These have as many names as there are services.
        let lines = page.lines().filter(is_line).filter(|line| !line.contains("_<SERVICE ID>` |"));
        let shown: BTreeSet<Line> = lines.map(line).collect();
        let is_platform = |setting: &&dyn Declared| {
            [EXECUTION_ENVIRONMENT.name(), FUNCTION_NAME.name(), TRACE_ID.name()].contains(&setting.name())
        };
        let declared = |setting: &'static dyn Declared| {
            let default = Some(setting.row().default.to_owned()).filter(|default| !default.is_empty());
            (setting.variables().iter().map(ToString::to_string).collect(), setting.key().to_owned(), default)
        };
        let settings: BTreeSet<Line> = all().filter(|setting| !is_platform(setting)).map(declared).collect();
        assert_eq!(shown, settings);
        for setting in all().filter(is_platform) {
            assert!(page.contains(&format!("`{}`", setting.name())), "{}", setting.name());
        }
    }

    #[test]
    fn what_is_allowed_is_read_and_nothing_else() {
        check(&USE_FIPS, &[("true", true), ("False", false), ("TRUE", true)], &["1", "yes", "t"]);
        check(&MAX_ATTEMPTS, &[("1", 1), ("4294967295", u32::MAX)], &["0", "-1", "4294967296", "1.0", "three"]);
        let urls = ["http://localhost:9000", "HTTPS://a/b?c"].map(|url| (url, url.to_owned()));
        check(&ENDPOINT_URL, &urls, &["localhost:9000", "ftp://a", "https://", "https:///path", "http://a b", "://a"]);
        check(&APP_NAME, &[], &["two words"]);
    }
}
