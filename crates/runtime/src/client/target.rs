//! Where the calls of a client go: what settings and rules say of it does not change from call to call.

use crate::config::Config;
use crate::endpoint::{AuthScheme, Builtins};
use crate::error::BoxError;
use crate::http::{Headers, Request};
use crate::operation::ServiceMeta;

/// The endpoint of a service, and what it asks of signatures.
#[derive(Debug)]
pub(crate) struct Target {
    origin: String,
    /// The path before that of an operation.
    prefix: String,
    headers: Headers,
    /// Whether someone set the address, in place of the service's own.
    pub(crate) is_override: bool,
    /// How to sign, so far as the endpoint changes it.
    pub(crate) scheme: AuthScheme,
    /// The region to sign for.
    pub(crate) region: String,
}

impl Target {
    /// Asks settings and rules.
    pub(crate) fn resolve(config: &Config, service: &ServiceMeta) -> Result<Self, BoxError> {
        if let Some(problem) = config.problems() {
            return Err(problem.into());
        }
        let override_url = config.endpoint_url_of(service.id)?;
        let region = config.required_region()?.as_ref();
        let endpoint = (service.endpoint)(&Builtins {
            region: Some(region),
            use_fips: config.use_fips().unwrap_or_default(),
            use_dual_stack: config.use_dual_stack().unwrap_or_default(),
            endpoint: override_url.as_ref().map(|url| url.value.as_str()),
        })?;
        let (origin, prefix) = endpoint.origin_and_path()?;
        let scheme = endpoint.scheme("sigv4").cloned().unwrap_or_default();
        Ok(Self {
            is_override: override_url.is_some(),
            origin: origin.to_owned(),
            prefix: prefix.to_owned(),
            region: scheme.signing_region.clone().unwrap_or_else(|| region.to_owned()),
            scheme,
            headers: endpoint.headers,
        })
    }

    /// The address that all operations have in common.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin, self.prefix)
    }

    /// Addresses a request. What its operation puts before the host goes there.
    pub(crate) fn address(&self, request: &mut Request) {
        let host_prefix = std::mem::replace(&mut request.origin, self.origin.clone());
        let host = request.origin.find("://").map_or(0, |scheme| scheme + "://".len());
        request.origin.insert_str(host, &host_prefix);
        request.path.insert_str(0, &self.prefix);
        for (name, value) in self.headers.iter() {
            request.headers.append(name.to_owned(), value);
        }
    }
}
