//! Endpoint.
use tinsmith_runtime::endpoint::{Builtins, Endpoint, EndpointError};
pub(super) fn resolve(b: &Builtins<'_>) -> Result<Endpoint, EndpointError> { Ok(Endpoint::new(b.endpoint.unwrap_or("https://lambda.us-east-1.amazonaws.com"))) }
