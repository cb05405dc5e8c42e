//! What is done to a request once it is written: by traits of its operation, and by fix-ups.

use super::fixups;
use crate::ir::Finish;
use crate::smithy::Shape;

/// The steps of an operation, in order: what moves members, then what changes the body, and last what tells of it.
pub(super) fn of(operation: &Shape) -> Vec<Finish> {
    let traits = &operation.traits;
    let mut steps = fixups::moves(&operation.id);
    // Smithy names other encodings in no model; what nobody can make is left out, as if it were not listed.
    let is_compressed = traits.request_compression().is_some_and(|of| of.encodings.contains(&"gzip"));
    steps.extend(is_compressed.then_some(Finish::Gzip));
    steps.extend(traits.http_checksum_required().then_some(Finish::ContentMd5));
    steps.extend(fixups::hashes(&operation.id));
    steps
}
