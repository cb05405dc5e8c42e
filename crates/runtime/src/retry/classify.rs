//! Which failures are worth another attempt. The codes are those that all SDKs of AWS agree on.

use crate::transport::TransportErrorKind;

/// A failure that another attempt may not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The service asks for fewer requests.
    Throttling,
    /// The service stumbled, and says so.
    Transient,
    /// No answer came, or not in time, or not whole.
    Unanswered,
    /// The request was refused for its date, which the next attempt has right.
    Misdated,
}

/// Classifies an error of a service by what its model says of the code, then by the code, then by the status.
pub fn classify_response(status: u16, code: Option<&str>, modelled: &[(&str, bool)]) -> Option<Failure> {
    let by_model = |code: &str| {
        let (_, throttling) = modelled.iter().find(|(name, _)| *name == code)?;
        Some(if *throttling { Failure::Throttling } else { Failure::Transient })
    };
    code.and_then(|code| by_model(code).or_else(|| classify_code(code))).or(match status {
        // A bare 429 says no more, but says it clearly (RFC 6585).
        429 => Some(Failure::Throttling),
        500 | 502 | 503 | 504 => Some(Failure::Transient),
        _ => None,
    })
}

/// The codes that need no model. Those that can stand for a wrong date can stand for others too, so that
/// [`Skew::classify`](super::Skew::classify) looks at the date as well.
pub const CODES: [(&str, Failure); 23] = [
    ("BandwidthLimitExceeded", Failure::Throttling),
    ("EC2ThrottledException", Failure::Throttling),
    ("LimitExceededException", Failure::Throttling),
    ("PriorRequestNotComplete", Failure::Throttling),
    ("ProvisionedThroughputExceededException", Failure::Throttling),
    ("RequestLimitExceeded", Failure::Throttling),
    ("RequestThrottled", Failure::Throttling),
    ("RequestThrottledException", Failure::Throttling),
    ("SlowDown", Failure::Throttling),
    ("ThrottledException", Failure::Throttling),
    ("Throttling", Failure::Throttling),
    ("ThrottlingException", Failure::Throttling),
    ("TooManyRequestsException", Failure::Throttling),
    ("TransactionInProgressException", Failure::Throttling),
    ("RequestTimeout", Failure::Unanswered),
    ("RequestTimeoutException", Failure::Unanswered),
    ("AccessDeniedException", Failure::Misdated),
    ("AuthFailure", Failure::Misdated),
    ("InvalidSignatureException", Failure::Misdated),
    ("RequestExpired", Failure::Misdated),
    ("RequestInTheFuture", Failure::Misdated),
    ("RequestTimeTooSkewed", Failure::Misdated),
    ("SignatureDoesNotMatch", Failure::Misdated),
];

/// Classifies an error code by itself.
pub fn classify_code(code: &str) -> Option<Failure> {
    by_table(code).filter(|failure| *failure != Failure::Misdated)
}

/// What a code can stand for.
pub(super) fn by_table(code: &str) -> Option<Failure> {
    CODES.iter().find(|(name, _)| *name == code).map(|(_, failure)| *failure)
}

/// Classifies a failure of the transport. What the caller asked for wrongly stays wrong, and a certificate as it is.
pub fn classify_transport(kind: TransportErrorKind) -> Option<Failure> {
    match kind {
        TransportErrorKind::Connect
        | TransportErrorKind::ConnectTimeout
        | TransportErrorKind::ReadTimeout
        | TransportErrorKind::Io
        | TransportErrorKind::Protocol => Some(Failure::Unanswered),
        TransportErrorKind::Tls | TransportErrorKind::User | TransportErrorKind::Body => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Failure::{Throttling, Transient, Unanswered};

    #[test]
    fn the_model_goes_before_the_code_and_the_code_before_the_status() {
        let modelled = [("Busy", true), ("Odd", false), ("SlowDown", false)];
        let check = |status, code, expected| {
            assert_eq!(classify_response(status, code, &modelled), expected, "{status} {code:?}");
        };
        for status in [200, 301, 400, 403, 404, 408, 409, 501, 505, 599] {
            check(status, None, None);
            check(status, Some("ValidationException"), None);
            check(status, Some("Busy"), Some(Throttling));
            check(status, Some("Odd"), Some(Transient));
            check(status, Some("RequestTimeout"), Some(Unanswered));
            check(status, Some("TooManyRequestsException"), Some(Throttling));
            check(status, Some("toomanyrequestsexception"), None);
        }
        for status in [500, 502, 503, 504] {
            check(status, None, Some(Transient));
            check(status, Some("ServiceException"), Some(Transient));
            check(status, Some("ThrottlingException"), Some(Throttling));
        }
        check(429, None, Some(Throttling));
        check(429, Some("ValidationException"), Some(Throttling));
        check(429, Some("RequestTimeoutException"), Some(Unanswered));
        check(503, Some("SlowDown"), Some(Transient));
    }

    #[test]
    fn what_the_caller_did_wrong_and_what_is_not_trusted_is_not_tried_again() {
        use TransportErrorKind::{Connect, ConnectTimeout, Io, Protocol, ReadTimeout, Tls, User};
        for kind in [Connect, ConnectTimeout, ReadTimeout, Io, Protocol] {
            assert_eq!(classify_transport(kind), Some(Unanswered), "{kind:?}");
        }
        for kind in [Tls, User] {
            assert_eq!(classify_transport(kind), None, "{kind:?}");
        }
    }
}
