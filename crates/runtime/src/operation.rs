//! What a generated operation says of itself, and the protocols that carry operations.

use crate::codec::{ReadError, WriteError};
use crate::endpoint::{Builtins, Endpoint, EndpointError, ResolveFor};
use crate::error::{CreateUnhandledError, ErrorMetadata, ProvideErrorMetadata};
use crate::finish::Finish;
use crate::http::{Request, Response};
use crate::random::Random;
use crate::retry::Policy;
use crate::wire::Wire;

pub use crate::error::RequestId;

/// An operation of a service: its types, and the facts that the call needs.
pub trait Operation: Send + Sync + 'static {
    /// What a caller sends.
    type Input: Wire + Send + Sync + 'static;
    /// What the service answers.
    type Output: Wire + ResponseContext + Send + Sync + 'static;
    /// What the service refuses with.
    type Error: OperationError;
    /// How both travel.
    type Protocol: Protocol;
    /// The facts.
    const META: &'static Meta;
    /// Where its calls go, where that hangs on the operation or its input; for nearly all it hangs on the settings alone.
    const ENDPOINT: Option<ResolveFor<Self::Input>> = None;
    /// What is done to its requests before they are signed, in order; nothing for nearly all.
    const FINISH: &'static [&'static dyn Finish] = &[];
}

/// Leads from an input to its operation, so that a client can send the input alone.
pub trait OperationInput: Wire + Send + Sync + 'static {
    /// The operation that takes this input.
    type Operation: Operation<Input = Self>;
}

/// The facts of an operation that do not depend on its types.
#[derive(Debug)]
pub struct Meta {
    /// The name in the model: `ListLayers`.
    pub name: &'static str,
    /// The service that offers it.
    pub service: &'static ServiceMeta,
    /// The HTTP method.
    pub method: &'static str,
    /// What stands before the host of the endpoint, with labels in braces: `{Account}.data.`; empty for nearly all.
    pub host_prefix: &'static str,
    /// The path, with labels in braces, behind a `=` what stands for an empty one, and the constant part of the query.
    pub uri: &'static str,
    /// Error codes that the model marks as worth a retry, and whether each is throttling.
    pub retryable: &'static [(&'static str, bool)],
    /// How it is retried where the settings say nothing.
    pub retry: Policy,
    /// How long its answer may take to begin, in seconds, where the settings say nothing: 60 for nearly all.
    pub answer_seconds: u32,
    /// Who may call it: one scheme at least, first choice first.
    pub auth: &'static [Auth],
    /// What of its messages never appears in logs.
    pub sensitive: Sensitive,
}

/// What of the messages of an operation never appears in logs, by its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sensitive {
    /// Nothing is marked so.
    None,
    /// Something in a body.
    Bodies,
    /// Something in a path, a query or headers, and perhaps in bodies too.
    All,
}

/// A way to say who calls: an auth scheme of Smithy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// A signature (`aws.auth#sigv4`).
    SigV4,
    /// A signature that leaves the body out (`aws.auth#unsignedPayload`).
    SigV4Unsigned,
    /// A bearer token (`smithy.api#httpBearerAuth`).
    HttpBearer,
    /// Nothing (`smithy.api#noAuth`): requests carry what else they need.
    None,
}

impl Auth {
    /// The name that settings and endpoints call it by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SigV4 | Self::SigV4Unsigned => "sigv4",
            Self::HttpBearer => "httpBearerAuth",
            Self::None => "noAuth",
        }
    }
}

/// The facts of a service.
#[derive(Debug)]
pub struct ServiceMeta {
    /// The SDK id: `Lambda`. Settings are named after it.
    pub id: &'static str,
    /// The API version: `2015-03-31`.
    pub version: &'static str,
    /// The name that signatures carry: `lambda`; empty where the service takes none.
    pub signing_name: &'static str,
    /// What each of its requests says in headers, unless the caller says it; nothing for nearly all.
    pub headers: &'static [(&'static str, &'static str)],
    /// The rule set, compiled.
    pub endpoint: fn(&Builtins<'_>) -> Result<Endpoint, EndpointError>,
    /// Where the protocol keeps code and message of an error.
    pub error_metadata: fn(&Response) -> ErrorMetadata,
}

/// A protocol: how inputs, outputs and errors travel in HTTP messages. Writing fails where a value has no form on the wire,
/// reading where bytes are no such value: the error says which member, and where in the text.
pub trait Protocol {
    /// Writes a request, without endpoint and signature. Tokens that the caller did not give are made by chance.
    fn write_request<T: Wire>(meta: &Meta, input: &T, random: &dyn Random) -> Result<Request, WriteError>;
    /// Reads a response whose body is whole.
    fn read_response<T: Wire>(response: &Response) -> Result<T, ReadError>;
    /// Reads the members of a modelled error.
    fn read_error<T: Wire>(response: &Response) -> Result<T, ReadError>;
    /// Finds code and message of any error, modelled or not; whatever the bytes are, it does not fail.
    fn error_metadata(response: &Response) -> ErrorMetadata;
}

/// The error enum of an operation.
pub trait OperationError:
    CreateUnhandledError + ProvideErrorMetadata + std::error::Error + Send + Sync + Sized + 'static
{
    /// Reads the variant that the code in `meta` names; the unhandled one for a code that the model does not list.
    fn read<P: Protocol>(response: &Response, meta: ErrorMetadata) -> Self;
}

/// Reads an error structure. One whose body cannot be read keeps its type, code and status, without its members:
/// a proxy's page of HTML must not hide what the header said.
#[doc(hidden)]
pub fn read_modeled<P: Protocol, T: ModeledError>(response: &Response, meta: ErrorMetadata) -> T {
    P::read_error::<T>(response).unwrap_or_default().with_metadata(meta)
}

/// An error structure of the model.
pub trait ModeledError: Wire {
    /// Keeps what is known of the error beyond its members.
    fn with_metadata(self, meta: ErrorMetadata) -> Self;
}

/// What is known of a response beyond its members. Every output carries one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseMetadata {
    pub(crate) request_id: Option<String>,
    pub(crate) status: u16,
    pub(crate) attempts: u32,
}

impl ResponseMetadata {
    pub(crate) fn of(response: &Response, attempts: u32) -> Self {
        let request_id = response.request_id().map(str::to_owned);
        Self { request_id, status: response.status().as_u16(), attempts }
    }

    /// The id that the service gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// How many attempts the call took, the successful one included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// An output that knows the response it came from.
pub trait ResponseContext {
    /// What is known of the response.
    fn response_metadata(&self) -> &ResponseMetadata;
    /// Keeps what is known of the response.
    #[doc(hidden)]
    fn set_response_metadata(&mut self, metadata: ResponseMetadata);
}
