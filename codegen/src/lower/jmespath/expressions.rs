//! Each form of an expression.

use serde_json::Value;

use super::super::Context;
use super::compare::alike;
use super::values::{Kind, Number, Typed};
use crate::ir::path::{Expr, Operator, Pattern};
use crate::jmespath::{Expression, Over, Projection, Slice};
use crate::smithy::ShapeKind;

/// Lowers expressions.
pub(super) struct Lowering<'a> {
    pub(super) cx: &'a Context<'a>,
}

pub(super) type Lowered = Result<Typed, String>;

/// More parts than any expression has whose reader is to understand it. An expression that asks for the same value
/// again and again could have any number.
const LARGEST: usize = 1000;

impl Lowering<'_> {
    /// What an expression gives, looking at a value that is there.
    pub(super) fn lower(&self, expression: &Expression, at: &Typed) -> Lowered {
        let found = match expression {
            Expression::Current => Ok(at.clone()),
            Expression::Field(name) => at.member(self.cx, name),
            Expression::Index(index) => at.item(self.cx, *index),
            Expression::Slice(slice) => self.slice(*slice, at),
            Expression::Literal(value) => literal(value),
            Expression::Then(first, then) => self.lower(first, at)?.apply(|at| self.lower(then, at)),
            Expression::Projection(projection) => self.projection(projection, at),
            Expression::List(items) => self.list(items, at),
            Expression::Object(entries) => {
                let entry = |(name, of): &(String, _)| Ok((name.clone(), self.lower(of, at)?));
                let entries = entries.iter().map(entry).collect::<Result<_, String>>()?;
                Ok(Typed::new(Expr::None, Kind::Record(entries)))
            }
            Expression::And(a, b) => self.and(self.lower(a, at)?, self.lower(b, at)?),
            Expression::Or(a, b) => self.or(self.lower(a, at)?, self.lower(b, at)?),
            Expression::Not(of) => Ok(Typed::boolean_of(negated(self.condition(of, at)?))),
            Expression::Compare(how, a, b) => self.compare(*how, &self.operand(a, at)?, &self.operand(b, at)?),
            Expression::Call(name, arguments) => self.call(name, arguments, at),
            Expression::Reference(_) => Err("expressions as arguments (`&a`) are not supported yet".to_owned()),
        }?;
        small_enough(found)
    }

    /// A value that is looked at as it is, and not only for whether it counts as true.
    pub(super) fn operand(&self, expression: &Expression, at: &Typed) -> Lowered {
        let Expression::And(a, b) = expression else { return self.lower(expression, at) };
        let (first, second) = (self.lower(a, at)?, self.lower(b, at)?);
        if first.kind != second.kind {
            let (first, second) = (first.kind.name(), second.kind.name());
            return Err(format!("`&&` between {first} and {second} is not supported here yet"));
        }
        small_enough(self.and(first, second)?)
    }

    /// Whether an expression counts as true.
    pub(super) fn condition(&self, expression: &Expression, at: &Typed) -> Result<Expr, String> {
        match expression {
            Expression::Not(of) => Ok(negated(self.condition(of, at)?)),
            Expression::And(a, b) => Ok(self.condition(a, at)?.binary(Operator::And, self.condition(b, at)?)),
            Expression::Or(a, b) => Ok(self.condition(a, at)?.binary(Operator::Or, self.condition(b, at)?)),
            other => self.is_true(self.lower(other, at)?),
        }
    }

    /// Whether a value counts as true: it is there, and not `false` or empty.
    fn is_true(&self, value: Typed) -> Result<Expr, String> {
        if value.optional {
            return Ok(match &value.kind {
                Kind::Boolean => value.expr.binary(Operator::Equal, Expr::Some(Box::new(Expr::Boolean(true)))),
                Kind::Number(_) | Kind::Structure(..) | Kind::Union(_) => value.expr.ask("is_some"),
                _ => {
                    let inner = self.is_true(Typed::new(Expr::AT, value.kind))?;
                    value.expr.each("is_some_and", Pattern::At, inner)
                }
            });
        }
        Ok(match &value.kind {
            Kind::Null => Expr::Boolean(false),
            Kind::Boolean => value.expr,
            Kind::Text | Kind::List(_) | Kind::Map(_) => negated(value.expr.ask("is_empty")),
            Kind::Items(..) => value.advanced().expr.ask("next").ask("is_some"),
            Kind::Array(_, _, length) => Expr::Boolean(*length > 0),
            // Of structures that are there it is not asked whether any member is.
            Kind::Number(_) | Kind::Structure(..) | Kind::Union(_) | Kind::Record(_) => Expr::Boolean(true),
            Kind::Opaque => return Err(format!("whether {} counts as true is not known", value.kind.name())),
        })
    }

    /// Each side is lowered once, by whoever calls: twice on each of many levels would have no end.
    fn and(&self, first: Typed, second: Typed) -> Lowered {
        let both_boolean = first.kind == Kind::Boolean && second.kind == Kind::Boolean;
        if both_boolean && !first.optional && !second.optional {
            return Ok(Typed::boolean_of(first.expr.binary(Operator::And, second.expr)));
        }
        if both_boolean && !second.optional {
            let both = Expr::Local("it").binary(Operator::And, second.expr);
            return Ok(Typed::optional(first.expr.each("map", Pattern::It, both), Kind::Boolean));
        }
        let kind = second.kind.clone();
        if matches!(kind, Kind::Record(_)) {
            return Err("objects behind `&&` are not supported yet".to_owned());
        }
        if kind == Kind::Null {
            return Ok(second);
        }
        let second = second.option();
        let no = Expr::Some(Box::new(Expr::Boolean(false)));
        let expr = match (both_boolean, first.optional) {
            (true, true) => {
                let choice = Expr::Choose(Box::new([Expr::Local("it"), second, no]));
                first.expr.each("and_then", Pattern::It, choice)
            }
            (true, false) => Expr::Choose(Box::new([first.expr, second, no])),
            // The first would be given, which is something else than the second: empty, or not there.
            (false, _) => Expr::Choose(Box::new([self.is_true(first)?, second, Expr::None])),
        };
        Ok(Typed::optional(expr, kind))
    }

    fn or(&self, first: Typed, second: Typed) -> Lowered {
        if first.kind == Kind::Null {
            return Ok(second);
        }
        if second.kind != Kind::Null
            && (first.kind != second.kind || matches!(first.kind, Kind::Record(_) | Kind::Items(..)))
        {
            return Err(format!("`||` between {} and {} is not supported yet", first.kind.name(), second.kind.name()));
        }
        let (kind, optional) = (first.kind.clone(), second.optional || second.kind == Kind::Null);
        if kind == Kind::Boolean && !optional {
            return Ok(Typed::boolean_of(self.is_true(first)?.binary(Operator::Or, second.expr)));
        }
        let is_true = self.is_true(Typed::new(Expr::AT, kind.clone()))?;
        let first = match is_true {
            Expr::Boolean(true) => first.option(),
            is_true => first.option().each("filter", Pattern::AtRef, is_true),
        };
        let expr = first.with(if optional { "or" } else { "unwrap_or" }, second.expr);
        Ok(Typed { expr, kind, optional })
    }

    fn projection(&self, projection: &Projection, at: &Typed) -> Lowered {
        let Projection { of, over, each } = projection;
        self.lower(of, at)?.apply(|of| {
            let items = match over {
                Over::Items => of.items(self.cx)?,
                Over::Flattened => self.flattened(of)?,
                Over::Values => of.values(self.cx)?,
                Over::Where(condition) => self.filtered(of.items(self.cx)?, condition)?,
            };
            self.each(without_nulls(items), each)
        })
    }

    /// The items, and in place of those that are lists their items.
    fn flattened(&self, of: &Typed) -> Lowered {
        let inner = match &of.kind {
            Kind::List(id) => match self.cx.kind(id) {
                ShapeKind::List(member) if matches!(self.cx.kind(&member.target), ShapeKind::Document) => {
                    return Err("documents may be lists or not, which nobody can flatten".to_owned());
                }
                _ => without_nulls(of.items(self.cx)?),
            },
            _ => without_nulls(of.items(self.cx)?),
        };
        let Kind::Items(item, _) = &inner.kind else { return Err("expected a list".to_owned()) };
        if !matches!(**item, Kind::List(_) | Kind::Items(..) | Kind::Array(..)) {
            return Ok(inner);
        }
        let item = Typed::new(Expr::AT, (**item).clone()).items(self.cx)?;
        let expr = match item.expr {
            // Iterators and arrays are what can be flattened already.
            Expr::Local(_) => inner.expr.ask("flatten"),
            Expr::Method(of, method, _) if *of == Expr::AT && method == "into_iter" => inner.expr.ask("flatten"),
            each => inner.expr.each("flat_map", Pattern::At, each),
        };
        Ok(Typed::new(expr, item.kind))
    }

    fn filtered(&self, items: Typed, condition: &Expression) -> Lowered {
        let items = without_nulls(items);
        let Kind::Items(of, _) = &items.kind else { return Err("expected a list".to_owned()) };
        if matches!(**of, Kind::Items(..) | Kind::Array(..)) {
            return Err("conditions on lists that the expression put together are not supported yet".to_owned());
        }
        let condition = self.condition(condition, &Typed::new(Expr::AT, (**of).clone()))?;
        Ok(Typed { expr: items.expr.each("filter", Pattern::AtRef, condition), ..items })
    }

    /// What is asked of each item, without nulls.
    fn each(&self, items: Typed, each: &Expression) -> Lowered {
        let Kind::Items(of, _) = &items.kind else { return Err("expected a list".to_owned()) };
        if *each == Expression::Current {
            return Ok(items);
        }
        let asked = self.lower(each, &Typed::new(Expr::AT, (**of).clone()))?;
        match asked.kind {
            Kind::Null => Err("nothing but nulls would come of each item".to_owned()),
            Kind::Record(_) => {
                Err("lists of objects that the expression put together are not supported yet".to_owned())
            }
            kind => {
                let method = if asked.optional { "filter_map" } else { "map" };
                Ok(Typed::new(items.expr.each(method, Pattern::At, asked.expr), Kind::Items(Box::new(kind), false)))
            }
        }
    }

    fn list(&self, items: &[Expression], at: &Typed) -> Lowered {
        let items = alike(items.iter().map(|item| self.lower(item, at)).collect::<Result<_, _>>()?);
        let known: Vec<_> = items.iter().map(|item| &item.kind).filter(|kind| **kind != Kind::Null).collect();
        let Some((&first, rest)) = known.split_first() else { return Err("a list of nulls has no type".to_owned()) };
        let first = first.clone();
        if let Some(other) = rest.iter().find(|kind| ***kind != first) {
            return Err(format!("a list cannot hold both {} and {}", first.name(), other.name()));
        }
        let is_untyped = items.iter().any(Typed::is_empty_literal);
        if matches!(first, Kind::Record(_)) || matches!(first, Kind::Items(..)) && items.len() > 1 || is_untyped {
            return Err("lists of what the expression put together are not supported yet".to_owned());
        }
        let nulls = items.iter().any(|item| item.optional || item.kind == Kind::Null);
        let length = items.len();
        let item = |item: Typed| match (nulls, &item.kind) {
            (true, Kind::Null) => Expr::None,
            (true, _) => item.option(),
            (false, _) => item.expr,
        };
        let expr = Expr::Array(items.into_iter().map(item).collect());
        Ok(Typed::new(expr, Kind::Array(Box::new(first), nulls, length)))
    }

    fn slice(&self, Slice { start, stop, step }: Slice, at: &Typed) -> Lowered {
        let from = start.unwrap_or(0);
        if from < 0 || stop.is_some_and(|stop| stop < 0) || step.is_some_and(|step| step < 1) {
            return Err("slices from the end of a list are not supported yet".to_owned());
        }
        let mut items = at.items(self.cx)?;
        if let Some(stop) = stop {
            items.expr = items.expr.with("take", Expr::Integer(stop));
        }
        if from > 0 {
            items.expr = items.expr.with("skip", Expr::Integer(from));
        }
        if let Some(step) = step.filter(|step| *step > 1) {
            items.expr = items.expr.with("step_by", Expr::Integer(step));
        }
        Ok(items)
    }
}

