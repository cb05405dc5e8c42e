//! Signing in to IAM Identity Center, for programs that name their source.

pub mod credentials;
pub mod token;

pub use credentials::SsoCredentialsProvider;
pub use token::SsoTokenProvider;
