//! Signing in to IAM Identity Center: the token that `aws sso login` keeps, and the credentials of roles that it gives.

mod file;
mod role;
mod sha1;
mod sign_in;
mod token;

pub use role::{SsoCredentials, SsoRole};
pub use sign_in::SignIn;
pub use token::SsoTokenProvider;
