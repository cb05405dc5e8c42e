//! The service as it is generated: plain data in which every name, type, place and wire name is decided.
//!
//! Names are Rust identifiers, ready to be printed. What is defined (an item) and what refers to a definition (a
//! [`Type`]) are different types. All lists are in the order in which they are printed.

pub mod endpoint;
pub mod feature;
pub mod partitions;
pub mod path;
mod shape;
mod types;
pub mod waiter;

use feature::{Feature, Gate};

pub use shape::{
    Builder, Deprecated, Docs, DocumentValue, Enum, ErrorShape, Events, Field, Given, Member, Message, Place, Presence,
    Setter, Shape, Shown, Structure, TimestampFormat, Union, UnionVariant, Value, Variant,
};
pub use types::{Element, Entry, Home, Named, Stream, Type};

/// A service, with the operations that were asked for and every shape that they reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The name for people: `AWS Lambda`.
    pub title: String,
    /// What it does, where the model says so.
    pub docs: Option<Docs>,
    /// The SDK id: `Lambda`.
    pub id: String,
    /// The version of the API: `2015-03-31`.
    pub version: String,
    /// The name that signatures carry: `lambda`; empty where the service takes none.
    pub signing_name: String,
    /// What each request says in headers, unless the caller says it.
    pub headers: Vec<(String, String)>,
    /// How everything travels.
    pub protocol: Protocol,
    /// Whether anything in it should no longer be used.
    pub deprecates: bool,
    /// Whether there are streams of events.
    pub has_events: bool,
    /// Whether it is called by HTTP/2, whichever of its operations.
    pub http2: Http2,
    /// Where requests go.
    pub endpoint: endpoint::RuleSet,
    /// The operations, by name.
    pub operations: Vec<Operation>,
    /// Structures and unions that several operations use, by name, but for those of `groups`.
    pub shapes: Vec<Shape>,
    /// The enums, by name, but for those of `groups` and of operations.
    pub enums: Vec<Enum>,
    /// The errors, by name, but for those of `groups`.
    pub errors: Vec<ErrorShape>,
    /// Where operations are features, what some of them alone use, by module.
    pub groups: Vec<Group<Shapes>>,
    /// The same of errors.
    pub error_groups: Vec<Group<Vec<ErrorShape>>>,
}

/// What the same operations use, and no others.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<T> {
    /// Its module, within `types` or `types::error`.
    pub module: String,
    /// When it is compiled.
    pub gate: Gate,
    /// The names of those operations.
    pub users: Vec<String>,
    /// What they use.
    pub held: T,
}

/// Shapes that are no errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Shapes {
    /// Structures and unions, by name.
    pub shapes: Vec<Shape>,
    /// Enums, by name.
    pub enums: Vec<Enum>,
}

/// Whether a service is called by HTTP/2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Http2 {
    /// Where the caller wants it.
    Possible,
    /// Where nothing else is said.
    Preferred,
    /// It speaks nothing else.
    Alone,
}

/// A protocol that the runtime has a codec for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// JSON in the body, the rest in path, query and headers.
    RestJson1,
    /// Form parameters to the service, XML back.
    AwsQuery,
}

/// A way to say who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// A signature.
    SigV4,
    /// A signature that leaves the body out.
    SigV4Unsigned,
    /// A bearer token.
    HttpBearer,
    /// Nothing.
    None,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its type, and what the names of its other types begin with: `ListLayers`.
    pub name: String,
    /// Its name in the model.
    pub model_name: String,
    /// Its module, and the client's method: `list_layers`.
    pub module: String,
    /// The feature with which it is compiled, where it has one.
    pub feature: Option<Feature>,
    /// What it does.
    pub docs: Docs,
    /// The address of its page in the service's own reference, for a service of AWS.
    pub reference: Option<String>,
    /// What the model says where it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// How it travels.
    pub protocol: Protocol,
    /// The HTTP method.
    pub method: String,
    /// What stands before the host, with its labels; empty for nearly all.
    pub host_prefix: String,
    /// The path with its labels, behind a `=` what stands for an empty one, and the constant part of the query.
    pub uri: String,
    /// Where its calls go, where it gives the rules parameters of its own.
    pub endpoint: Option<endpoint::OwnEndpoint>,
    /// What is done to a request once it is written, in order.
    pub finish: Vec<Finish>,
    /// Who may call it: one scheme at least, first choice first.
    pub auth: Vec<Auth>,
    /// What never appears in logs.
    pub sensitive: Sensitive,
    /// The structure that a caller sends.
    pub input: Structure,
    /// The structure that the service answers with.
    pub output: Output,
    /// What the service refuses with, in the order of the model.
    pub errors: Vec<ErrorCase>,
    /// Error codes that are worth another attempt.
    pub retryable: Vec<Retryable>,
    /// Whether it is called by HTTP/2 where nothing else is said: it streams events.
    pub http2: bool,
    /// How long its answer may take to begin, in seconds.
    pub answer_seconds: u32,
    /// Where pages begin and end.
    pub pages: Option<Pages>,
    /// What it can be polled for, by name.
    pub waiters: Vec<waiter::Waiter>,
    /// Structures and unions that only this operation uses, in the order in which a reader of its output meets them.
    pub shapes: Vec<Shape>,
    /// Where it has a feature, the enums that only this operation uses, in that order.
    pub enums: Vec<Enum>,
}

/// What is done to a request once it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Its query becomes a form.
    QueryAsForm,
    /// Presigned, its document becomes the query of a GET.
    PresignedAsGet,
    /// The body is compressed.
    Gzip,
    /// The MD5 digest of the body is told.
    ContentMd5,
    /// The SHA-256 hashes of an upload are told.
    TreeHash,
}

/// What of the messages of an operation never appears in logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitive {
    /// Nothing is marked so.
    None,
    /// Something in a body.
    Bodies,
    /// Something in a path, a query or headers, and perhaps in bodies too.
    All,
}

/// The answer of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its members.
    pub structure: Structure,
    /// The private field for what is known of the response beyond them.
    pub metadata: String,
}

/// An error that an operation can end in.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorCase {
    /// The variant, which is also the name of its structure: `ServiceException`.
    pub error: Named,
    /// The method that asks for it: `is_service_exception`.
    pub is: String,
    /// Its code on the wire.
    pub code: String,
    /// Others that mean the same: the names of more events that are this error.
    pub also: Vec<String>,
}

/// An error code that is worth another attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retryable {
    /// The code on the wire.
    pub code: String,
    /// Whether it asks for fewer requests.
    pub throttling: bool,
}

/// Where pages begin and end. Tokens are text.
#[derive(Clone, Debug, PartialEq)]
pub struct Pages {
    /// The input's field for the token.
    pub token: String,
    /// The name of that member on the wire.
    pub token_name: String,
    /// Where the output has the next token.
    pub next_token: Way,
    /// The input's field for the size of a page.
    pub page_size: Option<String>,
    /// What a page lists.
    pub items: Option<Items>,
}

/// What a page lists.
#[derive(Clone, Debug, PartialEq)]
pub struct Items {
    /// Where the output has them.
    pub way: Way,
    /// Their type: a list or a map.
    pub of: Type,
}

/// The way from a structure to what lies in it: a field, or fields of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The structures on the way.
    pub through: Vec<Stop>,
    /// What lies at its end.
    pub to: Stop,
}

/// A field on the way to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Its name.
    pub field: String,
    /// Whether it may be missing.
    pub optional: bool,
}
