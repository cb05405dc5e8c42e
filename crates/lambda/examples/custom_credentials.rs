//! Lists layers with credentials of a source of one's own: `cargo run -p tinsmith-lambda --example custom_credentials -- FILE`.
//!
//! The file is one that another program renews, in the form that a `credential_process` prints. It is read at the first call, and again
//! five minutes before the credentials in it end.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use serde::Deserialize;
use tinsmith_config::meta::credentials::{CredentialsError, future};
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Credentials, ProvideCredentials};
use tinsmith_lambda::primitives::{DateTime, DateTimeFormat};

/// A file that holds credentials for some time.
#[derive(Debug)]
struct Renewed {
    path: PathBuf,
}

/// What it holds.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Option<String>,
}

impl Renewed {
    async fn read(&self) -> Result<Credentials, CredentialsError> {
        let path = self.path.clone();
        // A thread waits for the disk, so that other calls go on meanwhile.
        let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
        let failed = |why: &dyn Error| CredentialsError::provider_error(format!("{}: {why}", self.path.display()));
        let text = read.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        let document: Document = serde_json::from_slice(&text).map_err(|error| failed(&error))?;
        let end = document.expiration.map(|end| DateTime::from_str(&end, DateTimeFormat::DateTime)).transpose();
        let end = end.map_err(|error| failed(&error))?.map(SystemTime::try_from).transpose();
        Ok(Credentials::new(
            document.access_key_id,
            document.secret_access_key,
            document.session_token,
            end.map_err(|error| failed(&error))?,
            "Renewed",
        ))
    }
}

impl ProvideCredentials for Renewed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.read())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match list(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the status alone tells.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn list(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [path] = arguments else { return Err("usage: custom_credentials FILE".into()) };
    let renewed = Renewed { path: path.into() };
    // Region and endpoint are still found where the AWS command line finds them.
    let config = tinsmith_config::from_env().credentials_provider(renewed).load().await;
    let mut layers = Client::new(&config).list_layers().into_paginator().items().send();
    while let Some(layer) = layers.try_next().await? {
        writeln!(io::stdout(), "{}", layer.layer_name().unwrap_or_default())?;
    }
    Ok(())
}
