//! Bearer tokens: what they are, and the door to whoever gives them.

mod provider;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

pub use crate::credentials::token_chain::{DefaultTokenChain, ProfileTokens, TokenProviderChain};
pub use crate::identity::error::TokenError;
pub(crate) use provider::{CachedTokens, provides_token};
pub use provider::{ProvideToken, Result, SharedTokenProvider, future};

/// A bearer token: whoever holds it may call. Clones share one copy, which is overwritten when the last of them is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<Parts>);

#[derive(PartialEq, Eq)]
struct Parts {
    token: Zeroizing<String>,
    expiration: Option<SystemTime>,
}

impl Token {
    /// A token, and when it stops working; `None` is never.
    pub fn new(token: impl Into<String>, expiration: Option<SystemTime>) -> Self {
        Self(Arc::new(Parts { token: token.into().into(), expiration }))
    }

    /// The token itself, which is a secret.
    pub fn token(&self) -> &str {
        &self.0.token
    }

    /// When it stops working; `None` is never.
    pub fn expiration(&self) -> Option<SystemTime> {
        self.0.expiration
    }

    /// A token that no service knows, for tests.
    #[cfg(any(test, feature = "test-util"))]
    pub fn for_tests() -> Self {
        Self::new("test-token", None)
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self::new(token, None)
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Self::new(token, None)
    }
}

/// The token itself is never shown.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Token");
        debug.field("token", &"** redacted **");
        match self.0.expiration {
            Some(expiration) => debug.field("expiration", &expiration),
            None => debug.field("expiration", &"never"),
        };
        debug.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_token() {
        let shown = format!("{:?}", Token::new("the-secret", None));
        assert_eq!(shown, r#"Token { token: "** redacted **", expiration: "never" }"#);
        let shown = format!("{:?}", SharedTokenProvider::new(Token::new("the-secret", Some(SystemTime::UNIX_EPOCH))));
        assert!(!shown.contains("the-secret"), "{shown}");
    }
}
