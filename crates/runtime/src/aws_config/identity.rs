//! Who gives credentials and tokens there gives them here.

use std::error::Error;

use aws_credential_types::provider::SharedCredentialsProvider as OfficialProvider;
use aws_credential_types::provider::error::{CredentialsError as OfficialError, TokenError as OfficialTokenError};
use aws_credential_types::provider::token::SharedTokenProvider as OfficialTokens;
use aws_credential_types::{Credentials as OfficialCredentials, Token as OfficialToken};

use crate::credentials::{self, Credentials, CredentialsError, ProvideCredentials};
use crate::error::DisplayErrorContext;
use crate::token::{self, ProvideToken, Token, TokenError};

/// Any official provider: `SharedCredentialsProvider::new` of that crate makes one of what implements its trait.
impl ProvideCredentials for OfficialProvider {
    fn provide_credentials<'a>(&'a self) -> credentials::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let asked = <Self as aws_credential_types::provider::ProvideCredentials>::provide_credentials(self);
        credentials::future::ProvideCredentials::new(async {
            asked.await.map(Credentials::from).map_err(CredentialsError::from)
        })
    }
}

impl ProvideCredentials for OfficialCredentials {
    fn provide_credentials<'a>(&'a self) -> credentials::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        credentials::future::ProvideCredentials::ready(Ok(Credentials::from(self.clone())))
    }
}

impl From<OfficialCredentials> for Credentials {
    fn from(official: OfficialCredentials) -> Self {
        let mut builder = Self::builder()
            .access_key_id(official.access_key_id())
            .secret_access_key(official.secret_access_key())
            .provider_name("aws-config");
        builder.set_session_token(official.session_token().map(str::to_owned));
        builder.set_expiry(official.expiry());
        builder.set_account_id(official.account_id().map(|account| account.as_str().into()));
        builder.build()
    }
}

impl From<OfficialError> for CredentialsError {
    fn from(official: OfficialError) -> Self {
        let reason = reason(&official);
        match official {
            OfficialError::CredentialsNotLoaded(_) => Self::not_loaded(reason),
            OfficialError::ProviderTimedOut(late) => Self::provider_timed_out(late.timeout_duration()),
            OfficialError::InvalidConfiguration(_) => Self::invalid_configuration(reason),
            OfficialError::ProviderError(_) => Self::provider_error(reason),
            _ => Self::unhandled(reason),
        }
    }
}

/// Any official provider: `SharedTokenProvider::new` of that crate makes one of what implements its trait.
impl ProvideToken for OfficialTokens {
    fn provide_token<'a>(&'a self) -> token::future::ProvideToken<'a>
    where
        Self: 'a,
    {
        let asked = <Self as aws_credential_types::provider::token::ProvideToken>::provide_token(self);
        token::future::ProvideToken::new(async { asked.await.map(Token::from).map_err(TokenError::from) })
    }
}

impl ProvideToken for OfficialToken {
    fn provide_token<'a>(&'a self) -> token::future::ProvideToken<'a>
    where
        Self: 'a,
    {
        token::future::ProvideToken::ready(Ok(Token::from(self.clone())))
    }
}

impl From<OfficialToken> for Token {
    fn from(official: OfficialToken) -> Self {
        Self::new(official.token(), official.expiration())
    }
}

impl From<OfficialTokenError> for TokenError {
    fn from(official: OfficialTokenError) -> Self {
        let reason = reason(&official);
        match official {
            OfficialTokenError::TokenNotLoaded(_) => Self::not_loaded(reason),
            OfficialTokenError::ProviderTimedOut(late) => Self::provider_timed_out(late.timeout_duration()),
            OfficialTokenError::InvalidConfiguration(_) => Self::invalid_configuration(reason),
            OfficialTokenError::ProviderError(_) => Self::provider_error(reason),
            _ => Self::unhandled(reason),
        }
    }
}

/// What an official error says below its first line, which says what ours does; or that line, where it is all.
fn reason(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| DisplayErrorContext(cause).to_string())
}
