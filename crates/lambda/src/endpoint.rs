//! Endpoint.
use tinsmith_runtime::endpoint::{Builtins, Endpoint, EndpointError};
pub(super) fn resolve(_b: &Builtins<'_>) -> Result<Endpoint, EndpointError> {
    Ok(Endpoint::new("https://lambda.us-east-1.amazonaws.com"))
}
