//! Lists layers with what a program has that brings no SDK: hyper, rustls, serde. It does not sign, try again or look for
//! credentials, and its errors say little: this is what the rest is measured against.

mod driver;
mod shapes;

use std::fmt::Write;

use driver::{Error, Peer};
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use shapes::{Layer, Page};

fn main() -> Result<(), Error> {
    driver::main::<Bare>()
}

#[derive(Clone)]
struct Bare {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    url: String,
}

impl Peer for Bare {
    async fn connect() -> Result<Self, Error> {
        let https = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(https);
        Ok(Self { client, url: format!("{}/2018-10-31/layers", std::env::var("AWS_ENDPOINT_URL")?) })
    }

    async fn page(&self, size: Option<i32>) -> Result<usize, Error> {
        Ok(self.list(size, None).await?.layers.iter().flatten().map(Layer::length).sum())
    }

    async fn walk(&self, size: Option<i32>) -> Result<(usize, usize), Error> {
        let (mut count, mut names, mut marker) = (0, 0, None);
        loop {
            let page = self.list(size, marker.as_deref()).await?;
            for layer in page.layers.iter().flatten() {
                count += 1;
                names += layer.length();
            }
            marker = page.next_marker;
            if marker.is_none() {
                return Ok((count, names));
            }
        }
    }
}

impl Bare {
    async fn list(&self, size: Option<i32>, marker: Option<&str>) -> Result<Page, Error> {
        let mut url = self.url.clone();
        let mut separator = '?';
        if let Some(size) = size {
            write!(url, "{separator}MaxItems={size}")?;
            separator = '&';
        }
        if let Some(marker) = marker {
            write!(url, "{separator}Marker=")?;
            encode(marker, &mut url)?;
        }
        let request = Request::get(url).header("authorization", "constant").body(Empty::new())?;
        let response = self.client.request(request).await?;
        if !response.status().is_success() {
            return Err(response.status().to_string().into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }
}

/// Percent-encoding of a query value.
fn encode(text: &str, into: &mut String) -> std::fmt::Result {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => into.push(byte.into()),
            _ => write!(into, "%{byte:02X}")?,
        }
    }
    Ok(())
}

impl Layer {
    fn length(&self) -> usize {
        self.layer_name.as_ref().map_or(0, String::len)
    }
}
