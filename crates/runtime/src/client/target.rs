//! Where the calls of a client go: what settings and rules say of it does not change from call to call, unless an
//! operation gives the rules parameters of its own.

use std::net::IpAddr;
use std::ops::Deref;

use crate::config::Config;
use crate::endpoint::{AuthScheme, Builtins, Rules, rules};
use crate::error::BoxError;
use crate::http::{Headers, Request};
use crate::operation::{Auth, ServiceMeta};

/// The endpoint of a service, and what it asks of signatures.
#[derive(Debug)]
pub(crate) struct Target {
    origin: String,
    /// The path before that of an operation.
    prefix: String,
    headers: Headers,
    /// Whether someone set the address, in place of the service's own.
    pub(crate) is_override: bool,
    /// How to sign, so far as the endpoint changes it; or the other ways that it asks for alone, by their names.
    scheme: Result<AuthScheme, String>,
    /// The region to sign for.
    pub(crate) region: String,
    /// Whether what identifies a caller may go there.
    is_trusted: bool,
}

impl Target {
    /// Asks settings and rules, those of the service unless a call has its own.
    pub(crate) fn resolve(config: &Config, service: &ServiceMeta, own: Option<Rules<'_>>) -> Result<Self, BoxError> {
        if let Some(problem) = config.problems() {
            return Err(problem.into());
        }
        let override_url = config.endpoint_url_of(service.id)?;
        let region = config.required_region()?.as_ref();
        let mut endpoint = own.unwrap_or(&service.endpoint)(&Builtins {
            region: Some(region),
            use_fips: config.use_fips().unwrap_or_default(),
            use_dual_stack: config.use_dual_stack().unwrap_or_default(),
            endpoint: override_url.as_ref().map(|url| url.value.as_str()),
        })?;
        let (origin, prefix) = endpoint.origin_and_path()?;
        let (origin, prefix) = (origin.to_owned(), prefix.to_owned());
        let is_trusted = override_url.is_some() || is_private(&origin);
        let schemes = &mut endpoint.auth_schemes;
        let scheme = match schemes.iter().position(|scheme| scheme.name == Auth::SigV4.name()) {
            Some(place) => Ok(schemes.swap_remove(place)),
            None if schemes.is_empty() => Ok(AuthScheme::default()),
            None => Err(schemes.iter().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", ")),
        };
        let signing_region = scheme.as_ref().ok().and_then(|scheme| scheme.signing_region.clone());
        Ok(Self {
            is_override: override_url.is_some(),
            origin,
            prefix,
            region: signing_region.unwrap_or_else(|| region.to_owned()),
            scheme,
            is_trusted,
            headers: endpoint.headers,
        })
    }

    /// The address that all operations have in common.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin, self.prefix)
    }

    /// How to sign for this endpoint.
    ///
    /// # Errors
    ///
    /// It asks for other ways alone.
    pub(crate) fn scheme(&self) -> Result<&AuthScheme, String> {
        self.scheme.as_ref().map_err(|names| {
            format!(
                "the endpoint {} asks for the auth schemes {names}, and of signatures only sigv4 is supported",
                self.origin
            )
        })
    }

    /// Makes sure that what identifies a caller may go there: over TLS, to this machine, or to where the caller said.
    ///
    /// # Errors
    ///
    /// It may not.
    pub(crate) fn trusted(&self) -> Result<(), String> {
        if self.is_trusted {
            return Ok(());
        }
        Err(format!(
            "the endpoint {} is not encrypted, and so neither credentials nor tokens are sent there: expected https, \
             this machine, or an endpoint URL that is set",
            self.origin
        ))
    }

    /// Addresses a request. What its operation puts before the host goes there.
    pub(crate) fn address(&self, request: &mut Request) {
        let host_prefix = std::mem::replace(&mut request.origin, self.origin.clone());
        if !host_prefix.is_empty() {
            let host = request.origin.len().saturating_sub(request.authority().len());
            request.origin.insert_str(host, &host_prefix);
        }
        request.path.insert_str(0, &self.prefix);
        for (name, value) in self.headers.iter() {
            request.headers.append(name, value);
        }
    }
}

/// The target of a call.
pub(crate) enum TargetOf<'a> {
    /// That of all calls of the client whose operations say nothing of it.
    Client(&'a Target),
    /// Its own.
    Call(Box<Target>),
}

impl Deref for TargetOf<'_> {
    type Target = Target;

    fn deref(&self) -> &Target {
        match self {
            Self::Client(target) => target,
            Self::Call(target) => target,
        }
    }
}

/// Whether nobody reads along on the way: it is encrypted, or ends on this machine.
fn is_private(origin: &str) -> bool {
    let Some(url) = rules::parse_url(origin) else { return false };
    let host = match url.authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => url.authority.split_once(':').map_or(url.authority, |(host, _)| host),
    };
    let is_loopback = host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    url.scheme == "https" || is_loopback || host.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn what_identifies_a_caller_goes_where_nobody_reads_along() {
        for origin in
            ["https://a.example", "HTTPS://a.example", "http://localhost:1", "http://127.8.0.1", "http://[::1]:80"]
        {
            assert!(is_private(origin), "{origin}");
        }
        for origin in
            ["http://a.example", "http://10.0.0.1", "http://localhost.example", "http://[::2]:80", "http://127"]
        {
            assert!(!is_private(origin), "{origin}");
        }
    }
}