fn small_enough(found: Typed) -> Lowered {
    if found.size() > LARGEST { Err(format!("it has more than {LARGEST} parts in Rust")) } else { Ok(found) }
}

fn without_nulls(items: Typed) -> Typed {
    match items.kind {
        Kind::Items(of, true) => Typed::new(items.expr.ask("flatten"), Kind::Items(of, false)),
        _ => items,
    }
}

/// The other truth.
pub(in crate::lower) fn negated(condition: Expr) -> Expr {
    match condition {
        Expr::Boolean(value) => Expr::Boolean(!value),
        Expr::Not(of) => *of,
        Expr::Binary(Operator::Equal, a, b) => Expr::Binary(Operator::NotEqual, a, b),
        Expr::Binary(Operator::NotEqual, a, b) => Expr::Binary(Operator::Equal, a, b),
        other => Expr::Not(Box::new(other)),
    }
}

fn literal(value: &Value) -> Lowered {
    Ok(match value {
        Value::Null => Typed::null(),
        Value::Bool(value) => Typed::boolean_of(Expr::Boolean(*value)),
        Value::String(text) => Typed::new(Expr::Text(text.clone()), Kind::Text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Typed::new(integer_of(integer), Kind::Number(Number::Integer("i64"))),
            (None, Some(number)) => Typed::new(Expr::Number(number), Kind::Number(Number::Float("f64"))),
            (None, None) => return Err(format!("{number} is out of range")),
        },
        Value::Array(items) => {
            let items = alike(items.iter().map(literal).collect::<Result<_, _>>()?);
            let first = items.first().map_or(Kind::Null, |item| item.kind.clone());
            let scalar = matches!(first, Kind::Null | Kind::Text | Kind::Boolean | Kind::Number(_));
            if !scalar || items.iter().any(|item| item.kind != first) || first == Kind::Null && !items.is_empty() {
                return Err("literal lists of more than text, numbers or booleans are not supported yet".to_owned());
            }
            let length = items.len();
            let items = items.into_iter().map(|item| item.expr).collect();
            Typed::new(Expr::Array(items), Kind::Array(Box::new(first), false, length))
        }
        Value::Object(entries) => {
            let entry = |(name, value): (&String, &Value)| Ok((name.clone(), literal(value)?));
            let entries = entries.iter().map(entry).collect::<Result<_, String>>()?;
            Typed::new(Expr::None, Kind::Record(entries))
        }
    })
}

/// An integer as it stands: where nothing else says its type, Rust takes the smaller ones for `i32`.
fn integer_of(integer: i64) -> Expr {
    let expr = Expr::Integer(integer);
    if i32::try_from(integer).is_ok() { expr } else { Expr::As(Box::new(expr), "i64") }
}
