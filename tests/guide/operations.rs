//! The example of `docs/operations.md`.

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_lambda::operation::list_layers::ListLayersInput;
use tinsmith_lambda::types::{Architecture, Runtime};
use tinsmith_runtime::client::presigning::PresigningConfig;
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, StandIn};

/// A Lambda on loopback, and a client of it.
async fn lambda() -> (StandIn, Client) {
    let server = StandIn::builder().start().await.unwrap();
    let config = Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None));
    (server, Client::from_conf(config.build()))
}

#[tokio::test]
async fn six_ways_to_ask() {
    let (server, client) = lambda().await;
    let request = || client.list_layers().compatible_runtime(Runtime::Python37);

    // Sent, which is a future; or awaited as it is.
    let page = request().send().await.unwrap();
    assert_eq!(request().await.unwrap().layers(), page.layers());

    // An input that is made by itself, sent by any client.
    let input = ListLayersInput::builder().compatible_runtime(Runtime::Python37).build().unwrap();
    assert_eq!(client.send(input.clone()).await.unwrap().layers(), page.layers());
    assert_eq!(request().as_input(), &input);

    // Changed for this call alone: settings, headers, hooks.
    let request_with_header = request().customize().mutate_request(|request| {
        request.headers_mut().insert("x-team", "payments");
    });
    request_with_header.send().await.unwrap();
    assert_eq!(server.requests().last().unwrap().header("x-team"), Some("payments"));

    // All its pages, where it answers in pages.
    let layers = request().into_paginator().items().send().try_collect().await.unwrap();
    assert_eq!(layers, page.layers());

    // As an address that somebody else may ask.
    let within = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    assert!(request().presigned(within).await.unwrap().uri().starts_with(server.url()));
}

#[tokio::test]
async fn members_are_set_and_read() {
    let (_server, client) = lambda().await;
    let wanted: Option<&str> = Some("arm64");
    let page = client.list_layers().set_compatible_architecture(wanted.map(Architecture::from)).send().await.unwrap();

    for layer in page.layers() {
        let version = layer.latest_matching_version().unwrap();
        assert!(version.compatible_architectures().contains(&Architecture::Arm64));
    }
    let names: Vec<String> = page.layers.unwrap_or_default().into_iter().filter_map(|layer| layer.layer_name).collect();
    assert_eq!(names, ["build-tools", "node-metrics"]);
}

#[tokio::test]
async fn what_the_model_does_not_list() {
    let (_server, client) = lambda().await;
    let newer = Runtime::from("python3.15");
    assert_eq!(newer.as_str(), "python3.15");
    assert!(client.list_layers().compatible_runtime(newer).send().await.unwrap().layers().is_empty());
}
