//! What a model says should no longer be used.

use super::{Context, docs};
use crate::ir::Deprecated;
use crate::smithy::{Shape, ShapeKind, Traits};

/// What these traits say of it.
pub(super) fn of(traits: &Traits) -> Option<Deprecated> {
    let said = traits.deprecated()?;
    let line = |text: Option<&str>| text.map(docs::on_one_line).filter(|line| !line.is_empty());
    Some(Deprecated { note: line(said.message), since: line(said.since) })
}

/// Whether that is anything of what is selected.
pub(super) fn is_anywhere(cx: &Context<'_>) -> bool {
    let ids = cx.selection.shapes.keys().chain(&cx.selection.operations);
    ids.filter_map(|id| cx.model.get(id)).any(|shape| traits(shape).any(|traits| traits.deprecated().is_some()))
}

/// The traits of a shape, of its members and of its values.
fn traits(shape: &Shape) -> impl Iterator<Item = &Traits> {
    let values = match &shape.kind {
        ShapeKind::Enum(values) => values.as_slice(),
        _ => &[],
    };
    let members = shape.members().into_iter().map(|member| &member.traits);
    [&shape.traits].into_iter().chain(members).chain(values.iter().map(|value| &value.traits))
}
