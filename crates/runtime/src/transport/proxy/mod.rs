//! Which requests go through which proxy: what code or the environment say, and what they except.

mod address;
mod no_proxy;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use self::address::{Proxy, ProxyError};
use self::no_proxy::NoProxy;
use crate::config::Origin;
use crate::environment::{Environment, Process};

/// The proxies of a client. By default there is none.
///
/// Requests to `https://` go through a tunnel (`CONNECT`), those to `http://` are handed to the proxy whole. A proxy is
/// `http://host:port` or, where TLS is spoken with the proxy itself, `https://host:port`; without a scheme `http` is
/// meant, without a port that of the scheme. User and password, percent-encoded, stand before the host:
/// `http://user:password@host:port`. SOCKS is not spoken.
///
/// Agents that give credentials (the metadata service of EC2 and the agents of ECS and EKS, at their own addresses) are
/// never reached through a proxy: what answers there for a proxy is the proxy's machine, with credentials that are not
/// ours, and ours would be shown to the proxy. curl and boto3 do so only where `NO_PROXY` names them.
///
/// ```
/// use tinsmith_runtime::transport::proxy::ProxyConfig;
///
/// let proxies = ProxyConfig::all("http://proxy.example:3128")?
///     .with_basic_auth("me", "the password")
///     .no_proxy("localhost, .internal, 10.0.0.0/8");
/// assert!(proxies.proxy_for("https", "lambda.us-east-1.amazonaws.com", 443)?.is_some());
/// assert!(proxies.proxy_for("https", "api.internal", 443)?.is_none());
/// # Ok::<(), tinsmith_runtime::transport::proxy::ProxyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyConfig {
    http: Said,
    https: Said,
    no_proxy: NoProxy,
}

/// What is said of a scheme: its proxy, or what is wrong with its variable, which is told when a request needs it.
type Said = Result<Option<Proxy>, ProxyError>;

impl ProxyConfig {
    /// A proxy for requests to `http://` alone.
    ///
    /// # Errors
    ///
    /// This is no address of a proxy.
    pub fn http(proxy_url: impl AsRef<str>) -> Result<Self, ProxyError> {
        Ok(Self { http: Ok(Some(Proxy::parse(proxy_url.as_ref(), Origin::Code)?)), ..Self::default() })
    }

    /// A proxy for requests to `https://` alone. Its own address may begin with `http://` all the same.
    ///
    /// # Errors
    ///
    /// This is no address of a proxy.
    pub fn https(proxy_url: impl AsRef<str>) -> Result<Self, ProxyError> {
        Ok(Self { https: Ok(Some(Proxy::parse(proxy_url.as_ref(), Origin::Code)?)), ..Self::default() })
    }

    /// A proxy for all requests.
    ///
    /// # Errors
    ///
    /// This is no address of a proxy.
    pub fn all(proxy_url: impl AsRef<str>) -> Result<Self, ProxyError> {
        let proxy = Proxy::parse(proxy_url.as_ref(), Origin::Code)?;
        Ok(Self { http: Ok(Some(proxy.clone())), https: Ok(Some(proxy)), ..Self::default() })
    }

    /// No proxy, whatever the environment says.
    pub fn disabled() -> Self {
        Self::default()
    }

    /// The proxies that the environment of this process says; settings that are loaded have them anyway.
    ///
    /// `https_proxy` or `HTTPS_PROXY` holds the proxy for `https://`, `http_proxy` or `HTTP_PROXY` that for `http://`,
    /// `all_proxy` or `ALL_PROXY` the one where these are not set, and `no_proxy` or `NO_PROXY` what
    /// [`no_proxy`](Self::no_proxy) takes. The name in lower case wins where both are set, as in curl and boto3, and a
    /// blank value is none. As there, `HTTP_PROXY` is passed over where `REQUEST_METHOD` is set: in a CGI program it
    /// holds what a client of the server sent as the header `Proxy` (CVE-2016-5386).
    ///
    /// What is wrong with a variable is told by the first call that would go through its proxy.
    pub fn from_env() -> Self {
        Self::from_environment(&Process)
    }

    /// The same from another environment.
    pub fn from_environment(environment: &dyn Environment) -> Self {
        let is_cgi = environment.variable("REQUEST_METHOD").is_some();
        let http: &[_] = match is_cgi {
            // There, names of variables have no case.
            true if cfg!(windows) => &["all_proxy", "ALL_PROXY"],
            true => &["http_proxy", "all_proxy", "ALL_PROXY"],
            false => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        };
        let https = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        let no_proxy = first(environment, &["no_proxy", "NO_PROXY"]).map(|(_, rules)| NoProxy::parse(&rules));
        Self {
            http: in_variable(environment, http),
            https: in_variable(environment, &https),
            no_proxy: no_proxy.unwrap_or_default(),
        }
    }

    /// With this user and password for all proxies that are set, in place of those in their addresses.
    pub fn with_basic_auth(mut self, username: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        for proxy in [&mut self.http, &mut self.https].into_iter().flatten().flatten() {
            proxy.set_basic_auth(username.as_ref().as_bytes(), password.as_ref().as_bytes());
        }
        self
    }

