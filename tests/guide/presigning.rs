//! The example of `docs/presigned-urls.md`.

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_runtime::client::presigning::{PresignedRequest, PresigningConfig};
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, StandIn};

/// The first five layers, for whoever is given this in the next quarter of an hour.
async fn five_layers(client: &Client) -> Result<PresignedRequest, Box<dyn std::error::Error>> {
    let within = PresigningConfig::expires_in(Duration::from_secs(15 * 60))?;
    Ok(client.list_layers().max_items(5).presigned(within).await?)
}

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What `curl` does: sends it as it is, and reads the answer.
async fn curl(request: &PresignedRequest) -> String {
    let uri = request.uri();
    let (host, target) = uri.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
    let mut connection = TcpStream::connect(host).await.unwrap();
    let head = format!("{} /{target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n", request.method());
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn somebody_else_sends_it() {
    let server = StandIn::builder().start().await.unwrap();
    let config = Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None));
    let request = five_layers(&Client::from_conf(config.build())).await.unwrap();

    assert_eq!((request.method(), server.request_count()), ("GET", 0), "nothing was sent to sign it");
    assert!(request.uri().contains("X-Amz-Expires=900"), "{}", request.uri());
    assert!(curl(&request).await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[test]
fn it_does_not_live_longer_than_a_week() {
    let error = PresigningConfig::expires_in(Duration::from_secs(8 * 24 * 60 * 60)).unwrap_err();
    assert_eq!(error.to_string(), "a presigned request is valid for 1 second to 7 days, and not for 691200s");
}
