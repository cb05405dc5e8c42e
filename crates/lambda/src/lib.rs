//! A thin client of AWS Lambda.

pub mod client;
pub mod config;
mod endpoint;
mod enums;
pub mod error;
pub mod meta;
pub mod operation;
pub mod primitives;
pub mod types;

use tinsmith_runtime::codec::RestJson1;
use tinsmith_runtime::operation::{Protocol, ServiceMeta};

pub use client::Client;
pub use config::Config;
pub use error::Error;

/// The facts of the service that all its operations share.
static SERVICE: ServiceMeta = ServiceMeta {
    id: "Lambda",
    version: "2015-03-31",
    signing_name: "lambda",
    endpoint: endpoint::resolve,
    error_metadata: RestJson1::error_metadata,
};
