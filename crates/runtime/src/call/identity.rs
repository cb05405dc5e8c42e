//! Who calls, and how the request says so.

#[cfg(test)]
mod tests;

use super::{Prepared, payload};
use crate::client::core::Core;
use crate::credentials::{Credentials, CredentialsError};
use crate::error::BoxError;
use crate::event_stream::FrameSigning;
use crate::http::Request;
use crate::operation::{Auth, Meta};
use crate::retry::Skew;
use crate::sign;
use crate::token::{Token, TokenError};

/// As whom a call is made.
#[derive(Debug)]
pub(crate) enum Caller {
    /// The owner of credentials, who signs.
    Signs(Credentials),
    /// The bearer of a token.
    Bears(Token),
    /// Anybody.
    Nobody,
}

impl Caller {
    /// The credentials of one who signs.
    pub(super) fn credentials(&self) -> Option<&Credentials> {
        match self {
            Self::Signs(credentials) => Some(credentials),
            _ => None,
        }
    }
}

/// Makes a request say who calls.
pub(super) async fn show(
    prepared: &Prepared<'_>,
    caller: &Caller,
    skew: Skew,
    request: &mut Request,
) -> Result<(), BoxError> {
    match caller {
        Caller::Signs(credentials) => {
            let payload = payload(prepared.meta, request).await?;
            let (identity, scope, settings) = signing(prepared, credentials, skew, payload)?;
            let signed = sign::sign(request, &identity, &scope, &settings, &prepared.core.shared.keys)?;
            if payload == sign::Payload::Frames {
                let clock = prepared.core.clock.clone();
                let signer = sign::FrameSigner::new(&signed, &identity, &scope);
                request.body.sign_frames(FrameSigning { signer, now: Box::new(move || skew.apply(clock.now())) });
            }
        }
        Caller::Bears(token) => request.headers.insert("authorization", format!("Bearer {}", text(token)?)),
        Caller::Nobody => {}
    }
    Ok(())
}

/// The first identity that there is, of those that an operation takes.
pub(crate) async fn caller(prepared: &Prepared<'_>) -> Result<Caller, BoxError> {
    let meta = prepared.meta;
    // Nearly all operations take signatures alone.
    if let [only] = meta.auth {
        return identity(prepared, *only).await.map_err(Absent::into_reason);
    }
    let mut reasons = Vec::new();
    for scheme in schemes(prepared.core, meta) {
        match identity(prepared, scheme).await {
            Ok(caller) => return Ok(caller),
            Err(Absent::None(reason)) => reasons.push(format!("{}: {reason}", scheme.name())),
            Err(Absent::Failed(reason)) => return Err(reason),
        }
    }
    Err(format!("there is nobody to call {} as; {}", meta.name, reasons.join("; ")).into())
}

/// The schemes of an operation, most preferred first. That of a token which a variable holds for its service is, unless
/// code prefers something else.
fn schemes(core: &Core, meta: &Meta) -> Vec<Auth> {
    let preference = core.config.auth_scheme_preference();
    let has_token = || core.config.bearer_token_of(meta.service).is_some();
    let bears = meta.auth.contains(&Auth::HttpBearer) && !core.config.prefers_by_code() && has_token();
    // A token that is there comes before what is preferred.
    let rank = |scheme: Auth| {
        (bears && scheme != Auth::HttpBearer, preference.as_ref().map(|preference| preference.rank(scheme)))
    };
    // There are few, and a sort is more code than all else here.
    let mut schemes = Vec::new();
    for scheme in meta.auth {
        let place = schemes.partition_point(|before| rank(*before) <= rank(*scheme));
        schemes.insert(place, *scheme);
    }
    schemes
}

/// Why a scheme has no identity.
enum Absent {
    /// There is none: the next scheme is tried.
    None(BoxError),
    /// There is one that cannot be had or used, so that nobody calls as someone else than they think.
    Failed(BoxError),
}

impl Absent {
    fn into_reason(self) -> BoxError {
        match self {
            Self::None(reason) | Self::Failed(reason) => reason,
        }
    }
}

async fn identity(prepared: &Prepared<'_>, scheme: Auth) -> Result<Caller, Absent> {
    let core = prepared.core;
    let caller = match scheme {
        Auth::None => return Ok(Caller::Nobody),
        Auth::SigV4 | Auth::SigV4Unsigned => {
            prepared.target.scheme().map_err(|reason| Absent::None(reason.into()))?;
            credentials(core).await.map(Caller::Signs)?
        }
        Auth::HttpBearer => match core.config.bearer_token_of(prepared.meta.service) {
            Some(token) => Caller::Bears(token),
            None => token(core).await.map(Caller::Bears)?,
        },
    };
    prepared.target.trusted().map_err(|reason| Absent::Failed(reason.into()))?;
    Ok(caller)
}

async fn credentials(core: &Core) -> Result<Credentials, Absent> {
    let cached = core.config.required_credentials().map_err(|reason| Absent::None(reason.into()))?;
    cached.get(&core.clock, &core.sleep).await.map_err(|error| match error {
        CredentialsError::CredentialsNotLoaded(_) => Absent::None(error.into()),
        failed => Absent::Failed(failed.into()),
    })
}

async fn token(core: &Core) -> Result<Token, Absent> {
    let cached = core.config.required_tokens().map_err(|reason| Absent::None(reason.into()))?;
    cached.get(&core.clock, &core.sleep).await.map_err(|error| match error {
        TokenError::TokenNotLoaded(_) => Absent::None(error.into()),
        failed => Absent::Failed(failed.into()),
    })
}

/// What a request is signed with, by headers or in its query, at the time of the service.
///
/// # Errors
///
/// The endpoint asks for other signatures.
pub(crate) fn signing<'a>(
    prepared: &'a Prepared<'_>,
    credentials: &'a Credentials,
    skew: Skew,
    payload: sign::Payload,
) -> Result<(sign::Identity<'a>, sign::Scope<'a>, sign::Settings), BoxError> {
    let identity = sign::Identity {
        access_key_id: credentials.access_key_id(),
        secret_access_key: credentials.secret_access_key(),
        session_token: credentials.session_token(),
    };
    let scheme = prepared.target.scheme()?;
    let service = scheme.signing_name.as_deref().unwrap_or(prepared.meta.service.signing_name);
    let time = skew.apply(prepared.core.clock.now());
    let scope = sign::Scope { region: &prepared.target.region, service, time };
    let settings = sign::Settings {
        double_encode_path: !scheme.disable_double_encoding,
        normalize_path: !scheme.disable_normalize_path,
        payload,
        ..sign::Settings::STANDARD
    };
    Ok((identity, scope, settings))
}

/// The text of a token, which goes into a header as it is (RFC 6750, section 2.1).
fn text(token: &Token) -> Result<&str, BoxError> {
    let text = token.token();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let reason = "the bearer token is empty, or holds white space, a control character or one outside ASCII, and so \
                      is none: nothing is sent";
        return Err(reason.into());
    }
    Ok(text)
}
