//! What a value is in Rust, and what lies within it.

use super::super::protocol::Side;
use super::super::{Context, shapes};
use crate::ir::Presence;
use crate::ir::path::{Expr, Pattern};
use crate::smithy::{Member, ShapeId, ShapeKind};

/// A value: what gives it, what it is, and whether it may be missing.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::lower) struct Typed {
    /// What gives it; an option of it where it may be missing.
    pub(super) expr: Expr,
    pub(super) kind: Kind,
    pub(super) optional: bool,
}

/// What a value is. Shapes are references.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Never there.
    Null,
    /// `&str`
    Text,
    /// `bool`
    Boolean,
    /// A number of this type.
    Number(Number),
    /// A slice: the list of this shape.
    List(ShapeId),
    /// A `HashMap`: the map of this shape.
    Map(ShapeId),
    /// A structure.
    Structure(ShapeId, Side),
    /// A union.
    Union(ShapeId),
    /// A value about which nothing can be asked but whether it is there.
    Opaque,
    /// An iterator, and whether its items are options.
    Items(Box<Kind>, bool),
    /// An array of so many, and whether its items are options.
    Array(Box<Kind>, bool, usize),
    /// An object that the expression itself put together.
    Record(Vec<(String, Typed)>),
}

/// A type of numbers. Those that stand in the expression are `i64` or `f64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// `i8`, `i16`, `i32`, `i64`, and `usize` for how many there are.
    Integer(&'static str),
    /// `f32`, `f64`
    Float(&'static str),
}

impl Kind {
    /// What an error calls it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::Number(_) => "a number".to_owned(),
            Self::List(_) | Self::Items(..) | Self::Array(..) => "a list".to_owned(),
            Self::Map(_) => "a map".to_owned(),
            Self::Structure(id, _) => format!("the structure {}", id.name()),
            Self::Union(id) => format!("the union {}", id.name()),
            Self::Opaque => "a value that JMESPath knows nothing of".to_owned(),
            Self::Record(_) => "an object of the expression".to_owned(),
        }
    }

    /// What a shape is.
    fn of(cx: &Context<'_>, id: &ShapeId) -> Self {
        match cx.kind(id) {
            ShapeKind::String | ShapeKind::Enum(_) => Self::Text,
            ShapeKind::Boolean => Self::Boolean,
            ShapeKind::Byte => Self::Number(Number::Integer("i8")),
            ShapeKind::Short => Self::Number(Number::Integer("i16")),
            ShapeKind::Integer | ShapeKind::IntEnum(_) => Self::Number(Number::Integer("i32")),
            ShapeKind::Long => Self::Number(Number::Integer("i64")),
            ShapeKind::Float => Self::Number(Number::Float("f32")),
            ShapeKind::Double => Self::Number(Number::Float("f64")),
            ShapeKind::List(_) => Self::List(id.clone()),
            ShapeKind::Map { .. } => Self::Map(id.clone()),
            ShapeKind::Structure(_) => Self::Structure(id.clone(), Side::Nested),
            ShapeKind::Union(_) => Self::Union(id.clone()),
            _ => Self::Opaque,
        }
    }
}

impl Typed {
    /// A value that is there.
    pub(super) fn new(expr: Expr, kind: Kind) -> Self {
        Self { expr, kind, optional: false }
    }

    /// A value that may be missing.
    pub(super) fn optional(expr: Expr, kind: Kind) -> Self {
        Self { expr, kind, optional: true }
    }

    /// A value that is never there.
    pub(super) fn null() -> Self {
        Self::new(Expr::None, Kind::Null)
    }

    /// How many of something.
    pub(super) fn count(expr: Expr) -> Self {
        Self::new(expr, Kind::Number(Number::Integer("usize")))
    }

    /// A boolean that is there.
    pub(super) fn boolean_of(expr: Expr) -> Self {
        Self::new(expr, Kind::Boolean)
    }

    /// How many parts it has; an object that the expression put together, those of what it holds.
    pub(super) fn size(&self) -> usize {
        match &self.kind {
            Kind::Record(entries) => 1 + entries.iter().map(|(_, of)| of.size()).sum::<usize>(),
            _ => self.expr.size(),
        }
    }

