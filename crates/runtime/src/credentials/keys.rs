//! The keys that a request is signed with.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::user_agent::Metric;

/// An access key, its secret, and what came with them. Clones share one copy, whose secret and token are overwritten when the
/// last of them is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials(Arc<Keys>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Keys {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expiry: Option<SystemTime>,
    account_id: Option<AccountId>,
    provider_name: &'static str,
    /// The features that made them, in their order; none where code did.
    made_by: Vec<Metric>,
    took_code: bool,
}

impl Credentials {
    /// Credentials from their parts; `provider_name` says in logs where they came from.
    pub fn new(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
        expires_after: Option<SystemTime>,
        provider_name: &'static str,
    ) -> Self {
        Self(Arc::new(Keys {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into().into(),
            session_token: session_token.map(Zeroizing::new),
            expiry: expires_after,
            provider_name,
            ..Keys::default()
        }))
    }

    /// Credentials written into a program, which never expire.
    pub fn from_keys(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Self {
        Self::new(access_key_id, secret_access_key, session_token, None, "Static")
    }

    /// Credentials part by part.
    pub fn builder() -> CredentialsBuilder {
        CredentialsBuilder::default()
    }

    /// The public half of the key.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The secret half of the key.
    pub fn secret_access_key(&self) -> &str {
        &self.0.secret_access_key
    }

    /// The token of temporary credentials.
    pub fn session_token(&self) -> Option<&str> {
        self.0.session_token.as_ref().map(|token| token.as_str())
    }

    /// When they stop working; `None` is never.
    pub fn expiry(&self) -> Option<SystemTime> {
        self.0.expiry
    }

    /// The account that they belong to, where the source says so.
    pub fn account_id(&self) -> Option<&AccountId> {
        self.0.account_id.as_ref()
    }

    /// The source that they came from.
    #[doc(hidden)]
    pub fn provider_name(&self) -> &'static str {
        self.0.provider_name
    }

    /// The same, made by these features, one after the other.
    pub(super) fn made_by(self, features: impl Into<Vec<Metric>>) -> Self {
        Self(Arc::new(Keys { made_by: features.into(), ..Arc::unwrap_or_clone(self.0) }))
    }

    /// The features that made them; none where code did.
    pub(super) fn makers(&self) -> &[Metric] {
        &self.0.made_by
    }

    /// The features that a call with them makes use of: those that made them, in their order, and what they name.
    pub(crate) fn features(&self) -> impl Iterator<Item = Metric> {
        let code = self.0.made_by.is_empty().then_some(Metric::CredentialsCode);
        let account = self.0.account_id.is_some().then_some(Metric::ResolvedAccountId);
        code.into_iter().chain(self.0.made_by.iter().copied()).chain(account)
    }

    /// Whether a person gave a code for them.
    pub(super) fn took_code(&self) -> bool {
        self.0.took_code
    }

    /// The same, marked as those that a person gave a code for.
    pub(super) fn with_code(mut self) -> Self {
        Arc::make_mut(&mut self.0).took_code = true;
        self
    }
}

/// The secret and the token are never shown.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Credentials");
        debug.field("provider_name", &self.0.provider_name);
        debug.field("access_key_id", &self.0.access_key_id);
        debug.field("secret_access_key", &"** redacted **");
        match self.0.expiry {
            Some(expiry) => debug.field("expires_after", &expiry),
            None => debug.field("expires_after", &"never"),
        };
        if let Some(account) = &self.0.account_id {
            debug.field("account_id", &account.as_str());
        }
        debug.finish()
    }
}

/// Collects the parts of [`Credentials`].
#[derive(Clone, Default)]
pub struct CredentialsBuilder(Keys);

impl CredentialsBuilder {
    /// The public half of the key.
    pub fn access_key_id(mut self, access_key_id: impl Into<String>) -> Self {
        self.0.access_key_id = access_key_id.into();
        self
    }

    /// The secret half of the key.
    pub fn secret_access_key(mut self, secret_access_key: impl Into<String>) -> Self {
        self.0.secret_access_key = secret_access_key.into().into();
        self
    }

    /// The token of temporary credentials.
    pub fn session_token(mut self, session_token: impl Into<String>) -> Self {
        self.set_session_token(Some(session_token.into()));
        self
    }

    /// The token of temporary credentials.
    pub fn set_session_token(&mut self, session_token: Option<String>) {
        self.0.session_token = session_token.map(Zeroizing::new);
    }

    /// When they stop working.
    pub fn expiry(mut self, expiry: SystemTime) -> Self {
        self.set_expiry(Some(expiry));
        self
    }

    /// When they stop working; `None` is never.
    pub fn set_expiry(&mut self, expiry: Option<SystemTime>) {
        self.0.expiry = expiry;
    }

    /// The account that they belong to.
    pub fn account_id(mut self, account_id: impl Into<AccountId>) -> Self {
        self.set_account_id(Some(account_id.into()));
        self
    }

    /// The account that they belong to.
    pub fn set_account_id(&mut self, account_id: Option<AccountId>) {
        self.0.account_id = account_id;
    }

    /// The source that they came from.
    pub fn provider_name(mut self, provider_name: &'static str) -> Self {
        self.0.provider_name = provider_name;
        self
    }

    /// The credentials. A part that was not given is empty, and the service refuses the request.
    pub fn build(self) -> Credentials {
        Credentials(Arc::new(self.0))
    }
}

impl fmt::Debug for CredentialsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsBuilder").finish_non_exhaustive()
    }
}

/// The number of an AWS account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// The number, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for AccountId {
    fn from(number: String) -> Self {
        Self(number)
    }
}

impl From<&str> for AccountId {
    fn from(number: &str) -> Self {
        Self(number.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let token = Some("the-token".to_owned());
        let shown = format!("{:?}", Credentials::new("AKID", "the-secret", token, None, "test"));
        let expected = r#"Credentials { provider_name: "test", access_key_id: "AKID", secret_access_key: "** redacted **", expires_after: "never" }"#;
        assert_eq!(shown, expected);
        let builder = Credentials::builder().access_key_id("AKID").secret_access_key("the-secret");
        assert_eq!(format!("{builder:?}"), "CredentialsBuilder { .. }");
    }

    #[test]
    fn what_is_built_is_what_was_given() {
        let built = Credentials::builder()
            .access_key_id("AKID")
            .secret_access_key("secret")
            .session_token("token")
            .expiry(SystemTime::UNIX_EPOCH)
            .account_id("123456789012")
            .provider_name("test")
            .build();
        assert_eq!((built.access_key_id(), built.secret_access_key()), ("AKID", "secret"));
        assert_eq!((built.session_token(), built.expiry()), (Some("token"), Some(SystemTime::UNIX_EPOCH)));
        assert_eq!(built.account_id().map(AccountId::as_str), Some("123456789012"));
        let token = Some("token".to_owned());
        assert_ne!(built, Credentials::new("AKID", "secret", token, Some(SystemTime::UNIX_EPOCH), "test"));
    }
}
