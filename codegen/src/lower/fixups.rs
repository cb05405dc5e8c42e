//! Faults of models, mended by name, each with its reason. One that a model no longer needs is an error, so that the list
//! does not outlive them.

use crate::diagnostic::Diagnostic;
use crate::ir::Finish;
use crate::smithy::{Model, Shape, ShapeId};

/// Shapes that hold secrets, though their model does not say so.
const SENSITIVE: [(&str, &str); 2] = [
    ("com.amazonaws.sts#tokenType", "a session token signs for whoever has it"),
    ("com.amazonaws.sts#tokenCodeType", "the code of an MFA device is as good as the device while it is valid"),
];

/// Whether a shape holds a secret by this list.
pub(super) fn is_sensitive(id: &ShapeId) -> bool {
    SENSITIVE.iter().any(|(name, _)| id.as_str() == *name)
}

/// Errors that are worth another attempt, though their model does not say so. None of them is throttling.
const RETRYABLE: [(&str, &str); 1] = [(
    "com.amazonaws.sts#IDPCommunicationErrorException",
    "STS could not reach the provider of the token; its documentation and all official SDKs try again",
)];

/// Whether an error is worth another attempt by this list.
pub(super) fn is_retryable(id: &ShapeId) -> bool {
    RETRYABLE.iter().any(|(name, _)| id.as_str() == *name)
}

/// Operations whose answers may begin late, though their model does not say so: after how many seconds at most.
const LATE: [(&str, u32, &str); 2] = [
    ("com.amazonaws.lambda#Invoke", 16 * 60, "it answers when the function has run, which may take 15 minutes"),
    ("com.amazonaws.lambda#InvokeWithResponseStream", 16 * 60, "the function may run for 15 minutes before it writes"),
];

/// How long the answer of an operation may take to begin, in seconds: a minute, but for this list. A model that was cut
/// to some operations may lack one of it.
pub(super) fn answer_seconds(id: &ShapeId) -> u32 {
    LATE.iter().find(|(name, ..)| id.as_str() == *name).map_or(60, |(_, seconds, _)| *seconds)
}

/// Headers that a service wants in each request, though its model does not say so.
const HEADERS: [(&str, &str, &str, &str); 2] = [
    (
        "com.amazonaws.apigateway#BackplaneControlService",
        "accept",
        "application/json",
        "without it the service answers in HAL, another form of JSON",
    ),
    (
        "com.amazonaws.glacier#Glacier",
        "x-amz-glacier-version",
        "2012-06-01",
        "the service refuses requests that do not name the version of its API",
    ),
];

/// The headers of a service by this list.
pub(super) fn headers(service: &ShapeId) -> Vec<(String, String)> {
    let of = HEADERS.iter().filter(|(name, ..)| service.as_str() == *name);
    of.map(|(_, header, value, _)| ((*header).to_owned(), (*value).to_owned())).collect()
}

/// Labels of the paths of a service that have a value where the caller gives none, though its model does not say so.
const LABELS: [(&str, &str, &str, &str); 1] =
    [("com.amazonaws.glacier#Glacier", "accountId", "-", "the hyphen stands for the account of the credentials")];

/// The URI pattern of an operation of a service, with the values of this list: `{accountId=-}`.
pub(super) fn uri(service: &ShapeId, uri: String) -> String {
    let of = LABELS.iter().filter(|(name, ..)| service.as_str() == *name);
    of.fold(uri, |uri, (_, label, value, _)| uri.replace(&format!("{{{label}}}"), &format!("{{{label}={value}}}")))
}

/// Operations whose members travel elsewhere than their model says.
const MOVES: [(&str, Finish, &str); 2] = [
    (
        "com.amazonaws.polly#SynthesizeSpeech",
        Finish::PresignedAsGet,
        "players take an address and send no body; the service reads members in the query of a GET too",
    ),
    (
        "com.amazonaws.cloudsearchdomain#Search",
        Finish::QueryAsForm,
        "queries may be longer than an address; the service reads them from a form too, as botocore sends them",
    ),
];

/// What moves the members of an operation by this list.
pub(super) fn moves(id: &ShapeId) -> Vec<Finish> {
    finishes(&MOVES, id)
}

/// Uploads that tell hashes of their body, though their model does not say so.
const HASHES: [(&str, Finish, &str); 2] = [
    ("com.amazonaws.glacier#UploadArchive", Finish::TreeHash, TREE),
    ("com.amazonaws.glacier#UploadMultipartPart", Finish::TreeHash, TREE),
];

const TREE: &str = "the service refuses uploads without the hashes of their body";

/// What tells the hashes of an upload by this list.
pub(super) fn hashes(id: &ShapeId) -> Vec<Finish> {
    finishes(&HASHES, id)
}

fn finishes(list: &[(&str, Finish, &str)], id: &ShapeId) -> Vec<Finish> {
    list.iter().filter(|(name, ..)| id.as_str() == *name).map(|(_, step, _)| *step).collect()
}

/// What in the lists does nothing for the model of this service: the model says it by itself, or has no such shape, which
/// may have got another name. A secret would then be shown, and nobody the wiser.
pub(super) fn without_effect(model: &Model, service: &ShapeId) -> Vec<Diagnostic> {
    let of = |list, name, is_marked| idle(model, service.namespace(), list, name, is_marked);
    let sensitive = of(&SENSITIVE, "smithy.api#sensitive", |shape| shape.traits.sensitive());
    let retryable = of(&RETRYABLE, "smithy.api#retryable", |shape| shape.traits.retryable().is_some());
    [sensitive, retryable, idle_steps(model, service), idle_labels(model, service)].concat()
}

