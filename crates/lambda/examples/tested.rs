//! A function that calls AWS, and its tests: `cargo test -p tinsmith-lambda -F test-util --example tested`.
//!
//! The function takes a client, and knows nothing of tests. They give it a client whose transport has the answers, so that they
//! need neither a network nor credentials, and take no time. Run as a program it prints the newest layer that has a name:
//! `cargo run -p tinsmith-lambda -F test-util --example tested -- NAME`.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use tinsmith_lambda::Client;
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::operation::list_layers::ListLayersError;

/// The ARN of the newest version of a layer, with its number; `None` where there is no such layer.
async fn newest(client: &Client, name: &str) -> Result<Option<String>, SdkError<ListLayersError>> {
    let mut layers = client.list_layers().into_paginator().items().send();
    while let Some(layer) = layers.try_next().await? {
        if layer.layer_name() == Some(name) {
            return Ok(layer.latest_matching_version.and_then(|latest| latest.layer_version_arn));
        }
    }
    Ok(None)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match show(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the status alone tells.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn show(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [name] = arguments else { return Err("usage: tested NAME".into()) };
    let found = newest(&Client::from_env().await?, name).await?;
    writeln!(io::stdout(), "{}", found.ok_or_else(|| format!("there is no layer {name}"))?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tinsmith_lambda::Client;
    use tinsmith_lambda::config::{Config, Region};
    use tinsmith_lambda::test_util::{InstantSleep, Reply, ScriptedTransport};

    use super::newest;

    /// A client that gets these answers, and what it will have sent.
    fn client(answers: impl IntoIterator<Item = Reply>) -> (Client, ScriptedTransport) {
        let transport = ScriptedTransport::new(answers);
        let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
        let settings = settings.sleep_impl(InstantSleep::default()).http_client(transport.clone());
        (Client::from_conf(settings.build()), transport)
    }

    /// A page with one layer, as Lambda writes it.
    fn page(name: &str, version: i64, next: Option<&str>) -> Reply {
        let next = next.map_or("null".to_owned(), |marker| format!("{marker:?}"));
        let newest = format!(r#"{{"Version": {version}, "LayerVersionArn": "arn:{name}:{version}"}}"#);
        let layers = format!(r#"[{{"LayerName": {name:?}, "LatestMatchingVersion": {newest}}}]"#);
        Reply::new(200).body(format!(r#"{{"Layers": {layers}, "NextMarker": {next}}}"#))
    }

    #[tokio::test]
    async fn a_layer_is_found_on_a_later_page() {
        let (client, transport) = client([page("fonts", 3, Some("m/1")), page("pandas", 7, None)]);

        let found = newest(&client, "pandas").await.unwrap();

        assert_eq!(found.as_deref(), Some("arn:pandas:7"));
        let requests = transport.requests();
        assert_eq!(requests[1].uri(), "https://lambda.us-east-2.amazonaws.com/2018-10-31/layers?Marker=m%2F1");
    }

    #[tokio::test]
    async fn nothing_is_asked_after_it_was_found() {
        let (client, transport) = client([page("fonts", 3, Some("m/1"))]);
        assert_eq!(newest(&client, "fonts").await.unwrap().as_deref(), Some("arn:fonts:3"));
        assert_eq!(transport.requests().len(), 1);
    }

    #[tokio::test]
    async fn a_layer_that_is_not_there() {
        let (client, _) = client([page("fonts", 3, None)]);
        assert_eq!(newest(&client, "pandas").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_refusal_is_told() {
        let refusal = Reply::new(403).header("x-amzn-errortype", "AccessDeniedException").body(r#"{"Message": "no"}"#);
        let (client, _) = client([refusal]);
        let error = newest(&client, "fonts").await.unwrap_err().to_string();
        assert_eq!(error, "ListLayers failed: AccessDeniedException: no (status 403, 1 attempt)");
    }
}