    /// What a value that is there holds under a name.
    pub(super) fn member(&self, cx: &Context<'_>, name: &str) -> Result<Self, String> {
        match &self.kind {
            Kind::Null => Ok(Self::null()),
            Kind::Record(entries) => {
                let found = entries.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.clone()).ok_or_else(|| format!("{} has no `{name}`", self.kind.name()))
            }
            Kind::Structure(id, side) => self.field(cx, id, *side, name),
            Kind::Union(id) => self.variant(cx, id, name),
            Kind::Map(id) => self.entry(cx, id, name),
            kind => Err(format!("{} has no `{name}`", kind.name())),
        }
    }

    fn field(&self, cx: &Context<'_>, id: &ShapeId, side: Side, name: &str) -> Result<Self, String> {
        let (shape, member) = member(cx, id, name)?;
        let field = shapes::field(cx, shape, member, side).filter(|field| !field.boxed || !is_list(cx, member));
        let field = field.ok_or_else(|| format!("the member {name} of {id} has no type in Rust yet"))?;
        let optional = field.presence == Presence::Optional;
        let (of, kind) = (self.expr.clone(), Kind::of(cx, &member.target));
        let expr = match cx.kind(&member.target) {
            // The accessor of a list shows an empty one where none is there.
            ShapeKind::List(_) => {
                let list = Expr::Field(Box::new(of), field.name);
                list.ask(if optional { "as_deref" } else { "as_slice" })
            }
            ShapeKind::Enum(_) if optional => of.ask(&field.name).each("map", Pattern::At, Expr::AT.ask("as_str")),
            ShapeKind::Enum(_) => of.ask(&field.name).ask("as_str"),
            _ => of.ask(&field.name),
        };
        Ok(Self { expr, kind, optional })
    }

    fn variant(&self, cx: &Context<'_>, id: &ShapeId, name: &str) -> Result<Self, String> {
        let (shape, member) = member(cx, id, name)?;
        let variant = shapes::union_variant(cx, shape, member).filter(|variant| variant.of.is_some());
        let variant = variant.ok_or_else(|| format!("the variant {name} of {id} holds nothing"))?;
        Ok(referenced(cx, &member.target, self.expr.clone().ask(&variant.shown).ask("ok")))
    }

    fn entry(&self, cx: &Context<'_>, id: &ShapeId, name: &str) -> Result<Self, String> {
        let ShapeKind::Map { key, value } = cx.kind(id) else { return Err(format!("{id} is no map")) };
        if !matches!(cx.kind(&key.target), ShapeKind::String) {
            return Err(format!("the keys of {id} are no plain text, under which `{name}` could be looked for"));
        }
        let found = self.expr.clone().with("get", Expr::Text(name.to_owned()));
        let found = if is_sparse(cx, id) { found.each("and_then", Pattern::At, Expr::AT.ask("as_ref")) } else { found };
        Ok(referenced(cx, &value.target, found))
    }

    /// An item of a list that is there, counted from its end where the index is negative.
    pub(super) fn item(&self, cx: &Context<'_>, index: i64) -> Result<Self, String> {
        let last = index == -1;
        let at = usize::try_from(index).ok().and_then(|index| i64::try_from(index).ok()).map(Expr::Integer);
        let from_end = "only the last item of a list can be counted from its end";
        match &self.kind {
            Kind::List(id) => {
                let ShapeKind::List(member) = cx.kind(id) else { return Err(format!("{id} is no list")) };
                let list = self.expr.clone();
                let found = if last { list.ask("last") } else { list.with("get", at.ok_or(from_end)?) };
                let found = match is_sparse(cx, id) {
                    true => found.each("and_then", Pattern::At, Expr::AT.ask("as_ref")),
                    false => found,
                };
                Ok(referenced(cx, &member.target, found))
            }
            Kind::Items(..) | Kind::Array(..) => {
                let items = self.items(cx)?.advanced();
                let found = if last { items.expr.ask("last") } else { items.expr.with("nth", at.ok_or(from_end)?) };
                match items.kind {
                    Kind::Items(of, true) => Ok(Self::optional(found.ask("flatten"), *of)),
                    Kind::Items(of, false) => Ok(Self::optional(found, *of)),
                    kind => Ok(Self::optional(found, kind)),
                }
            }
            Kind::Null => Ok(Self::null()),
            kind => Err(format!("{} has no items", kind.name())),
        }
    }

    /// The items of a list that is there, one by one.
    pub(super) fn items(&self, cx: &Context<'_>) -> Result<Self, String> {
        match &self.kind {
            Kind::Items(..) => Ok(self.clone()),
            Kind::Array(..) if self.is_empty_literal() => Err("an empty list has items of no type".to_owned()),
            Kind::Array(of, nulls, _) => {
                Ok(Self::new(self.expr.clone().ask("into_iter"), Kind::Items(of.clone(), *nulls)))
            }
            Kind::List(id) => {
                let ShapeKind::List(member) = cx.kind(id) else { return Err(format!("{id} is no list")) };
                let items = self.expr.clone().ask("iter");
                // Of nulls, JMESPath sees that they are there only by their number.
                let items = if is_sparse(cx, id) { items.ask("flatten") } else { items };
                Ok(taken(cx, &member.target, items))
            }
            kind => Err(format!("expected a list, found {}", kind.name())),
        }
    }

    /// Whether it is `[]` as it stands in an expression, of which nobody knows what it could hold.
    pub(super) fn is_empty_literal(&self) -> bool {
        matches!(&self.kind, Kind::Array(of, ..) if **of == Kind::Null)
    }

    /// The values of a map that is there, one by one, without nulls.
    pub(super) fn values(&self, cx: &Context<'_>) -> Result<Self, String> {
        let Kind::Map(id) = &self.kind else { return Err(format!("expected a map, found {}", self.kind.name())) };
        let ShapeKind::Map { value, .. } = cx.kind(id) else { return Err(format!("{id} is no map")) };
        let values = self.expr.clone().ask("values");
        let values = if is_sparse(cx, id) { values.ask("flatten") } else { values };
        Ok(taken(cx, &value.target, values))
    }

    /// The items as a temporary, which can be advanced where a variable could not.
    pub(super) fn advanced(self) -> Self {
        match self.expr {
            Expr::Local(_) => Self { expr: self.expr.ask("into_iter"), ..self },
            _ => self,
        }
    }
}