    /// Excepts these hosts as well: a list, parted by commas or white space. Names are not looked up for it.
    ///
    /// - `example.com`, `.example.com` and `*.example.com` each stand for that name and all names below it, as in curl;
    /// - `10.1.2.3` and `::1`, or `[::1]`, for an address, `10.0.0.0/8` and `fd00::/8` for a network, where the host is
    ///   given as an address;
    /// - with `:8080` at the end, a name or an address stands for itself at that port alone;
    /// - `*` stands for all hosts.
    ///
    /// What is none of these excepts nothing, as elsewhere: other programs read the same variable. Loopback is excepted
    /// only where it is in the list, as in curl and boto3.
    pub fn no_proxy(mut self, rules: impl AsRef<str>) -> Self {
        self.no_proxy.add(rules.as_ref());
        self
    }

    /// Whether no request goes through a proxy.
    pub fn is_disabled(&self) -> bool {
        matches!((&self.http, &self.https), (Ok(None), Ok(None)))
    }

    /// The proxy for requests to a host, which may be an IPv6 address in brackets.
    ///
    /// # Errors
    ///
    /// The variable that names this proxy cannot be understood.
    pub fn proxy_for(&self, scheme: &str, host: &str, port: u16) -> Result<Option<&Proxy>, ProxyError> {
        if is_agent(host) || self.no_proxy.covers(host, port) {
            return Ok(None);
        }
        let said = if scheme.eq_ignore_ascii_case("https") { self.for_https() } else { self.for_http() };
        said.map_err(ProxyError::clone)
    }

    /// The proxy for `https://`, whatever is excepted.
    pub(crate) fn for_https(&self) -> Result<Option<&Proxy>, &ProxyError> {
        self.https.as_ref().map(Option::as_ref)
    }

    /// The proxy for `http://`, whatever is excepted.
    pub(crate) fn for_http(&self) -> Result<Option<&Proxy>, &ProxyError> {
        self.http.as_ref().map(Option::as_ref)
    }
}

/// No proxy.
impl Default for ProxyConfig {
    fn default() -> Self {
        Self { http: Ok(None), https: Ok(None), no_proxy: NoProxy::default() }
    }
}

/// Whether a host is an address of the metadata service of EC2, or of the agent of ECS or EKS: each machine has its own.
fn is_agent(host: &str) -> bool {
    const V4: [Ipv4Addr; 3] =
        [Ipv4Addr::new(169, 254, 169, 254), Ipv4Addr::new(169, 254, 170, 2), Ipv4Addr::new(169, 254, 170, 23)];
    const V6: [Ipv6Addr; 2] =
        [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)];
    match no_proxy::address_of(host) {
        Some(IpAddr::V4(address)) => V4.contains(&address),
        Some(IpAddr::V6(address)) => V6.contains(&address),
        None => false,
    }
}

