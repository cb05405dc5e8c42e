//! Credentials, and the sources that they come from: one file a source, and one list of them in [`chain`].
//! `docs/credentials.md` is the page for users.

mod agent;
pub mod chain;
pub mod container;
mod document;
mod doors;
pub mod environment;
pub mod imds;
mod keys;
mod mfa;
mod process;
pub mod profile;
mod provider;
mod role;
mod role_chain;
#[doc(hidden)]
pub mod services;
pub(crate) mod set_up;
pub(crate) mod settings;
pub mod sso;
pub(crate) mod token_chain;
pub mod web_identity;

pub use crate::identity::error::CredentialsError;
pub use doors::Doors;
pub use keys::{AccountId, Credentials, CredentialsBuilder};
pub use mfa::{ProvideMfaToken, SharedMfaTokenProvider};
pub(crate) use provider::{CachedCredentials, provides_credentials};
pub use provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
