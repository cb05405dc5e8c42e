//! The door to credentials: whoever implements it can sign for a client.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::{Credentials, CredentialsError};
use crate::identity::{Cached, Provider};

/// What a provider answers.
pub type Result = std::result::Result<Credentials, CredentialsError>;

/// The futures that providers return.
pub mod future {
    use crate::future::NowOrLater;

    /// Credentials, now (`ready`) or later (`new`).
    pub type ProvideCredentials<'a> = NowOrLater<'a, super::Result>;
}

/// Gives credentials, as often as it is asked.
pub trait ProvideCredentials: fmt::Debug + Send + Sync {
    /// The credentials to sign with now.
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a;
}

/// Has a source provide what its `load` gives, each time that it is asked.
macro_rules! provides_credentials {
    ($source:ident) => {
        impl $crate::credentials::ProvideCredentials for $source {
            fn provide_credentials<'a>(&'a self) -> $crate::credentials::future::ProvideCredentials<'a>
            where
                Self: 'a,
            {
                self.loaded()
            }
        }

        impl $source {
            /// Stands apart because the compiler proves anew for each set of bounds that what is awaited can go to other
            /// threads: without any, it is proven once for all sources.
            fn loaded(&self) -> $crate::credentials::future::ProvideCredentials<'_> {
                $crate::credentials::future::ProvideCredentials::new(self.load())
            }
        }
    };
}
pub(crate) use provides_credentials;

impl ProvideCredentials for Credentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Ok(self.clone()))
    }
}

impl ProvideCredentials for Arc<dyn ProvideCredentials> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.as_ref().provide_credentials()
    }
}

/// A provider behind a shared pointer.
#[derive(Clone, Debug)]
pub struct SharedCredentialsProvider(Arc<dyn ProvideCredentials>);

impl SharedCredentialsProvider {
    /// Shares a provider.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        Self(Arc::new(provider))
    }
}

impl AsRef<dyn ProvideCredentials> for SharedCredentialsProvider {
    fn as_ref(&self) -> &(dyn ProvideCredentials + 'static) {
        &*self.0
    }
}

impl From<Arc<dyn ProvideCredentials>> for SharedCredentialsProvider {
    fn from(provider: Arc<dyn ProvideCredentials>) -> Self {
        Self(provider)
    }
}

impl ProvideCredentials for SharedCredentialsProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.provide_credentials()
    }
}

/// A provider, and the last credentials that it gave.
pub(crate) type CachedCredentials = Cached<SharedCredentialsProvider>;

impl Provider for SharedCredentialsProvider {
    type Identity = Credentials;
    type Error = CredentialsError;

    const WHAT: &'static str = "credentials";

    fn provide(&self) -> future::ProvideCredentials<'_> {
        self.provide_credentials()
    }

    fn expiry(credentials: &Credentials) -> Option<SystemTime> {
        credentials.expiry()
    }

    fn asks_a_person(credentials: &Credentials) -> bool {
        credentials.took_code()
    }
}
