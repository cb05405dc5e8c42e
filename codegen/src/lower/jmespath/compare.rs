//! Two values side by side.

use super::expressions::{Lowered, Lowering, negated};
use super::values::{Kind, Number, Typed};
use crate::ir::path::{Expr, Operator, Pattern};
use crate::jmespath::Comparator;

impl Lowering<'_> {
    /// What a comparison gives. What has no order is not ordered: the answer is null.
    pub(super) fn compare(&self, how: Comparator, a: &Typed, b: &Typed) -> Lowered {
        let operator = match how {
            Comparator::Equal => return Ok(Typed::boolean_of(self.equal(a, b)?)),
            Comparator::NotEqual => return Ok(Typed::boolean_of(negated(self.equal(a, b)?))),
            Comparator::Less => Operator::Less,
            Comparator::LessOrEqual => Operator::LessOrEqual,
            Comparator::Greater => Operator::Greater,
            Comparator::GreaterOrEqual => Operator::GreaterOrEqual,
        };
        let (Kind::Number(of_a), Kind::Number(of_b)) = (&a.kind, &b.kind) else { return Ok(Typed::null()) };
        let (a, b) = same_numbers(a.clone(), *of_a, b.clone(), *of_b);
        if !a.optional && !b.optional {
            return Ok(Typed::boolean_of(a.expr.binary(operator, b.expr)));
        }
        if matches!(b.expr, Expr::Integer(_) | Expr::Number(_)) {
            return a.apply(|a| Ok(Typed::boolean_of(a.expr.clone().binary(operator, b.expr.clone()))));
        }
        let compared = Expr::Local("a").binary(operator, Expr::Local("b"));
        let expr = a.option().with("zip", b.option()).each("map", Pattern::Both, compared);
        Ok(Typed::optional(expr, Kind::Boolean))
    }

    /// Whether two values are the same; what is not there is the same as what is not there.
    pub(super) fn equal(&self, a: &Typed, b: &Typed) -> Result<Expr, String> {
        match (&a.kind, &b.kind) {
            (Kind::Null, Kind::Null) => Ok(Expr::Boolean(true)),
            (Kind::Null, _) => Ok(is_none(b)),
            (_, Kind::Null) => Ok(is_none(a)),
            (Kind::Text, Kind::Text) | (Kind::Boolean, Kind::Boolean) => Ok(side_by_side(a.clone(), b.clone())),
            (Kind::Number(of_a), Kind::Number(of_b)) => {
                let (a, b) = same_numbers(a.clone(), *of_a, b.clone(), *of_b);
                Ok(side_by_side(a, b))
            }
            (Kind::List(_) | Kind::Items(..) | Kind::Array(..), Kind::List(_) | Kind::Items(..) | Kind::Array(..)) => {
                self.equal_lists(a, b)
            }
            (of_a, of_b) if may_be_same(of_a, of_b) => {
                Err(format!("comparing {} with {} is not supported yet", of_a.name(), of_b.name()))
            }
            _ if a.optional && b.optional => Ok(is_none(a).binary(Operator::And, is_none(b))),
            _ => Ok(Expr::Boolean(false)),
        }
    }

    fn equal_lists(&self, a: &Typed, b: &Typed) -> Result<Expr, String> {
        match (a.optional, b.optional) {
            (false, false) => self.equal_items(a, b),
            (true, false) => {
                let inner = self.equal_lists(&Typed::new(Expr::Local("them"), a.kind.clone()), b)?;
                Ok(a.expr.clone().each("is_some_and", Pattern::Them, inner))
            }
            (false, true) => self.equal_lists(b, a),
            (true, true) => {
                let is_none = |list: &Typed| list.expr.clone().ask("is_none");
                let [of_a, of_b] =
                    [("a", a), ("b", b)].map(|(name, of)| Typed::new(Expr::Local(name), of.kind.clone()));
                let both = a.expr.clone().with("zip", b.expr.clone());
                let inner = both.each("is_none_or", Pattern::Both, self.equal_items(&of_a, &of_b)?);
                Ok(is_none(a).binary(Operator::Equal, is_none(b)).binary(Operator::And, inner))
            }
        }
    }

    /// Whether two lists that are there hold the same.
    fn equal_items(&self, a: &Typed, b: &Typed) -> Result<Expr, String> {
        let is_empty = |list: &Typed| Ok(list.items(self.cx)?.advanced().expr.ask("next").ask("is_none"));
        match (a.is_empty_literal(), b.is_empty_literal()) {
            (true, true) => return Ok(Expr::Boolean(true)),
            (true, false) => return is_empty(b),
            (false, true) => return is_empty(a),
            (false, false) => {}
        }
        let (a, b) = (a.items(self.cx)?, b.items(self.cx)?);
        let unlike = || "comparing lists of this kind is not supported yet".to_owned();
        let (Kind::Items(of_a, nulls_a), Kind::Items(of_b, nulls_b)) = (&a.kind, &b.kind) else { return Err(unlike()) };
        let item = |of: &Kind, nulls: &bool| Typed { expr: Expr::AT, kind: of.clone(), optional: *nulls };
        let (of_a, of_b) = match (item(of_a, nulls_a), item(of_b, nulls_b)) {
            (a @ Typed { kind: Kind::Number(of_a), .. }, b @ Typed { kind: Kind::Number(of_b), .. }) => {
                same_numbers(a, of_a, b, of_b)
            }
            (a, b) if a.kind == b.kind && matches!(a.kind, Kind::Text | Kind::Boolean) => (a, b),
            _ => return Err(unlike()),
        };
        let each = |item: Typed| if nulls_a == nulls_b { item.expr } else { item.option() };
        Ok(each_as(a.expr, each(of_a)).with("eq", each_as(b.expr, each(of_b))))
    }
}

