//! Who signs, and with what.

use super::Prepared;
use crate::client::core::Core;
use crate::credentials::{Credentials, CredentialsError};
use crate::error::BoxError;
use crate::operation::{Auth, Meta};
use crate::retry::Skew;
use crate::sign;

/// The credentials that an operation asks for; none where it goes unsigned.
pub(crate) async fn credentials(core: &Core, auth: Auth) -> Result<Option<Credentials>, BoxError> {
    if auth == Auth::None || auth == Auth::Optional && core.config.credentials_provider().is_none() {
        return Ok(None);
    }
    match core.config.required_credentials()?.get(&core.clock, &core.sleep).await {
        Err(CredentialsError::CredentialsNotLoaded(_)) if auth == Auth::Optional => Ok(None),
        found => Ok(Some(found?)),
    }
}

/// What a request is signed with, by headers or in its query, at the time of the service.
pub(crate) fn signing<'a>(
    core: &Core,
    meta: &'a Meta,
    prepared: &Prepared<'a>,
    credentials: &'a Credentials,
    skew: Skew,
) -> (sign::Identity<'a>, sign::Scope<'a>, sign::Settings) {
    let identity = sign::Identity {
        access_key_id: credentials.access_key_id(),
        secret_access_key: credentials.secret_access_key(),
        session_token: credentials.session_token(),
    };
    let service = prepared.target.scheme.signing_name.as_deref().unwrap_or(meta.service.signing_name);
    let time = skew.apply(core.clock.now());
    let scope = sign::Scope { region: &prepared.target.region, service, time };
    let settings = sign::Settings {
        double_encode_path: !prepared.target.scheme.disable_double_encoding,
        normalize_path: !prepared.target.scheme.disable_normalize_path,
        ..sign::Settings::STANDARD
    };
    (identity, scope, settings)
}
