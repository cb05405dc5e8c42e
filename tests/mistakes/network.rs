//! What stands between a program and the service.

use std::net::TcpListener;
use std::sync::Arc;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{Process, ScriptedEnvironment};
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, StandIn, TlsFront};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::Told;

pub(crate) async fn mistakes() -> Vec<Told> {
    let server = StandIn::builder().start().await.unwrap();
    let plain = server.address().to_string();
    let front = TlsFront::start(server.address()).await.unwrap();
    let secure = front.url().strip_prefix("https://").unwrap();
    let nobody = closed_port();
    let proxy = proxy_that_asks().await;
    vec![
        ("A region that there is not", no_address().await),
        ("Nobody listens", told(&format!("http://{nobody}"), &[], &nobody).await),
        ("http where it should be https", told(&format!("http://{secure}"), &[], secure).await),
        ("https where it should be http", told(&format!("https://{plain}"), &[], &plain).await),
        ("A certificate that is not trusted", told(&format!("https://{secure}"), &[], secure).await),
        (
            "A proxy that is not there",
            told("https://lambda.example", &[("HTTPS_PROXY", &format!("http://{nobody}"))], &nobody).await,
        ),
        (
            "A proxy that asks for a password",
            told("https://lambda.example", &[("HTTPS_PROXY", &format!("http://{proxy}"))], &proxy).await,
        ),
    ]
}

/// What the resolver says of such a name is another on each platform. One with a label of more than 63 octets stands for it,
/// for which no server is asked (RFC 1035, section 2.3.4).
async fn no_address() -> String {
    let name = format!("lambda.{:x<64}.invalid", "us-esat-1");
    let line = told(&format!("https://{name}"), &[], &name).await;
    let (asked, answered) = line.split_once("network? ").unwrap_or_else(|| panic!("{line}"));
    assert!(answered.ends_with(" (1 attempt)"), "{line}");
    format!("{asked}network? … (1 attempt)").replace("HOST", "lambda.us-esat-1.amazonaws.com")
}

/// What a call to an endpoint says with these variables. The page calls the address `HOST`.
async fn told(endpoint: &str, variables: &[(&str, &str)], address: &str) -> String {
    let environment: ScriptedEnvironment = variables.iter().copied().collect();
    let settings = Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None))
        .retry_config(RetryConfig::disabled())
        .load(Arc::new(Sources::read(environment, &Process, Choice::default())));
    let error = Client::from_conf(settings).list_layers().send().await.unwrap_err();
    error.to_string().replace(address, "HOST")
}

/// An address that nobody has any more.
fn closed_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// A proxy that wants to know who asks.
async fn proxy_that_asks() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(refusal).await.unwrap();
        }
    });
    address
}
