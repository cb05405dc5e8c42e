//! What an operation can be refused with.

use super::{Context, fixups, names, protocol, shapes, types};
use crate::ir::{ErrorCase, ErrorShape, Message, Presence, Retryable, Type};
use crate::smithy::{Shape, ShapeKind};

/// The variants of an operation's error enum.
pub(super) fn cases(cx: &Context<'_>, errors: &[&Shape]) -> Vec<ErrorCase> {
    let case = |error: &&Shape| {
        let named = types::named(cx, &error.id)?;
        let is = format!("is_{}", names::snake(&named.name));
        Some(ErrorCase { is, code: protocol::error_code(cx, error), also: Vec::new(), error: named })
    };
    errors.iter().filter_map(case).collect()
}

/// The codes that the model, or a fix-up of it, says are worth another attempt.
pub(super) fn retryable(cx: &Context<'_>, errors: &[&Shape]) -> Vec<Retryable> {
    let retryable = |error: &&Shape| {
        let by_model = error.traits.retryable().map(|retryable| retryable.throttling);
        let throttling = by_model.or_else(|| fixups::is_retryable(&error.id).then_some(false))?;
        Some(Retryable { code: protocol::error_code(cx, error), throttling })
    };
    errors.iter().filter_map(retryable).collect()
}

/// The structure of an error.
pub(super) fn shape(cx: &Context<'_>, error: &Shape) -> Option<ErrorShape> {
    let ShapeKind::Structure(members) = &error.kind else { return None };
    let structure = shapes::structure(cx, error, members, protocol::Side::Error)?;
    let message = structure.fields.iter().find(|field| field.name == "message" && field.of == Type::Text);
    let is_secret = message.is_some_and(|field| field.sensitive);
    let message = message.map(|field| match field.presence {
        Presence::Optional => Message::Optional,
        Presence::Required | Presence::Defaulted(_) => Message::Always,
    });
    Some(ErrorShape { structure, message, is_secret })
}
