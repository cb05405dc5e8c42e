//! Shapes → Rust types, and what accessors and setters make of them.

use super::{Context, fixups, streams};
use crate::ir::{Element, Entry, Given, Named, Shown, Type};
use crate::smithy::{Member, Shape, ShapeId, ShapeKind};

/// The type of a shape; `None` for what the runtime has no type for, which `support` refuses.
pub(super) fn of(cx: &Context<'_>, id: &ShapeId) -> Option<Type> {
    if let Some(stream) = cx.model.get(id).and_then(streams::of) {
        return Some(stream);
    }
    Some(match cx.kind(id) {
        ShapeKind::String => Type::Text,
        ShapeKind::Boolean => Type::Boolean,
        ShapeKind::Byte => Type::Byte,
        ShapeKind::Short => Type::Short,
        // As in the official crates, an integer enum is the number that it stands for.
        ShapeKind::Integer | ShapeKind::IntEnum(_) => Type::Integer,
        ShapeKind::Long => Type::Long,
        ShapeKind::Float => Type::Float,
        ShapeKind::Double => Type::Double,
        ShapeKind::BigInteger => Type::BigInteger,
        ShapeKind::BigDecimal => Type::BigDecimal,
        ShapeKind::Blob => Type::Blob,
        ShapeKind::Timestamp => Type::Timestamp,
        ShapeKind::Document => Type::Document,
        ShapeKind::List(member) => Type::List(Box::new(element(cx, id, member)?)),
        ShapeKind::Map { key, value } => {
            Type::Map(Box::new(Entry { key: of(cx, &key.target)?, value: element(cx, id, value)? }))
        }
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) => Type::Named(named(cx, id)?),
        _ => return None,
    })
}

/// The reference to a shape that has a type of its own.
pub(super) fn named(cx: &Context<'_>, id: &ShapeId) -> Option<Named> {
    Some(Named { name: cx.names.get(id)?.clone(), home: cx.homes.get(id)?.clone() })
}

fn element(cx: &Context<'_>, container: &ShapeId, member: &Member) -> Option<Element> {
    let sparse = cx.model.get(container).is_some_and(|shape| shape.traits.sparse());
    Some(Element { of: of(cx, &member.target)?, sparse })
}

/// What an accessor shows of a field of this type.
pub(super) fn shown(of: &Type) -> Shown {
    match of {
        Type::Text => Shown::Text,
        Type::List(element) => Shown::Slice((**element).clone()),
        Type::Boolean | Type::Byte | Type::Short | Type::Integer | Type::Long | Type::Float | Type::Double => {
            Shown::Copied
        }
        _ => Shown::Borrowed,
    }
}

/// What the setter of a field of this type takes.
pub(super) fn given(of: &Type) -> Given {
    match of {
        Type::List(element) => Given::Element((**element).clone()),
        Type::Map(entry) => Given::Entry((**entry).clone()),
        _ => Given::Value,
    }
}

/// Whether what a member holds never appears in logs: so says the member, its target, or what lists and maps hold.
pub(super) fn is_sensitive(cx: &Context<'_>, member: &Member) -> bool {
    let Some(target) = cx.model.target(member) else { return false };
    let holds = matches!(target.kind, ShapeKind::List(_) | ShapeKind::Map { .. });
    member.traits.sensitive()
        || is_secret(target)
        || holds && target.members().into_iter().any(|member| is_sensitive(cx, member))
}

/// Whether a shape by itself is a secret: so says its model, or a fix-up.
pub(super) fn is_secret(shape: &Shape) -> bool {
    shape.traits.sensitive() || fixups::is_sensitive(&shape.id)
}