/// Operations with steps that the model does not have.
fn idle_steps(model: &Model, service: &ShapeId) -> Vec<Diagnostic> {
    let listed = MOVES.iter().chain(&HASHES).filter_map(|(id, _, reason)| Some((ShapeId::parse(id)?, reason)));
    let missing = listed.filter(|(id, _)| id.namespace() == service.namespace() && model.get(id).is_none());
    missing.map(|(id, reason)| model.fault(id, absent(reason))).collect()
}

/// Labels with values that no operation of the model has.
fn idle_labels(model: &Model, service: &ShapeId) -> Vec<Diagnostic> {
    let uris = || model.shapes.values().filter_map(|shape| shape.traits.http()).map(|http| http.uri);
    let of_service = LABELS.iter().filter(|(id, ..)| service.as_str() == *id);
    let idle = of_service.filter(|(_, label, ..)| !uris().any(|uri| uri.contains(&format!("{{{label}}}"))));
    let said = |(_, label, _, reason): &(&str, &str, &str, &str)| {
        let reason =
            format!("no path has the label {{{label}}}, which has a fix-up ({reason}): delete it from {PLACE}");
        model.fault(service, reason).about("smithy.api#http")
    };
    idle.map(said).collect()
}

/// Where the lists are.
const PLACE: &str = "codegen/src/lower/fixups.rs";

fn absent(reason: &str) -> String {
    format!("is not in the model, but has a fix-up ({reason}): name the shape that is there now in {PLACE}")
}

fn idle(
    model: &Model,
    namespace: &str,
    list: &[(&str, &str)],
    name: &'static str,
    is_marked: fn(&Shape) -> bool,
) -> Vec<Diagnostic> {
    let check = |(id, reason): &(&str, &str)| {
        let id = ShapeId::parse(id)?;
        let said = match model.get(&id) {
            Some(shape) if is_marked(shape) => format!("is marked by now: delete its fix-up ({reason}) from {PLACE}"),
            None if id.namespace() == namespace => absent(reason),
            _ => return None,
        };
        Some(model.fault(&id, said).about(name))
    };
    list.iter().filter_map(check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_operations_are_in_their_model_under_these_names() {
        let model =
            crate::smithy::load("lambda.json", include_str!("../../../model/lambda.json")).expect("it is sound");
        let operations = model.shapes.values().filter(|shape| shape.as_operation().is_some());
        let late: Vec<_> = operations
            .map(|shape| (shape.id.as_str(), answer_seconds(&shape.id)))
            .filter(|late| late.1 != 60)
            .collect();
        assert_eq!(late, LATE.map(|(name, seconds, _)| (name, seconds)));
    }

    /// What is wrong with the lists for a model of Glacier with these shapes beside its service.
    fn of_glacier(shapes: serde_json::Value) -> Vec<String> {
        let mut document = serde_json::json!({ "smithy": "2.0", "shapes": shapes });
        document["shapes"]["com.amazonaws.glacier#Glacier"] = serde_json::json!({ "type": "service", "version": "1" });
        let model = crate::smithy::load("m.json", &document.to_string()).expect("it is sound");
        let service = ShapeId::parse("com.amazonaws.glacier#Glacier").expect("it is an id");
        without_effect(&model, &service).iter().map(Diagnostic::to_string).collect()
    }

    #[test]
    fn steps_and_labels_that_fit_nothing_are_told() {
        let upload = |uri: &str| serde_json::json!({ "type": "operation", "traits": { "smithy.api#http": { "method": "POST", "uri": uri } } });
        let shapes = |uri: &str| {
            serde_json::json!({
                "com.amazonaws.glacier#UploadArchive": upload(uri),
                "com.amazonaws.glacier#UploadMultipartPart": upload("/parts"),
            })
        };
        assert_eq!(of_glacier(shapes("/{accountId}/vaults")), Vec::<String>::new());
        let label = "m.json: com.amazonaws.glacier#Glacier: @smithy.api#http: no path has the label {accountId}, which has a \
                     fix-up (the hyphen stands for the account of the credentials): delete it from \
                     codegen/src/lower/fixups.rs";
        assert_eq!(of_glacier(shapes("/{account}/vaults")), [label]);
        let gone = |name: &str| {
            format!(
                "m.json: com.amazonaws.glacier#{name}: is not in the model, but has a fix-up (the service refuses uploads \
                 without the hashes of their body): name the shape that is there now in codegen/src/lower/fixups.rs"
            )
        };
        let expected = [gone("UploadArchive"), gone("UploadMultipartPart"), label.to_owned()];
        assert_eq!(of_glacier(serde_json::json!({})), expected);
    }

    #[test]
    fn what_a_service_wants_is_said_for_it_alone() {
        let [glacier, gateway, lambda] =
            ["glacier#Glacier", "apigateway#BackplaneControlService", "lambda#AWSGirApiService"]
                .map(|name| ShapeId::parse(&format!("com.amazonaws.{name}")).expect("it is an id"));
        let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(headers(&gateway), header("accept", "application/json"));
        assert_eq!(headers(&glacier), header("x-amz-glacier-version", "2012-06-01"));
        assert_eq!(headers(&lambda), []);
        assert_eq!(uri(&glacier, "/{accountId}/{accountIds}".to_owned()), "/{accountId=-}/{accountIds}");
        assert_eq!(uri(&lambda, "/{accountId}".to_owned()), "/{accountId}");
    }
}
