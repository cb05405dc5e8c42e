//! The header `x-amzn-trace-id`: by it, AWS finds functions that call themselves in a circle, and draws what a request
//! caused.
//!
//! AWS Lambda tells a function the id of each invocation in a variable, which is read anew for each attempt.

use std::fmt::Write as _;

use crate::environment::Environment;
use crate::http::Headers;

const HEADER: &str = "x-amzn-trace-id";
/// Set where Lambda runs the program, as long as that runs.
pub(crate) const FUNCTION: &str = "AWS_LAMBDA_FUNCTION_NAME";
/// The id of the invocation that is under way.
pub(crate) const ID: &str = "_X_AMZN_TRACE_ID";

/// The most characters of an id that are sent. Lambda's have up to 256.
const LONGEST: usize = 1024;

/// Whether requests are traced at all.
pub(crate) fn is_on(environment: &dyn Environment) -> bool {
    environment.variable(FUNCTION).is_some()
}

/// Adds the id, unless the caller did.
pub(super) fn add(environment: &dyn Environment, headers: &mut Headers) {
    if headers.get(HEADER).is_some() {
        return;
    }
    if let Some(id) = environment.variable(ID).filter(|id| !id.is_empty()) {
        headers.append(HEADER, encoded(&id));
    }
}

/// What no header can hold is percent-encoded: control characters, and all that is not ASCII.
fn encoded(id: &str) -> String {
    let mut text = String::with_capacity(id.len());
    for byte in id.bytes().take(LONGEST) {
        if byte == b' ' || byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