/// A reference to a value of this shape that may be missing, as the value.
fn referenced(cx: &Context<'_>, id: &ShapeId, found: Expr) -> Typed {
    let taken = taken(cx, id, found);
    match taken.kind {
        Kind::Items(of, _) => Typed::optional(taken.expr, *of),
        kind => Typed::optional(taken.expr, kind),
    }
}

/// An iterator over references to values of this shape, as one over the values.
fn taken(cx: &Context<'_>, id: &ShapeId, items: Expr) -> Typed {
    let of = Kind::of(cx, id);
    let expr = match &of {
        Kind::Text => items.each("map", Pattern::At, Expr::AT.ask("as_str")),
        Kind::Boolean | Kind::Number(_) => items.ask("copied"),
        Kind::List(_) => items.each("map", Pattern::At, Expr::AT.ask("as_slice")),
        _ => items,
    };
    Typed::new(expr, Kind::Items(Box::new(of), false))
}

fn member<'a>(cx: &'a Context<'_>, id: &ShapeId, name: &str) -> Result<(&'a crate::smithy::Shape, &'a Member), String> {
    let shape = cx.model.get(id);
    let found = shape.and_then(|shape| {
        let member = shape.members().into_iter().find(|member| member.name == name)?;
        Some((shape, member))
    });
    found.ok_or_else(|| format!("{id} has no member `{name}`"))
}

fn is_list(cx: &Context<'_>, member: &Member) -> bool {
    matches!(cx.kind(&member.target), ShapeKind::List(_))
}

pub(super) fn is_sparse(cx: &Context<'_>, id: &ShapeId) -> bool {
    cx.model.get(id).is_some_and(|shape| shape.traits.sparse())
}