/// The items, each as what is said of `at`.
fn each_as(items: Expr, item: Expr) -> Expr {
    if item == Expr::AT { items } else { items.each("map", Pattern::At, item) }
}

/// Whether two values could be the same JSON, whatever they are in Rust: two objects, or anything and what is unknown.
fn may_be_same(a: &Kind, b: &Kind) -> bool {
    let is_object = |of: &Kind| matches!(of, Kind::Map(_) | Kind::Structure(..) | Kind::Union(_) | Kind::Record(_));
    is_object(a) && is_object(b) || *a == Kind::Opaque || *b == Kind::Opaque
}

fn is_none(value: &Typed) -> Expr {
    if value.optional { value.expr.clone().ask("is_none") } else { Expr::Boolean(false) }
}

fn side_by_side(a: Typed, b: Typed) -> Expr {
    if let (false, Expr::Boolean(expected)) = (a.optional, &b.expr) {
        if *expected { a.expr } else { negated(a.expr) }
    } else if a.optional || b.optional {
        a.option().binary(Operator::Equal, b.option())
    } else {
        a.expr.binary(Operator::Equal, b.expr)
    }
}

/// Both as numbers of one type: a literal takes that of the other.
fn same_numbers(a: Typed, of_a: Number, b: Typed, of_b: Number) -> (Typed, Typed) {
    if of_a == of_b || takes(&a.expr, of_b) || takes(&b.expr, of_a) {
        return (a, b);
    }
    let to = common(&[of_a, of_b]);
    (as_number(a, to), as_number(b, to))
}

/// Values that can stand in one array: where they are numbers of several types, as numbers of one. Nulls stay.
pub(super) fn alike(values: Vec<Typed>) -> Vec<Typed> {
    let kinds = values.iter().map(|value| &value.kind).filter(|kind| **kind != Kind::Null);
    let of = |kind: &Kind| if let Kind::Number(of) = kind { Some(*of) } else { None };
    let numbers: Option<Vec<_>> = kinds.map(of).collect();
    match numbers.as_deref() {
        Some([first, rest @ ..]) if rest.iter().any(|other| other != first) => {
            let to = common(numbers.as_deref().unwrap_or_default());
            values
                .into_iter()
                .map(|value| if value.kind == Kind::Null { value } else { as_number(value, to) })
                .collect()
        }
        _ => values,
    }
}

/// The type that numbers of all these types can have.
fn common(all: &[Number]) -> &'static str {
    if all.iter().all(|of| matches!(of, Number::Integer(_))) { "i64" } else { "f64" }
}

/// Whether something is a literal that can be a number of this type. An integer is no single or double: the nearest one
/// to a number is not the number.
fn takes(literal: &Expr, of: Number) -> bool {
    let Expr::Integer(integer) = literal else { return false };
    match of {
        Number::Integer("i8") => i8::try_from(*integer).is_ok(),
        Number::Integer("i16") => i16::try_from(*integer).is_ok(),
        Number::Integer("i32") => i32::try_from(*integer).is_ok(),
        Number::Integer("usize") => u32::try_from(*integer).is_ok(),
        Number::Integer(_) => true,
        Number::Float(_) => false,
    }
}

fn as_number(value: Typed, to: &'static str) -> Typed {
    let of = if to == "i64" { Number::Integer(to) } else { Number::Float(to) };
    let converted = |expr| match expr {
        Expr::Integer(integer) if to == "f64" => Expr::Number(integer as f64),
        other => Expr::As(Box::new(other), to),
    };
    let expr = match (value.kind == Kind::Number(of), value.optional) {
        (true, _) => value.expr,
        (false, true) => value.expr.each("map", Pattern::At, converted(Expr::AT)),
        (false, false) => converted(value.expr),
    };
    Typed { expr, kind: Kind::Number(of), ..value }
}
