//! The errors that the service's model lists.

use tinsmith_runtime::error::ErrorMetadata;
use tinsmith_runtime::wire::Member;
use tinsmith_runtime::{members, modeled_error};

use super::super::enums::ThrottleReason;

/// One of the parameters is not valid.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct InvalidParameterValueException {
    /// The type of the exception.
    pub r#type: Option<String>,
    /// What is not valid.
    pub message: Option<String>,
    meta: ErrorMetadata,
}

members! {
    InvalidParameterValueException {
        r#type: Option<&str> = Member::body("Type"),
        message: Option<&str> = Member::body("message"),
    }
}

modeled_error!(InvalidParameterValueException, message);

/// The service failed inside.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ServiceException {
    /// The type of the exception.
    pub r#type: Option<String>,
    /// What went wrong.
    pub message: Option<String>,
    meta: ErrorMetadata,
}

members! {
    ServiceException {
        r#type: Option<&str> = Member::body("Type"),
        message: Option<&str> = Member::body("Message"),
    }
}

modeled_error!(ServiceException, message);

/// More requests than the account may send.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TooManyRequestsException {
    /// How many seconds to wait.
    pub retry_after_seconds: Option<String>,
    /// The type of the exception.
    pub r#type: Option<String>,
    /// What was exceeded.
    pub message: Option<String>,
    /// Which limit was exceeded.
    pub reason: Option<ThrottleReason>,
    meta: ErrorMetadata,
}

members! {
    TooManyRequestsException {
        retry_after_seconds: Option<&str> = Member::header("Retry-After"),
        r#type: Option<&str> = Member::body("Type"),
        message: Option<&str> = Member::body("message"),
        reason: Option<&ThrottleReason> = Member::body("Reason"),
    }
}

modeled_error!(TooManyRequestsException, message);
