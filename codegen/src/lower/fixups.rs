//! Faults of models, mended by name, each with its reason. One that a model no longer needs is an error, so that the list
//! does not outlive them.

use crate::diagnostic::Diagnostic;
use crate::smithy::{Model, ShapeId};

/// Shapes that hold secrets, though their model does not say so.
const SENSITIVE: [(&str, &str); 2] = [
    ("com.amazonaws.sts#tokenType", "a session token signs for whoever has it"),
    ("com.amazonaws.sts#tokenCodeType", "the code of an MFA device is as good as the device while it is valid"),
];

/// Whether a shape holds a secret by this list.
pub(super) fn is_sensitive(id: &ShapeId) -> bool {
    SENSITIVE.iter().any(|(name, _)| id.as_str() == *name)
}

/// What the list says of this model that the model says by itself.
pub(super) fn superfluous(model: &Model) -> Vec<Diagnostic> {
    let known = |(name, reason): &(&str, &str)| {
        let shape = model.get(&ShapeId::parse(name)?)?;
        let said = format!("is marked by now: delete its fix-up ({reason}) from codegen/src/lower/fixups.rs");
        shape.traits.sensitive().then(|| model.fault(&shape.id, said).about("smithy.api#sensitive"))
    };
    SENSITIVE.iter().filter_map(known).collect()
}
