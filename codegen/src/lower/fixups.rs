//! Faults of models, mended by name, each with its reason. One that a model no longer needs is an error, so that the list
//! does not outlive them.

use crate::diagnostic::Diagnostic;
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

/// What in the lists does nothing for the model of this service: the model says it by itself, or has no such shape, which
/// may have got another name. A secret would then be shown, and nobody the wiser.
pub(super) fn without_effect(model: &Model, service: &ShapeId) -> Vec<Diagnostic> {
    let of = |list, name, is_marked| idle(model, service.namespace(), list, name, is_marked);
    let sensitive = of(&SENSITIVE, "smithy.api#sensitive", |shape| shape.traits.sensitive());
    let retryable = of(&RETRYABLE, "smithy.api#retryable", |shape| shape.traits.retryable().is_some());
    [sensitive, retryable].concat()
}

fn idle(
    model: &Model,
    namespace: &str,
    list: &[(&str, &str)],
    name: &'static str,
    is_marked: fn(&Shape) -> bool,
) -> Vec<Diagnostic> {
    let place = "codegen/src/lower/fixups.rs";
    let check = |(id, reason): &(&str, &str)| {
        let id = ShapeId::parse(id)?;
        let said = match model.get(&id) {
            Some(shape) if is_marked(shape) => format!("is marked by now: delete its fix-up ({reason}) from {place}"),
            None if id.namespace() == namespace => {
                format!("is not in the model, but has a fix-up ({reason}): name the shape that is there now in {place}")
            }
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
}