fn in_variable(environment: &dyn Environment, names: &[&'static str]) -> Said {
    let found = first(environment, names);
    found.map(|(name, text)| Proxy::parse(&text, Origin::Variable(Cow::Borrowed(name)))).transpose()
}

/// The first of these variables that is not blank, and its name.
fn first(environment: &dyn Environment, names: &[&'static str]) -> Option<(&'static str, String)> {
    let value = |name| environment.variable(name).filter(|value| !value.trim().is_empty());
    names.iter().find_map(|name| value(name).map(|value| (*name, value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::ScriptedEnvironment;

    fn from(variables: &[(&str, &str)]) -> ProxyConfig {
        ProxyConfig::from_environment(&variables.iter().copied().collect::<ScriptedEnvironment>())
    }

    /// The proxy for a scheme, and the name of its variable.
    fn check(variables: &[(&str, &str)], scheme: &str, expected: Option<(&str, &str)>) {
        let proxies = from(variables);
        let got = proxies.proxy_for(scheme, "example.com", 1).unwrap_or_else(|error| panic!("{error}"));
        let got = got.map(|proxy| (proxy.to_string(), proxy.origin().to_string()));
        assert_eq!(got, expected.map(|(proxy, name)| (proxy.into(), name.into())), "{variables:?} {scheme}");
    }

    #[test]
    fn the_first_variable_that_answers_wins() {
        let (upper, lower) = (("HTTPS_PROXY", "http://upper:1"), ("https_proxy", "http://lower:1"));
        let (all, all_lower) = (("ALL_PROXY", "http://all:1"), ("all_proxy", "http://lower-all:1"));
        check(&[], "https", None);
        check(&[upper, all], "https", Some(("http://upper:1", "HTTPS_PROXY")));
        check(&[upper, lower], "https", Some(("http://lower:1", "https_proxy")));
        check(&[upper, ("https_proxy", " ")], "https", Some(("http://upper:1", "HTTPS_PROXY")));
        check(&[upper, lower], "http", None);
        check(&[all, upper], "http", Some(("http://all:1", "ALL_PROXY")));
        check(&[all, all_lower], "HTTPS", Some(("http://lower-all:1", "all_proxy")));
        check(&[("HTTP_PROXY", "secure"), all], "http", Some(("http://secure:80", "HTTP_PROXY")));
    }

    #[test]
    fn in_a_cgi_program_the_upper_case_name_is_what_a_stranger_said() {
        let cgi = ("REQUEST_METHOD", "GET");
        let stranger = ("HTTP_PROXY", "http://stranger:1");
        check(&[stranger, cgi], "http", None);
        check(&[stranger, cgi, ("HTTPS_PROXY", "s:1")], "https", Some(("http://s:1", "HTTPS_PROXY")));
        if cfg!(not(windows)) {
            check(&[stranger, cgi, ("http_proxy", "l:1")], "http", Some(("http://l:1", "http_proxy")));
        }
    }

    #[test]
    fn excepted_hosts_are_reached_directly() {
        let proxies = from(&[("ALL_PROXY", "p:1"), ("NO_PROXY", "a.example")]).no_proxy("b.example:8");
        let check = |host, port, through| {
            assert_eq!(
                proxies.proxy_for("http", host, port).map(|proxy| proxy.is_some()),
                Ok(through),
                "{host}:{port}"
            );
        };
        check("x.a.example", 1, false);
        check("b.example", 8, false);
        check("b.example", 9, true);
        assert!(!proxies.is_disabled() && ProxyConfig::disabled().is_disabled() && from(&[]).is_disabled());
    }

    #[test]
    fn agents_that_give_credentials_are_reached_directly() {
        let proxies = [ProxyConfig::all("http://p:1").unwrap_or_default(), from(&[("ALL_PROXY", "socks5://p")])];
        for (host, is_agent) in [
            ("169.254.169.254", true),
            ("169.254.170.2", true),
            ("169.254.170.23", true),
            ("[fd00:ec2::254]", true),
            ("[fd00:ec2:0::23]", true),
            ("[::ffff:169.254.169.254]", true),
            ("169.254.169.253", false),
            ("[fd00:ec2::2]", false),
            ("169.254.169.254.example", false),
            ("localhost", false),
        ] {
            for proxies in &proxies {
                let got = proxies.proxy_for("http", host, 80);
                assert_eq!(got == Ok(None), is_agent, "{host}: {got:?}");
            }
        }
    }

    #[test]
    fn what_is_malformed_is_told_without_its_value() {
        let https = told(&[("HTTPS_PROXY", "http://user:hush@host:port")], "https");
        let expected = "HTTPS_PROXY is no address of a proxy: its port is no number from 1 to 65535; it should be \
                        `http://host:port` or `https://host:port`, with `user:password@` before the host where the \
                        proxy asks for them";
        assert!(https.starts_with(expected) && !https.contains("hush"), "{https}");
        let http = told(&[("HTTP_PROXY", "socks5://user:hush@host")], "http");
        assert!(http.starts_with("HTTP_PROXY is no address of a proxy: SOCKS") && !http.contains("hush"), "{http}");
        let code = ProxyConfig::all("http://user:hush@").map_err(|error| error.to_string());
        assert!(code.is_err_and(|told| told.contains("the proxy set in code") && !told.contains("hush")));
    }

    #[test]
    fn what_is_malformed_stops_only_requests_that_need_it() {
        let all = ("ALL_PROXY", "socks5://host");
        for (variables, scheme, is_told) in [
            (&[all][..], "http", true),
            (&[all], "https", true),
            (&[all, ("HTTPS_PROXY", "p")], "http", true),
            (&[all, ("HTTPS_PROXY", "p")], "https", false),
            (&[("HTTP_PROXY", "p:x"), ("HTTPS_PROXY", "p")], "https", false),
            (&[("HTTP_PROXY", "p:x")], "https", false),
            (&[("HTTPS_PROXY", "p:x")], "http", false),
            (&[all, ("NO_PROXY", "a.example")], "https", false),
            (&[all, ("NO_PROXY", "b.example")], "https", true),
        ] {
            assert_eq!(!told(variables, scheme).is_empty(), is_told, "{variables:?} {scheme}");
        }
        assert!(!from(&[all]).is_disabled());
    }

    /// What a request to `a.example` is told.
    fn told(variables: &[(&str, &str)], scheme: &str) -> String {
        from(variables).proxy_for(scheme, "a.example", 1).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn debug_shows_no_password() {
        let proxies = from(&[("ALL_PROXY", "https://user:hush@host")]).with_basic_auth("user", "hush");
        let shown = format!("{proxies:?}");
        assert!(shown.contains("https://host:443") && shown.contains("ALL_PROXY"), "{shown}");
        assert!(!shown.contains("hush") && !shown.contains("user"), "{shown}");
        let encoded = |proxy: &Proxy| proxy.authorization().map(str::to_owned);
        let got = proxies.proxy_for("http", "h", 1).ok().flatten().and_then(encoded);
        assert_eq!(got.as_deref(), Some("Basic dXNlcjpodXNo"));
    }
}
