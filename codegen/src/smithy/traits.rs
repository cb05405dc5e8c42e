//! Traits: what a model says of a shape or a member.
//!
//! The table below names every trait that the generator acts on, with its type. `load` checks each value against it once,
//! so that an accessor has nothing left to refuse; the JSON stays what is stored.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::trait_values::{
    ClientParam, ContextParam, Deprecated, Endpoint, ErrorSide, Http, HttpChecksum, Paginated, PathParam, QueryError,
    Retryable, ServiceIds, Signing, StaticParam, TimestampFormat, XmlNamespace,
};

/// What is said of a shape or of a member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits(Map<String, Value>);

impl Traits {
    /// Takes the traits of a model.
    ///
    /// # Errors
    ///
    /// The id and the fault of every trait whose value is not what the table below says.
    pub(crate) fn checked(values: Map<String, Value>) -> (Self, Vec<(String, String)>) {
        let faults = values.iter().filter_map(|(id, value)| Some((id.clone(), check(id, value).err()?))).collect();
        (Self(values), faults)
    }

    /// The JSON of a trait, by its whole id.
    pub fn get(&self, id: &str) -> Option<&Value> {
        self.0.get(id)
    }

    /// Whether the trait stands here.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Every trait, in the order of the model.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(id, value)| (id.as_str(), value))
    }

    /// Whether the generator acts on traits of this id, or is right to pass over them.
    pub fn is_known(id: &str) -> bool {
        let namespace = id.split_once('#').map_or("", |(namespace, _)| namespace);
        IDS.contains(&id) || WITHOUT_EFFECT.contains(&id) || NAMESPACES_WITHOUT_EFFECT.contains(&namespace)
    }
}

/// Traits that change nothing for a client: constraints, which the service checks, and notes for other readers.
const WITHOUT_EFFECT: &[&str] = &[
    "aws.api#arn",
    "aws.api#controlPlane",
    "aws.api#data",
    "aws.api#dataPlane",
    "aws.api#tagEnabled",
    "aws.api#taggable",
    "smithy.api#changelog",
    "smithy.api#cors",
    "smithy.api#examples",
    "smithy.api#externalDocumentation",
    "smithy.api#idRef",
    "smithy.api#internal",
    "smithy.api#length",
    "smithy.api#nestedProperties",
    "smithy.api#noReplace",
    "smithy.api#notProperty",
    "smithy.api#pattern",
    "smithy.api#private",
    "smithy.api#property",
    "smithy.api#range",
    "smithy.api#recommended",
    "smithy.api#references",
    "smithy.api#resourceIdentifier",
    "smithy.api#since",
    "smithy.api#suppress",
    "smithy.api#tags",
    "smithy.api#uniqueItems",
    "smithy.api#unstable",
];

/// The same, whole namespaces.
const NAMESPACES_WITHOUT_EFFECT: &[&str] = &["aws.cloudformation", "aws.iam", "smithy.test"];

