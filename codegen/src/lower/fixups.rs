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

/// What the lists say of this model that the model says by itself.
pub(super) fn superfluous(model: &Model) -> Vec<Diagnostic> {
    let sensitive = marked(model, &SENSITIVE, "smithy.api#sensitive", |shape| shape.traits.sensitive());
    let retryable = marked(model, &RETRYABLE, "smithy.api#retryable", |shape| shape.traits.retryable().is_some());
    [sensitive, retryable].concat()
}

fn marked(
    model: &Model,
    list: &[(&str, &str)],
    name: &'static str,
    is_marked: impl Fn(&Shape) -> bool,
) -> Vec<Diagnostic> {
    let known = |(id, reason): &(&str, &str)| {
        let shape = model.get(&ShapeId::parse(id)?)?;
        let said = format!("is marked by now: delete its fix-up ({reason}) from codegen/src/lower/fixups.rs");
        is_marked(shape).then(|| model.fault(&shape.id, said).about(name))
    };
    list.iter().filter_map(known).collect()
}
