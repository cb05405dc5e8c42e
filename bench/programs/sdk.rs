//! Lists layers with `aws-sdk-lambda` and `aws-config`, official or ours.

mod calls;
mod driver;

use aws_config::BehaviorVersion;
use aws_sdk_lambda::Client;
use driver::{Error, Peer};

fn main() -> Result<(), Error> {
    driver::main::<Sdk>()
}

#[derive(Clone)]
struct Sdk(Client);

impl Peer for Sdk {
    async fn connect() -> Result<Self, Error> {
        Ok(Self(Client::new(&aws_config::load_defaults(BehaviorVersion::latest()).await)))
    }

    async fn page(&self, size: Option<i32>) -> Result<usize, Error> {
        calls::page(&self.0, size).await
    }

    async fn walk(&self, size: Option<i32>) -> Result<(usize, usize), Error> {
        calls::walk(&self.0, size).await
    }
}
