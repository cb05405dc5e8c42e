//! Invokes a function: `cargo run -p tinsmith-lambda -F invoke --example invoke -- FUNCTION [JSON]`.
//!
//! What the function answers goes to standard output as it came; the end of its log, and what went wrong, to standard
//! error. Settings are found where the AWS command line finds them. The exit status is 0, 1 where the call failed, and 2
//! where the function did.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tinsmith_lambda::Client;
use tinsmith_lambda::primitives::Blob;
use tinsmith_lambda::types::LogType;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    invoke(&arguments).await.unwrap_or_else(|error| {
        // Where standard error is closed as well, the status alone tells.
        let _ = writeln!(io::stderr(), "{error}");
        ExitCode::FAILURE
    })
}

async fn invoke(arguments: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let (function, payload) = match arguments {
        [function] => (function, "{}"),
        [function, payload] => (function, payload.as_str()),
        _ => return Err("usage: invoke FUNCTION [JSON]".into()),
    };
    let client = Client::from_env().await?;
    let call = client.invoke().function_name(function).payload(Blob::new(payload)).log_type(LogType::Tail);
    let answer = call.send().await?;

    let log = BASE64_STANDARD.decode(answer.log_result().unwrap_or_default())?;
    io::stderr().write_all(&log)?;
    io::stdout().write_all(answer.payload().map(AsRef::as_ref).unwrap_or_default())?;
    // A function that fails is no error of the call: its answer is the error.
    Ok(if answer.function_error().is_some() { ExitCode::from(2) } else { ExitCode::SUCCESS })
}
