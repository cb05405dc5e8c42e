//! Traits: what a model says of a shape or a member.
//!
//! The table below names every trait whose value the generator reads, with its type. `load` checks each value against it
//! once, so that an accessor has nothing left to refuse; the JSON stays what is stored.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::trait_values::{
    Compression, Deprecated, Endpoint, ErrorSide, Http, HttpChecksum, Paginated, QueryError, Retryable, ServiceIds,
    Signing, TimestampFormat, Waiter,
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
        let lists = [IDS, WITHOUT_VALUE, WITHOUT_EFFECT];
        lists.iter().any(|list| list.contains(&id)) || NAMESPACES_WITHOUT_EFFECT.contains(&namespace)
    }
}

/// Traits that are acted on without the table: that they are there is enough, or other files read their JSON.
const WITHOUT_VALUE: &[&str] = &[
    "aws.auth#sigv4a",
    "aws.auth#unsignedPayload",
    "smithy.api#default",
    "smithy.api#enum",
    "smithy.api#enumValue",
    "smithy.api#httpBearerAuth",
    "smithy.api#mixin",
    "smithy.api#requiresLength",
    "smithy.api#streaming",
    "smithy.rules#contextParam",
    "smithy.rules#endpointBdd",
    "smithy.rules#endpointRuleSet",
    "smithy.rules#operationContextParams",
    "smithy.rules#staticContextParams",
];

/// Traits that change nothing for a client, or not yet: constraints, which the service checks, notes for other readers, and
/// what no code is made of so far.
const WITHOUT_EFFECT: &[&str] = &[
    "aws.api#arn",
    "aws.api#controlPlane",
    "aws.api#data",
    "aws.api#dataPlane",
    "aws.api#tagEnabled",
    "aws.api#taggable",
    "aws.protocols#awsQueryCompatible",
    "aws.protocols#ec2QueryName",
    "smithy.api#addedDefault",
    "smithy.api#changelog",
    "smithy.api#cors",
    "smithy.api#examples",
    "smithy.api#externalDocumentation",
    "smithy.api#httpError",
    "smithy.api#idRef",
    "smithy.api#idempotent",
    "smithy.api#input",
    "smithy.api#internal",
    "smithy.api#length",
    "smithy.api#nestedProperties",
    "smithy.api#noReplace",
    "smithy.api#notProperty",
    "smithy.api#output",
    "smithy.api#pattern",
    "smithy.api#private",
    "smithy.api#property",
    "smithy.api#range",
    "smithy.api#readonly",
    "smithy.api#recommended",
    "smithy.api#references",
    "smithy.api#resourceIdentifier",
    "smithy.api#since",
    "smithy.api#suppress",
    "smithy.api#tags",
    "smithy.api#uniqueItems",
    "smithy.api#unstable",
    "smithy.api#xmlNamespace",
    "smithy.rules#clientContextParams",
    "smithy.rules#endpointTests",
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

        const IDS: &[&str] = &[$($flag_id,)* $($id,)*];

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
        /// The value never appears in logs.
        sensitive = "smithy.api#sensitive";
        /// The list or map may hold nulls.
        sparse = "smithy.api#sparse";
        /// Filled with a fresh UUID where the caller gives none.
        idempotency_token = "smithy.api#idempotencyToken";
        /// The member travels in the path.
        http_label = "smithy.api#httpLabel";
        /// The map's entries travel in the query.
        http_query_params = "smithy.api#httpQueryParams";
        /// The member is the body.
        http_payload = "smithy.api#httpPayload";
        /// The member is the status code.
        http_response_code = "smithy.api#httpResponseCode";
        /// The member travels in a header of its event.
        event_header = "smithy.api#eventHeader";
        /// The member is the payload of its event.
        event_payload = "smithy.api#eventPayload";
        /// The member stands in the prefix of the host.
        host_label = "smithy.api#hostLabel";
        /// The member is an attribute of its element.
        xml_attribute = "smithy.api#xmlAttribute";
        /// The list or map has no element of its own.
        xml_flattened = "smithy.api#xmlFlattened";
        /// Requests tell the MD5 digest of their body.
        http_checksum_required = "smithy.api#httpChecksumRequired";
        /// The operation may go unsigned.
        optional_auth = "smithy.api#optionalAuth";
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
    }
    values {
        /// Prose: Markdown in the project's models, HTML in official ones.
        documentation: &str = "smithy.api#documentation";
        /// It should no longer be used.
        deprecated: Deprecated<'_> = "smithy.api#deprecated";
        /// The name of the service for people.
        title: &str = "smithy.api#title";
        /// Whose fault the error is.
        error: ErrorSide = "smithy.api#error";
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
        /// The code of the error under awsQuery.
        query_error: QueryError<'_> = "aws.protocols#awsQueryError";
        /// How the bodies of requests may be compressed.
        request_compression: Compression<'_> = "smithy.api#requestCompression";
        /// Checksums of request and response.
        http_checksum: HttpChecksum<'_> = "aws.protocols#httpChecksum";
        /// What the operation can be polled for, by name.
        waitable: BTreeMap<&str, Waiter<'_>> = "smithy.waiters#waitable";
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
