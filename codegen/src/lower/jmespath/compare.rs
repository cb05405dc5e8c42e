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
            (false, false) => {
                let (a, b) = (a.items(self.cx)?, b.items(self.cx)?);
                let (Kind::Items(of_a, nulls_a), Kind::Items(of_b, nulls_b)) = (&a.kind, &b.kind) else {
                    return Err("expected lists".to_owned());
                };
                if **of_a == Kind::Null {
                    return Ok(b.advanced().expr.ask("next").ask("is_none"));
                }
                if **of_b == Kind::Null {
                    return Ok(a.advanced().expr.ask("next").ask("is_none"));
                }
                let is_scalar = matches!(**of_a, Kind::Text | Kind::Boolean | Kind::Number(_));
                if !is_scalar || nulls_a != nulls_b || name(of_a) != name(of_b) {
                    return Err("comparing lists of this kind is not supported yet".to_owned());
                }
                Ok(a.expr.with("eq", b.expr))
            }
            (true, false) => {
                let inner = self.equal_lists(&Typed::new(Expr::Local("it"), a.kind.clone()), b)?;
                Ok(a.expr.clone().each("is_some_and", Pattern::It, inner))
            }
            (false, true) => self.equal_lists(b, a),
            (true, true) => Err("comparing two lists that may be missing is not supported yet".to_owned()),
        }
    }
}

fn name(kind: &Kind) -> std::mem::Discriminant<Kind> {
    std::mem::discriminant(kind)
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
    match (of_a, of_b) {
        (of_a, of_b) if of_a == of_b && of_a != Number::Literal => (a, b),
        (Number::Literal, Number::Literal) => (as_number(a, "f64"), as_number(b, "f64")),
        (Number::Literal, of) => {
            let (b, a) = beside_literal(b, of, a);
            (a, b)
        }
        (of, Number::Literal) => beside_literal(a, of, b),
        (Number::Integer(_), Number::Integer(_)) => (as_number(a, "i64"), as_number(b, "i64")),
        _ => (as_number(a, "f64"), as_number(b, "f64")),
    }
}

fn beside_literal(value: Typed, of: Number, literal: Typed) -> (Typed, Typed) {
    let fits = |integer: i64| match of {
        Number::Integer("i8") => i8::try_from(integer).is_ok(),
        Number::Integer("i16") => i16::try_from(integer).is_ok(),
        Number::Integer("i32") => i32::try_from(integer).is_ok(),
        Number::Integer("usize") => u32::try_from(integer).is_ok(),
        Number::Integer(_) => true,
        Number::Float(_) | Number::Literal => false,
    };
    match (of, &literal.expr) {
        (_, Expr::Integer(integer)) if fits(*integer) => (value, literal),
        (Number::Integer(_), Expr::Integer(_)) => (as_number(value, "i64"), literal),
        // The nearest single to a number is not the number.
        _ => (as_number(value, "f64"), as_number(literal, "f64")),
    }
}

fn as_number(value: Typed, to: &'static str) -> Typed {
    let is_already = value.kind == Kind::Number(Number::Integer(to)) || value.kind == Kind::Number(Number::Float(to));
    let converted = |expr| match expr {
        Expr::Integer(integer) if to == "f64" => Expr::Number(integer as f64),
        number @ Expr::Number(_) => number,
        other => Expr::As(Box::new(other), to),
    };
    let expr = match (is_already, value.optional) {
        (true, _) => value.expr,
        (false, true) => value.expr.each("map", Pattern::At, converted(Expr::AT)),
        (false, false) => converted(value.expr),
    };
    Typed { expr, ..value }
}
