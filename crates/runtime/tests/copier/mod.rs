//! An operation with a stream in both directions, as the generator writes it, and a client of it.

#![allow(unreachable_pub, reason = "the macros write what a generated crate publishes")]

use std::time::Duration;

use tinsmith_runtime::client::Handle;
use tinsmith_runtime::codec::RestJson1;
use tinsmith_runtime::config::retry::RetryConfig;
use tinsmith_runtime::config::{Builder, Config};
use tinsmith_runtime::credentials::Credentials;
use tinsmith_runtime::endpoint::{Builtins, Endpoint, EndpointError};
use tinsmith_runtime::operation::{Auth, Meta, Operation, Protocol, ResponseMetadata, Sensitive, ServiceMeta};
use tinsmith_runtime::primitives::ByteStream;
use tinsmith_runtime::region::Region;
use tinsmith_runtime::retry::Policy;
use tinsmith_runtime::wire::{Member, StreamMember};
use tinsmith_runtime::{builder, error_enum, fluent, members, output, service_client};

#[derive(Debug, Default)]
pub struct CopyInput {
    pub name: Option<String>,
    pub body: ByteStream,
}

members! {
    CopyInput with body: ByteStream = StreamMember::new("body"); {
        name: Option<&str> = Member::header("x-name"),
    }
}

builder! {
    CopyBuilder => CopyInput with stream {
        name(impl Into<String>) set_name(Option<String>),
        body(stream ByteStream) set_body(Option<ByteStream>),
    }
}

service_client! {
    #[of(SERVICE)]
    /// A client of the copier.
    pub struct Client {}
}

fluent! {
    impl Client {
        /// Copies a stream.
        copy: CopyBuilder => Copy(CopyInput),
    }
}

#[derive(Debug, Default)]
pub struct CopyOutput {
    pub name: Option<String>,
    pub body: ByteStream,
    metadata: ResponseMetadata,
}

members! {
    CopyOutput with body: ByteStream = StreamMember::new("body"); {
        name: Option<&str> = Member::header("x-name"),
    }
}

output!(CopyOutput, metadata);

error_enum! {
    /// No error is modelled.
    pub enum CopyError {}
}

impl tinsmith_runtime::operation::OperationError for CopyError {
    fn read<P: Protocol>(_: &tinsmith_runtime::http::Response, meta: tinsmith_runtime::error::ErrorMetadata) -> Self {
        Self::Unhandled(tinsmith_runtime::error::Unhandled::new(None, meta))
    }
}

static SERVICE: ServiceMeta = ServiceMeta {
    id: "Copier",
    version: "2026-01-01",
    signing_name: "copier",
    headers: &[],
    endpoint,
    error_metadata: RestJson1::error_metadata,
};

fn endpoint(builtins: &Builtins<'_>) -> Result<Endpoint, EndpointError> {
    Ok(Endpoint::new(builtins.endpoint.unwrap_or("https://copier.example")))
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Copy;

impl Operation for Copy {
    type Input = CopyInput;
    type Output = CopyOutput;
    type Error = CopyError;
    type Protocol = RestJson1;
    const META: &'static Meta = &Meta {
        name: "Copy",
        service: &SERVICE,
        method: "POST",
        host_prefix: "",
        uri: "/copy",
        retryable: &[],
        retry: Policy { base: Duration::from_millis(1), ..Policy::STANDARD },
        answer_seconds: 60,
        auth: &[Auth::SigV4],
        sensitive: Sensitive::None,
    };
}

/// Settings that need nothing of the machine.
pub(crate) fn config(origin: &str) -> Builder {
    Config::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .endpoint_url(origin)
}

/// A call to this server.
pub(crate) fn copy(origin: &str) -> CopyBuilder<Handle> {
    copy_with(config(origin))
}

/// A call with these settings.
pub(crate) fn copy_with(config: Builder) -> CopyBuilder<Handle> {
    Client::from_conf(config.build()).copy()
}
