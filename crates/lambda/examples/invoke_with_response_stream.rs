//! Invokes a function, and prints what it writes while it writes:
//! `cargo run -p tinsmith-lambda -F invoke-with-response-stream --example invoke_with_response_stream -- FUNCTION [JSON]`.
//!
//! Settings are found where the AWS command line finds them. The exit status is 0, 1 where the call failed or its answer
//! was cut short, and 2 where the function failed.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use tinsmith_lambda::Client;
use tinsmith_lambda::primitives::Blob;
use tinsmith_lambda::types::InvokeWithResponseStreamResponseEvent as Event;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    stream(&arguments).await.unwrap_or_else(|error| {
        // Where standard error is closed as well, the status alone tells.
        let _ = writeln!(io::stderr(), "{error}");
        ExitCode::FAILURE
    })
}

async fn stream(arguments: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let (function, payload) = match arguments {
        [function] => (function, "{}"),
        [function, payload] => (function, payload.as_str()),
        _ => return Err("usage: invoke_with_response_stream FUNCTION [JSON]".into()),
    };
    let client = Client::from_env().await?;
    let call = client.invoke_with_response_stream().function_name(function).payload(Blob::new(payload));
    let mut events = call.send().await?.event_stream;
    while let Some(event) = events.recv().await? {
        match event {
            Event::PayloadChunk(chunk) => {
                let mut output = io::stdout();
                output.write_all(chunk.payload().map(AsRef::as_ref).unwrap_or_default())?;
                output.flush()?;
            }
            Event::InvokeComplete(end) => {
                let Some(code) = end.error_code() else { return Ok(ExitCode::SUCCESS) };
                writeln!(io::stderr(), "{code}: {}", end.error_details().unwrap_or_default())?;
                return Ok(ExitCode::from(2));
            }
            // What a later version of the service sends beside them.
            _ => {}
        }
    }
    Err("the answer was cut short".into())
}
