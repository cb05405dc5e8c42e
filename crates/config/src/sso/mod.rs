//! Signing in to IAM Identity Center, for programs that name their source.

pub mod credentials;
pub mod token;

pub use credentials::SsoCredentialsProvider;
pub use token::SsoTokenProvider;

/// What the builder of this provider must be told.
struct Required(&'static str);

impl Required {
    fn of<T>(&self, name: &str, value: Option<T>) -> Result<T, String> {
        value.ok_or_else(|| format!("`{name}` of the {} is not set", self.0))
    }
}
