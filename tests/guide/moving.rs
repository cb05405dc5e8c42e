//! The example of `docs/moving.md`.

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Config, Credentials, Region};
use tinsmith_lambda::error::ProvideErrorMetadata;
use tinsmith_lambda::types::Runtime;
use tinsmith_stand_in::{ACCESS_KEY_ID, Fault, Layers, SECRET_ACCESS_KEY, StandIn};

/// Settings for a Lambda on loopback.
fn settings(server: &StandIn) -> Builder {
    Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None))
}

#[tokio::test]
async fn what_the_official_client_lacks() {
    let server = StandIn::builder().layers(Layers::generate(70)).start().await.unwrap();
    let client = Client::from_conf(settings(&server).build());

    // A request is a future.
    assert_eq!(client.list_layers().max_items(1).await.unwrap().layers().len(), 1);
    // A listing ends where it is told to, and goes on elsewhere.
    let mut layers = client.list_layers().into_paginator().items().limit(60).send();
    while layers.try_next().await.unwrap().is_some() {}
    assert!(layers.resume_token().is_some());
    // A client says what it goes by.
    assert!(client.as_ref().explain().to_string().contains("us-east-2"));
}

/// The layers for a runtime, or `None` where Lambda is asked too often.
async fn layers(client: &Client, runtime: &str) -> Result<Option<Vec<String>>, tinsmith_lambda::Error> {
    match client.list_layers().compatible_runtime(Runtime::from(runtime)).send().await {
        Ok(page) => {
            Ok(Some(page.layers.unwrap_or_default().into_iter().filter_map(|layer| layer.layer_name).collect()))
        }
        Err(error) if error.code() == Some("TooManyRequestsException") => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[tokio::test]
async fn a_function_of_rusotos_time() {
    let server = StandIn::builder().start().await.unwrap();
    let once = tinsmith_lambda::config::retry::RetryConfig::disabled();
    let client = Client::from_conf(settings(&server).retry_config(once).build());
    assert_eq!(layers(&client, "python3.7").await.unwrap().unwrap(), ["my-layer"]);
    server.fault("throttle".parse::<Fault>().unwrap());
    assert_eq!(layers(&client, "python3.7").await.unwrap(), None);
}