macro_rules! traits {
    (
        flags { $($(#[$flag_doc:meta])* $flag:ident = $flag_id:literal;)* }
        values { $($(#[$doc:meta])* $name:ident: $type:ty = $id:literal;)* }
    ) => {
        impl Traits {
            $($(#[$flag_doc])* pub fn $flag(&self) -> bool { self.has($flag_id) })*
            $($(#[$doc])* pub fn $name(&self) -> Option<$type> {
                // Checked when the model was loaded, so that no error is lost here.
                <$type>::deserialize(self.get($id)?).ok()
            })*
        }

        const IDS: &[&str] = &[$($flag_id,)* $($id,)* "smithy.api#default", "smithy.api#enumValue", "smithy.api#enum"];

        fn check(id: &str, value: &Value) -> Result<(), String> {
            match id {
                $($flag_id)|* => match value {
                    Value::Object(_) => Ok(()),
                    other => Err(format!("expected {{}}, found {other}")),
                },
                $($id => <$type>::deserialize(value).map(drop).map_err(reason),)*
                _ => Ok(()),
            }
        }
    };
}

traits! {
    flags {
        /// The member is always there.
        required = "smithy.api#required";
        /// A client treats the member as one that may be missing, whatever else is said.
        client_optional = "smithy.api#clientOptional";
        /// The default came after the member: a client may ignore it.
        added_default = "smithy.api#addedDefault";
        /// The structure is the input of one operation.
        input = "smithy.api#input";
        /// The structure is the output of one operation.
        output = "smithy.api#output";
        /// The value never appears in logs.
        sensitive = "smithy.api#sensitive";
        /// The list or map may hold nulls.
        sparse = "smithy.api#sparse";
        /// The blob is a stream, or the union a stream of events.
        streaming = "smithy.api#streaming";
        /// The length of the stream is known before it is sent.
        requires_length = "smithy.api#requiresLength";
        /// The member of an event that travels in its headers.
        event_header = "smithy.api#eventHeader";
        /// The member of an event that is its payload.
        event_payload = "smithy.api#eventPayload";
        /// Filled with a fresh UUID where the caller gives none.
        idempotency_token = "smithy.api#idempotencyToken";
        /// Asking twice does what asking once does.
        idempotent = "smithy.api#idempotent";
        /// Asking changes nothing.
        readonly = "smithy.api#readonly";
        /// The member travels in the path.
        http_label = "smithy.api#httpLabel";
        /// The map's entries travel in the query.
        http_query_params = "smithy.api#httpQueryParams";
        /// The member is the body.
        http_payload = "smithy.api#httpPayload";
        /// The member is the status code.
        http_response_code = "smithy.api#httpResponseCode";
        /// The request carries a checksum of its body.
        http_checksum_required = "smithy.api#httpChecksumRequired";
        /// The member stands in the prefix of the host.
        host_label = "smithy.api#hostLabel";
        /// The member is an attribute of its element.
        xml_attribute = "smithy.api#xmlAttribute";
        /// The list or map has no element of its own.
        xml_flattened = "smithy.api#xmlFlattened";
        /// The shape is copied into others, and is no type.
        mixin = "smithy.api#mixin";
        /// The operation may go unsigned.
        optional_auth = "smithy.api#optionalAuth";
        /// The service takes bearer tokens.
        http_bearer_auth = "smithy.api#httpBearerAuth";
        /// The body is not signed.
        unsigned_payload = "aws.auth#unsignedPayload";
        /// The service speaks restJson1.
        rest_json_1 = "aws.protocols#restJson1";
        /// The service speaks restXml.
        rest_xml = "aws.protocols#restXml";
        /// The service speaks awsJson1_0.
        aws_json_1_0 = "aws.protocols#awsJson1_0";
        /// The service speaks awsJson1_1.
        aws_json_1_1 = "aws.protocols#awsJson1_1";
        /// The service speaks awsQuery.
        aws_query = "aws.protocols#awsQuery";
        /// The service speaks ec2Query.
        ec2_query = "aws.protocols#ec2Query";
        /// The service speaks rpcv2Cbor.
        rpc_v2_cbor = "smithy.protocols#rpcv2Cbor";
        /// The service answers with the error codes that it had under awsQuery.
        aws_query_compatible = "aws.protocols#awsQueryCompatible";
    }
    values {
        /// Prose: Markdown in the project's models, HTML in official ones.
        documentation: &str = "smithy.api#documentation";
        /// The name of the service for people.
        title: &str = "smithy.api#title";
        /// No longer to be used.
        deprecated: Deprecated<'_> = "smithy.api#deprecated";
        /// Whose fault the error is.
        error: ErrorSide = "smithy.api#error";
        /// The status of the error.
        http_error: u16 = "smithy.api#httpError";
        /// The error is worth another attempt.
        retryable: Retryable = "smithy.api#retryable";
        /// Method, path and status.
        http: Http<'_> = "smithy.api#http";
        /// The member's name in the query.
        http_query: &str = "smithy.api#httpQuery";
        /// The member's header.
        http_header: &str = "smithy.api#httpHeader";
        /// What comes before the map's keys in headers.
        http_prefix_headers: &str = "smithy.api#httpPrefixHeaders";
        /// The prefix of the host.
        endpoint: Endpoint<'_> = "smithy.api#endpoint";
        /// The member's name in JSON.
        json_name: &str = "smithy.api#jsonName";
        /// The member's or the structure's name in XML.
        xml_name: &str = "smithy.api#xmlName";
        /// The namespace in XML.
        xml_namespace: XmlNamespace<'_> = "smithy.api#xmlNamespace";
        /// The media type of the text or bytes.
        media_type: &str = "smithy.api#mediaType";
        /// How a timestamp is spelt.
        timestamp_format: TimestampFormat = "smithy.api#timestampFormat";
        /// Where pages begin and end. [`Model::paginated`](super::Model::paginated) merges service and operation.
        paginated: Paginated<'_> = "smithy.api#paginated";
        /// The auth schemes of the service or the operation, first choice first.
        auth: Vec<&str> = "smithy.api#auth";
        /// The names of the service.
        service_ids: ServiceIds<'_> = "aws.api#service";
        /// The name that signatures carry.
        sigv4: Signing<'_> = "aws.auth#sigv4";
        /// The name that signatures for several regions carry.
        sigv4a: Signing<'_> = "aws.auth#sigv4a";
        /// The code of the error under awsQuery.
        query_error: QueryError<'_> = "aws.protocols#awsQueryError";
        /// The member's name under ec2Query.
        ec2_query_name: &str = "aws.protocols#ec2QueryName";
        /// Checksums of request and response.
        http_checksum: HttpChecksum<'_> = "aws.protocols#httpChecksum";
        /// The member is a parameter of the endpoint rules.
        context_param: ContextParam<'_> = "smithy.rules#contextParam";
        /// Fixed parameters of the endpoint rules: `{ name: { value } }`.
        static_context_params: BTreeMap<&str, StaticParam> = "smithy.rules#staticContextParams";
        /// Parameters of the endpoint rules that a JMESPath finds in the input: `{ name: { path } }`.
        operation_context_params: BTreeMap<&str, PathParam<'_>> = "smithy.rules#operationContextParams";
        /// Parameters of the endpoint rules that are settings of the client: `{ name: { type, documentation } }`.
        client_context_params: BTreeMap<&str, ClientParam<'_>> = "smithy.rules#clientContextParams";
        /// The endpoint rules.
        endpoint_rule_set: Map<String, Value> = "smithy.rules#endpointRuleSet";
        /// Cases of the endpoint rules.
        endpoint_tests: Map<String, Value> = "smithy.rules#endpointTests";
        /// The endpoint rules as a decision diagram.
        endpoint_bdd: Map<String, Value> = "smithy.rules#endpointBdd";
        /// Waiters, by name.
        waitable: Map<String, Value> = "smithy.waiters#waitable";
    }
}

/// What serde says, in words of JSON, not of Rust.
fn reason(error: serde_json::Error) -> String {
    let text = error.to_string().replace("a borrowed string", "a string");
    match text.split_once("expected struct ") {
        Some((found, _)) => format!("{found}expected an object"),
        None => text,
    }
}

impl Traits {
    /// The default. `null` says that there is none, over what the target of the member says.
    pub fn default(&self) -> Option<&Value> {
        self.get("smithy.api#default")
    }
}
