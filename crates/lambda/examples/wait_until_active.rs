//! Waits until a function can be invoked:
//! `cargo run -p tinsmith-lambda -F get-function --example wait_until_active -- FUNCTION [SECONDS]`.
//!
//! Settings are found where the AWS command line finds them. The exit status is 0, 1 where the function failed to become
//! active or could not be asked for, and 2 where it may become so yet.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::client::Waiters;
use tinsmith_runtime::waiter::error::WaiterError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    wait(&arguments).await.unwrap_or_else(|error| {
        // Where standard error is closed as well, the status alone tells.
        let _ = writeln!(io::stderr(), "{error}");
        ExitCode::FAILURE
    })
}

async fn wait(arguments: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let (function, seconds) = match arguments {
        [function] => (function, 300),
        [function, seconds] => (function, seconds.parse()?),
        _ => return Err("usage: wait_until_active FUNCTION [SECONDS]".into()),
    };
    let client = Client::from_env().await?;
    let waiting = client.wait_until_function_active_v2().function_name(function);
    match waiting.wait(Duration::from_secs(seconds)).await {
        Ok(answer) => {
            let version = answer.into_result()?.configuration.and_then(|configuration| configuration.version);
            writeln!(io::stdout(), "{function} is active: {}", version.unwrap_or_default())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error @ WaiterError::ExceededMaxWait(_)) => {
            writeln!(io::stderr(), "{error}")?;
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error.into()),
    }
}
