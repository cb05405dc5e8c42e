//! The door to bearer tokens: whoever implements it can give one to a client.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::{Token, TokenError};
use crate::identity::{Cached, Provider};

/// What a provider answers.
pub type Result = std::result::Result<Token, TokenError>;

/// The futures that providers return.
pub mod future {
    use crate::future::NowOrLater;

    /// A token, now (`ready`) or later (`new`).
    pub type ProvideToken<'a> = NowOrLater<'a, super::Result>;
}

/// Gives bearer tokens, as often as it is asked.
pub trait ProvideToken: fmt::Debug + Send + Sync {
    /// The token to call with now.
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a;
}

/// Has a source provide what its `load` gives, each time that it is asked.
macro_rules! provides_token {
    ($source:ident) => {
        impl $crate::token::ProvideToken for $source {
            fn provide_token<'a>(&'a self) -> $crate::token::future::ProvideToken<'a>
            where
                Self: 'a,
            {
                self.loaded()
            }
        }

        impl $source {
            /// Stands apart because the compiler proves anew for each set of bounds that what is awaited can go to other
            /// threads: without any, it is proven once for all sources.
            fn loaded(&self) -> $crate::token::future::ProvideToken<'_> {
                $crate::token::future::ProvideToken::new(self.load())
            }
        }
    };
}
pub(crate) use provides_token;

impl ProvideToken for Token {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        future::ProvideToken::ready(Ok(self.clone()))
    }
}

/// A provider behind a shared pointer.
#[derive(Clone, Debug)]
pub struct SharedTokenProvider(Arc<dyn ProvideToken>);

impl SharedTokenProvider {
    /// Shares a provider.
    pub fn new(provider: impl ProvideToken + 'static) -> Self {
        Self(Arc::new(provider))
    }
}

impl AsRef<dyn ProvideToken> for SharedTokenProvider {
    fn as_ref(&self) -> &(dyn ProvideToken + 'static) {
        &*self.0
    }
}

impl From<Arc<dyn ProvideToken>> for SharedTokenProvider {
    fn from(provider: Arc<dyn ProvideToken>) -> Self {
        Self(provider)
    }
}

impl ProvideToken for SharedTokenProvider {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        self.0.provide_token()
    }
}

/// A provider, and the last token that it gave.
pub(crate) type CachedTokens = Cached<SharedTokenProvider>;

impl Provider for SharedTokenProvider {
    type Identity = Token;
    type Error = TokenError;

    const WHAT: &'static str = "token";

    fn provide(&self) -> future::ProvideToken<'_> {
        self.provide_token()
    }

    fn expiry(token: &Token) -> Option<SystemTime> {
        token.expiration()
    }
}
