//! Structures, unions and enums, member by member.

use super::protocol::{self, Side};
use super::{Context, deprecation, docs, events, names, presence, types, unique};
use crate::ir::{
    Builder, Deprecated, Enum, Field, Presence, Setter, Shape as Lowered, Structure, Type, Union, UnionVariant, Variant,
};
use crate::smithy::{EnumValue, Member, Shape, ShapeKind};

/// A structure or a union that has a type of its own, and is no error.
pub(super) fn shape(cx: &Context<'_>, shape: &Shape) -> Option<Lowered> {
    match &shape.kind {
        ShapeKind::Structure(members) => {
            let side = if cx.events.contains(&shape.id) { Side::Event } else { Side::Nested };
            structure(cx, shape, members, side).map(Lowered::Structure)
        }
        ShapeKind::Union(members) => union(cx, shape, members).map(Lowered::Union),
        _ => None,
    }
}

/// A structure with a type of its own.
pub(super) fn structure(cx: &Context<'_>, shape: &Shape, members: &[Member], side: Side) -> Option<Structure> {
    let name = cx.names.get(&shape.id)?.clone();
    let is_built = cx.selection.shapes.get(&shape.id).is_some_and(|selected| selected.reach.input);
    let fields = fields(cx, shape, members, side, is_built);
    let fallible = fields.iter().any(|field| field.presence == Presence::Required);
    let builder = is_built.then(|| Builder { name: unique::builder_name(cx, &name), fallible });
    Some(assemble(name, docs::of_shape(shape), deprecation::of(&shape.traits), fields, builder))
}

/// A structure of these parts.
pub(super) fn assemble(
    name: String,
    docs: String,
    deprecated: Option<Deprecated>,
    fields: Vec<Field>,
    builder: Option<Builder>,
) -> Structure {
    let is_stream = |field: &Field| matches!(field.of, Type::Stream(_));
    let begins_otherwise = |field: &Field| matches!(field.presence, Presence::Defaulted(Some(_)));
    Structure {
        derives_clone: !fields.iter().any(is_stream),
        derives_default: !fields.iter().any(begins_otherwise),
        derives_debug: !fields.iter().any(|field| field.sensitive),
        name,
        docs,
        deprecated,
        fields,
        builder,
    }
}

/// The fields of a structure, with setters where it is built.
pub(super) fn fields(cx: &Context<'_>, shape: &Shape, members: &[Member], side: Side, is_built: bool) -> Vec<Field> {
    let mut fields: Vec<_> = members.iter().filter_map(|member| field(cx, shape, member, side, is_built)).collect();
    unique::name_fields(&mut fields);
    fields
}

/// One field of a structure.
pub(super) fn field(cx: &Context<'_>, shape: &Shape, member: &Member, side: Side, is_built: bool) -> Option<Field> {
    let of = events::field(cx, member, side).or_else(|| types::of(cx, &member.target))?;
    let name = names::field(&member.name);
    let setter = is_built.then(|| Setter { set: names::setter(&name), given: types::given(&of) });
    let presence = match of {
        Type::Stream(_) => Presence::Defaulted(None),
        _ if side == Side::Request => Presence::Optional,
        _ => presence::of(cx, member, &of),
    };
    Some(Field {
        docs: docs::of_member(member),
        deprecated: deprecation::of(&member.traits),
        boxed: is_boxed(cx, shape, member),
        presence,
        sensitive: types::is_secret(shape) || types::is_sensitive(cx, member),
        shown: types::shown(&of),
        setter,
        member: protocol::member(cx, side, member),
        name,
        of,
    })
}

fn is_boxed(cx: &Context<'_>, shape: &Shape, member: &Member) -> bool {
    cx.boxed.contains(&(shape.id.clone(), member.name.clone()))
}

fn union(cx: &Context<'_>, shape: &Shape, members: &[Member]) -> Option<Union> {
    let (name, deprecated) = (cx.names.get(&shape.id)?.clone(), deprecation::of(&shape.traits));
    let events = events::of_union(cx, shape, &name);
    let is_variant = |member: &&Member| events.is_none() || !events::is_exception(cx.model, member);
    let variant = |member: &Member| {
        let mut variant = union_variant(cx, shape, member)?;
        if events.is_some() {
            // Events go by the names of their members, whatever these are called in documents.
            variant.member.name.clone_from(&member.name);
        }
        Some(variant)
    };
    let mut variants: Vec<_> = members.iter().filter(is_variant).filter_map(variant).collect();
    unique::name_variants(&mut variants, |variant| &mut variant.name);
    for variant in &mut variants {
        (variant.is, variant.shown) = methods(&variant.name);
    }
    Some(Union { name, docs: docs::of_shape(shape), deprecated, variants, events })
}

/// One variant of a union.
pub(super) fn union_variant(cx: &Context<'_>, shape: &Shape, member: &Member) -> Option<UnionVariant> {
    let of = types::of(cx, &member.target).filter(|_| !member.target.is_unit());
    let name = names::variant(&member.name);
    let (is, shown) = methods(&name);
    Some(UnionVariant {
        docs: docs::of_member(member),
        deprecated: deprecation::of(&member.traits),
        boxed: is_boxed(cx, shape, member),
        sensitive: types::is_secret(shape) || types::is_sensitive(cx, member),
        is,
        shown,
        member: protocol::member(cx, Side::Nested, member),
        name,
        of,
    })
}

/// The methods that ask for a variant of a union, and show what it holds.
fn methods(variant: &str) -> (String, String) {
    let word = names::snake(variant);
    (format!("is_{word}"), format!("as_{word}"))
}

/// An enum, its values by name.
pub(super) fn open_enum(cx: &Context<'_>, shape: &Shape) -> Option<Enum> {
    let ShapeKind::Enum(values) = &shape.kind else { return None };
    let variant = |value: &EnumValue| Variant {
        name: names::variant(&value.name),
        docs: docs::paragraph(value.traits.documentation()),
        deprecated: deprecation::of(&value.traits),
        value: value.value.clone(),
    };
    let mut variants: Vec<_> = values.iter().map(variant).collect();
    unique::name_variants(&mut variants, |variant| &mut variant.name);
    variants.sort_by(|a, b| a.name.cmp(&b.name));
    let (name, deprecated) = (cx.names.get(&shape.id)?.clone(), deprecation::of(&shape.traits));
    Some(Enum { name, docs: docs::of_shape(shape), deprecated, sensitive: types::is_secret(shape), variants })
}
