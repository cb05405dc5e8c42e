//! Structures, unions and enums, member by member.

use super::protocol::{self, Side};
use super::{Context, deprecation, docs, events, names, presence, types, unique};
use crate::ir::{
    Builder, Deprecated, Enum, Field, Presence, Setter, Shape as Lowered, Stream, Structure, Type, Union, UnionVariant,
    Variant,
};
use crate::smithy::{EnumValue, Member, Shape, ShapeKind};

/// A structure or a union that has a type of its own, and is no error.
pub(super) fn shape(cx: &Context<'_>, shape: &Shape) -> Option<Lowered> {
    match &shape.kind {
        ShapeKind::Structure(members) => {
            let side = if cx.events.contains(&shape.id) { Side::Event } else { Side::Nested };
            structure(cx, shape, members, side).map(Lowered::Structure)
        }
        ShapeKind::Union(_) => union(cx, shape).map(Lowered::Union),
        _ => None,
    }
}

/// A structure with a type of its own.
pub(super) fn structure(cx: &Context<'_>, shape: &Shape, members: &[Member], side: Side) -> Option<Structure> {
    let name = cx.names.get(&shape.id)?.clone();
    let fields = fields(cx, shape, members, side);
    let builder = builder(cx, &name, &fields);
    Some(assemble(name, docs::of_shape(shape), deprecation::of(&shape.traits), fields, builder))
}

/// The builder of a structure of this name: what a program is answered with, its tests make themselves.
pub(super) fn builder(cx: &Context<'_>, structure: &str, fields: &[Field]) -> Builder {
    let fallible = fields.iter().any(|field| field.presence == Presence::Required);
    Builder { name: unique::builder_name(cx, structure), fallible }
}

/// A structure of these parts.
pub(super) fn assemble(
    name: String,
    docs: String,
    deprecated: Option<Deprecated>,
    fields: Vec<Field>,
    builder: Builder,
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

/// The fields of a structure.
pub(super) fn fields(cx: &Context<'_>, shape: &Shape, members: &[Member], side: Side) -> Vec<Field> {
    let names = unique::field_names(cx, shape, side);
    let named = members.iter().zip(names);
    named.filter_map(|(member, name)| field_of_name(cx, shape, member, side, name)).collect()
}

/// One field of a structure, for whoever refers to it.
pub(super) fn field(cx: &Context<'_>, shape: &Shape, member: &Member, side: Side) -> Option<Field> {
    let mut named = shape.members().into_iter().zip(unique::field_names(cx, shape, side));
    let (_, name) = named.find(|(of, _)| of.name == member.name)?;
    field_of_name(cx, shape, member, side, name)
}

fn field_of_name(cx: &Context<'_>, shape: &Shape, member: &Member, side: Side, name: String) -> Option<Field> {
    let of = events::field(cx, member, side).or_else(|| types::of(cx, &member.target))?;
    let setter = Setter { set: names::setter(&name), given: types::given(&of) };
    let presence = match of {
        // There is none without a service behind it, where bytes may as well be none.
        Type::Stream(Stream::Events { sent: false, .. }) => Presence::Required,
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

fn union(cx: &Context<'_>, shape: &Shape) -> Option<Union> {
    let (name, deprecated) = (cx.names.get(&shape.id)?.clone(), deprecation::of(&shape.traits));
    let events = events::of_union(cx, shape, &name);
    let variant = |(member, name)| {
        let mut variant = variant_of_name(cx, shape, member, name)?;
        if events.is_some() {
            // Events go by the names of their members, whatever these are called in documents.
            variant.member.name.clone_from(&member.name);
            variant.member.called = None;
        }
        Some(variant)
    };
    let variants = named_variants(cx, shape).filter_map(variant).collect();
    Some(Union { name, docs: docs::of_shape(shape), deprecated, variants, events })
}

/// One variant of a union, for whoever refers to it.
pub(super) fn union_variant(cx: &Context<'_>, shape: &Shape, member: &Member) -> Option<UnionVariant> {
    let (member, name) = named_variants(cx, shape).find(|(of, _)| of.name == member.name)?;
    variant_of_name(cx, shape, member, name)
}

/// The members of a union that are variants of it, each with its name: of the events of a stream, exceptions are none.
fn named_variants<'a>(cx: &'a Context<'_>, shape: &'a Shape) -> impl Iterator<Item = (&'a Member, String)> {
    let is_stream = events::is_stream(shape);
    let is_variant = |member: &&Member| !is_stream || !events::is_exception(cx.model, member);
    let variants: Vec<_> = shape.members().into_iter().filter(is_variant).collect();
    let names = unique::variant_names(variants.iter().map(|member| member.name.as_str()));
    variants.into_iter().zip(names)
}

fn variant_of_name(cx: &Context<'_>, shape: &Shape, member: &Member, name: String) -> Option<UnionVariant> {
    let of = types::of(cx, &member.target).filter(|_| !member.target.is_unit());
    let (is, shown) = names::of_variant(&name);
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

/// An enum, its values by name.
pub(super) fn open_enum(cx: &Context<'_>, shape: &Shape) -> Option<Enum> {
    let ShapeKind::Enum(values) = &shape.kind else { return None };
    let variant = |(value, name): (&EnumValue, String)| Variant {
        name,
        docs: docs::paragraph(value.traits.documentation()),
        deprecated: deprecation::of(&value.traits),
        value: value.value.clone(),
    };
    let names = unique::value_names(values.iter().map(|value| value.name.as_str()));
    let mut variants: Vec<_> = values.iter().zip(names).map(variant).collect();
    variants.sort_by(|a, b| a.name.cmp(&b.name));
    let (name, deprecated) = (cx.names.get(&shape.id)?.clone(), deprecation::of(&shape.traits));
    Some(Enum { name, docs: docs::of_shape(shape), deprecated, sensitive: types::is_secret(shape), variants })
}
