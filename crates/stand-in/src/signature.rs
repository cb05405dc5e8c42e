//! Judges signatures of AWS Signature Version 4, in headers and in presigned queries.
//!
//! Written from the specification (AWS, "Create a signed AWS API request") and tested with AWS's suite, so that a
//! client's mistake cannot be repeated here. The refusals have the codes, statuses and wordings of live services.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::clock::{self, Seconds};
use crate::query;
use crate::recorded::RecordedRequest;

mod canonical;
mod claim;

use claim::Claim;

/// How old, and how far ahead, a signature in a header may be.
const TOLERANCE: Seconds = 5 * 60;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Checks the signatures of requests to one service in one region. Its `Debug` shows no secrets.
#[derive(Clone)]
pub struct Verifier {
    region: String,
    service: String,
    normalize_path: bool,
    accounts: BTreeMap<String, Account>,
}

#[derive(Clone)]
struct Account {
    secret_access_key: String,
    session_token: Option<String>,
}

impl Verifier {
    /// A verifier that knows no one yet.
    pub fn new(region: impl Into<String>, service: impl Into<String>) -> Self {
        Self { region: region.into(), service: service.into(), normalize_path: true, accounts: BTreeMap::new() }
    }

    /// Knows these credentials; with a session token, requests must carry it, without one they must carry none.
    #[must_use]
    pub fn account(mut self, access_key_id: &str, secret_access_key: &str, session_token: Option<&str>) -> Self {
        let session_token = session_token.map(str::to_owned);
        let account = Account { secret_access_key: secret_access_key.to_owned(), session_token };
        self.accounts.insert(access_key_id.to_owned(), account);
        self
    }

    /// Whether `.`, `..` and empty segments of a path are resolved before it is signed. All services but S3 do (the
    /// default).
    #[must_use]
    pub fn normalize_path(mut self, normalize: bool) -> Self {
        self.normalize_path = normalize;
        self
    }

    /// Checks a request at a time, in seconds since the epoch.
    ///
    /// # Errors
    /// The request carries no signature, or not the one that it should.
    pub fn check(&self, request: &RecordedRequest, now: i64) -> Result<(), Refusal> {
        let claim = Claim::read(request)?;
        let account = self.accounts.get(&claim.access_key_id).ok_or_else(Refusal::unknown_client)?;
        if claim.session_token != account.session_token {
            return Err(Refusal::unknown_client());
        }
        self.check_scope(&claim)?;
        let signed_at = check_age(&claim, now)?;
        let canonical = canonical::request(request, &claim, self.normalize_path);
        let scope = format!("{}/{}/{}/aws4_request", claim.date, claim.region, claim.service);
        let string_to_sign = format!(
            "{ALGORITHM}\n{}\n{scope}\n{}",
            clock::amz_date(signed_at),
            query::hex(&Sha256::digest(&canonical))
        );
        let signature = query::hex(&sign(&account.secret_access_key, &claim, &string_to_sign));
        if signature == claim.signature { Ok(()) } else { Err(Refusal::mismatch(&canonical, &string_to_sign)) }
    }

    fn check_scope(&self, claim: &Claim) -> Result<(), Refusal> {
        if claim.region != self.region {
            return Err(Refusal::invalid("Credential should be scoped to a valid region."));
        }
        if claim.service != self.service {
            return Err(Refusal::invalid(&format!(
                "Credential should be scoped to correct service: '{}'.",
                self.service
            )));
        }
        let Some(date) = claim.amz_date.get(..8).filter(|date| *date != claim.date) else { return Ok(()) };
        Err(Refusal::invalid(&format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
             '{}' != '{date}', from '{}'.",
            claim.date, claim.amz_date
        )))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("region", &self.region)
            .field("service", &self.service)
            .field("normalize_path", &self.normalize_path)
            .field("accounts", &self.accounts.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// When the request was signed, if that is neither too long ago nor to come.
fn check_age(claim: &Claim, now: Seconds) -> Result<Seconds, Refusal> {
    let signed_at = clock::parse_amz_date(&claim.amz_date).ok_or_else(|| {
        let date = &claim.amz_date;
        Refusal::incomplete(&format!(
            "Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
        ))
    })?;
    let lifetime = claim.expires.unwrap_or(TOLERANCE);
    let (oldest, newest) = (now.saturating_sub(lifetime), now.saturating_add(TOLERANCE));
    let (signed, now) = (&claim.amz_date, clock::amz_date(now));
    if signed_at < oldest {
        let (oldest, minutes) = (clock::amz_date(oldest), lifetime / 60);
        return Err(Refusal::invalid(&format!(
            "Signature expired: {signed} is now earlier than {oldest} ({now} - {minutes} min.)"
        )));
    }
    if signed_at > newest {
        let newest = clock::amz_date(newest);
        return Err(Refusal::invalid(&format!(
            "Signature not yet current: {signed} is still later than {newest} ({now} + 5 min.)"
        )));
    }
    Ok(signed_at)
}

/// The signing key is derived from the secret step by step, and signs the string.
fn sign(secret_access_key: &str, claim: &Claim, string_to_sign: &str) -> [u8; 32] {
    let mut key = hmac(format!("AWS4{secret_access_key}").as_bytes(), &claim.date);
    for part in [claim.region.as_str(), claim.service.as_str(), "aws4_request", string_to_sign] {
        key = hmac(&key, part);
    }
    key
}

fn hmac(key: &[u8], text: &str) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length (RFC 2104)")
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// Why a request was turned away, in the words of a live service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    code: &'static str,
    message: String,
}

impl Refusal {
    /// The error code, such as `InvalidSignatureException`. All of them go with status 403.
    pub fn code(&self) -> &str {
        self.code
    }

    /// The message. Where the signature differs, it holds what should have been signed, as the service's does.
    pub fn message(&self) -> &str {
        &self.message
    }

    fn missing() -> Self {
        Self { code: "MissingAuthenticationTokenException", message: "Missing Authentication Token".into() }
    }

    fn incomplete(message: &str) -> Self {
        Self { code: "IncompleteSignatureException", message: message.into() }
    }

    fn unknown_client() -> Self {
        let message = "The security token included in the request is invalid.".into();
        Self { code: "UnrecognizedClientException", message }
    }

    fn invalid(message: &str) -> Self {
        Self { code: "InvalidSignatureException", message: message.into() }
    }

    fn mismatch(canonical: &str, string_to_sign: &str) -> Self {
        Self::invalid(&format!(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.\n\n\
             The Canonical String for this request should have been\n'{canonical}'\n\n\
             The String-to-Sign should have been\n'{string_to_sign}'\n"
        ))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl Error for Refusal {}
