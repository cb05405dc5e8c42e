//! Endpoints: where a call goes, and what the place asks of its signature.
//!
//! A service's rule set is compiled into its generated crate, as one function from [`Builtins`] to an [`Endpoint`].
//! What those functions call stands in [`rules`]. All of it is pure: no environment, no clock, no I/O.

mod declare;
mod partition;
#[rustfmt::skip]
mod partitions;
pub mod rules;

use std::collections::BTreeMap;
use std::fmt;

pub use partition::Partition;

use crate::http::Headers;

/// What a client's settings say to every rule set: the built-in parameters of the Smithy rules engine.
///
/// Built-ins that belong to one service are parameters of that service's generated `Params` alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Builtins<'a> {
    /// `AWS::Region`.
    pub region: Option<&'a str>,
    /// `AWS::UseFIPS`.
    pub use_fips: bool,
    /// `AWS::UseDualStack`.
    pub use_dual_stack: bool,
    /// `SDK::Endpoint`: the address that the caller set in place of the service's own.
    pub endpoint: Option<&'a str>,
}

/// A compiled rule set, as an operation's `Meta` holds it.
pub type Resolve = fn(&Builtins<'_>) -> Result<Endpoint, EndpointError>;

/// The same for an operation that gives the rules parameters of its own, or members of its input.
pub type ResolveFor<I> = fn(&I, &Builtins<'_>) -> Result<Endpoint, EndpointError>;

/// The rules for one call, its input in them.
pub(crate) type Rules<'a> = &'a (dyn Fn(&Builtins<'_>) -> Result<Endpoint, EndpointError> + Sync);

/// Where a call goes.
#[derive(Clone, Debug, Default)]
pub struct Endpoint {
    /// Scheme, authority and possibly a path, as the rule set wrote it; see [`Endpoint::origin_and_path`].
    pub url: String,
    /// How to sign, in order of preference; empty where the rule set leaves that to the model.
    pub auth_schemes: Vec<AuthScheme>,
    /// Headers to add to the request.
    pub headers: Headers,
    /// What else the rule set says about the place.
    pub properties: BTreeMap<&'static str, Property>,
}

impl Endpoint {
    /// An endpoint of which only the address is known.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// With one more way to sign, after those it has.
    pub fn auth_scheme(mut self, scheme: AuthScheme) -> Self {
        self.auth_schemes.push(scheme);
        self
    }

    /// With one more header.
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.headers.append(name, value);
        self
    }

    /// With a property.
    pub fn property(mut self, name: &'static str, value: impl Into<Property>) -> Self {
        self.properties.insert(name, value.into());
        self
    }

    /// What this endpoint says about a way to sign, by its name: `sigv4`.
    pub fn scheme(&self, name: &str) -> Option<&AuthScheme> {
        self.auth_schemes.iter().find(|scheme| scheme.name == name)
    }

    /// The address in two parts: the origin as a request has it, and the path before that of the operation, without
    /// a trailing slash (so it is empty more often than not).
    ///
    /// # Errors
    ///
    /// The address is no `http` or `https` URL, or has user information, a query or a fragment. It may come from
    /// the caller's settings, unseen by any rule.
    pub fn origin_and_path(&self) -> Result<(&str, &str), EndpointError> {
        let malformed = || {
            // What could hold a password or a token stays unsaid.
            let shown = if self.url.contains(['@', '?']) { "…" } else { self.url.as_str() };
            EndpointError::from(format!(
                "the endpoint `{shown}` is not an address: expected `https://` or `http://`, a host, possibly a port \
                 and a path, and no user, query or fragment"
            ))
        };
        let parsed = rules::parse_url(&self.url).ok_or_else(malformed)?;
        let length = parsed.scheme.len().saturating_add("://".len()).saturating_add(parsed.authority.len());
        let (origin, path) = self.url.split_at_checked(length).ok_or_else(malformed)?;
        Ok((origin, path.trim_end_matches('/')))
    }
}

/// A way to sign, as an endpoint changes it (the `authSchemes` property of the rules engine).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuthScheme {
    /// The name: `sigv4`, `sigv4a`.
    pub name: String,
    /// The service to sign for, in place of the model's.
    pub signing_name: Option<String>,
    /// The region to sign for, in place of the client's.
    pub signing_region: Option<String>,
    /// The regions to sign for (`sigv4a`).
    pub signing_region_set: Vec<String>,
    /// Whether the path is encoded once only while signing.
    pub disable_double_encoding: bool,
    /// Whether the path is signed without being normalized.
    pub disable_normalize_path: bool,
    /// What schemes other than `sigv4` and `sigv4a` have besides.
    pub properties: BTreeMap<&'static str, Property>,
}

impl AuthScheme {
    /// A scheme of which only the name is known.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// With the service to sign for.
    pub fn signing_name(mut self, name: impl Into<String>) -> Self {
        self.signing_name = Some(name.into());
        self
    }

    /// With the region to sign for.
    pub fn signing_region(mut self, region: impl Into<String>) -> Self {
        self.signing_region = Some(region.into());
        self
    }

    /// With one more region to sign for.
    pub fn signing_region_of_set(mut self, region: impl Into<String>) -> Self {
        self.signing_region_set.push(region.into());
        self
    }

    /// With the path encoded once only while signing.
    pub fn disable_double_encoding(mut self) -> Self {
        self.disable_double_encoding = true;
        self
    }

    /// With the path signed as it is.
    pub fn disable_normalize_path(mut self) -> Self {
        self.disable_normalize_path = true;
        self
    }

    /// With a property of another kind of scheme.
    pub fn property(mut self, name: &'static str, value: impl Into<Property>) -> Self {
        self.properties.insert(name, value.into());
        self
    }
}

/// A property of an endpoint that this runtime gives no meaning to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Property {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Property>),
    /// A map.
    Map(BTreeMap<&'static str, Property>),
}

impl From<bool> for Property {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Property {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Property {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Property {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Property {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// There is no endpoint for these settings. Its text is the rule set's, or says what was missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError(String);

impl EndpointError {
    /// The rule set requires a parameter that nobody gave.
    pub fn missing(parameter: &str) -> Self {
        Self(format!("the endpoint parameter `{parameter}` is required and was not given"))
    }

    /// The rules ran out before one of them answered.
    pub fn exhausted() -> Self {
        Self("no endpoint rule of the service matches these settings".to_owned())
    }

    /// The text.
    pub fn message(&self) -> &str {
        &self.0
    }
}

impl From<String> for EndpointError {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl From<&str> for EndpointError {
    fn from(message: &str) -> Self {
        Self(message.to_owned())
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_falls_into_origin_and_path() {
        let check = |url: &str, expected: Option<(&str, &str)>| {
            assert_eq!(Endpoint::new(url).origin_and_path().ok(), expected, "{url}");
        };
        check("https://lambda.us-east-1.amazonaws.com", Some(("https://lambda.us-east-1.amazonaws.com", "")));
        check("http://localhost:3001/", Some(("http://localhost:3001", "")));
        check("http://[::1]:3001/base/path/", Some(("http://[::1]:3001", "/base/path")));
        check("HTTPS://example.com/x", Some(("HTTPS://example.com", "/x")));
        check("localhost:3001", None);
        check("https://key:secret@example.com", None);
        check("https://example.com/?q", None);
        check("", None);
        let error = Endpoint::new("https://key:secret@example.com").origin_and_path().unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn a_scheme_is_found_by_its_name() {
        let endpoint = Endpoint::new("https://example.com")
            .auth_scheme(AuthScheme::new("sigv4a").signing_region_of_set("*"))
            .auth_scheme(AuthScheme::new("sigv4").signing_region("us-east-1"));
        assert_eq!(endpoint.scheme("sigv4").and_then(|s| s.signing_region.as_deref()), Some("us-east-1"));
        assert_eq!(endpoint.scheme("sigv4-s3express"), None);
    }
}
