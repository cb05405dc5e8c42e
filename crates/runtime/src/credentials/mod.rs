//! Credentials, and the sources that they come from: one file a source, and one list of them in [`chain`].

pub mod chain;
pub mod environment;
mod error;
mod keys;
pub mod profile;
mod provider;

pub use error::CredentialsError;
pub use keys::{AccountId, Credentials, CredentialsBuilder};
pub use provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
