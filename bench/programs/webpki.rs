//! Lists layers like `sdk.rs`, and trusts Mozilla's roots, which are compiled in, beside one more: the file that
//! `BENCH_ROOT` names. No other is read.

mod calls;
mod driver;

use std::{env, fs};

use aws_config::BehaviorVersion;
use aws_sdk_lambda::Client;
use driver::{Error, Peer};
use tinsmith_runtime::transport::hyper::{HyperSettings, HyperTransport};
use tinsmith_runtime::transport::tls::{TlsContext, TrustStore};

fn main() -> Result<(), Error> {
    driver::main::<Sdk>()
}

#[derive(Clone)]
struct Sdk(Client);

impl Peer for Sdk {
    async fn connect() -> Result<Self, Error> {
        let root = fs::read(env::var("BENCH_ROOT")?)?;
        let trusted = TrustStore::empty().with_webpki_roots(true).with_pem_certificate(root);
        let mut settings = HyperSettings::default();
        settings.tls_context = TlsContext::builder().with_trust_store(trusted).build()?;
        let config = aws_config::defaults(BehaviorVersion::latest()).http_client(HyperTransport::new(settings));
        Ok(Self(Client::new(&config.load().await)))
    }

    async fn page(&self, size: Option<i32>) -> Result<usize, Error> {
        calls::page(&self.0, size).await
    }

    async fn walk(&self, size: Option<i32>) -> Result<(usize, usize), Error> {
        calls::walk(&self.0, size).await
    }
}
