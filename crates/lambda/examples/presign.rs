//! Prints an address that lists layers for whoever has it: `cargo run -p tinsmith-lambda --example presign -- [SECONDS]`, and
//! then `curl "$ADDRESS"`.
//!
//! Nothing is sent. Settings are found where the AWS command line finds them. The address is a secret for as long as it lasts:
//! a quarter of an hour, if nothing else is said, and a week at most.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_runtime::client::presigning::PresigningConfig;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match presign(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the status alone tells.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn presign(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let seconds = match arguments {
        [] => 15 * 60,
        [seconds] => seconds.parse().map_err(|_| format!("{seconds:?} is no number of seconds"))?,
        _ => return Err("usage: presign [SECONDS]".into()),
    };
    let client = Client::from_env().await?;
    let within = PresigningConfig::expires_in(Duration::from_secs(seconds))?;
    let request = client.list_layers().presigned(within).await?;
    writeln!(io::stdout(), "{}", request.uri())?;
    Ok(())
}
