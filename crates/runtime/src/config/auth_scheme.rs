//! Which ways to say who calls are preferred, and the bearer tokens that variables hold for one service.

use std::borrow::Cow;
use std::fmt;

use super::{Origin, Resolved, Sources};
use crate::operation::{Auth, ServiceMeta};

/// The name of an auth scheme of Smithy, without its namespace: `sigv4`, `sigv4a`, `httpBearerAuth`, `noAuth`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuthSchemeId(Cow<'static, str>);

impl AuthSchemeId {
    /// A scheme by its name. Of a whole shape id (`aws.auth#sigv4`) the name counts.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        let name = name.into();
        Self(match name.split_once('#') {
            Some((_, name)) => Cow::Owned(name.to_owned()),
            None => name,
        })
    }

    /// The name.
    pub fn inner(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for AuthSchemeId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for AuthSchemeId {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl From<String> for AuthSchemeId {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for AuthSchemeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Auth schemes, most preferred first. Those that an operation offers and this does not name come after; those that it
/// names and the operation does not offer have no effect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthSchemePreference(Vec<AuthSchemeId>);

impl<S: Into<AuthSchemeId>> FromIterator<S> for AuthSchemePreference {
    fn from_iter<I: IntoIterator<Item = S>>(schemes: I) -> Self {
        Self(schemes.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<AuthSchemeId>> From<Vec<S>> for AuthSchemePreference {
    fn from(schemes: Vec<S>) -> Self {
        schemes.into_iter().collect()
    }
}

impl<S: Into<AuthSchemeId>, const N: usize> From<[S; N]> for AuthSchemePreference {
    fn from(schemes: [S; N]) -> Self {
        schemes.into_iter().collect()
    }
}

impl IntoIterator for AuthSchemePreference {
    type Item = AuthSchemeId;
    type IntoIter = std::vec::IntoIter<AuthSchemeId>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for AuthSchemePreference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(AuthSchemeId::inner).collect();
        f.write_str(&names.join(","))
    }
}

impl AuthSchemePreference {
    /// Where a scheme stands; those that are not named stand last, together.
    pub(crate) fn rank(&self, scheme: Auth) -> usize {
        self.0.iter().position(|named| named.inner() == scheme.name()).unwrap_or(self.0.len())
    }
}

/// What a preference may be, as the end of "should be …".
pub(super) const ALLOWED: &str = "names of auth schemes with commas between, such as `sigv4,httpBearerAuth`";

/// White space has no meaning, wherever it stands, and neither has a comma with nothing beside it.
pub(super) fn parse(text: &str) -> Option<AuthSchemePreference> {
    let names = text.split(',').map(|name| name.replace([' ', '\t'], "")).filter(|name| !name.is_empty());
    let schemes: Vec<AuthSchemeId> = names.map(AuthSchemeId::new).collect();
    let is_name = |scheme: &AuthSchemeId| {
        !scheme.0.is_empty() && scheme.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    (!schemes.is_empty() && schemes.iter().all(is_name)).then_some(AuthSchemePreference(schemes))
}

/// The bearer token that a variable holds for this service: `AWS_BEARER_TOKEN_` and the id of the service, or else the
/// name that it signs with, in upper case with underscores. The second is how other SDKs have it: one
/// `AWS_BEARER_TOKEN_BEDROCK` serves the clients of Bedrock and of Bedrock Runtime.
pub(super) fn bearer_token_of(sources: &Sources, service: &ServiceMeta) -> Option<Resolved<String>> {
    [service.id, service.signing_name].into_iter().filter(|name| !name.is_empty()).find_map(|name| {
        let variable = format!("AWS_BEARER_TOKEN_{}", name.to_uppercase().replace([' ', '-'], "_"));
        let value = sources.variable(&variable)?.trim().to_owned();
        Some(Resolved { value, origin: Origin::Variable(Cow::Owned(variable)) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_names_is_read_and_nothing_else() {
        let check = |text: &str, expected: Option<&[&'static str]>| {
            let expected = expected.map(|names| names.iter().copied().collect());
            assert_eq!(parse(text), expected, "{text}");
        };
        check("sigv4", Some(&["sigv4"]));
        check(" smithy.api#httpBearerAuth ,\tsig v4,", Some(&["httpBearerAuth", "sigv4"]));
        check("carrierPigeon", Some(&["carrierPigeon"]));
        check(",", None);
        check("a#,b", None);
        check("sigv4;httpBearerAuth", None);
    }
}
