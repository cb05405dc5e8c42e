//! What traits hold that is more than a word: plain data, borrowed from the model.

use std::borrow::Cow;

use serde::Deserialize;

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorSide {
    /// The client's.
    Client,
    /// The server's.
    Server,
}

/// An error that is worth another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Retryable {
    /// Whether it asks for fewer requests.
    #[serde(default)]
    pub throttling: bool,
}

/// What should no longer be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Deprecated<'a> {
    /// What to use in its place, or why.
    pub message: Option<&'a str>,
    /// The date or the version from which on.
    pub since: Option<&'a str>,
}

/// The HTTP form of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Http<'a> {
    /// The method.
    pub method: &'a str,
    /// The path with its labels, and fixed query parameters.
    pub uri: &'a str,
}

/// The prefix of the host of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint<'a> {
    /// The prefix with its labels: `{Account}.data.`.
    pub host_prefix: &'a str,
}

/// How a timestamp is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimestampFormat {
    /// RFC 3339.
    DateTime,
    /// Seconds since 1970.
    EpochSeconds,
    /// The fixed form of RFC 9110.
    HttpDate,
}

/// Where pages begin and end: names of members, dotted where they are nested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paginated<'a> {
    /// The input's token.
    pub input_token: Option<&'a str>,
    /// The output's token.
    pub output_token: Option<&'a str>,
    /// The output's list or map.
    pub items: Option<&'a str>,
    /// The input's page size.
    pub page_size: Option<&'a str>,
}

/// The names of an AWS service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceIds<'a> {
    /// The name that SDKs derive theirs from.
    pub sdk_id: &'a str,
    /// What documentation knows it by, with its version, where that is not the SDK id.
    pub doc_id: Option<&'a str>,
}

/// A signing name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Signing<'a> {
    /// The name that the credential scope holds.
    pub name: &'a str,
}

/// The code of an error under awsQuery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct QueryError<'a> {
    /// The code on the wire.
    pub code: &'a str,
}

/// The compression of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Compression<'a> {
    /// The encodings that the service takes, first choice first.
    #[serde(borrow)]
    pub encodings: Vec<&'a str>,
}

/// Checksums of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpChecksum<'a> {
    /// Whether a request must have one.
    #[serde(default)]
    pub request_checksum_required: bool,
    /// The input's member that chooses the algorithm of the request.
    pub request_algorithm_member: Option<&'a str>,
}

/// What an operation can be polled for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiter<'a> {
    /// What is waited for, in prose.
    pub documentation: Option<Cow<'a, str>>,
    /// What answers mean, first match first.
    #[serde(borrow)]
    pub acceptors: Vec<Acceptor<'a>>,
    /// The least that is waited between two polls, in seconds.
    pub min_delay: Option<u32>,
    /// The most that is waited between two polls, in seconds.
    pub max_delay: Option<u32>,
}

/// What an answer of a kind means.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Acceptor<'a> {
    /// What it means.
    pub state: WaiterState,
    /// Its kind.
    #[serde(borrow)]
    pub matcher: Matcher<'a>,
}

/// What an answer means for a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WaiterState {
    /// What was waited for is there.
    Success,
    /// It will not come.
    Failure,
    /// It may come yet.
    Retry,
}

/// A kind of answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Matcher<'a> {
    /// One that is no error, or one that is.
    Success(bool),
    /// An error of this name.
    ErrorType(&'a str),
    /// An output in which something is found.
    #[serde(borrow)]
    Output(PathMatcher<'a>),
    /// An output in which something is found, or in the input.
    #[serde(borrow)]
    InputOutput(PathMatcher<'a>),
}

/// What is to be found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PathMatcher<'a> {
    /// Where: JMESPath.
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    /// What.
    #[serde(borrow)]
    pub expected: Cow<'a, str>,
    /// What it has to be for that.
    pub comparator: PathComparator,
}

/// What something has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PathComparator {
    /// This text.
    StringEquals,
    /// This boolean.
    BooleanEquals,
    /// A list with items, each this text.
    AllStringEquals,
    /// A list with this text among its items.
    AnyStringEquals,
}
