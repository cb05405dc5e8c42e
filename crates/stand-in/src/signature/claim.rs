//! What a request claims of itself: who signed it, when, for what, and how. From its headers, or from its query.

use super::{ALGORITHM, Refusal};
use crate::clock::Seconds;
use crate::query;
use crate::recorded::RecordedRequest;

/// A week: the longest that a presigned request may live.
const LONGEST: Seconds = 7 * 24 * 60 * 60;

/// The parts of a signature that the one who signed has written down.
pub(super) struct Claim {
    pub(super) access_key_id: String,
    /// The date of the credential scope: `20150830`.
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
    /// When it was signed, as sent.
    pub(super) amz_date: String,
    /// Lower-case names, in the order sent.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    pub(super) session_token: Option<String>,
    /// How many seconds a presigned request lives; `None` where the signature is in a header.
    pub(super) expires: Option<Seconds>,
}

impl Claim {
    /// Reads the `Authorization` header, or else the query.
    pub(super) fn read(request: &RecordedRequest) -> Result<Self, Refusal> {
        let claim = match request.header("authorization") {
            Some(authorization) => Self::of_header(request, authorization)?,
            None => Self::of_query(request)?,
        };
        match claim.signed_headers.iter().any(|name| name == "host") {
            true => Ok(claim),
            false => Err(Refusal::invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")),
        }
    }

    fn of_header(request: &RecordedRequest, authorization: &str) -> Result<Self, Refusal> {
        // Anything else than SigV4, such as a bearer token, counts as no token at all.
        let parameters = authorization.strip_prefix(ALGORITHM).ok_or_else(Refusal::missing)?;
        let find = |name: &str| {
            let mut pairs = parameters.split(',').filter_map(|part| part.trim().split_once('='));
            pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
        };
        let date = request.header("x-amz-date");
        let found = (find("Credential"), find("Signature"), find("SignedHeaders"), date);
        let (Some(credential), Some(signature), Some(signed_headers), Some(amz_date)) = found else {
            let absent = ["Credential", "Signature", "SignedHeaders"].into_iter().filter(|name| find(name).is_none());
            let absent = absent.map(|name| format!("Authorization header requires '{name}' parameter."));
            let undated = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
            let lacks: Vec<_> = absent.chain(date.is_none().then(|| undated.to_owned())).collect();
            return Err(Refusal::incomplete(&lacks.join(" ")));
        };
        let session_token = request.header("x-amz-security-token").map(str::to_owned);
        let claim = Self::new(&credential, amz_date.to_owned(), &signed_headers, signature, session_token, None)?;
        match claim.signed_headers.iter().any(|name| name == "x-amz-date") {
            true => Ok(claim),
            false => Err(Refusal::invalid("'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.")),
        }
    }

    fn of_query(request: &RecordedRequest) -> Result<Self, Refusal> {
        let find = |name: &str| {
            query::pairs(&request.query).find(|(n, _)| query::decode(n) == name).map(|(_, value)| query::decode(value))
        };
        if find("X-Amz-Algorithm").as_deref() != Some(ALGORITHM) {
            return Err(Refusal::missing());
        }
        let need = |name: &str| {
            find(name).ok_or_else(|| {
                Refusal::incomplete(&format!(
                    "AWS query-string parameters must include '{name}'. Re-examine the query-string parameters."
                ))
            })
        };
        let (credential, signed_headers) = (need("X-Amz-Credential")?, need("X-Amz-SignedHeaders")?);
        let (amz_date, signature, expires) = (need("X-Amz-Date")?, need("X-Amz-Signature")?, need("X-Amz-Expires")?);
        let expires = expires.parse().ok().filter(|seconds| (0..=LONGEST).contains(seconds)).ok_or_else(|| {
            Refusal::incomplete(&format!("X-Amz-Expires must be a number of seconds from 0 to {LONGEST}."))
        })?;
        Self::new(&credential, amz_date, &signed_headers, signature, find("X-Amz-Security-Token"), Some(expires))
    }

    fn new(
        credential: &str,
        amz_date: String,
        signed_headers: &str,
        signature: String,
        session_token: Option<String>,
        expires: Option<Seconds>,
    ) -> Result<Self, Refusal> {
        let parts: Vec<&str> = credential.split('/').collect();
        let &[access_key_id, date, region, service, "aws4_request"] = parts.as_slice() else {
            return Err(Refusal::incomplete(&format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, \
                 got '{credential}'"
            )));
        };
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            amz_date,
            signed_headers: signed_headers.split(';').map(str::to_ascii_lowercase).collect(),
            signature,
            session_token,
            expires,
        })
    }
}
